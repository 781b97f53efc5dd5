"""Directives: the list, how many were entered late, and one with what came of each thing it assigns."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from tinhso.directory.api import Actor, calendar
from tinhso.plans.lifecycle import TASK_COUNTED
from tinhso.plans.models import Directive, DirectiveItem, Solution, Target, Task
from tinhso.plans.permissions.directives import DIRECTIVES, MayDirect
from tinhso.plans.permissions.targets import TARGETS, MayTarget
from tinhso.plans.queries.documents import document, labels
from tinhso.plans.queries.targets import TargetRow, rows_of
from tinhso.plans.queries.tasks import TaskFilters, TaskRow, shaped, task_rows
from tinhso.plans.rules.directives import ItemKind
from tinhso.plans.rules.entry_time import EntryTime, entry_due, entry_rule, entry_time
from tinhso.toolkit.text import fold

IN_FORCE, ENDED = "con", "het"
ON_TIME, LATE = "dung", "tre"
#: As many documents are offered as replacements, the latest first.
_MOST_OFFERED: Final = 200


@dataclass(frozen=True, slots=True)
class DirectiveFilters:
    """What a list of directives is asked for; blank or None: whatever. ``entry``: entered in time or late."""

    words: str = ""
    kind: str = ""
    issuer: str = ""
    validity: str = ""
    year: int | None = None
    entry: str = ""


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One thing that a directive assigns, and what came of it.

    ``hidden``: targets and tasks of other offices, which the actor may not read.
    """

    item: DirectiveItem
    targets: Sequence[TargetRow]
    solutions: Sequence[Solution]
    tasks: Sequence[TaskRow]
    hidden: int

    @property
    def is_assigned(self) -> bool:
        """Say whether anything came of the item."""
        return bool(self.targets or self.solutions or self.tasks or self.hidden)


@dataclass(frozen=True, slots=True)
class DirectivePage:
    """A directive with its clock of entry and its items, by kind."""

    directive: Directive
    kind: str
    entry: EntryTime
    groups: Sequence[tuple[str, Sequence[ItemLine]]]

    @property
    def lines(self) -> list[ItemLine]:
        """Return every item, kind by kind."""
        return [line for _kind, lines in self.groups for line in lines]

    @property
    def unassigned(self) -> int:
        """Return of how many items nothing came yet."""
        return sum(not line.is_assigned for line in self.lines)


@dataclass(frozen=True, slots=True)
class EntryCount:
    """How many documents were entered late, of how many."""

    late: int
    total: int


def directive_rows(by: Actor, filters: DirectiveFilters, on: dt.date) -> QuerySet[Directive]:
    """Return the directives that the actor may read and asks for, the latest first, with ``items_n`` and ``open_n``.

    ``open_n``: items of which nothing came.
    """
    rows = DIRECTIVES.rows(by, MayDirect.READ)
    for word in fold(filters.words).split():
        rows = rows.filter(folded__contains=word)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.issuer:
        rows = rows.filter(issuer=filters.issuer)
    if filters.year:
        rows = rows.filter(issued_on__year=filters.year)
    ended = Q(valid_to__lt=on)
    if filters.validity in (IN_FORCE, ENDED):
        rows = rows.filter(ended) if filters.validity == ENDED else rows.exclude(ended)
    if filters.entry in (ON_TIME, LATE):
        late = late_ones(rows)
        rows = rows.filter(pk__in=late) if filters.entry == LATE else rows.exclude(pk__in=late)
    items = DirectiveItem.objects.filter(directive=OuterRef("pk")).order_by().values("directive")
    open_items = items.filter(targets=None, solutions=None).exclude(
        pk__in=Task.objects.filter(state__in=TASK_COUNTED, directive_item__isnull=False).values(
            "directive_item_id"
        )
    )
    return rows.annotate(
        items_n=Coalesce(Subquery(items.annotate(n=Count("pk")).values("n")), 0),
        open_n=Coalesce(Subquery(open_items.annotate(n=Count("pk")).values("n")), 0),
    ).order_by("-issued_on", "-id")


def late_ones(rows: QuerySet[Directive]) -> list[int]:
    """Return which of the directives were entered after their time."""
    return [pk for pk, entry in _entries(rows) if entry.is_late]


