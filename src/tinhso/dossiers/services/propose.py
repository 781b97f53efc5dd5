"""Lay a draft of the result before the leader (trình), or send it back."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from django.db import transaction

from tinhso.directory.api import Actor, Role, calendar
from tinhso.documents.api import StoredFile
from tinhso.dossiers.events import ResultProposed, ResultReturned
from tinhso.dossiers.lifecycle import Verb
from tinhso.dossiers.models import Dossier, Result
from tinhso.dossiers.permissions import POLICY, May
from tinhso.dossiers.services.ask_for_papers import ReasonMissing
from tinhso.dossiers.services.keep_step import author_of, keep_step
from tinhso.dossiers.services.move_desk import put_on_desk, step_at


@transaction.atomic
def propose(
    *,
    by: Actor,
    at: dt.datetime,
    tracking_code: str,
    fields: dict[str, Any],
    proposal: str,
    draft: StoredFile,
) -> Dossier:
    """Keep the draft and move the dossier to the leader. Raises ``NotThere``, ``StepNotAllowed``."""
    dossier = POLICY.one(by, May.HANDLE, tracking_code=tracking_code)
    author = author_of(by, dossier.handling_office_id, Role.SPECIALIST)
    put_on_desk(dossier, step_at(dossier, "leader"), at=at, calendar=calendar())
    keep_step(
        dossier,
        Verb.PROPOSE,
        author=author,
        by=by,
        at=at,
        event=ResultProposed(dossier.pk, dossier.procedure_code, dossier.receiving_office_id),
        note=proposal.strip(),
        step=dossier.desk_step,
    )
    Result.objects.update_or_create(
        dossier=dossier,
        defaults={
            "fields": fields,
            "proposal": proposal.strip(),
            "drafted_by_name": author.name,
            "drafted_account_id": by.account_id,
            "drafted_at": at,
            "draft": draft,
            "read_at": None,
            "read_by_name": "",
        },
        create_defaults={
            "token": secrets.token_urlsafe(16)[:22],
            "fields": fields,
            "proposal": proposal.strip(),
            "drafted_by_name": author.name,
            "drafted_account_id": by.account_id,
            "drafted_at": at,
            "draft": draft,
        },
    )
    return dossier


@transaction.atomic
def mark_read(*, by: Actor, at: dt.datetime, tracking_code: str) -> None:
    """Note that the leader opened the draft: what was not read cannot be signed. Raises ``NotThere``."""
    dossier = POLICY.one(by, May.SIGN, tracking_code=tracking_code)
    Result.objects.filter(dossier=dossier, read_at=None).update(read_at=at, read_by_name=by.name)


@transaction.atomic
def return_result(*, by: Actor, at: dt.datetime, tracking_code: str, reason: str) -> Dossier:
    """Send the draft back with a reason. Raises ``NotThere``, ``StepNotAllowed``, ``ReasonMissing``."""
    if not reason.strip():
        raise ReasonMissing
    dossier = POLICY.one(by, May.SIGN, tracking_code=tracking_code)
    dossier.desk_step = 1
    put_on_desk(dossier, step_at(dossier, "unit"), at=at, calendar=calendar())
    keep_step(
        dossier,
        Verb.RETURN,
        author=author_of(by, dossier.signing_office_id, Role.LEADER),
        by=by,
        at=at,
        event=ResultReturned(dossier.pk, dossier.procedure_code, dossier.receiving_office_id),
        note=reason.strip(),
    )
    return dossier
