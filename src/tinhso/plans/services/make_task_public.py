"""Name a task on the public page of progress, or no longer."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.tasks import TaskShown
from tinhso.plans.lifecycle import TaskState
from tinhso.plans.models import History, Task
from tinhso.plans.permissions.tasks import TASKS, MayTask


class CannotShow(ValueError):
    """The task cannot be shown to the public."""


@transaction.atomic
def make_task_public(*, by: Actor, at: dt.datetime, code: str, is_public: bool) -> Task:
    """Show a task on the public page, or take it off; said twice is said once. Raises ``NotThere``, ``CannotShow``."""
    task = TASKS.one(by, MayTask.PUBLISH, code=code)
    if is_public and task.state == TaskState.WITHDRAWN:
        raise CannotShow(_("Nhiệm vụ đã thu hồi không đưa lên trang tiến độ được. Khôi phục trước."))
    if task.is_public == is_public:
        return task
    task.is_public = is_public
    task.save(update_fields=["is_public"])
    what = _("Đưa lên trang tiến độ công khai") if is_public else _("Rút khỏi trang tiến độ công khai")
    History.objects.record(task.about, what, by=by, at=at)
    announce(TaskShown(task.code, is_public), about=task.about, by=by, at=at)
    return task
