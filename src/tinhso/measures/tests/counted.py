"""Days of figures as if they had been counted: two offices of a district, a department, two procedures, three months."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping

from tinhso.directory.api import SYSTEM
from tinhso.measures.models import CountedDay, DayRow
from tinhso.measures.rules import each_day
from tinhso.measures.rules.classes import Class, pack
from tinhso.measures.services.count_day import count_months, sum_day
from tinhso.measures.services.make_edition import make_editions
from tinhso.measures.tests.conftest import NOW
from tinhso.toolkit.clock import VN

FIRST, LAST = dt.date(2022, 2, 1), dt.date(2022, 5, 10)
EARLY = pack(Class("issued", "earlier_day", "earlier_day", "never", "no", "no"))
ON_TIME = pack(Class("issued", "in_time", "in_time", "never", "no", "no"))
LATE = pack(Class("issued", "late", "late", "never", "no", "no"))
#: Late by the first due moment, in time by the moved one: strict and national disagree.
MOVED = pack(Class("issued", "late", "in_time", "once", "no", "yes"))
WITHDRAWN = pack(Class("withdrawn", "earlier_day", "earlier_day", "never", "no", "no"))
RUNNING = pack(Class("running", "in_time", "in_time", "never", "no", "no"))
OVERDUE = pack(Class("running", "late", "late", "never", "no", "no"))

_RECEIVED, _ENDED, _RUNNING = 1, 2, 3


class Book:
    """Rows to be kept: day, office, procedure, class and how many."""

    def __init__(self, field_id: int = 0) -> None:
        """Begin an empty book; every procedure lies in the field."""
        self.rows: Counter[tuple[int, dt.date, int, str, str, int]] = Counter()
        self.field_id = field_id

    def write(
        self, day: dt.date, office: int, code: str, ended: Mapping[int, int], *, channel: str = "online"
    ) -> None:
        """Note what was received on a day and ended on it, by class; running ones are those of the day's end."""
        for cls, n in ended.items():
            kind = _RUNNING if cls in (RUNNING, OVERDUE) else _ENDED
            self.rows[kind, day, office, code, channel, cls] += n
            self.rows[_RECEIVED, day, office, code, channel, 0] += n

    def keep(self, *, but: tuple[dt.date, ...] = ()) -> None:
        """Keep the rows and the sums of all days of the time, save those that nobody counted."""
        DayRow.objects.bulk_create(
            DayRow(
                kind=kind,
                day=day,
                office_id=office,
                procedure_code=code,
                channel=channel,
                cls=cls,
                field_id=self.field_id,
                n=n,
            )
            for (kind, day, office, code, channel, cls), n in self.rows.items()
            if n and day not in but
        )
        for day in each_day(FIRST, LAST):
            if day in but:
                continue
            sum_day(day)
            counted = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(0, 5), VN)
            CountedDay.objects.create(day=day, counted_at=min(counted, NOW))
        count_months(at=NOW)
        make_editions(by=SYSTEM, at=NOW)
