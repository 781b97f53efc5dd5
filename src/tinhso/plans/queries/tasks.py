"""Tasks as lists show them: what is asked for, where each stands, in which words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final, cast

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, calendar
from tinhso.plans.lifecycle import TASK_COUNTED, TaskState
from tinhso.plans.models import Task, TaskExtension, TaskPartner, TaskReport
from tinhso.plans.permissions.tasks import TASKS, MayTask
from tinhso.plans.queries.task_counts import soon_days, standing
from tinhso.plans.rules.deadlines import Deadline, days_late, days_left, deadline_of
from tinhso.toolkit.text import fold
from tinhso.toolkit.words import date_text
from tinhso.toolkit.working_time import WorkingCalendar

#: States of tasks that somebody still owes.
OPEN: Final = tuple(state for state in TASK_COUNTED if state is not TaskState.DONE)
#: The kind of tag (``{% tag kind words %}``) that tells each class.
TAG_KINDS: Final = {
    Deadline.NO_DUE: "paused",
    Deadline.IN_TIME: "ok",
    Deadline.DUE_SOON: "soon",
    Deadline.OVERDUE: "late",
    Deadline.ON_TIME: "ok",
    Deadline.LATE: "late",
    Deadline.DONE_NO_DUE: "ok",
}
_ORDERS: Final[dict[str, tuple[Any, ...]]] = {
    "due": (F("due").asc(nulls_last=True), "id"),
    "-due": (F("due").desc(nulls_last=True), "-id"),
    "newest": ("-assigned_at", "-id"),
    "office": ("lead__sort_key", F("due").asc(nulls_last=True), "id"),
    "title": ("folded", "id"),
}
ORDERS: Final = tuple(_ORDERS)


@dataclass(frozen=True, slots=True)
class TaskFilters:
    """What a list of tasks is asked for; blank or None: whatever.

    ``office``: leads or co-ordinates; ``lead``: leads. ``deadline``: a ``Deadline``, or ``done``, ``not_done``, and
    ``in_time`` includes what is due soon, as in the counts. ``waits``: ``report`` or ``extension`` waits for an answer.
    ``whole_only``: no parts of other tasks. Withdrawn tasks are listed only by ``state``.
    """

    words: str = ""
    office: int | None = None
    lead: int | None = None
    group: str = ""
    tag: str = ""
    state: str = ""
    deadline: str = ""
    directive: int | None = None
    plan: int | None = None
    target: int | None = None
    parent: int | None = None
    due_from: dt.date | None = None
    due_to: dt.date | None = None
    waits: str = ""
    is_priority: bool = False
    whole_only: bool = False
    order: str = "due"


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task as lists show it on a day.

    ``deadline`` None: withdrawn. ``words``: where it stands ("Quá 5 ngày làm việc"), ``kind``: the tag that tells it.
    ``days``: working days late (not done, or done late) or left. ``confirmed``: pieces, its parts' included.
    ``percent``: of the pieces where it is counted in pieces, else as last reported; a task that is done: 100.
    ``parts`` and ``parts_done``: its parts that were not withdrawn. ``report_waits``, ``extension_waits``: for an answer.
    """

    task: Task
    deadline: Deadline | None
    words: str
    kind: str
    days: int
    confirmed: int
    percent: int
    parts: int
    parts_done: int
    report_waits: bool
    extension_waits: bool
    state_words: str


def state_words(state: str) -> str:
    """Return what people call a state of tasks."""
    return {
        TaskState.NOT_STARTED: _("Chưa thực hiện"),
        TaskState.RUNNING: _("Đang thực hiện"),
        TaskState.WAITING: _("Chờ xác nhận"),
        TaskState.DONE: _("Đã hoàn thành"),
        TaskState.POSTPONED: _("Tạm hoãn"),
        TaskState.REFUSED: _("Từ chối"),
        TaskState.REDO: _("Thực hiện lại"),
        TaskState.WITHDRAWN: _("Đã thu hồi"),
    }[TaskState(state)]


