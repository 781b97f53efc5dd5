"""Figures of any period and any part of the whole, read from the sums of days: a year in a few milliseconds.

Whole months that are over come from their sums, the days left over from theirs; running cases are those of the
last day. Ratios are made by a formula from counts by class (``rules/formulas.py``), never kept.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any, Final

from django.db import connection

from tinhso.measures.models import CountedDay, CountedMonth, StaleDay
from tinhso.measures.queries.documents import document
from tinhso.measures.rules import Received, each_day, last_day_of, split
from tinhso.measures.rules.formulas import Figure, Formula, figure


def settling_days() -> int:
    """Return how many days back the nightly window counts anew."""
    return int(document("counting")["settling_days"])


class Part(IntEnum):
    """What a figure is a part of; the numbers are those of ``PartSum``."""

    PROVINCE = 0
    OFFICE = 1
    PROCEDURE = 2
    FIELD = 3
    LEVEL = 4


class By(StrEnum):
    """What the figures of a period are divided by."""

    NOTHING = "nothing"
    OFFICE = "office_id"
    PROCEDURE = "procedure_code"
    FIELD = "field_id"
    LEVEL = "level"
    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases: of one office, procedure, field, service level or channel; None or blank: all."""

    office_id: int | None = None
    procedure_code: str = ""
    field_id: int | None = None
    level: int | None = None
    channel: str = ""


EVERY_CASE: Final = Wanted()


@dataclass(slots=True)
class Tally:
    """Counts of a period: received by channel, ended by class, running at its last moment by class."""

    received: Counter[str] = field(default_factory=Counter)
    ended: Counter[int] = field(default_factory=Counter)
    running: Counter[int] = field(default_factory=Counter)

    @property
    def classes(self) -> Counter[int]:
        """Return every case that the period touched, by class."""
        whole = self.ended.copy()
        whole.update(self.running)
        return whole

    @property
    def carried(self) -> int:
        """Return how many cases ran already when the period began."""
        return self.classes.total() - self.received.total()

    @property
    def by_channel(self) -> Received:
        """Return the received cases by channel."""
        return Received(**{name: self.received[name] for name in ("online", "counter", "post")})

    def under(self, formula: Formula) -> Figure:
        """Return the figure by a formula."""
        return figure(formula, self.classes)

    def plus(self, other: Tally) -> Tally:
        """Return both together."""
        return Tally(self.received + other.received, self.ended + other.ended, self.running + other.running)


@dataclass(frozen=True, slots=True)
class Counting:
    """When the days of a period were counted. ``uncounted`` days are in no figure: there is no number, not zero."""

    counted_at: dt.datetime | None
    uncounted: tuple[dt.date, ...]
    waiting: tuple[dt.date, ...]


_RECEIVED, _ENDED, _RUNNING = 1, 2, 3
#: Parts whose key is a number.
_NUMBERED: Final = (By.OFFICE, By.FIELD, By.LEVEL)
#: Channels are told of what was received only.
_CHANNEL: Final = "case when kind = 1 then channel else '' end"
_KEYS: Final = {
    Part.OFFICE: By.OFFICE,
    Part.PROCEDURE: By.PROCEDURE,
    Part.FIELD: By.FIELD,
    Part.LEVEL: By.LEVEL,
}


def counting(first: dt.date, last: dt.date) -> Counting:
    """Return when the days of a period were counted, which never were, and which wait to be counted anew."""
    moments = dict(CountedDay.objects.filter(day__range=(first, last)).values_list("day", "counted_at"))
    waiting = StaleDay.objects.filter(day__range=(first, last)).order_by("day").values_list("day", flat=True)
    return Counting(
        max(moments.values(), default=None),
        tuple(day for day in each_day(first, last) if day not in moments),
        tuple(waiting),
    )


def tally(first: dt.date, last: dt.date, wanted: Wanted = EVERY_CASE) -> Tally:
    """Return the counts of a period."""
    return tallies(first, last, By.NOTHING, wanted).get(None, Tally())


def tallies(
    first: dt.date,
    last: dt.date,
    by: By,
    wanted: Wanted = EVERY_CASE,
) -> dict[Any, Tally]:
    """Return the counts of a period for each value of ``by``: office id, code, field id, level, day or first of month.

    Running cases are those of the last day of the period, and of the last counted day of each month or day.
    """
    part, key = _part(by, wanted)
    rows = (
        _from_rows(first, last, by, wanted)
        if part is None
        else _from_sums(first, last, by, part, key, wanted.channel)
    )
    found: dict[Any, Tally] = defaultdict(Tally)
    for value, kind, channel, cls, n in rows:
        one = found[value]
        if kind == _RECEIVED:
            one.received[channel] += n
        elif kind == _ENDED:
            one.ended[cls] += n
        else:
            one.running[cls] += n
    return dict(found)


