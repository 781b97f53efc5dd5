"""Refuse a task (từ chối): the head of the lead office says why; the secretary insists, gives it to another, or withdraws it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.plans.lifecycle import TaskVerb
from tinhso.plans.models import Task
from tinhso.plans.permissions.tasks import TASKS, MayTask
from tinhso.plans.services.take_task_step import reason_from, take_step
from tinhso.plans.services.tell_task import tell_committee


@transaction.atomic
def refuse_task(*, by: Actor, at: dt.datetime, code: str, reason: str) -> Task:
    """Refuse a task that the actor's office leads, with the reason. Raises ``NotThere``, ``CannotTakeStep``."""
    task = TASKS.one(by, MayTask.REFUSE, code=code)
    take_step(task, TaskVerb.REFUSE, by=by, at=at, what=_("Từ chối nhiệm vụ"), reason=reason_from(reason))
    tell_committee(task, title=_("Từ chối nhiệm vụ"), body=f"{task.title}. {reason.strip()}", by=by, at=at)
    return task
