"""What everybody is told of the parts of the province: sums of told cells of closed months, nothing else."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db import connection

from tinhso.measures.models import Edition
from tinhso.measures.queries.documents import document
from tinhso.measures.queries.figures import By, Wanted, tallies
from tinhso.measures.queries.formulas import usual
from tinhso.measures.rules import each_day, last_day_of, month_after
from tinhso.measures.rules.cells import Rule, rule_on
from tinhso.measures.rules.editions import (
    CHANNEL,
    DISTRICT,
    FIELD,
    FIELD_CHANNEL,
    MEASURES,
    OFFICE,
    OFFICE_KIND,
    PROCEDURE,
    PROVINCE,
    joined,
)
from tinhso.measures.rules.formulas import Figure, Formula
from tinhso.measures.rules.spans import Span, stretches

#: The columns of a row; those of a last day do not add up over months.
FLOWS: Final = ("received", "online", "returned", "early", "on_time", "late", "ended_otherwise")
STOCKS: Final = ("running_late",)
COLUMNS: Final = (*FLOWS, *STOCKS)
#: What each table never tells.
_SILENT: Final = {table: frozenset(COLUMNS) - frozenset(told) for table, told in MEASURES.items()}


def small_rule(day: dt.date) -> Rule:
    """Return which numbers are small on a day."""
    return rule_on(document("cells"), day)


@dataclass(frozen=True, slots=True)
class Known:
    """What is told of a part over a period, by measure; None stays away."""

    numbers: Mapping[str, int | None]

    def plus(self, other: Known) -> Known:
        """Return both together: a sum is told where all of it is."""
        return Known({name: _sum((n, other.numbers[name])) for name, n in self.numbers.items()})

    def number(self, name: str) -> int | None:
        """Return a number, or what follows from told ones.

        The denominator of a part is what was given back, late is what was given back late: who is overdue and still
        runs is often a small number, and would hide every rate. Running cases in time are told of no part.
        """
        if name == "num":
            returned, late = self.numbers["returned"], self.numbers["late"]
            return None if returned is None or late is None else returned - late
        return self.numbers.get({"den": "returned", "bad": "late"}.get(name, name))

    @property
    def by_strict(self) -> tuple[int, int] | None:
        """Return numerator and denominator with overdue ones in it, as of the whole province; None: not told."""
        num, overdue = self.number("num"), self.numbers["running_late"]
        returned = self.numbers["returned"]
        return None if num is None or returned is None or overdue is None else (num, returned + overdue)

    def under(self, formula: Formula) -> Figure:
        """Return the figure among what was given back; what stays away counts as nothing in it."""
        said = document("open_figures")["of_parts"]
        if formula.key == said["formula"]:
            formula = replace(formula, name=said["name"], explained=said["explained"])
        return Figure(formula, self.number("num") or 0, self.number("den") or 0, {}, {})


def _sum(parts: Iterable[int | None]) -> int | None:
    every = list(parts)
    return None if None in every else sum(n for n in every if n is not None)


#: What is told of a part in a month without an edition.
SILENCE: Final = Known(dict.fromkeys(COLUMNS))


def nothing(table: str) -> Known:
    """Return what is told of a part that has no row: zeros, as far as its table tells them."""
    return Known({name: None if name in _SILENT[table] else 0 for name in COLUMNS})


def editions(first: dt.date, last: dt.date) -> dict[dt.date, Edition]:
    """Return the edition that holds for each closed month within some days; what is withheld holds only alone."""
    rows = Edition.objects.filter(month__range=(first, last)).order_by("month", "is_withheld", "-number")
    return {one.month: one for one in rows.distinct("month")}


def told_months(first: dt.date, last: dt.date) -> list[Edition]:
    """Return the editions of the months within some days of which the parts are told."""
    return [one for one in editions(first, last).values() if not one.is_withheld]


def pieces(first: dt.date, last: dt.date, today: dt.date) -> list[Span]:
    """Return between which days the whole province is told: as editions say, of the running month as it stands.

    A closed month without an edition is told whole.
    """
    found = editions(first.replace(day=1), last)
    every: list[Span] = []
    month = first.replace(day=1)
    while month <= last:
        if month in found:
            every += stretches_of(found[month])
        elif month_after(month) > today:
            every += cut(month, today, usual("strict", today), small_rule(today).threshold)
        else:
            every.append(Span(month, last_day_of(month)))
        month = month_after(month)
    return every


def stretches_of(edition: Edition) -> list[Span]:
    """Return the stretches of an edition."""
    return [Span(*map(dt.date.fromisoformat, one)) for one in edition.stretches]


def cut(
    first: dt.date, last: dt.date, formula: Formula, threshold: int, before: Sequence[Span] = ()
) -> list[Span]:
    """Cut days of one month into stretches in which every flow of the province is nothing or large.

    ``before``: the stretches that were told already; they are joined where they are small now.
    """
    days: dict[dt.date, Counter[str]] = {}
    for day, one in tallies(first, last, By.DAY).items():
        flows: Counter[str] = Counter({"received": one.received.total()})
        for cls, n in one.ended.items():
            flows[formula.groups[cls]] += n
        days[day] = flows
    if not before:
        return stretches(days, Span(first, last), threshold)
    sums = {one: Counter[str]() for one in before}
    for piece, found in sums.items():
        for day in each_day(piece.first, piece.last):
            found.update(days.get(day, {}))
    return joined(before, sums, threshold)


def table_of(by: By, wanted: Wanted) -> str | None:
    """Return the table that answers a question of parts; None: such parts are told to nobody."""
    named = {
        OFFICE: wanted.office_id is not None or by is By.OFFICE,
        PROCEDURE: bool(wanted.procedure_code) or by is By.PROCEDURE,
        FIELD: wanted.field_id is not None or by is By.FIELD,
        CHANNEL: bool(wanted.channel),
    }
    asked = [name for name, is_named in named.items() if is_named]
    if wanted.level is not None or by in (By.LEVEL, By.DAY):
        return None
    if asked == [FIELD, CHANNEL]:
        return FIELD_CHANNEL
    return asked[0] if len(asked) == 1 else PROVINCE if not asked else None


def known(months: Sequence[Edition], by: By, wanted: Wanted) -> dict[Any, Known] | None:
    """Return what is told of parts over some months by what ``tallies`` divides by; None: such parts are not told."""
    table = table_of(by, wanted)
    if table is None:
        return None
    keys = {
        OFFICE: None if wanted.office_id is None else str(wanted.office_id),
        PROCEDURE: wanted.procedure_code or None,
        FIELD: None if wanted.field_id is None else str(wanted.field_id),
        CHANNEL: wanted.channel,
        FIELD_CHANNEL: f"{'%' if wanted.field_id is None else wanted.field_id}:{wanted.channel}",
        PROVINCE: "",
    }
    rows = _rows(months, table, keys[table], by_month=by is By.MONTH)
    if by is By.FIELD:
        return {int(key.partition(":")[0]): one for key, one in rows.items()}
    return {int(key): one for key, one in rows.items()} if by is By.OFFICE else rows


def known_districts(months: Sequence[Edition]) -> dict[int | None, Known]:
    """Return what is told of districts; None: the offices of the province."""
    return {int(key) or None: one for key, one in _rows(months, DISTRICT, None, by_month=False).items()}


def known_kinds(months: Sequence[Edition]) -> dict[str, Known]:
    """Return what is told of the offices of each kind."""
    return _rows(months, OFFICE_KIND, None, by_month=False)


def _rows(months: Sequence[Edition], table: str, key: str | None, *, by_month: bool) -> dict[Any, Known]:
    """Add up the rows of a table: a number stays away where it does in one of the months."""
    if not months:
        return {}
    last = max(months, key=lambda one: one.month)
    sums = [f"case when bool_or({name} is null) then null else sum({name}) end" for name in FLOWS]
    of_last = "edition_id = %(last)s" if not by_month else "true"
    sums += [
        f"case when bool_or({name} is null and {of_last}) then null"
        f" else coalesce(sum({name}) filter (where {of_last}), 0) end"
        for name in STOCKS
    ]
    where = "" if key is None else " and row.key like %(key)s" if "%" in key else " and row.key = %(key)s"
    value = "edition.month" if by_month else "row.key"
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {value}, {', '.join(sums)} from measures_editionrow row"  # noqa: S608 - our own words
            " join measures_edition edition on edition.id = row.edition_id"
            f" where edition_id = any(%(editions)s) and part = %(part)s{where} group by 1 order by 1",
            {"editions": [one.pk for one in months], "part": table, "key": key, "last": last.pk},
        )
        rows = cursor.fetchall()
    silent = _SILENT[table]
    return {
        value: Known({name: None if name in silent else n for name, n in zip(COLUMNS, numbers, strict=True)})
        for value, *numbers in rows
    }
