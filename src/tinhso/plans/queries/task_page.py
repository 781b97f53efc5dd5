"""One task with everything on its page: where it stands, what was reported, asked and said, and what one may do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from tinhso.directory.api import Actor, Office, calendar
from tinhso.plans.lifecycle import TASK, TaskState, TaskVerb
from tinhso.plans.models import Reminder, Task, TaskComment, TaskExtension, TaskReport
from tinhso.plans.permissions.tasks import EXTENSIONS, REPORTS, TASKS, MayAnswerTask, MayTask
from tinhso.plans.queries.task_counts import soon_days
from tinhso.plans.queries.task_parts import pieces_left
from tinhso.plans.queries.tasks import OPEN, TaskRow, deadline_words, shaped, with_sums
from tinhso.plans.rules.deadlines import Deadline, Moved, days_late_before, deadline_of
from tinhso.plans.rules.tasks import EXTENDABLE, MOVABLE, REPORTABLE, SPLITTABLE, URGED
from tinhso.toolkit.working_time import in_vietnam

#: What each permission does to the state.
_VERBS = {
    MayTask.INSIST: TaskVerb.INSIST,
    MayTask.MERGE: TaskVerb.WITHDRAW,
    MayTask.POSTPONE: TaskVerb.POSTPONE,
    MayTask.REFUSE: TaskVerb.REFUSE,
    MayTask.REOPEN: TaskVerb.REOPEN,
    MayTask.RESTORE: TaskVerb.RESTORE,
    MayTask.RESUME: TaskVerb.RESUME,
    MayTask.START: TaskVerb.START,
    MayTask.WITHDRAW: TaskVerb.WITHDRAW,
}
_STATES = {
    MayTask.ASK_EXTENSION: EXTENDABLE,
    MayTask.LINK: OPEN,
    MayTask.REASSIGN: MOVABLE,
    MayTask.REPORT: REPORTABLE,
    MayTask.SPLIT: SPLITTABLE,
    MayTask.URGE: URGED,
}


@dataclass(frozen=True, slots=True)
class Tied:
    """A task that this one needs, or that needs this one. ``is_readable``: the reader may open it."""

    task: Task
    is_open: bool
    is_readable: bool


@dataclass(frozen=True, slots=True)
class Merged:
    """A task that was merged into this one, with what was reported and said of it."""

    task: Task
    reports: Sequence[TaskReport]
    comments: Sequence[TaskComment]


@dataclass(frozen=True, slots=True)
class TaskPage:
    """A task on a day, as somebody may see it.

    ``strict``: the class by the first due day, whatever was granted; ``late_before``: working days by which it was
    late already when a later day was granted. ``claimed``: pieces that wait for an answer, ``in_parts``: pieces given
    to parts and not confirmed yet, ``left``: pieces that nobody reported or was given. ``hidden_parts``: parts that
    the reader may not see. ``urged``: how often people urged. ``offered``: what the reader may do with it now.
    """

    row: TaskRow
    strict: Deadline
    strict_words: str
    late_before: int
    claimed: int
    in_parts: int
    left: int
    partners: Sequence[Office]
    parts: Sequence[TaskRow]
    hidden_parts: int
    needs: Sequence[Tied]
    needed_by: Sequence[Tied]
    reports: Sequence[TaskReport]
    waiting_report: TaskReport | None
    extensions: Sequence[TaskExtension]
    waiting_extension: TaskExtension | None
    comments: Sequence[TaskComment]
    merged: Sequence[Merged]
    urged: int
    offered: frozenset[MayTask]
    may_answer_report: bool
    may_answer_extension: bool


def task_page(by: Actor, code: str, on: dt.date) -> TaskPage:
    """Return a task that the actor may read. Raises ``NotThere``."""
    pk = TASKS.look(by, MayTask.READ, code=code).pk
    related = (
        "target",
        "plan_item__plan",
        "directive_item__directive",
        "parent",
        "merged_into",
        "recurs_from",
    )
    task = with_sums(Task.objects.filter(pk=pk)).select_related("lead", *related).get()
    (row,) = shaped([task], on)
    strict = deadline_of(task.state, task.original_due, task.done_on, on, soon_days())
    reports, extensions = _reports(task), _extensions(task)
    report = next((one for one in reports if not one.answer), None)
    extension = next((one for one in extensions if not one.answer), None)
    every_part = with_sums(task.children.exclude(state=TaskState.WITHDRAWN)).order_by("id")
    parts = shaped(every_part.filter(pk__in=TASKS.rows(by, MayTask.READ).values("pk")), on)
    return TaskPage(
        row=row,
        strict=strict,
        strict_words=deadline_words(strict),
        late_before=_late_before(extensions),
        claimed=sum(one.quantity for one in report.evidence.all()) if report else 0,
        in_parts=sum(
            (one.quantity or 0) - one.confirmed_quantity for one in every_part if one.unit == task.unit
        ),
        left=pieces_left(task),
        partners=_partners(task),
        parts=parts,
        hidden_parts=row.parts - len(parts),
        needs=_tied(by, Task.objects.filter(needed_by__task=task)),
        needed_by=_tied(by, Task.objects.filter(needs__needed=task)),
        reports=reports,
        waiting_report=report,
        extensions=extensions,
        waiting_extension=extension,
        comments=list(task.comments.order_by("-at", "-id")),
        merged=[
            Merged(one, _reports(one), list(one.comments.order_by("-at", "-id")))
            for one in task.merged.select_related("lead").order_by("id")
        ],
        urged=Reminder.objects.filter(about=task.about, office_id=task.lead_id, level="").count(),
        offered=offered(by, task, report_waits=report is not None, extension_waits=extension is not None),
        may_answer_report=report is not None and REPORTS.holds(by, MayAnswerTask.ANSWER_REPORT, report),
        may_answer_extension=extension is not None
        and EXTENSIONS.holds(by, MayAnswerTask.ANSWER_EXTENSION, extension),
    )


def offered(by: Actor, task: Task, *, report_waits: bool, extension_waits: bool) -> frozenset[MayTask]:
    """Return what the actor may do with a task in its state, by one statement."""
    rules: Any = {may.name: TASKS.rules[may](by) for may in MayTask}
    held: Any = Task.objects.filter(pk=task.pk).values(**rules).get()
    verbs = TASK.verbs_from(TaskState(task.state))
    refused = {
        MayTask.ASK_EXTENSION: task.due is None or extension_waits,
        MayTask.PUBLISH: task.state == TaskState.WITHDRAWN,
        MayTask.REASSIGN: report_waits,
        MayTask.SPLIT: task.parent_id is not None,
        MayTask.TAG: task.state == TaskState.WITHDRAWN,
    }
    return frozenset(
        may
        for may in MayTask
        if held[may.name]
        and (may not in _VERBS or _VERBS[may] in verbs)
        and (may not in _STATES or task.state in _STATES[may])
        and not refused.get(may, False)
    )


def _reports(task: Task) -> list[TaskReport]:
    people = ("reported_by__person", "answered_by__person")
    rows = task.reports.select_related(*people).prefetch_related("evidence__file")
    return list(rows.order_by("-reported_at", "-id"))


def _extensions(task: Task) -> list[TaskExtension]:
    rows = task.extensions.select_related("asked_by__person", "answered_by__person")
    return list(rows.order_by("-asked_at", "-id"))


def _late_before(extensions: Sequence[TaskExtension]) -> int:
    moves = [
        Moved(one.due_before, one.due_after, in_vietnam(one.answered_at).date())
        for one in extensions
        if one.answer == "granted" and one.answered_at is not None
    ]
    return days_late_before(moves, calendar())


def _partners(task: Task) -> list[Office]:
    rows = Office.objects.filter(pk__in=task.partners.values("office_id"))
    return list(rows.order_by("sort_key", "id"))


def _tied(by: Actor, rows: QuerySet[Task]) -> list[Tied]:
    tasks = list(rows.select_related("lead").order_by("id"))
    mine: Any = TASKS.rows(by, MayTask.READ).filter(pk__in=[one.pk for one in tasks])
    readable = set(mine.values_list("pk", flat=True)) if tasks else set()
    return [Tied(one, one.state in OPEN, one.pk in readable) for one in tasks]
