"""What stands behind one target: its line over time, its parts, the dossiers that lower it, reports, tasks, solutions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from tinhso.directory.api import Actor
from tinhso.dossiers.api import readable_as_officer
from tinhso.measures.api import Case
from tinhso.plans.models import Solution, Target, TargetActual, TargetReport, Task
from tinhso.plans.permissions.targets import (
    SOLUTIONS,
    TARGET_REPORTS,
    TARGETS,
    MayReportTarget,
    MaySolution,
    MayTarget,
)
from tinhso.plans.permissions.tasks import TASKS, MayTask
from tinhso.plans.queries.counters import LateCases, PartCount, counter_of, late_cases, span_of
from tinhso.plans.queries.targets import TargetRow, points_of, recent_of, rows_of, rules
from tinhso.plans.rules.lights import Forecast, LightRule, forecast, rule_of

#: The line shows so many points at most; dossiers are looked for over so many days, and so many are listed.
LONGEST_LINE = 40
LATE_DAYS = 31
MOST_LATE = 15


@dataclass(frozen=True, slots=True)
class Late:
    """Cases behind an on-time target that are not on time: how many, and those that the reader may open with their code."""

    found: LateCases
    shown: Sequence[tuple[Case, str]]

    @property
    def whole(self) -> int:
        """Return how many there are, whoever reads."""
        return len(self.found.cases)


@dataclass(frozen=True, slots=True)
class TargetPage:
    """One target with everything behind it, as far as the reader may see it."""

    row: TargetRow
    rule: LightRule
    line: Sequence[TargetActual]
    forecast: Forecast | None
    parts: Sequence[PartCount]
    children: Sequence[TargetRow]
    late: Late | None
    reports: Sequence[TargetReport]
    tasks: Sequence[Task]
    solutions: Sequence[Solution]


def target_page(by: Actor, pk: int, at: dt.datetime, on: dt.date) -> TargetPage:
    """Return one target as it stands on a day. Raises ``NotThere``."""
    target = TARGETS.look(by, MayTarget.READ, pk=pk)
    (row,) = rows_of(Target.objects.filter(pk=target.pk), on)
    target = row.target
    counter = counter_of(target.counter)
    rule = rule_of(rules(), target.rule)
    recent = recent_of([target.pk], on, rule.forecast_days)
    return TargetPage(
        row,
        rule,
        line_of(target.pk, on),
        forecast(row.course, points_of(recent.get(target.pk, ())), on, rule),
        counter.parts(*span_of(on), at) if counter else (),
        rows_of(TARGETS.rows(by, MayTarget.READ).filter(parent=target), on) if row.parts else (),
        _late(by, target, on, at),
        reports_of(by, target),
        list(
            TASKS.rows(by, MayTask.READ)
            .filter(target=target)
            .exclude(state="withdrawn")
            .select_related("lead")
            .order_by("due", "pk")
        ),
        list(
            target.solutions.select_related("office", "plan__office", "directive_item__directive").order_by(
                "pk"
            )
        ),
    )


def line_of(target: int, on: dt.date) -> list[TargetActual]:
    """Return the actuals of a target up to a day, the earliest first: month ends, and each day of the last fortnight."""
    rows = TargetActual.objects.filter(target_id=target, on__lte=on, value__isnull=False).order_by("on")
    every = list(rows)
    lately = on - dt.timedelta(days=14)
    ends = [
        one
        for one, after in zip(every, [*every[1:], None], strict=False)
        if after is None or one.on >= lately or (one.on.year, one.on.month) != (after.on.year, after.on.month)
    ]
    return ends[-LONGEST_LINE:]


def reports_of(by: Actor, target: Target, limit: int = 50) -> list[TargetReport]:
    """Return the reports of a target that an actor may read, the latest first."""
    rows = TARGET_REPORTS.rows(by, MayReportTarget.READ).filter(target=target)
    return list(_with_people(rows).order_by("-on", "-reported_at", "-pk")[:limit])


def reports_by_answer(by: Actor, answer: str) -> list[TargetReport]:
    """Return the reports with an answer that an actor may read, those that waited longest first; blank: waiting."""
    rows = _with_people(TARGET_REPORTS.rows(by, MayReportTarget.READ).filter(answer=answer))
    return list(rows.order_by("reported_at" if answer == "" else "-answered_at", "pk")[:200])


def report_of(by: Actor, pk: int) -> TargetReport:
    """Return one report. Raises ``NotThere``."""
    found = TARGET_REPORTS.look(by, MayReportTarget.READ, pk=pk)
    return _with_people(TargetReport.objects.filter(pk=found.pk)).get()


def _with_people(rows: QuerySet[TargetReport]) -> QuerySet[TargetReport]:
    return rows.select_related(
        "target", "office", "file", "reported_by__person", "answered_by__person", "target__parent"
    )


def solutions_read(by: Actor) -> list[tuple[Solution, list[Target]]]:
    """Return every solution with the targets that it serves, as far as the actor may read them; the latest first."""
    readable = set(TARGETS.rows(by, MayTarget.READ).values_list("pk", flat=True))
    found = (
        SOLUTIONS.rows(by, MaySolution.READ)
        .select_related("office", "plan__office", "directive_item__directive")
        .prefetch_related("targets")
        .order_by("-at", "-pk")[:300]
    )
    return [(one, [target for target in one.targets.all() if target.pk in readable]) for one in found]


def linkable(by: Actor, target: Target) -> list[Solution]:
    """Return the solutions that a target is not linked to yet, the latest first."""
    rows = SOLUTIONS.rows(by, MaySolution.READ).exclude(targets=target).order_by("-at", "-pk")
    return list(rows.select_related("office")[:100])


def _late(by: Actor, target: Target, on: dt.date, at: dt.datetime) -> Late | None:
    counter = counter_of(target.counter)
    found = late_cases(counter, on, at, days=LATE_DAYS) if counter else None
    if found is None:
        return None
    codes = readable_as_officer(by, [case.number for case in found.cases])
    shown = [(case, codes[case.number]) for case in found.cases if case.number in codes]
    return Late(found, shown[:MOST_LATE])
