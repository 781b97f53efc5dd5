"""Let the applicant take a dossier back."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from tinhso.directory.api import Actor
from tinhso.dossiers.events import DossierWithdrawn
from tinhso.dossiers.lifecycle import Verb
from tinhso.dossiers.models import Dossier
from tinhso.dossiers.permissions import POLICY, May
from tinhso.dossiers.services.keep_step import author_of, keep_step
from tinhso.dossiers.services.move_desk import take_off_desk


@transaction.atomic
def withdraw(*, by: Actor, at: dt.datetime, tracking_code: str, reason: str = "") -> Dossier:
    """Withdraw a dossier that is not before the leader yet. Raises ``NotThere``, ``StepNotAllowed``."""
    dossier = POLICY.one(by, May.WITHDRAW, tracking_code=tracking_code)
    dossier.pauses.filter(ended_at=None).update(ended_at=at)
    dossier.ended_at = at
    take_off_desk(dossier, at=at)
    keep_step(
        dossier,
        Verb.WITHDRAW,
        author=author_of(by),
        by=by,
        at=at,
        event=DossierWithdrawn(dossier.pk, dossier.procedure_code, dossier.receiving_office_id),
        note=reason.strip(),
    )
    return dossier
