"""Take one step of a task's life-cycle: state, history, journal. For the services of tasks alone."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.tasks import TaskStateChanged
from tinhso.plans.lifecycle import TaskState, TaskVerb
from tinhso.plans.models import History, Task, TaskExtension, TaskReport
from tinhso.plans.queries.tasks import state_words
from tinhso.toolkit.lifecycle import StepNotAllowed

LONGEST_REASON = 600


class CannotTakeStep(ValueError):
    """The state of the task does not allow it, or a reason is missing; the sentence says how to go on."""


def take_step(
    task: Task, verb: TaskVerb, *, by: Actor, at: dt.datetime, what: str, reason: str = "", after: str = ""
) -> Task:
    """Take the step and write it; the caller holds the lock and has set what else changes.

    Raises ``CannotTakeStep``.
    """
    before = task.state
    try:
        task.take(verb)
    except StepNotAllowed:
        raise CannotTakeStep(_refusal(TaskState(before), verb)) from None
    task.save()
    History.objects.record(
        task.about,
        what,
        by=by,
        at=at,
        before=state_words(before),
        after=after or state_words(task.state),
        reason=reason,
    )
    announce(
        TaskStateChanged(task.code, verb.value, str(before), str(task.state)),
        about=task.about,
        by=by,
        at=at,
    )
    return task


def reason_from(text: str, *, is_needed: bool = True) -> str:
    """Return a reason as it is kept. Raises ``CannotTakeStep`` where it is missing or too long."""
    reason = text.strip()
    if (is_needed and not reason) or len(reason) > LONGEST_REASON:
        raise CannotTakeStep(_("Ghi lý do, tối đa %(n)d chữ.") % {"n": LONGEST_REASON})
    return reason


def close_what_waits(task: Task, *, at: dt.datetime, text: str) -> None:
    """Answer the report and the extension that wait on a task which is no task any more; nobody in person did."""
    TaskReport.objects.filter(task=task, answer="").update(
        answer="returned", answer_text=text, answered_at=at
    )
    TaskExtension.objects.filter(task=task, answer="").update(
        answer="refused", answer_text=text, answered_at=at
    )


def _refusal(state: TaskState, verb: TaskVerb) -> str:
    act = {
        TaskVerb.START: _("bắt đầu"),
        TaskVerb.REPORT_DONE: _("báo hoàn thành"),
        TaskVerb.CONFIRM: _("xác nhận hoàn thành"),
        TaskVerb.RETURN: _("trả lại"),
        TaskVerb.POSTPONE: _("tạm hoãn"),
        TaskVerb.RESUME: _("cho thực hiện tiếp"),
        TaskVerb.REFUSE: _("từ chối"),
        TaskVerb.INSIST: _("yêu cầu thực hiện"),
        TaskVerb.REOPEN: _("mở lại"),
        TaskVerb.WITHDRAW: _("thu hồi"),
        TaskVerb.RESTORE: _("khôi phục"),
    }[verb]
    go_on = {
        TaskState.NOT_STARTED: _("Bắt đầu thực hiện trước."),
        TaskState.RUNNING: _("Làm tiếp và báo tiến độ."),
        TaskState.WAITING: _("Xác nhận hoặc trả lại báo cáo đang chờ trước."),
        TaskState.DONE: _("Cần làm thêm thì mở lại nhiệm vụ trước."),
        TaskState.POSTPONED: _("Cho thực hiện tiếp trước."),
        TaskState.REFUSED: _("Thư ký yêu cầu thực hiện, giao cơ quan khác hoặc thu hồi trước."),
        TaskState.REDO: _("Làm tiếp và báo tiến độ."),
        TaskState.WITHDRAWN: _("Khôi phục nhiệm vụ trước."),
    }[state]
    return _("Nhiệm vụ đang ở trạng thái “%(state)s” nên không %(act)s được. %(go_on)s") % {
        "state": state_words(state),
        "act": act,
        "go_on": go_on,
    }
