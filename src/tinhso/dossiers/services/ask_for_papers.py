"""Ask the applicant once for everything that is missing (form 02)."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from tinhso.directory.api import Actor, Role
from tinhso.dossiers.events import PapersAsked
from tinhso.dossiers.lifecycle import State, Verb
from tinhso.dossiers.models import DefectFound, Dossier, Pause, Slip
from tinhso.dossiers.permissions import POLICY, May
from tinhso.dossiers.services.keep_step import author_of, keep_step
from tinhso.dossiers.services.move_desk import take_off_desk


class ReasonMissing(Exception):
    """A supplement or a refusal was sent without saying why and what to do."""


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing wrong or missing: a code of the procedure's list, the sentence, the paper it is about."""

    code: str
    text: str
    paper_key: str = ""
    detail: str = ""


@transaction.atomic
def ask_for_papers(
    *, by: Actor, at: dt.datetime, tracking_code: str, defects: Sequence[Defect], explanation: str
) -> Dossier:
    """Send one full list of defects to the applicant; after acceptance this stops the law's clock.

    Raises ``NotThere``, ``StepNotAllowed``, ``ReasonMissing`` (no defect, or under 20 letters of explanation).
    """
    if not defects or len(explanation.strip()) < 20:
        raise ReasonMissing
    state = _state(tracking_code)
    may, verb = (May.ACCEPT, Verb.ASK_FOR_PAPERS) if state == State.SUBMITTED else (May.HANDLE, Verb.PAUSE)
    dossier = POLICY.one(by, may, tracking_code=tracking_code)
    office = dossier.receiving_office_id if may is May.ACCEPT else dossier.handling_office_id
    author = author_of(by, office, Role.COUNTER_CLERK if may is May.ACCEPT else Role.SPECIALIST)
    slip = Slip.objects.create(
        token=secrets.token_urlsafe(16)[:22],
        dossier=dossier,
        form="02",
        issued_at=at,
        by_name=author.name,
        by_title=author.title,
        reason=explanation.strip(),
    )
    DefectFound.objects.bulk_create(
        DefectFound(slip=slip, code=d.code, text=d.text, paper_key=d.paper_key, detail=d.detail)
        for d in defects
    )
    take_off_desk(dossier, at=at)
    keep_step(
        dossier,
        verb,
        author=author,
        by=by,
        at=at,
        event=PapersAsked(
            dossier.pk, dossier.procedure_code, dossier.receiving_office_id, slip.pk, verb is Verb.PAUSE
        ),
        note=explanation.strip(),
    )
    if verb is Verb.PAUSE:
        Pause.objects.create(dossier=dossier, slip=slip, began_at=at)
    return dossier


def _state(tracking_code: str) -> str:
    return Dossier.objects.filter(tracking_code=tracking_code).values_list("state", flat=True).first() or ""
