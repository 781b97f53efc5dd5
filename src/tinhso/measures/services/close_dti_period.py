"""Close a period of the Digital Transformation Index: its final scores are fixed."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.measures.events import DtiPeriodClosed
from tinhso.measures.models import DtiFinal, DtiPeriod
from tinhso.measures.permissions import PERIODS, MayScore
from tinhso.measures.queries.dti import board_of, finals_of


@transaction.atomic
def close_dti_period(*, by: Actor, at: dt.datetime, year: int) -> DtiPeriod:
    """Fix the appraised scores as final. What has no score stays without: chưa đủ số liệu, never 0. Raises ``NotThere``."""
    period = PERIODS.one(by, MayScore.CLOSE, year=year)
    before = board_of(period)
    finals = DtiFinal.objects.bulk_create(finals_of(before.lines, period))
    period.closed_by_id, period.closed_at = by.account_id, at
    period.save(update_fields=["closed_by", "closed_at"])
    announce(
        DtiPeriodClosed(year, period.version, len(finals), before.standing("appraised").value),
        about=period.about,
        by=by,
        at=at,
    )
    return period
