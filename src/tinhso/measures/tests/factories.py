"""Rows of a day as if they had been counted."""

from __future__ import annotations

import datetime as dt

from tinhso.measures.models import DayRow
from tinhso.measures.services.count_day import sum_day

RECEIVED, ENDED, RUNNING = 1, 2, 3


def receive(code: str, day: dt.date, office: int, **channels: int) -> None:
    """Keep so many received cases by channel, and the sums of the day."""
    DayRow.objects.bulk_create(
        DayRow(kind=RECEIVED, day=day, office_id=office, procedure_code=code, channel=channel, cls=0, n=n)
        for channel, n in channels.items()
    )
    sum_day(day)
