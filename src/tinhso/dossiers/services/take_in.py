"""Take a dossier in at the counter for the person who stands there; accept it in the same press where asked."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from tinhso.directory.api import Actor, Role
from tinhso.dossiers.lifecycle import State
from tinhso.dossiers.models import Dossier
from tinhso.dossiers.services.accept import accept
from tinhso.dossiers.services.submit import Filing, submit
from tinhso.toolkit.policy import NotThere


def take_in(*, by: Actor, at: dt.datetime, key: str, filing: Filing, accepting: bool) -> Dossier:
    """Submit what a counter clerk of the receiving office typed, and accept it at once where ``accepting``.

    One key makes one dossier, however often it is sent, and closes what was kept as a draft under the key; the
    number stays the last statement. Raises ``NotThere`` for others than a clerk of the office, ``KeyReused``.
    """
    if filing.office.pk not in by.offices(Role.COUNTER_CLERK):
        raise NotThere
    if not accepting:
        return submit(by=by, at=at, key=key, filing=filing)
    with transaction.atomic():
        dossier = submit(by=by, at=at, key=key, filing=filing)
        if dossier.state != State.SUBMITTED:
            return dossier
        return accept(by=by, at=at, tracking_code=dossier.tracking_code)
