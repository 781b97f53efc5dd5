"""Open a task again that was confirmed as done."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.plans.lifecycle import TaskVerb
from tinhso.plans.models import Task
from tinhso.plans.permissions.tasks import TASKS, MayTask
from tinhso.plans.services.restore_task import check_whole
from tinhso.plans.services.take_task_step import reason_from, take_step
from tinhso.plans.services.tell_task import PLANNERS_AND_HEADS, tell_offices
from tinhso.toolkit.words import date_text


@transaction.atomic
def reopen_task(*, by: Actor, at: dt.datetime, code: str, reason: str) -> Task:
    """Reopen a task that is done, with the reason: it counts as not done, and its confirmed pieces stay.

    Raises ``NotThere``, ``CannotTakeStep``.
    """
    look = TASKS.look(by, MayTask.REOPEN, code=code)
    whole = Task.objects.select_for_update(of=("self",)).get(pk=look.parent_id) if look.parent_id else None
    task = TASKS.one(by, MayTask.REOPEN, code=code)
    if whole is not None:
        check_whole(whole, task)
    said = reason_from(reason)
    was_done = date_text(task.done_on) if task.done_on else ""
    task.done_on = None
    take_step(
        task,
        TaskVerb.REOPEN,
        by=by,
        at=at,
        what=_("Mở lại nhiệm vụ đã xong ngày %(day)s") % {"day": was_done},
        reason=said,
    )
    tell_offices(
        task,
        [task.lead_id],
        title=_("Nhiệm vụ phải thực hiện lại"),
        body=f"{task.title}. {said}",
        by=by,
        at=at,
        roles=PLANNERS_AND_HEADS,
    )
    return task
