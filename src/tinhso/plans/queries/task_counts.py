"""Count tasks by where they stand: one statement, and the identities hold or nothing is returned.

total = done + not done; done = on time + late + no due day; not done = in time + overdue + no due day (QĐ
42/2014/QĐ-TTg and the central counts of 2017). Withdrawn and merged tasks are in no count.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    ExpressionWrapper,
    F,
    Func,
    Q,
    QuerySet,
    Value,
    When,
)

from tinhso.directory.api import Office, reference_stamp
from tinhso.plans.lifecycle import TASK_COUNTED, TaskState
from tinhso.plans.models import Task
from tinhso.plans.queries.documents import document, labels
from tinhso.plans.rules.deadlines import Deadline

By = Literal["office", "group", "tag", "directive"]
#: State, class and how many tasks.
_Tally = tuple[str, str, int]
_NOT_DONE: Final = tuple(state for state in TASK_COUNTED if state is not TaskState.DONE)
_NO_CLASS: Final[Mapping[str, int]] = {key.value: 0 for key in Deadline}
_NO_STATE: Final = {state.value: 0 for state in TASK_COUNTED}


class CountsContradict(AssertionError):
    """The parts of a count do not add up to the whole: the counting is wrong, so nothing is told."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tasks there are, and where they stand on a day. ``in_time`` includes ``due_soon``.

    ``by_state``: every counted state, also those with none.
    """

    total: int
    done: int
    not_done: int
    on_time: int
    late: int
    done_no_due: int
    in_time: int
    due_soon: int
    overdue: int
    no_due: int
    by_state: Mapping[str, int]

    def __post_init__(self) -> None:
        """Hold the identities. Raises ``CountsContradict``."""
        held = (
            self.total == self.done + self.not_done == sum(self.by_state.values()),
            self.done == self.on_time + self.late + self.done_no_due == self.by_state[TaskState.DONE],
            self.not_done == self.in_time + self.overdue + self.no_due,
            self.due_soon <= self.in_time,
        )
        if not all(held):
            msg = f"the counts of tasks do not add up: {self}"
            raise CountsContradict(msg)


@dataclass(frozen=True, slots=True)
class CountsOf:
    """The counts of one office, group, tag or directive; ``key`` None: tasks without one."""

    key: int | str | None
    label: str
    counts: Counts


def soon_days() -> int:
    """Return how many calendar days before its due day a task is called due soon."""
    return int(document("deadline_classes")["soon_calendar_days"])


def standing(on: dt.date) -> dict[Deadline, Q]:
    """Return which tasks are of each class on a day: the same classes as ``rules.deadlines.deadline_of``.

    Withdrawn tasks are of none.
    """
    done, open_ = Q(state=TaskState.DONE), Q(state__in=_NOT_DONE)
    soon = on + dt.timedelta(days=soon_days())
    return {
        Deadline.ON_TIME: done & Q(due__isnull=False, done_on__lte=F("due")),
        Deadline.LATE: done & Q(due__isnull=False, done_on__gt=F("due")),
        Deadline.DONE_NO_DUE: done & Q(due__isnull=True),
        Deadline.IN_TIME: open_ & Q(due__gt=soon),
        Deadline.DUE_SOON: open_ & Q(due__gte=on, due__lte=soon),
        Deadline.OVERDUE: open_ & Q(due__lt=on),
        Deadline.NO_DUE: open_ & Q(due__isnull=True),
    }


def counts(rows: QuerySet[Task], on: dt.date) -> Counts:
    """Count the tasks among ``rows`` by where they stand on a day, by one statement. Raises ``CountsContradict``."""
    return _added_up(_tallied(_counted(rows), on))


def counts_by(rows: QuerySet[Task], by: By, on: dt.date) -> list[CountsOf]:
    """Count the tasks among ``rows`` for each lead office, group, tag or directive, by one statement.

    Most overdue first, then by name. A task with two tags is counted under both, so that tags do not add up to the
    whole. Raises ``CountsContradict``.
    """
    keyed, column = _keyed(_counted(rows), by)
    names = _names(by)
    found: dict[tuple[int | str | None, str], list[_Tally]] = defaultdict(list)
    for key, *label, state, cls, n in _tallied(keyed, on, "key", *([column] if column else [])):
        name = str(label[0] or "") if label else names.get(key, "")
        found[key or None, name].append((state, cls, n))
    every = [CountsOf(key, name, _added_up(tallied)) for (key, name), tallied in found.items()]
    return sorted(every, key=lambda one: (-one.counts.overdue, one.key is None, one.label))


@dataclass(frozen=True, slots=True)
class CountsOfAll:
    """The counts of some tasks together, of the parts of other tasks among them, and of each lead office."""

    every: Counts
    parts: Counts
    by_office: list[CountsOf]


def counts_of_all(rows: QuerySet[Task], on: dt.date) -> CountsOfAll:
    """Count the tasks among ``rows`` together, the parts among them, and for each lead office, by one statement.

    Offices most overdue first, then by name. Raises ``CountsContradict``.
    """
    is_part = ExpressionWrapper(Q(parent__isnull=False), BooleanField())
    keyed = _counted(rows).annotate(key=F("lead_id"), is_part=is_part)
    names = _names("office")
    every, parts = list[_Tally](), list[_Tally]()
    found: dict[int, list[_Tally]] = defaultdict(list)
    for key, belongs, state, cls, n in _tallied(keyed, on, "key", "is_part"):
        found[key].append((state, cls, n))
        every.append((state, cls, n))
        if belongs:
            parts.append((state, cls, n))
    offices = [CountsOf(key, names.get(key, ""), _added_up(tallied)) for key, tallied in found.items()]
    in_order = sorted(offices, key=lambda one: (-one.counts.overdue, one.label))
    return CountsOfAll(_added_up(every), _added_up(parts), in_order)


def _counted(rows: QuerySet[Task]) -> QuerySet[Task]:
    return rows.order_by().exclude(state=TaskState.WITHDRAWN)


def _tallied(rows: QuerySet[Any], on: dt.date, *keys: str) -> Iterable[Any]:
    """Return keys, state, class and how many tasks.

    The same classes as ``standing``, asked in the order that takes the fewest comparisons: this is most of the work.
    """
    soon = on + dt.timedelta(days=soon_days())
    cls = Case(
        When(state=TaskState.DONE, done_on__lte=F("due"), then=Value(Deadline.ON_TIME.value)),
        When(state=TaskState.DONE, due=None, then=Value(Deadline.DONE_NO_DUE.value)),
        When(state=TaskState.DONE, then=Value(Deadline.LATE.value)),
        When(due__gt=soon, then=Value(Deadline.IN_TIME.value)),
        When(due__gte=on, then=Value(Deadline.DUE_SOON.value)),
        When(due=None, then=Value(Deadline.NO_DUE.value)),
        default=Value(Deadline.OVERDUE.value),
        output_field=CharField(),
    )
    counted = rows.annotate(cls=cls).values(*keys, "state", "cls").annotate(n=Count("pk"))
    found: Iterable[Any] = counted.values_list(*keys, "state", "cls", "n").order_by()
    return found


def _added_up(rows: Iterable[_Tally]) -> Counts:
    n, by_state = dict(_NO_CLASS), dict(_NO_STATE)
    for state, cls, tasks in rows:
        n[cls] += tasks
        by_state[state] += tasks
    return Counts(
        total=sum(n.values()),
        done=by_state[TaskState.DONE],
        not_done=sum(by_state[state] for state in _NOT_DONE),
        on_time=n[Deadline.ON_TIME],
        late=n[Deadline.LATE],
        done_no_due=n[Deadline.DONE_NO_DUE],
        in_time=n[Deadline.IN_TIME] + n[Deadline.DUE_SOON],
        due_soon=n[Deadline.DUE_SOON],
        overdue=n[Deadline.OVERDUE],
        no_due=n[Deadline.NO_DUE],
        by_state=by_state,
    )


def _keyed(rows: QuerySet[Task], by: By) -> tuple[QuerySet[Any], str]:
    """Return the rows with what they are counted by (``key``), and the column that names it, where no list does."""
    if by == "office":
        return rows.annotate(key=F("lead_id")), ""
    if by == "group":
        return rows.annotate(key=F("group")), ""
    if by == "tag":
        return rows.annotate(key=Func(F("tags"), function="unnest", output_field=CharField())), ""
    return rows.annotate(key=F("directive_item__directive_id")), "directive_item__directive__number"


def _names(by: By) -> Mapping[Any, str]:
    if by == "office":
        return _offices(reference_stamp())
    return labels(f"{by}s") if by in ("group", "tag") else {}


@lru_cache(maxsize=2)
def _offices(_stamp: dt.datetime) -> Mapping[int, str]:
    """Return the short names of all offices: joined to every task they would cost more than the counting."""
    return dict(Office.objects.values_list("pk", "short_name"))
