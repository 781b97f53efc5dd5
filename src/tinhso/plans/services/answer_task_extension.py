"""Grant or refuse a later due day: the chair alone."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.tasks import TaskExtensionAnswered
from tinhso.plans.models import History, Task, TaskExtension
from tinhso.plans.permissions.tasks import EXTENSIONS, MayAnswerTask
from tinhso.plans.services.tell_task import PLANNERS_AND_HEADS, tell_offices
from tinhso.toolkit.words import date_text

LONGEST_TEXT: Final = 600


class CannotAnswerExtension(ValueError):
    """The request cannot be answered so; the sentence says what is missing."""


@transaction.atomic
def answer_task_extension(
    *, by: Actor, at: dt.datetime, extension: int, grants: bool, text: str = ""
) -> TaskExtension:
    """Answer a request that somebody else made: granted, the due day moves and the first one stays told.

    A refusal says why. Raises ``NotThere``, ``CannotAnswerExtension``.
    """
    look = EXTENSIONS.look(by, MayAnswerTask.ANSWER_EXTENSION, pk=extension)
    task = Task.objects.select_for_update(of=("self",)).get(pk=look.task_id)
    asked = EXTENSIONS.one(by, MayAnswerTask.ANSWER_EXTENSION, pk=extension)
    said = text.strip()
    if (not grants and not said) or len(said) > LONGEST_TEXT:
        raise CannotAnswerExtension(_("Ghi lý do chưa đồng ý, tối đa %(n)d chữ.") % {"n": LONGEST_TEXT})
    asked.answer, asked.answer_text = ("granted" if grants else "refused"), said
    asked.answered_by_id, asked.answered_at = by.account_id, at
    asked.save()
    if grants:
        task.due = asked.due_after
        task.save(update_fields=["due"])
    what = _("Đồng ý gia hạn") if grants else _("Không gia hạn")
    History.objects.record(
        task.about,
        what,
        by=by,
        at=at,
        before=date_text(asked.due_before),
        after=date_text(asked.due_after if grants else asked.due_before),
        reason=said,
    )
    announce(TaskExtensionAnswered(task.code, asked.pk, asked.answer), about=task.about, by=by, at=at)
    tell_offices(
        task,
        [task.lead_id],
        title=what,
        body=_("%(task)s: hạn %(due)s. %(text)s")
        % {"task": task.title, "due": date_text(task.due or asked.due_before), "text": said},
        by=by,
        at=at,
        roles=PLANNERS_AND_HEADS,
    )
    return asked
