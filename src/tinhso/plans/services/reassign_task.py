"""Give the same task to another office to lead."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, Office
from tinhso.journal.api import announce
from tinhso.plans.events.tasks import TaskReassigned
from tinhso.plans.lifecycle import TaskState, TaskVerb
from tinhso.plans.models import History, Task, TaskReport
from tinhso.plans.permissions.tasks import TASKS, MayTask
from tinhso.plans.queries.tasks import state_words
from tinhso.plans.rules.tasks import MOVABLE
from tinhso.plans.services.take_task_step import close_what_waits, reason_from, take_step
from tinhso.plans.services.tell_task import PLANNERS_AND_HEADS, tell_offices


class CannotReassign(ValueError):
    """The task cannot change hands now; the sentence says why."""


@transaction.atomic
def reassign_task(*, by: Actor, at: dt.datetime, code: str, lead: Office, reason: str) -> Task:
    """Give a task to another office with the reason; reports, history and the due day stay with it.

    One that was refused is to be begun again. A request of extension that waits is closed: it was the other office's.
    Raises ``NotThere``, ``CannotReassign``, ``CannotTakeStep`` without a reason.
    """
    task = TASKS.one(by, MayTask.REASSIGN, code=code)
    before = task.lead
    if task.state not in MOVABLE:
        raise CannotReassign(
            _("Nhiệm vụ đang ở trạng thái “%(state)s” nên không giao cơ quan khác được.")
            % {"state": state_words(task.state)}
        )
    if TaskReport.objects.filter(task=task, answer="").exists():
        raise CannotReassign(_("Báo cáo của cơ quan cũ còn chờ xác nhận. Trả lời báo cáo ấy trước."))
    if lead.pk == before.pk:
        raise CannotReassign(_("%(office)s đang chủ trì việc này. Chọn cơ quan khác.") % {"office": lead})
    said = reason_from(reason)
    task.lead = lead
    if task.state == TaskState.REFUSED:
        take_step(
            task, TaskVerb.INSIST, by=by, at=at, what=_("Giao cơ quan khác sau khi bị từ chối"), reason=said
        )
    else:
        task.save(update_fields=["lead"])
    task.partners.filter(office=lead).delete()
    close_what_waits(task, at=at, text=_("Nhiệm vụ đã giao cơ quan khác"))
    History.objects.record(
        task.about,
        _("Đổi cơ quan chủ trì"),
        by=by,
        at=at,
        before=before.short_name,
        after=lead.short_name,
        reason=said,
    )
    announce(TaskReassigned(task.code, before.pk, lead.pk), about=task.about, by=by, at=at)
    for office, title in ((lead, _("Nhiệm vụ mới được giao")), (before, _("Nhiệm vụ đã giao cơ quan khác"))):
        body = f"{task.title}. {said}"
        tell_offices(task, [office.pk], title=title, body=body, by=by, at=at, roles=PLANNERS_AND_HEADS)
    return task