def _part(by: By, wanted: Wanted) -> tuple[Part | None, str | None]:
    """Return the part whose sums answer, and the key asked for (None: all); no part: only the rows answer."""
    said = {
        Part.OFFICE: wanted.office_id,
        Part.PROCEDURE: wanted.procedure_code or None,
        Part.FIELD: wanted.field_id,
        Part.LEVEL: wanted.level,
    }
    narrowed = [part for part, value in said.items() if value is not None]
    divided = [part for part, one in _KEYS.items() if one is by]
    concerned = {*narrowed, *divided}
    if len(concerned) > 1 or (wanted.channel and concerned):
        return None, None
    part = concerned.pop() if concerned else Part.PROVINCE
    return part, str(said[part]) if narrowed else ("" if part is Part.PROVINCE else None)


def _spans(first: dt.date, last: dt.date) -> tuple[list[dt.date], list[dt.date]]:
    whole = frozenset(CountedMonth.objects.filter(month__range=(first, last)).values_list("month", flat=True))
    return split(first, last, whole)


def _from_sums(
    first: dt.date, last: dt.date, by: By, part: Part, key: str | None, channel: str
) -> list[Sequence[Any]]:
    """Read flows from the sums of months and days, and the running cases of the last day (or of each)."""
    months, days = ([], list(each_day(first, last))) if by is By.DAY else _spans(first, last)
    value = {By.NOTHING: "null", By.DAY: "first", By.MONTH: "date_trunc('month', first)::date"}.get(
        by, '"key"'
    )
    where = "part = %(part)s" + (' and "key" = %(key)s' if key is not None else "")
    where += " and channel = %(channel)s" if channel else ""
    values = {"part": part, "key": key, "channel": channel, "months": months, "days": days, "last": last}
    rows: list[Sequence[Any]] = []
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {value}, kind, {_CHANNEL}, cls, sum(n) from measures_partsum"  # noqa: S608 - our own words
            f" where {where} and kind in (1, 2) and ((span = 'm' and first = any(%(months)s))"
            " or (span = 'd' and first = any(%(days)s))) group by 1, 2, 3, 4",
            values,
        )
        rows += cursor.fetchall()
        ends = _last_days(first, last, by)
        if part in (Part.PROVINCE, Part.OFFICE):
            cursor.execute(
                f"select {value}, kind, '', cls, sum(n) from measures_partsum"  # noqa: S608 - our own words
                f" where {where} and kind = 3 and span = 'd' and first = any(%(ends)s) group by 1, 2, 3, 4",
                {**values, "ends": ends},
            )
        else:
            column = _KEYS[part]
            value = {By.NOTHING: "null", By.DAY: "day", By.MONTH: "date_trunc('month', day)::date"}.get(
                by, column
            )
            only = f" and {column}::text = %(key)s" if key is not None else ""
            only += " and channel = %(channel)s" if channel else ""
            cursor.execute(
                f"select {value}, kind, '', cls, sum(n) from measures_dayrow"  # noqa: S608 - our own words
                f" where kind = 3 and day = any(%(ends)s){only} group by 1, 2, 3, 4",
                {**values, "ends": ends},
            )
        rows += cursor.fetchall()
    return [(int(value), *rest) for value, *rest in rows] if by in _NUMBERED else rows


def _from_rows(first: dt.date, last: dt.date, by: By, wanted: Wanted) -> list[Sequence[Any]]:
    """Read what no part answers, an office's procedures for example, from month rows and day rows."""
    months, days = ([], list(each_day(first, last))) if by is By.DAY else _spans(first, last)
    only = {
        "office_id": wanted.office_id,
        "procedure_code": wanted.procedure_code or None,
        "field_id": wanted.field_id,
        "level": wanted.level,
        "channel": wanted.channel or None,
    }
    where = "".join(f" and {name} = %({name})s" for name, value in only.items() if value is not None)
    values = {**only, "months": months, "days": days, "ends": _last_days(first, last, by)}
    value = "null" if by is By.NOTHING else str(by)
    month_value, day_value = ("month", "date_trunc('month', day)::date") if by is By.MONTH else (value, value)
    asked = []
    if months:
        asked.append(
            f"select {month_value}, kind, {_CHANNEL}, cls, sum(n) from measures_monthrow"  # noqa: S608 - our own words
            f" where kind in (1, 2) and month = any(%(months)s){where} group by 1, 2, 3, 4"
        )
    if days:
        asked.append(
            f"select {day_value}, kind, {_CHANNEL}, cls, sum(n) from measures_dayrow"  # noqa: S608 - our own words
            f" where kind in (1, 2) and day = any(%(days)s){where} group by 1, 2, 3, 4"
        )
    asked.append(
        f"select {day_value}, kind, '', cls, sum(n) from measures_dayrow"  # noqa: S608 - our own words
        f" where kind = 3 and day = any(%(ends)s){where} group by 1, 2, 3, 4"
    )
    with connection.cursor() as cursor:
        rows: list[Sequence[Any]] = []
        for one in asked:
            cursor.execute(one, values)
            rows += cursor.fetchall()
    return rows


def _last_days(first: dt.date, last: dt.date, by: By) -> list[dt.date]:
    """Return the days whose running cases are told."""
    if by is By.DAY:
        return list(each_day(first, last))
    if by is By.MONTH:
        return sorted({min(last_day_of(day), last) for day in each_day(first, last)})
    return [last]
