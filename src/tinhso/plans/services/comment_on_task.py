"""Write a word on a task (trao đổi)."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.tasks import TaskCommented
from tinhso.plans.models import TaskComment
from tinhso.plans.permissions import own_offices
from tinhso.plans.permissions.tasks import TASKS, MayTask
from tinhso.plans.services.tell_task import tell_committee, tell_offices

LONGEST_TEXT: Final = 1000


class CannotComment(ValueError):
    """There is nothing to write, or too much."""


@transaction.atomic
def comment_on_task(*, by: Actor, at: dt.datetime, code: str, text: str) -> TaskComment:
    """Write a comment on a task that an own office leads or co-ordinates in, or as the committee.

    Raises ``NotThere``, ``CannotComment``.
    """
    task = TASKS.one(by, MayTask.COMMENT, code=code)
    said = text.strip()
    if not said or len(said) > LONGEST_TEXT:
        raise CannotComment(_("Viết điều cần trao đổi, tối đa 1.000 chữ."))
    comment = TaskComment.objects.create(task=task, text=said, by_id=by.account_id, by_name=by.name, at=at)
    announce(TaskCommented(task.code, comment.pk), about=task.about, by=by, at=at)
    title, body = _("Trao đổi mới"), _("%(task)s: có trao đổi mới.") % {"task": task.title}
    if task.lead_id in own_offices(by):
        tell_committee(task, title=title, body=body, by=by, at=at)
    else:
        tell_offices(task, [task.lead_id], title=title, body=body, by=by, at=at)
    return comment
