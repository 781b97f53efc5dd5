"""Carry a draft over to another version of its procedure."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from tinhso.catalogue.api import ProcedureVersion
from tinhso.directory.api import Actor
from tinhso.dossiers.models import Draft
from tinhso.dossiers.permissions import DRAFTS, MayDraft


@transaction.atomic
def renew_draft(*, by: Actor, at: dt.datetime, token: str, version: ProcedureVersion) -> Draft:
    """Lay the draft on the version; all that was typed stays, and is checked by it. Raises ``NotThere``."""
    draft = DRAFTS.one(by, MayDraft.WRITE, token=token)
    draft.version = version
    draft.saved_at = at
    draft.revision += 1
    draft.save(update_fields=["version", "saved_at", "revision"])
    return draft