def deadline_words(deadline: Deadline) -> str:
    """Return what people call a class."""
    return {
        Deadline.NO_DUE: _("Không hạn"),
        Deadline.IN_TIME: _("Trong hạn"),
        Deadline.DUE_SOON: _("Sắp đến hạn"),
        Deadline.OVERDUE: _("Quá hạn"),
        Deadline.ON_TIME: _("Hoàn thành đúng hạn"),
        Deadline.LATE: _("Hoàn thành quá hạn"),
        Deadline.DONE_NO_DUE: _("Hoàn thành, không hạn"),
    }[deadline]


def standing_words(deadline: Deadline, due: dt.date | None, days: int, on: dt.date) -> str:
    """Return where a task stands, counted in working days: "Quá 5 ngày làm việc", "Còn 8 ngày làm việc"."""
    if deadline in (Deadline.NO_DUE, Deadline.ON_TIME, Deadline.DONE_NO_DUE) or due is None:
        return deadline_words(deadline)
    if deadline is Deadline.LATE:
        return _("Xong, trễ %(n)d ngày làm việc") % {"n": days} if days else deadline_words(deadline)
    if deadline is Deadline.OVERDUE:
        return _("Quá %(n)d ngày làm việc") % {"n": days} if days else deadline_words(deadline)
    if due == on:
        return _("Hạn hôm nay")
    if days:
        return _("Còn %(n)d ngày làm việc") % {"n": days}
    return _("Hạn %(due)s, ngày nghỉ") % {"due": date_text(due)}


def due_words(task: Task, on: dt.date, days_worked: WorkingCalendar, soon: int) -> str:
    """Return where one task stands on a day, in words."""
    found = deadline_of(task.state, task.due, task.done_on, on, soon)
    return standing_words(found, task.due, _days(found, task.due, task.done_on or on, days_worked), on)


def task_rows(by: Actor, filters: TaskFilters, on: dt.date) -> QuerySet[Task]:
    """Return the tasks that the actor may read and asks for, in order; page them, then call ``shaped``."""
    return with_sums(filtered(TASKS.rows(by, MayTask.READ), filters, on)).order_by(
        *_ORDERS.get(filters.order, _ORDERS["due"])
    )


def filtered(rows: QuerySet[Task], filters: TaskFilters, on: dt.date) -> QuerySet[Task]:
    """Keep the tasks that are asked for: for the list, the counts above it, the export."""
    plain = {
        "lead_id": filters.lead,
        "group": filters.group,
        "directive_item__directive_id": filters.directive,
        "plan_item__plan_id": filters.plan,
        "target_id": filters.target,
        "parent_id": filters.parent,
        "due__gte": filters.due_from,
        "due__lte": filters.due_to,
        "state": filters.state,
        "tags__contains": [filters.tag] if filters.tag else None,
        "is_priority": filters.is_priority or None,
        "parent__isnull": filters.whole_only or None,
    }
    rows = rows.filter(**{key: value for key, value in plain.items() if value not in (None, "")})
    if not filters.state:
        rows = rows.filter(state__in=TASK_COUNTED)
    if filters.office is not None:
        partner = TaskPartner.objects.filter(office_id=filters.office).values("task_id")
        rows = rows.filter(Q(lead_id=filters.office) | Q(pk__in=partner))
    if filters.deadline:
        rows = rows.filter(_of_class(filters.deadline, on))
    if filters.waits:
        waits = {"extension": "extensions", "report": "reports"}.get(filters.waits)
        rows = rows.filter(**{f"{waits}__answer": ""}) if waits else rows.none()
    for word in fold(filters.words).split():
        rows = rows.filter(Q(folded__contains=word) | Q(code__iendswith=word))
    return rows


