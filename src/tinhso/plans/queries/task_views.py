"""What the pages of tasks show beside the rows themselves: filters and their choices, tabs, the board, what a task belongs to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, Office, OfficeKind, reference_stamp
from tinhso.plans.lifecycle import TASK_COUNTED, TaskState
from tinhso.plans.models import (
    BudgetEntry,
    DirectiveItem,
    Evidence,
    PlanItem,
    Target,
    TargetActual,
    Task,
    TaskPartner,
)
from tinhso.plans.permissions.money import LINES, MayMoney
from tinhso.plans.permissions.plans import PLANS, MayPlan
from tinhso.plans.permissions.targets import TARGETS, MayTarget
from tinhso.plans.permissions.tasks import TASKS, MayTask
from tinhso.plans.queries.documents import labels
from tinhso.plans.queries.task_counts import Counts, counts
from tinhso.plans.queries.tasks import (
    TaskFilters,
    TaskRow,
    filtered,
    shaped,
    state_words,
    task_rows,
    with_sums,
)
from tinhso.plans.rules.deadlines import Deadline
from tinhso.toolkit.working_time import in_vietnam

#: A tab's key → what it asks for, and what it is called.
TABS: Final[dict[str, TaskFilters]] = {
    "chua-xong": TaskFilters(deadline="not_done"),
    "qua-han": TaskFilters(deadline=Deadline.OVERDUE),
    "sap-han": TaskFilters(deadline=Deadline.DUE_SOON),
    "cho-xac-nhan": TaskFilters(state=TaskState.WAITING),
    "da-xong": TaskFilters(deadline="done"),
    "tat-ca": TaskFilters(),
}
#: The columns of the board, in the order in which work goes through them.
COLUMNS: Final = (
    TaskState.NOT_STARTED,
    TaskState.RUNNING,
    TaskState.WAITING,
    TaskState.REDO,
    TaskState.POSTPONED,
    TaskState.REFUSED,
    TaskState.DONE,
)
#: So many cards stand in a column; the column's link leads to all.
MOST_CARDS: Final = 12
#: So many of a kind are offered in a select.
MOST_CHOICES: Final = 300

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page of tasks is asked for: the filters, an office that co-ordinates, who assigned, the tab."""

    filters: TaskFilters = field(default_factory=TaskFilters)
    partner: int | None = None
    assigned_by: int | None = None
    tab: str = "tat-ca"


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab above the list; its number is that of the rows beneath it."""

    key: str
    label: str
    n: int
    is_hot: bool


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the board: ``n`` tasks in the state, ``rows`` the first of them."""

    state: str
    label: str
    n: int
    rows: Sequence[TaskRow]


@dataclass(frozen=True, slots=True)
class Belongs:
    """What a task belongs to. Money in VND, of the lines of the task itself, else of its row of the plan."""

    target: Target | None
    actual: TargetActual | None
    plan_item: PlanItem | None
    directive_item: DirectiveItem | None
    parent: Task | None
    planned: int | None
    spent: int
    group: str
    tags: Sequence[str]


def places(on: dt.date) -> Mapping[str, Office]:
    """Return every office of a day by the name that one picks; a commune with its district."""
    return _places(reference_stamp(), on)


@lru_cache(maxsize=4)
def _places(_stamp: dt.datetime, on: dt.date) -> Mapping[str, Office]:
    found: dict[str, Office] = {}
    for office in Office.objects.on(on).select_related("parent").order_by("sort_key", "id"):
        label = office.short_name
        if office.kind == OfficeKind.COMMUNE and office.parent is not None:
            label = f"{label}, {office.parent.short_name.removeprefix('UBND ')}"
        found[label if label not in found else f"{label} ({office.code})"] = office
    return found


def place_of(office: Office, on: dt.date) -> str:
    """Return the name by which an office is picked, blank where it is not there on the day."""
    return next((label for label, one in places(on).items() if one.pk == office.pk), "")


def base_rows(by: Actor, asked: Asked, on: dt.date) -> QuerySet[Task]:
    """Return the tasks that the actor may read and asks for, before the tab: what the tabs count."""
    return _narrowed(filtered(TASKS.rows(by, MayTask.READ), asked.filters, on), asked)


def asked_rows(by: Actor, asked: Asked, on: dt.date) -> QuerySet[Task]:
    """Return the tasks of the tab, without order and sums: for the board, the calendar, acts on a selection."""
    return _under_tab(base_rows(by, asked, on), asked, on)


