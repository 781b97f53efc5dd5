"""Let a task go on that was put off."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.plans.lifecycle import TaskVerb
from tinhso.plans.models import Task
from tinhso.plans.permissions.tasks import TASKS, MayTask
from tinhso.plans.services.take_task_step import take_step
from tinhso.plans.services.tell_task import PLANNERS_AND_HEADS, tell_offices


@transaction.atomic
def resume_task(*, by: Actor, at: dt.datetime, code: str) -> Task:
    """Let a task go on that was put off. Raises ``NotThere``, ``CannotTakeStep``."""
    task = TASKS.one(by, MayTask.RESUME, code=code)
    take_step(task, TaskVerb.RESUME, by=by, at=at, what=_("Cho thực hiện tiếp"))
    tell_offices(
        task,
        [task.lead_id],
        title=_("Cho thực hiện tiếp"),
        body=task.title,
        by=by,
        at=at,
        roles=PLANNERS_AND_HEADS,
    )
    return task
