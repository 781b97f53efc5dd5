"""Recount stale days within seconds."""

from __future__ import annotations

from tinhso.journal.api import every
from tinhso.measures.models import StaleDay
from tinhso.measures.services.count_day import count_day, mark_stale
from tinhso.toolkit import clock
from tinhso.toolkit.counting import when_stale

when_stale(mark_stale)


@every(2, name="measures.recount_stale_days")
def recount_stale_days() -> None:
    """Count every day that something happened on since it was counted."""
    for day in StaleDay.objects.order_by("day").values_list("day", flat=True):
        count_day(day, at=clock.now())
