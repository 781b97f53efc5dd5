"""Say that a task cannot be finished before another, or that it can again."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.tasks import TaskLinked
from tinhso.plans.lifecycle import TaskState
from tinhso.plans.models import History, Task, TaskDependency
from tinhso.plans.permissions.tasks import TASKS, MayTask
from tinhso.plans.queries.task_parts import waits_for
from tinhso.plans.queries.tasks import OPEN

#: The lock of those who tie tasks together: two ties at once might close a ring.
_LOCK: Final = 0x7B


class CannotLink(ValueError):
    """The two cannot be tied like this; the sentence says why."""


@transaction.atomic
def link_tasks(*, by: Actor, at: dt.datetime, code: str, needed: str, is_needed: bool = True) -> Task:
    """Tie a task to another that must be done first (``needed``), or untie it; said twice is said once.

    Raises ``NotThere``, ``CannotLink``.
    """
    hold_ties()
    task = TASKS.one(by, MayTask.LINK, code=code)
    other = TASKS.look(by, MayTask.LINK, code=needed)
    tie = TaskDependency.objects.filter(task=task, needed=other)
    if tie.exists() == is_needed:
        return task
    if is_needed:
        _check(task, other)
        TaskDependency.objects.create(task=task, needed=other)
    else:
        tie.delete()
    what = _("Phải chờ việc khác xong trước") if is_needed else _("Không phải chờ việc khác nữa")
    History.objects.record(task.about, what, by=by, at=at, after=other.code)
    announce(TaskLinked(task.code, other.code, is_needed), about=task.about, by=by, at=at)
    return task


def hold_ties() -> None:
    """Hold the lock of the ties until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, 0)", [_LOCK])


def _check(task: Task, other: Task) -> None:
    if task.pk == other.pk:
        raise CannotLink(_("Một nhiệm vụ không chờ chính nó. Chọn nhiệm vụ khác."))
    if task.state not in OPEN:
        raise CannotLink(_("Nhiệm vụ %(code)s đã xong hoặc đã thu hồi.") % {"code": task.code})
    if other.state == TaskState.WITHDRAWN:
        raise CannotLink(_("Nhiệm vụ %(code)s đã thu hồi. Chọn nhiệm vụ khác.") % {"code": other.code})
    if other.pk == task.parent_id or waits_for(other, task):
        raise CannotLink(
            _("%(other)s đang phải chờ %(task)s, nên hai việc sẽ chờ nhau mãi. Bỏ một chiều trước.")
            % {"other": other.code, "task": task.code}
        )
