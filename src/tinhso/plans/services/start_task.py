"""Take a task on: the lead office begins."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.plans.lifecycle import TaskVerb
from tinhso.plans.models import Task
from tinhso.plans.permissions.tasks import TASKS, MayTask
from tinhso.plans.services.take_task_step import take_step


@transaction.atomic
def start_task(*, by: Actor, at: dt.datetime, code: str) -> Task:
    """Begin a task that an own office leads. Raises ``NotThere``, ``CannotTakeStep``."""
    task = TASKS.one(by, MayTask.START, code=code)
    return take_step(task, TaskVerb.START, by=by, at=at, what=_("Bắt đầu thực hiện"))
