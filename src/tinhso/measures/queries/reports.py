"""The periodic reports as tables of a period: a row for each field or office, and the whole."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from tinhso.catalogue.api import Field, procedures_by_field
from tinhso.directory.api import Office, OfficeKind
from tinhso.measures.queries.documents import document
from tinhso.measures.queries.figures import By, Counting, Tally, Wanted, counting, tallies, tally
from tinhso.measures.queries.formulas import usual
from tinhso.measures.rules.formulas import Formula
from tinhso.measures.rules.reports import Cut, Form, counts_of, cut_of, forms_of

#: The levels under which offices stand in a report.
LEVELS: Final = (
    ("Cấp tỉnh", (OfficeKind.PROVINCE, OfficeKind.DEPARTMENT)),
    ("Cấp huyện", (OfficeKind.DISTRICT, OfficeKind.DIVISION)),
    ("Cấp xã", (OfficeKind.COMMUNE,)),
)
_ELSEWHERE: Final = "Đơn vị khác"
_NO_FIELD: Final = "Chưa rõ lĩnh vực"


def level_of(office: Office) -> str:
    """Return the level under which an office stands."""
    return next((name for name, kinds in LEVELS if office.kind in kinds), _ELSEWHERE)


def in_order(office: Office) -> tuple[int, str, int]:
    """Return where an office stands in a list: province, district, commune, then the rest; by name, never by rank."""
    kinds = [kind.value for _name, every in LEVELS for kind in every]
    place = kinds.index(office.kind) if office.kind in kinds else len(kinds)
    return place, office.sort_key, office.pk


@cache
def forms() -> dict[str, Form]:
    """Return the forms by key."""
    return forms_of(document("reports"))


@cache
def cut() -> Cut:
    """Return on which days reports begin and end."""
    return cut_of(document("reports"))


def source() -> str:
    """Return where the forms come from."""
    return str(document("reports")["source"])


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A row: its name and counts. ``level``: under which subtotal it stands; ``is_sum``: it is that subtotal."""

    name: str
    counts: Counter[str]
    level: str = ""
    is_sum: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A report. ``formula`` None: nothing is judged by one. ``counting`` None: not counted from dossiers."""

    form: Form
    first: dt.date
    last: dt.date
    office_id: int | None
    rows: tuple[ReportRow, ...]
    whole: Counter[str]
    formula: Formula | None
    counting: Counting | None


def report_of(form: Form, first: dt.date, last: dt.date, office_id: int | None = None) -> Report:
    """Return the report of a period; of one office where the form is of an office."""
    if form.by == "catalogue":
        return _catalogue(form, first, last)
    formula = usual(form.formula, last)
    wanted = Wanted(office_id=office_id if form.is_of_office else None)
    by = By.FIELD if form.by == "field" else By.OFFICE
    whole = _counts(tally(first, last, wanted), formula)
    parts = {key: _counts(one, formula) for key, one in tallies(first, last, by, wanted).items()}
    rows = _fields(parts, whole) if by is By.FIELD else _offices(parts)
    return Report(form, first, last, wanted.office_id, tuple(rows), whole, formula, counting(first, last))


def _counts(one: Tally, formula: Formula) -> Counter[str]:
    return counts_of(one.received, one.classes, formula)


def _fields(parts: dict[int, Counter[str]], whole: Counter[str]) -> list[ReportRow]:
    """Return a row for each field by name; what has no field is the rest of the whole."""
    names = dict(Field.objects.values_list("pk", "name"))
    rows = [ReportRow(names[key], counts) for key, counts in parts.items() if key in names]
    rows = sorted((row for row in rows if row.counts["whole"]), key=lambda row: row.name)
    rest = Counter(whole)
    rest.subtract(_total(row.counts for row in rows))
    return [*rows, ReportRow(_NO_FIELD, rest)] if any(rest.values()) else rows


def _offices(parts: dict[int, Counter[str]]) -> list[ReportRow]:
    """Return the offices under their levels, each level with its sum before it."""
    offices = {office.pk: office for office in Office.objects.filter(pk__in=parts)}
    rows: list[ReportRow] = []
    for level in (*(name for name, _kinds in LEVELS), _ELSEWHERE):
        mine = sorted(
            (one for one in offices.values() if level_of(one) == level),
            key=in_order,
        )
        if mine:
            rows.append(ReportRow(level, _total(parts[one.pk] for one in mine), level, is_sum=True))
            rows += [ReportRow(one.short_name, parts[one.pk], level) for one in mine]
    return rows


def _total(every: Iterable[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for one in every:
        total.update(one)
    return total


def _catalogue(form: Form, first: dt.date, last: dt.date) -> Report:
    """Return the form about the catalogue on the last day of the period."""
    rows = [
        ReportRow(
            one.name,
            Counter(
                {
                    "listed": one.listed,
                    **{level: one.at_level[level] for level in ("province", "district", "commune")},
                    "with_process": one.with_process,
                }
            ),
        )
        for one in procedures_by_field(last)
    ]
    return Report(form, first, last, None, tuple(rows), _total(row.counts for row in rows), None, None)


def receiving_offices(first: dt.date, last: dt.date) -> list[tuple[int, str]]:
    """Return the offices that had dossiers in a period: number and name, by level and name."""
    mine = sorted(Office.objects.filter(pk__in=tallies(first, last, By.OFFICE)), key=in_order)
    return [(one.pk, one.short_name) for one in mine]