def listed_rows(by: Actor, asked: Asked, on: dt.date) -> QuerySet[Task]:
    """Return the same tasks in the order asked for, ready for ``shaped``: for the table, the line of time, the files."""
    return _under_tab(_narrowed(task_rows(by, asked.filters, on), asked), asked, on)


def _narrowed(rows: QuerySet[Task], asked: Asked) -> QuerySet[Task]:
    if asked.partner is not None:
        rows = rows.filter(pk__in=TaskPartner.objects.filter(office_id=asked.partner).values("task_id"))
    if asked.assigned_by is not None:
        rows = rows.filter(assigned_by_id=asked.assigned_by)
    return rows


def _under_tab(rows: QuerySet[Task], asked: Asked, on: dt.date) -> QuerySet[Task]:
    """Keep what the tab asks for; withdrawn tasks are under no tab."""
    if asked.filters.state == TaskState.WITHDRAWN:
        return rows
    return filtered(rows, TABS.get(asked.tab, TABS["tat-ca"]), on)


def tabs_of(found: Counts) -> list[Tab]:
    """Return the tabs with the numbers of the rows beneath them."""
    return [
        Tab("chua-xong", _("Chưa xong"), found.not_done, is_hot=False),
        Tab("qua-han", _("Quá hạn"), found.overdue, is_hot=found.overdue > 0),
        Tab("sap-han", _("Sắp đến hạn"), found.due_soon, is_hot=False),
        Tab("cho-xac-nhan", _("Chờ xác nhận"), found.by_state[TaskState.WAITING], is_hot=False),
        Tab("da-xong", _("Đã xong"), found.done, is_hot=False),
        Tab("tat-ca", _("Tất cả"), found.total, is_hot=False),
    ]


def counts_of(by: Actor, asked: Asked, on: dt.date) -> Counts:
    """Count what the tabs lead to, by one statement."""
    return counts(base_rows(by, asked, on), on)


def columns_of(by: Actor, asked: Asked, on: dt.date) -> list[Column]:
    """Return the board: a column for each state that has tasks, the earliest due on top; two statements and one a column."""
    rows = asked_rows(by, asked, on)
    numbers = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    return [
        Column(
            state,
            state_words(state),
            numbers[state],
            shaped(with_sums(rows.filter(state=state)).order_by(*_order(state))[:MOST_CARDS], on),
        )
        for state in (*COLUMNS, TaskState.WITHDRAWN)
        if numbers.get(state)
    ]


def _order(state: str) -> tuple[str, ...]:
    return ("-done_on", "-id") if state == TaskState.DONE else ("due", "id")


@dataclass(frozen=True, slots=True)
class FilterChoices:
    """What may be chosen in the filters, each with its words."""

    offices: Choices
    groups: Choices
    tags: Choices
    states: Choices
    directives: Choices
    plans: Choices
    targets: Choices
    assigners: Choices


def filter_choices(by: Actor, on: dt.date) -> FilterChoices:
    """Return what the tasks that the actor may read can be filtered by: only what some task has."""
    rows = TASKS.rows(by, MayTask.READ).order_by()
    ids = rows.values("pk")
    offices = (
        Office.objects.filter(
            Q(pk__in=rows.values("lead_id"))
            | Q(pk__in=TaskPartner.objects.filter(task__in=ids).values("office_id"))
        )
        .order_by("sort_key", "id")
        .values_list("pk", "short_name")
    )

    def pairs(key: str, name: str, among: QuerySet[Any] | None = None) -> Choices:
        found = rows.exclude(**{key: None}).order_by(name, key).values_list(key, name).distinct()
        if among is not None:
            found = found.filter(**{f"{key}__in": among.values("pk")})
        return [(str(pk), str(label)) for pk, label in found[:MOST_CHOICES]]

    return FilterChoices(
        offices=[(str(pk), name) for pk, name in offices],
        groups=list(labels("groups").items()),
        tags=list(labels("tags").items()),
        states=[(state.value, state_words(state)) for state in (*COLUMNS, TaskState.WITHDRAWN)],
        directives=pairs("directive_item__directive_id", "directive_item__directive__number"),
        plans=pairs("plan_item__plan_id", "plan_item__plan__title", PLANS.rows(by, MayPlan.READ)),
        targets=pairs("target_id", "target__name", TARGETS.rows(by, MayTarget.READ)),
        assigners=pairs("assigned_by_id", "assigned_by__person__name"),
    )