def entries_of(rows: Iterable[Directive]) -> dict[int, EntryTime]:
    """Return the clock of entry of each directive."""
    return dict(_entries(Directive.objects.filter(pk__in=[row.pk for row in rows])))


def entry_count(by: Actor) -> EntryCount:
    """Return how many of all directives were entered late: those of the past too, however the list is filtered."""
    entries = _entries(DIRECTIVES.rows(by, MayDirect.READ))
    return EntryCount(sum(entry.is_late for _pk, entry in entries), len(entries))


def _entries(rows: QuerySet[Directive]) -> list[tuple[int, EntryTime]]:
    rules, days = document("entry_times"), calendar()
    tasks = Count("items", filter=Q(items__kind=ItemKind.TASK))
    return [
        (pk, entry_time(received, entered, urgency, n, entry_rule(rules, received.date()), days))
        for pk, received, entered, urgency, n in rows.annotate(tasks_n=tasks)
        .order_by()
        .values_list("pk", "received_at", "entered_at", "urgency", "tasks_n")
    ]


def entry_dues(received_at: dt.datetime) -> list[tuple[str, dt.datetime]]:
    """Return by when a document that comes at a moment is to be entered, for each of the times: name and moment."""
    rule, days = entry_rule(document("entry_times"), received_at.date()), calendar()
    return [(rule.labels[key], entry_due(received_at, key, rule, days)) for key in rule.working_days]


def directive_page(by: Actor, pk: int, on: dt.date) -> DirectivePage:
    """Return a directive with what came of each of its items, so far as the actor may read it. Raises ``NotThere``."""
    row = DIRECTIVES.look(by, MayDirect.READ, pk=pk)
    targets: dict[int, list[TargetRow]] = defaultdict(list)
    for target in rows_of(TARGETS.rows(by, MayTarget.READ).filter(directive_item__directive=row), on):
        targets[target.target.directive_item_id or 0].append(target)
    solutions: dict[int, list[Solution]] = defaultdict(list)
    for one in Solution.objects.filter(directive_item__directive=row).select_related("office").order_by("id"):
        solutions[one.directive_item_id or 0].append(one)
    tasks: dict[int, list[TaskRow]] = defaultdict(list)
    for task in shaped(task_rows(by, TaskFilters(directive=row.pk), on), on):
        tasks[task.task.directive_item_id or 0].append(task)
    every = Counter(
        [
            *Target.objects.filter(directive_item__directive=row).values_list("directive_item", flat=True),
            *Task.objects.filter(directive_item__directive=row, state__in=TASK_COUNTED).values_list(
                "directive_item", flat=True
            ),
        ]
    )
    lines = [
        ItemLine(
            item,
            targets[item.pk],
            solutions[item.pk],
            tasks[item.pk],
            every[item.pk] - len(targets[item.pk]) - len(tasks[item.pk]),
        )
        for item in row.items.order_by("ordinal")
    ]
    groups = [(kind.value, [line for line in lines if line.item.kind == kind]) for kind in ItemKind]
    return DirectivePage(
        row,
        labels("directive_kinds").get(row.kind, row.kind),
        entries_of([row])[row.pk],
        [(kind, found) for kind, found in groups if found],
    )


def issuers(by: Actor) -> list[str]:
    """Return who issued the directives, in alphabetical order."""
    rows = DIRECTIVES.rows(by, MayDirect.READ).order_by("issuer").values_list("issuer", flat=True)
    return sorted(rows.distinct(), key=fold)


def years(by: Actor) -> list[int]:
    """Return the years in which directives were issued, the latest first."""
    return [day.year for day in DIRECTIVES.rows(by, MayDirect.READ).dates("issued_on", "year", order="DESC")]


def replacements(by: Actor, row: Directive) -> list[Directive]:
    """Return the documents that may replace one: issued on its day or later, the latest first."""
    rows = DIRECTIVES.rows(by, MayDirect.READ).filter(issued_on__gte=row.issued_on).exclude(pk=row.pk)
    return list(rows.order_by("-issued_on", "-id")[:_MOST_OFFERED])


def item_of(by: Actor, pk: int) -> DirectiveItem | None:
    """Return an item of a directive that the actor may use for tasks, solutions and targets; None: no such one."""
    rows = DirectiveItem.objects.filter(directive__in=DIRECTIVES.rows(by, MayDirect.USE))
    return rows.select_related("directive").filter(pk=pk).first()
