"""Merge a task into another that says the same (gộp nhiệm vụ trùng)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.tasks import TaskMerged
from tinhso.plans.lifecycle import TASK_COUNTED, TaskState, TaskVerb
from tinhso.plans.models import History, Task, TaskDependency, TaskPartner
from tinhso.plans.permissions.tasks import TASKS, MayTask
from tinhso.plans.queries.task_parts import waits_for
from tinhso.plans.services.link_tasks import hold_ties
from tinhso.plans.services.take_task_step import close_what_waits, take_step
from tinhso.plans.services.tell_task import PLANNERS_AND_HEADS, tell_offices
from tinhso.toolkit.policy import NotThere


class CannotMerge(ValueError):
    """The two cannot become one; the sentence says why."""


@transaction.atomic
def merge_tasks(*, by: Actor, at: dt.datetime, code: str, into: str, reason: str = "") -> Task:
    """Merge the task ``code`` into the task ``into``, which is returned: only that one is counted from now on.

    Its offices co-ordinate in the other, what needed it needs the other, and its reports and comments stay readable
    from there. Raises ``NotThere``, ``CannotMerge``, ``CannotTakeStep`` where the state does not allow it.
    """
    hold_ties()
    found = {task.code: task for task in TASKS.rows(by, MayTask.MERGE).filter(code__in=[code, into])}
    if {code, into} - set(found):
        raise NotThere
    locked = {
        task.code: task
        for task in Task.objects.select_for_update(of=("self",))
        .filter(pk__in=[task.pk for task in found.values()])
        .order_by("pk")
    }
    task, other = locked[code], locked[into]
    _check(task, other)
    _move_offices(task, other)
    _move_ties(task, other)
    Task.objects.filter(merged_into=task).update(merged_into=other)
    task.merged_into = other
    take_step(
        task,
        TaskVerb.WITHDRAW,
        by=by,
        at=at,
        what=_("Gộp vào nhiệm vụ trùng"),
        after=other.code,
        reason=reason.strip()[:1000],
    )
    close_what_waits(task, at=at, text=_("Nhiệm vụ đã gộp vào %(code)s") % {"code": other.code})
    History.objects.record(other.about, _("Nhận nhiệm vụ trùng"), by=by, at=at, after=task.code)
    announce(TaskMerged(task.code, other.code), about=task.about, by=by, at=at)
    tell_offices(
        other,
        {task.lead_id, other.lead_id},
        title=_("Nhiệm vụ trùng đã gộp"),
        body=_("%(task)s: theo dõi tiếp ở %(code)s.") % {"task": task.title, "code": other.code},
        by=by,
        at=at,
        roles=PLANNERS_AND_HEADS,
    )
    return other


def _check(task: Task, other: Task) -> None:
    if task.pk == other.pk:
        raise CannotMerge(_("Chọn một nhiệm vụ khác để gộp vào."))
    if task.state == TaskState.DONE:
        raise CannotMerge(
            _("Nhiệm vụ %(code)s đã hoàn thành. Gộp nhiệm vụ kia vào nhiệm vụ này.") % {"code": task.code}
        )
    if other.state == TaskState.WITHDRAWN:
        raise CannotMerge(
            _("Nhiệm vụ %(code)s đã thu hồi hoặc đã gộp. Chọn nhiệm vụ còn theo dõi.") % {"code": other.code}
        )
    if task.children.filter(state__in=TASK_COUNTED).exists():
        raise CannotMerge(
            _("Nhiệm vụ %(code)s có việc con. Thu hồi hoặc gộp các việc con trước.") % {"code": task.code}
        )


def _move_offices(task: Task, other: Task) -> None:
    offices = {task.lead_id, *task.partners.values_list("office_id", flat=True)} - {other.lead_id}
    TaskPartner.objects.bulk_create(
        (TaskPartner(task=other, office_id=office) for office in sorted(offices)), ignore_conflicts=True
    )


def _move_ties(task: Task, other: Task) -> None:
    ties = TaskDependency.objects.filter(task=task) | TaskDependency.objects.filter(needed=task)
    moved = {
        (
            other.pk if tie.task_id == task.pk else tie.task_id,
            other.pk if tie.needed_id == task.pk else tie.needed_id,
        )
        for tie in ties
    }
    ties.delete()
    TaskDependency.objects.bulk_create(
        (TaskDependency(task_id=one, needed_id=two) for one, two in sorted(moved) if one != two),
        ignore_conflicts=True,
    )
    if waits_for(other, other):
        raise CannotMerge(_("Gộp xong, các nhiệm vụ sẽ chờ nhau mãi. Bỏ một chiều chờ trước rồi gộp."))