def belongs(by: Actor, task: Task) -> Belongs:
    """Return what a task belongs to, as far as the actor may read it: target, row of a plan, directive, money, tags."""
    target = task.target if task.target and TARGETS.holds(by, MayTarget.READ, task.target) else None
    actual = TargetActual.objects.filter(target=target).order_by("-on", "-id").first() if target else None
    item = task.plan_item if task.plan_item and PLANS.holds(by, MayPlan.READ, task.plan_item.plan) else None
    lines = LINES.rows(by, MayMoney.READ).filter(task=task)
    if item and not lines.exists():
        lines = LINES.rows(by, MayMoney.READ).filter(plan_item=item)
    planned = lines.aggregate(n=Sum("planned"))["n"]
    if planned is None and item is not None and item.amount:
        planned = item.amount
    spent = BudgetEntry.objects.filter(line__in=lines, kind="spent").aggregate(n=Sum("amount"))["n"]
    names = labels("tags")
    return Belongs(
        target=target,
        actual=actual,
        plan_item=item,
        directive_item=task.directive_item,
        parent=task.parent if task.parent and TASKS.holds(by, MayTask.READ, task.parent) else None,
        planned=planned,
        spent=spent or 0,
        group=labels("groups").get(task.group, ""),
        tags=[names.get(tag, tag) for tag in task.tags],
    )


def targets_to_choose() -> Choices:
    """Return the targets that a task may belong to."""
    rows = Target.objects.order_by("code", "id").values_list("pk", "name")
    return [(str(pk), name) for pk, name in rows[:MOST_CHOICES]]


def directives_to_choose(on: dt.date) -> Choices:
    """Return what directives in force assign, the newest first."""
    rows = (
        DirectiveItem.objects.filter(Q(directive__valid_to=None) | Q(directive__valid_to__gte=on))
        .select_related("directive")
        .order_by("-directive__issued_on", "directive_id", "ordinal")
    )
    return [(str(one.pk), f"{one.directive.number}: {one.text[:110]}") for one in rows[:MOST_CHOICES]]


def plan_items_to_choose(chosen: str = "") -> Choices:
    """Return the rows of signed and issued plans, the newest plans first; and the chosen one, wherever it stands."""
    wanted = Q(plan__state__in=("signed", "issued"))
    if chosen.isascii() and chosen.isdigit():
        wanted |= Q(pk=int(chosen[:18]))
    rows = (
        PlanItem.objects.filter(wanted)
        .select_related("plan__office")
        .order_by("-plan__last_year", "plan__office__sort_key", "plan_id", "ordinal")
    )
    return [
        (str(one.pk), f"{one.plan.office.short_name}, mục {one.ordinal}: {one.content[:100]}")
        for one in rows[:MOST_CHOICES]
    ]


def count_withdrawn(by: Actor) -> int:
    """Return how many withdrawn tasks the actor may read: they are in no other number."""
    return TASKS.rows(by, MayTask.READ).exclude(state__in=TASK_COUNTED).count()


def used_before(pieces: Sequence[Evidence]) -> dict[int, list[Task]]:
    """Return the tasks in which the paper of a piece was given before: piece → tasks, this one included."""
    papers = {piece.file_id for piece in pieces if piece.file_id}
    rows = (
        Evidence.objects.filter(file_id__in=papers)
        .exclude(report_id__in={piece.report_id for piece in pieces})
        .select_related("report__task")
        .order_by("id")
    )
    tasks: dict[int, dict[int, Task]] = {}
    for row in rows:
        tasks.setdefault(row.file_id or 0, {})[row.report.task_id] = row.report.task
    return {
        piece.pk: list(tasks[piece.file_id].values())
        for piece in pieces
        if piece.file_id and piece.file_id in tasks
    }


def given_today(by: Actor, at: dt.datetime) -> list[TaskRow]:
    """Return the tasks that the actor gave on a day, the newest first; withdrawn ones left out."""
    morning = in_vietnam(at).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Task.objects.filter(assigned_by_id=by.account_id, assigned_at__gte=morning, state__in=TASK_COUNTED)
    return shaped(with_sums(rows).order_by("-assigned_at", "-id"), morning.date())
