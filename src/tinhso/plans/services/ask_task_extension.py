"""Ask to move a task's due day (xin gia hạn)."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.tasks import TaskExtensionAsked
from tinhso.plans.models import History, TaskExtension
from tinhso.plans.permissions.tasks import TASKS, MayTask
from tinhso.plans.queries.tasks import state_words
from tinhso.plans.rules.tasks import EXTENDABLE
from tinhso.plans.services.tell_task import tell_chair
from tinhso.toolkit.words import date_text
from tinhso.toolkit.working_time import in_vietnam

LONGEST_REASON: Final = 1000


class CannotAskExtension(ValueError):
    """A later due day cannot be asked for so; the sentence says why."""


@transaction.atomic
def ask_task_extension(
    *, by: Actor, at: dt.datetime, code: str, due_after: dt.date, reason: str
) -> TaskExtension:
    """Ask for a later due day of a task that an own office leads; the chair alone answers.

    Raises ``NotThere``, ``CannotAskExtension``.
    """
    task = TASKS.one(by, MayTask.ASK_EXTENSION, code=code)
    if task.state not in EXTENDABLE:
        raise CannotAskExtension(
            _("Nhiệm vụ đang ở trạng thái “%(state)s” nên không xin gia hạn được.")
            % {"state": state_words(task.state)}
        )
    if task.due is None:
        raise CannotAskExtension(_("Nhiệm vụ này không có hạn nên không cần gia hạn."))
    if task.extensions.filter(answer="").exists():
        raise CannotAskExtension(_("Lần xin gia hạn trước còn chờ Trưởng ban. Chờ trả lời rồi xin tiếp."))
    if due_after <= max(task.due, in_vietnam(at).date()):
        raise CannotAskExtension(
            _("Hạn mới phải sau hạn cũ %(due)s và sau hôm nay.") % {"due": date_text(task.due)}
        )
    said = reason.strip()
    if not said or len(said) > LONGEST_REASON:
        raise CannotAskExtension(_("Ghi lý do xin gia hạn, tối đa %(n)d chữ.") % {"n": LONGEST_REASON})
    extension = TaskExtension.objects.create(
        task=task,
        due_before=task.due,
        due_after=due_after,
        reason=said,
        asked_by_id=by.account_id,
        asked_at=at,
    )
    History.objects.record(
        task.about,
        _("Xin gia hạn"),
        by=by,
        at=at,
        before=date_text(task.due),
        after=_("%(due)s, chờ Trưởng ban") % {"due": date_text(due_after)},
        reason=said,
    )
    announce(TaskExtensionAsked(task.code, extension.pk, task.due, due_after), about=task.about, by=by, at=at)
    tell_chair(
        task,
        title=_("Xin gia hạn nhiệm vụ"),
        body=_("%(task)s: xin gia hạn đến %(due)s.") % {"task": task.title, "due": date_text(due_after)},
        by=by,
        at=at,
    )
    return extension
