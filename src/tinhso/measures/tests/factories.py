"""Rows of a day as if they had been counted, and of an edition as if it had been made."""

from __future__ import annotations

import datetime as dt

from tinhso.measures.models import DayRow, Edition, EditionRow
from tinhso.measures.services.count_day import sum_day

RECEIVED, ENDED, RUNNING = 1, 2, 3


def receive(code: str, day: dt.date, office: int, **channels: int) -> None:
    """Keep so many received cases by channel, and the sums of the day."""
    DayRow.objects.bulk_create(
        DayRow(kind=RECEIVED, day=day, office_id=office, procedure_code=code, channel=channel, cls=0, n=n)
        for channel, n in channels.items()
    )
    sum_day(day)


def make_edition_row(month: dt.date, at: dt.datetime, part: str, key: str, **numbers: int) -> EditionRow:
    """Make an edition of a month with one row; what is not named stays away."""
    made = Edition.objects.create(
        month=month,
        number=1,
        formula="strict-1",
        rule="cells-1",
        threshold=5,
        counted_at=at,
        made_at=at,
        cells=3,
        hidden=1,
        is_withheld=False,
        stretches=[],
        facts_hash="",
    )
    return EditionRow.objects.create(edition=made, part=part, key=key, **numbers)
