"""Reads of the measures."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Sum

from tinhso.measures.models import CountedDay, DayCount
from tinhso.measures.rules import JUDGES, Bridge, Formula, OnTime, Outcome, bounds, bridge, on_time
from tinhso.toolkit.clock import VN
from tinhso.toolkit.counting import CaseFacts, cases

#: Measures that add up over the days of a period; the others are the state at its last moment.
ADDED = ("received", "finished_early", "finished_on_time", "finished_late", "finished_no_due", "withdrawn")
LAST = ("running_in_time", "running_late")


def period(first: dt.date, last: dt.date, at: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """Return the first moment of a period and its end; a period that is not over ends now."""
    return dt.datetime.combine(first, dt.time(), VN), bounds(last, at)[1]


def on_time_of(formula: Formula, first: dt.date, last: dt.date, at: dt.datetime) -> OnTime:
    """Return the share of dossiers on time in a period, recounted from the dossiers themselves."""
    start, end = period(first, last, at)
    return on_time(formula, cases(start, end), end)


def bridge_of(first: dt.date, last: dt.date, at: dt.datetime) -> Bridge:
    """Return both shares and the addition between them."""
    start, end = period(first, last, at)
    return bridge(cases(start, end), end)


def cases_of(first: dt.date, last: dt.date, at: dt.datetime) -> tuple[list[CaseFacts], dt.datetime]:
    """Return the cases behind a period's figures, and the moment at which they are judged."""
    start, end = period(first, last, at)
    return list(cases(start, end)), end


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts of a period and when the last of its days was counted. A day never counted is named."""

    numbers: dict[str, int]
    by_channel: dict[str, int]
    counted_at: dt.datetime | None
    uncounted: tuple[dt.date, ...]


def totals(
    first: dt.date, last: dt.date, *, office_id: int | None = None, procedure_code: str = ""
) -> Totals:
    """Add up the days of a period, for one office or procedure or all."""
    rows = DayCount.objects.filter(day__range=(first, last))
    rows = rows.filter(office_id=office_id) if office_id else rows
    rows = rows.filter(procedure_code=procedure_code) if procedure_code else rows
    numbers = _sums(rows.filter(measure__in=ADDED)) | _sums(rows.filter(measure__in=LAST, day=last))
    channels = rows.filter(measure="received").values_list("channel").annotate(n=Sum("n"))
    counted = dict(CountedDay.objects.filter(day__range=(first, last)).values_list("day", "counted_at"))
    days = [first + dt.timedelta(days=i) for i in range((last - first).days + 1)]
    return Totals(
        {name: numbers.get(name, 0) for name in (*ADDED, *LAST)},
        dict(channels),
        max(counted.values(), default=None),
        tuple(day for day in days if day not in counted),
    )


def by_month(
    first: dt.date, last: dt.date, *, office_id: int | None = None
) -> list[tuple[dt.date, dict[str, int]]]:
    """Return the added measures month by month."""
    rows = DayCount.objects.filter(day__range=(first, last), measure__in=ADDED)
    rows = rows.filter(office_id=office_id) if office_id else rows
    months: dict[dt.date, dict[str, int]] = defaultdict(lambda: dict.fromkeys(ADDED, 0))
    for day, measure, n in rows.values_list("day", "measure").annotate(n=Sum("n")):
        months[day.replace(day=1)][measure] += n
    return sorted(months.items())


def by_office(first: dt.date, last: dt.date) -> dict[int, dict[str, int]]:
    """Return the measures of a period for every office that has any; running ones at its last day."""
    offices: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys((*ADDED, *LAST), 0))
    rows = DayCount.objects.filter(day__range=(first, last))
    for office, measure, n in (
        rows.filter(measure__in=ADDED).values_list("office_id", "measure").annotate(n=Sum("n"))
    ):
        offices[office][measure] = n
    for office, measure, n in (
        rows.filter(measure__in=LAST, day=last).values_list("office_id", "measure").annotate(n=Sum("n"))
    ):
        offices[office][measure] = n
    return dict(offices)


@dataclass(slots=True)
class Day:
    """What a day brought: dossiers received, results given, how many of them late."""

    received: int = 0
    done: int = 0
    late: int = 0


def days(first: dt.date, last: dt.date) -> dict[dt.date, Day]:
    """Return the numbers of each day on which anything was counted."""
    found: dict[dt.date, Day] = defaultdict(Day)
    done = ("finished_early", "finished_on_time", "finished_late", "finished_no_due")
    rows = DayCount.objects.filter(day__range=(first, last), measure__in=("received", *done))
    for day, measure, n in rows.values_list("day", "measure").annotate(n=Sum("n")):
        found[day].received += n if measure == "received" else 0
        found[day].done += n if measure in done else 0
        found[day].late += n if measure == "finished_late" else 0
    return dict(found)


def outcomes(case: CaseFacts, end: dt.datetime) -> dict[Formula, Outcome]:
    """Return what one case is under each formula."""
    return {formula: judge(case, end) for formula, judge in JUDGES.items()}


def _sums(rows: object) -> dict[str, int]:
    return dict(rows.values_list("measure").annotate(n=Sum("n")))  # type: ignore[attr-defined]
