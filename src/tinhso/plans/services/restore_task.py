"""Give a withdrawn task again: also one that was merged into another."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.plans.lifecycle import TaskState, TaskVerb
from tinhso.plans.models import Task
from tinhso.plans.permissions.tasks import TASKS, MayTask
from tinhso.plans.queries.task_parts import pieces_left
from tinhso.plans.queries.tasks import state_words
from tinhso.plans.rules.tasks import CLOSED
from tinhso.plans.services.take_task_step import CannotTakeStep, take_step
from tinhso.plans.services.tell_task import PLANNERS_AND_HEADS, tell_offices


@transaction.atomic
def restore_task(*, by: Actor, at: dt.datetime, code: str) -> Task:
    """Restore a withdrawn task: its lead begins again; what was confirmed stays. A merged one is counted again.

    Raises ``NotThere``, ``CannotTakeStep``.
    """
    look = TASKS.look(by, MayTask.RESTORE, code=code)
    whole = Task.objects.select_for_update(of=("self",)).get(pk=look.parent_id) if look.parent_id else None
    task = TASKS.one(by, MayTask.RESTORE, code=code)
    if whole is not None:
        check_whole(whole, task)
    was_merged = task.merged_into_id is not None
    task.merged_into = None
    take_step(
        task,
        TaskVerb.RESTORE,
        by=by,
        at=at,
        what=_("Tách khỏi nhiệm vụ đã gộp") if was_merged else _("Khôi phục nhiệm vụ"),
    )
    tell_offices(
        task,
        [task.lead_id],
        title=_("Nhiệm vụ được khôi phục"),
        body=task.title,
        by=by,
        at=at,
        roles=PLANNERS_AND_HEADS,
    )
    return task


def check_whole(whole: Task, part: Task) -> None:
    """See that a whole takes a part back. Raises ``CannotTakeStep``."""
    if whole.state in CLOSED:
        raise CannotTakeStep(
            _(
                "Nhiệm vụ chung %(code)s đang ở trạng thái “%(state)s”. Mở lại hoặc khôi phục nhiệm vụ ấy trước."
            )
            % {"code": whole.code, "state": state_words(whole.state)}
        )
    comes_back = part.state == TaskState.WITHDRAWN and part.unit == whole.unit
    if comes_back and whole.quantity is not None and (part.quantity or 0) > pieces_left(whole):
        raise CannotTakeStep(
            _("Nhiệm vụ chung chỉ còn %(n)d %(unit)s chưa giao. Giao việc con mới với số lượng nhỏ hơn.")
            % {"n": pieces_left(whole), "unit": whole.unit}
        )
