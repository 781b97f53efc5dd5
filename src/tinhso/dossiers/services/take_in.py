"""Take a dossier in at the counter for the person who stands there; accept it in the same press where asked."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from tinhso.directory.api import Actor, Role
from tinhso.dossiers.lifecycle import State
from tinhso.dossiers.models import Dossier, Draft
from tinhso.dossiers.services.accept import accept
from tinhso.dossiers.services.submit import Filing, submit
from tinhso.toolkit.policy import NotThere


@transaction.atomic
def take_in(*, by: Actor, at: dt.datetime, key: str, filing: Filing, accepting: bool) -> Dossier:
    """Submit what a counter clerk of the receiving office typed, and accept it at once where ``accepting``.

    One key makes one dossier, however often it is sent. What was kept as a draft under the key is closed; the
    number stays the last statement. Raises ``NotThere`` for others than a clerk of the office, ``KeyReused``.
    """
    if filing.office.pk not in by.offices(Role.COUNTER_CLERK):
        raise NotThere
    dossier = submit(by=by, at=at, key=key, filing=filing)
    Draft.objects.filter(token=key, person_id=by.person_id or 0, dossier=None).update(dossier=dossier)
    if accepting and dossier.state == State.SUBMITTED:
        return accept(by=by, at=at, tracking_code=dossier.tracking_code)
    return dossier
