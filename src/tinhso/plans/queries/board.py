"""The committee's board: targets, registration, late tasks, money and inspections on one page, by few queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.db.models import QuerySet

from tinhso.directory.api import Actor, Office
from tinhso.plans.lifecycle import TaskState
from tinhso.plans.models import Task, Window
from tinhso.plans.permissions.tasks import TASKS, MayTask
from tinhso.plans.queries.documents import document
from tinhso.plans.queries.inspections import Inspections, inspections_of_year
from tinhso.plans.queries.money import Money, money_of_year
from tinhso.plans.queries.registration import Registration, registrations
from tinhso.plans.queries.targets import Filters, Finding, TargetRow, finding_of, readable_rows
from tinhso.plans.queries.task_counts import CountsOfAll, counts_of_all
from tinhso.plans.queries.tasks import TaskRow, shaped, with_sums

#: A window stays on the board for so long after its last day, or until everybody has registered.
_SHOWN_AFTER: Final = dt.timedelta(days=60)


class Stage(StrEnum):
    """How far an office has come with all plans that it owes together: the least of them."""

    MISSING = "missing"
    NOTHING = "nothing"
    DRAFTING = "drafting"
    LATE = "late"
    ON_TIME = "on_time"


_LEAST_FIRST: Final = tuple(Stage)


@dataclass(frozen=True, slots=True)
class OwingOffice:
    """An office with how far it has come with the plans of all windows shown."""

    office: Office
    stage: Stage
    is_priority: bool


@dataclass(frozen=True, slots=True)
class Registering:
    """The windows of one deadline: how many offices have registered all their plans, and who has not."""

    windows: tuple[Registration, ...]
    offices: tuple[OwingOffice, ...]

    @property
    def deadline(self) -> dt.date:
        """Return the last day."""
        return self.windows[0].window.deadline

    @property
    def days_left(self) -> int:
        """Return the working days left after today; negative once it is over."""
        return self.windows[0].days_left

    @property
    def done(self) -> int:
        """Return how many offices have registered every plan, in time or not."""
        return len(self.of(Stage.LATE)) + len(self.of(Stage.ON_TIME))

    def of(self, stage: Stage) -> list[Office]:
        """Return the offices of a stage, those named first by the committee first."""
        return [one.office for one in self.offices if one.stage == stage]


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the board of a day. ``counts`` and ``urgent`` hold parts of tasks too, as every list does."""

    targets: list[TargetRow]
    finding: Finding
    registering: list[Registering]
    counts: CountsOfAll
    urgent: list[TaskRow]
    money: Money
    inspections: Inspections


def board(by: Actor, at: dt.datetime, *, tasks: int = 12) -> Board:
    """Return the board at a moment, as the actor may see it; at most so many late tasks and those due next."""
    on = at.date()
    targets = readable_rows(by, Filters(), on)
    rows = TASKS.rows(by, MayTask.READ)
    return Board(
        targets=targets,
        finding=finding_of(targets),
        registering=registering(at),
        counts=counts_of_all(rows, on),
        urgent=_urgent(rows, on, tasks),
        money=money_of_year(on.year, on),
        inspections=inspections_of_year(on.year, on),
    )


def _urgent(rows: QuerySet[Task], on: dt.date, limit: int) -> list[TaskRow]:
    """Return the open tasks in the order of their due days: those overdue the longest first.

    Asked as the index ``tasks_that_are_owed`` is written, so that the first few are read and no more.
    """
    owed = rows.exclude(state__in=(TaskState.DONE.value, TaskState.WITHDRAWN.value))
    found = owed.filter(due__isnull=False).order_by("due", "id")
    return shaped(with_sums(found)[:limit], on)


def registering(at: dt.datetime) -> list[Registering]:
    """Return the windows that are open or were lately, those of one deadline together, the next to close first."""
    on = at.date()
    windows = Window.objects.filter(opens_on__lte=on, deadline__gte=on - _SHOWN_AFTER)
    found = registrations(
        list(windows.select_related("directive").order_by("deadline", "last_year", "id")), at
    )
    by_deadline: dict[dt.date, list[Registration]] = {}
    for one in found:
        by_deadline.setdefault(one.window.deadline, []).append(one)
    return [
        _together(group) for _day, group in sorted(by_deadline.items(), key=lambda one: (one[0] < on, one[0]))
    ]


def _together(group: Sequence[Registration]) -> Registering:
    stages: dict[int, OwingOffice] = {}
    for one in group:
        for row in one.rows:
            stage = Stage(row.status.value)
            before = stages.get(row.office.pk)
            if before is None or _LEAST_FIRST.index(stage) < _LEAST_FIRST.index(before.stage):
                stages[row.office.pk] = OwingOffice(row.office, stage, row.is_priority)
    return Registering(tuple(group), tuple(stages.values()))


def short(name: str) -> str:
    """Return an office's name as a narrow tile shows it."""
    known = document("abbreviations")
    if name in known["names"]:
        return str(known["names"][name])
    for prefix in known["prefixes"]:
        if name.startswith(prefix):
            return name.removeprefix(prefix)
    return name
