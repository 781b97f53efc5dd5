"""Recount stale days within seconds, and settle the last days."""

from __future__ import annotations

from tinhso.journal.api import every
from tinhso.measures.queries.figures import settling_days
from tinhso.measures.services.count_day import count_stale_days, mark_stale, settle
from tinhso.toolkit import clock
from tinhso.toolkit.counting import tell_counted, when_stale

when_stale(mark_stale)


@every(2, name="measures.recount_stale_days")
def recount_stale_days() -> None:
    """Count every day that something happened on since it was counted, and tell whoever reckons from figures."""
    now = clock.now()
    if count_stale_days(at=now):
        tell_counted(now)


@every(60, name="measures.settle_days")
def settle_days() -> None:
    """Count the days that ended since they were counted, in the night and after a stop."""
    settle(at=clock.now(), settling_days=settling_days())
