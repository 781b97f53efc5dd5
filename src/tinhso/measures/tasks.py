"""Recount stale days within seconds."""

from __future__ import annotations

from tinhso.journal.api import every
from tinhso.measures.services.count_day import count_stale_days, mark_stale
from tinhso.toolkit import clock
from tinhso.toolkit.counting import when_stale

when_stale(mark_stale)


@every(2, name="measures.recount_stale_days")
def recount_stale_days() -> None:
    """Count every day that something happened on since it was counted."""
    count_stale_days(at=clock.now())