def with_sums(rows: QuerySet[Task]) -> QuerySet[Task]:
    """Add what ``shaped`` needs: the lead office, the parts and their pieces, what waits."""
    parts = Task.objects.filter(parent=OuterRef("pk"), state__in=TASK_COUNTED).order_by().values("parent")
    return rows.select_related("lead").annotate(
        parts=_whole(parts.annotate(n=Count("pk")).values("n")),
        parts_done=_whole(parts.filter(state=TaskState.DONE).annotate(n=Count("pk")).values("n")),
        parts_confirmed=_whole(
            parts.filter(unit=OuterRef("unit"), quantity__isnull=False)
            .annotate(n=Sum("confirmed_quantity"))
            .values("n")
        ),
        report_waits=Exists(TaskReport.objects.filter(task=OuterRef("pk"), answer="")),
        extension_waits=Exists(TaskExtension.objects.filter(task=OuterRef("pk"), answer="")),
    )


def shaped(tasks: Iterable[Task], on: dt.date) -> list[TaskRow]:
    """Return tasks of ``task_rows`` or ``with_sums`` as lists show them on a day."""
    days_worked, soon = calendar(), soon_days()
    return [_row(task, on, days_worked, soon) for task in tasks]


def late_tasks(on: dt.date, limit: int, by: Actor | None = None) -> list[TaskRow]:
    """Return the tasks that are overdue on a day, the longest overdue first; only those ``by`` may read, where given."""
    rows = TASKS.rows(by, MayTask.READ) if by else Task.objects.all()
    return shaped(with_sums(rows.filter(standing(on)[Deadline.OVERDUE])).order_by("due", "id")[:limit], on)


def owed(office_ids: Collection[int], on: dt.date) -> list[TaskRow]:
    """Return what offices lead and did not finish, the earliest due first, without due day last."""
    rows = Task.objects.filter(lead_id__in=office_ids, state__in=OPEN)
    return shaped(with_sums(rows).order_by(*_ORDERS["due"]), on)


def _of_class(asked: str, on: dt.date) -> Q:
    if asked in ("done", "not_done"):
        return Q(state=TaskState.DONE) if asked == "done" else Q(state__in=OPEN)
    classes = standing(on)
    if asked == Deadline.IN_TIME:
        return classes[Deadline.IN_TIME] | classes[Deadline.DUE_SOON]
    return classes[Deadline(asked)] if asked in set(Deadline) else Q(pk__in=())


def _whole(rows: QuerySet[Any, Any]) -> Coalesce:
    return Coalesce(Subquery(rows, output_field=IntegerField()), 0)


def _row(task: Task, on: dt.date, days_worked: WorkingCalendar, soon: int) -> TaskRow:
    extra = cast(Any, task)
    confirmed = task.confirmed_quantity + int(extra.parts_confirmed)
    percent = task.progress if not task.quantity else min(100, confirmed * 100 // task.quantity)
    if task.state == TaskState.WITHDRAWN:
        deadline, words, kind, days = None, state_words(task.state), "paused", 0
    else:
        found = deadline_of(task.state, task.due, task.done_on, on, soon)
        days = _days(found, task.due, task.done_on or on, days_worked)
        deadline, words, kind = found, standing_words(found, task.due, days, on), TAG_KINDS[found]
    return TaskRow(
        task=task,
        deadline=deadline,
        words=words,
        kind=kind,
        days=days,
        confirmed=confirmed,
        percent=100 if task.state == TaskState.DONE else percent,
        parts=extra.parts,
        parts_done=extra.parts_done,
        report_waits=extra.report_waits,
        extension_waits=extra.extension_waits,
        state_words=state_words(task.state),
    )


def _days(deadline: Deadline, due: dt.date | None, day: dt.date, days_worked: WorkingCalendar) -> int:
    """Return the working days by which a due day lies before or after the day of report, or today."""
    if due is None or deadline in (Deadline.ON_TIME, Deadline.DONE_NO_DUE):
        return 0
    measure = days_late if deadline in (Deadline.LATE, Deadline.OVERDUE) else days_left
    return measure(due, day, days_worked)
