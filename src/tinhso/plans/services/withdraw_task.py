"""Take a task back (thu hồi): it was given by mistake, or is no longer needed."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.plans.lifecycle import TaskVerb
from tinhso.plans.models import Task
from tinhso.plans.permissions.tasks import TASKS, MayTask
from tinhso.plans.queries.tasks import OPEN
from tinhso.plans.services.take_task_step import close_what_waits, reason_from, take_step
from tinhso.plans.services.tell_task import PLANNERS_AND_HEADS, tell_offices
from tinhso.toolkit.working_time import in_vietnam


@transaction.atomic
def withdraw_task(*, by: Actor, at: dt.datetime, code: str, reason: str = "") -> Task:
    """Withdraw a task with its open parts; what waits on them is answered.

    On the day it was given no reason is needed: that is undoing a mistake. Raises ``NotThere``, ``CannotTakeStep``.
    """
    task = TASKS.one(by, MayTask.WITHDRAW, code=code)
    is_same_day = in_vietnam(task.assigned_at).date() == in_vietnam(at).date()
    said = reason_from(reason, is_needed=not is_same_day)
    _withdraw(task, by=by, at=at, reason=said)
    parts = Task.objects.select_for_update(of=("self",)).filter(parent=task, state__in=OPEN).order_by("id")
    for part in parts:
        _withdraw(part, by=by, at=at, reason=_("Thu hồi cùng nhiệm vụ chung %(code)s") % {"code": task.code})
    return task


def _withdraw(task: Task, *, by: Actor, at: dt.datetime, reason: str) -> None:
    take_step(task, TaskVerb.WITHDRAW, by=by, at=at, what=_("Thu hồi nhiệm vụ"), reason=reason)
    close_what_waits(task, at=at, text=_("Nhiệm vụ đã thu hồi"))
    tell_offices(
        task,
        [task.lead_id],
        title=_("Nhiệm vụ được thu hồi"),
        body=f"{task.title}. {reason}".strip(),
        by=by,
        at=at,
        roles=PLANNERS_AND_HEADS,
    )
