"""Hand the result to the applicant: on line, at the counter, by post."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from tinhso.directory.api import Actor, Role
from tinhso.dossiers.events import ResultHandedOver
from tinhso.dossiers.lifecycle import Author, State, Verb
from tinhso.dossiers.models import Dossier
from tinhso.dossiers.permissions import POLICY, May
from tinhso.dossiers.services.keep_step import author_of, keep_step
from tinhso.dossiers.services.move_desk import take_off_desk
from tinhso.toolkit.lifecycle import StepNotAllowed


@transaction.atomic
def hand_over(*, by: Actor, at: dt.datetime, tracking_code: str, to: str) -> Dossier:
    """Note that the result was handed over at the counter, and to whom. Raises ``NotThere``, ``StepNotAllowed``."""
    dossier = POLICY.one(by, May.HAND_OVER, tracking_code=tracking_code)
    if not hasattr(dossier, "result"):
        raise StepNotAllowed(State(dossier.state), Verb.HAND_OVER)
    author = author_of(by, dossier.receiving_office_id, Role.COUNTER_CLERK)
    return _close(dossier, by=by, author=author, at=at, how="counter", to=to)


@transaction.atomic
def fetch_result(*, by: Actor, at: dt.datetime, tracking_code: str) -> Dossier:
    """Note that the applicant downloaded the result; further downloads change nothing. Raises ``NotThere``."""
    dossier = POLICY.one(by, May.SUPPLY, tracking_code=tracking_code)
    if dossier.state != State.ISSUED:
        return dossier
    return _close(dossier, by=by, author=author_of(by), at=at, how="online", to=by.name)


def _close(dossier: Dossier, *, by: Actor, author: Author, at: dt.datetime, how: str, to: str) -> Dossier:
    result = dossier.result
    result.handed_over_at, result.handed_over_how, result.handed_over_to = at, how, to.strip()
    result.save(update_fields=["handed_over_at", "handed_over_how", "handed_over_to"])
    take_off_desk(dossier, at=at)
    event = ResultHandedOver(dossier.pk, dossier.procedure_code, dossier.receiving_office_id, how)
    keep_step(dossier, Verb.HAND_OVER, author=author, by=by, at=at, event=event, note=to.strip())
    return dossier
