"""Insist on a task that was refused."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.plans.lifecycle import TaskVerb
from tinhso.plans.models import Task
from tinhso.plans.permissions.tasks import TASKS, MayTask
from tinhso.plans.services.take_task_step import reason_from, take_step
from tinhso.plans.services.tell_task import PLANNERS_AND_HEADS, tell_offices


@transaction.atomic
def insist_on_task(*, by: Actor, at: dt.datetime, code: str, reason: str) -> Task:
    """Insist on a task that its lead refused, with the reason. Raises ``NotThere``, ``CannotTakeStep``."""
    task = TASKS.one(by, MayTask.INSIST, code=code)
    take_step(task, TaskVerb.INSIST, by=by, at=at, what=_("Yêu cầu thực hiện"), reason=reason_from(reason))
    tell_offices(
        task,
        [task.lead_id],
        title=_("Yêu cầu thực hiện"),
        body=f"{task.title}. {reason.strip()}",
        by=by,
        at=at,
        roles=PLANNERS_AND_HEADS,
    )
    return task
