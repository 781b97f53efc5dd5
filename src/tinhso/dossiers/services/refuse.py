"""Refuse a dossier in writing: at the counter, or after review (form 03)."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction

from tinhso.directory.api import Actor, Role
from tinhso.dossiers.events import DossierRefused, DossierRejected
from tinhso.dossiers.lifecycle import State, Verb
from tinhso.dossiers.models import DefectFound, Dossier, Slip
from tinhso.dossiers.permissions import POLICY, May
from tinhso.dossiers.services.ask_for_papers import Defect, ReasonMissing
from tinhso.dossiers.services.keep_step import author_of, keep_step
from tinhso.dossiers.services.move_desk import take_off_desk


@transaction.atomic
def refuse(*, by: Actor, at: dt.datetime, tracking_code: str, ground: Defect, explanation: str) -> Dossier:
    """Refuse with a ground from the procedure's list and an explanation of 20 letters or more.

    Raises ``NotThere``, ``StepNotAllowed``, ``ReasonMissing``.
    """
    words = explanation.strip()
    if len(words) < 20:
        raise ReasonMissing
    at_counter = Dossier.objects.filter(tracking_code=tracking_code, state=State.SUBMITTED).exists()
    dossier = POLICY.one(by, May.ACCEPT if at_counter else May.HANDLE, tracking_code=tracking_code)
    office = dossier.receiving_office_id if at_counter else dossier.handling_office_id
    author = author_of(by, office, Role.COUNTER_CLERK if at_counter else Role.SPECIALIST)
    slip = Slip.objects.create(
        token=secrets.token_urlsafe(16)[:22],
        dossier=dossier,
        form="03",
        issued_at=at,
        by_name=author.name,
        by_title=author.title,
        reason=words,
    )
    DefectFound.objects.create(slip=slip, code=ground.code, text=ground.text, detail=ground.detail)
    dossier.ended_at = at
    take_off_desk(dossier, at=at)
    event = DossierRefused if at_counter else DossierRejected
    keep_step(
        dossier,
        Verb.REFUSE if at_counter else Verb.REJECT,
        author=author,
        by=by,
        at=at,
        event=event(dossier.pk, dossier.procedure_code, dossier.receiving_office_id, slip.pk),
        note=words,
    )
    return dossier
