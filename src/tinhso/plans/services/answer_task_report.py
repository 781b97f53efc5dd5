"""Answer a report piece by piece: confirm, or return with the reason; never one's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.tasks import TaskReportAnswered
from tinhso.plans.lifecycle import TaskState, TaskVerb
from tinhso.plans.models import Evidence, History, Task, TaskReport
from tinhso.plans.permissions.tasks import REPORTS, MayAnswerTask
from tinhso.plans.queries.task_parts import open_needs, open_parts, pieces_done
from tinhso.plans.services.take_task_step import take_step
from tinhso.plans.services.tell_task import PLANNERS_AND_HEADS, tell_offices
from tinhso.toolkit.working_time import in_vietnam

LONGEST_REASON: Final = 600
LONGEST_ANSWER: Final = 1000


class CannotAnswer(ValueError):
    """The report cannot be answered so; the sentence says what is missing."""


@transaction.atomic
def answer_task_report(
    *,
    by: Actor,
    at: dt.datetime,
    report: int,
    verdicts: Mapping[int, str] | None = None,
    returned: str = "",
    text: str = "",
) -> TaskReport:
    """Answer a report of somebody else that waits.

    ``verdicts``: each piece of evidence by its key: blank confirms it, words return it and say why. ``returned``
    returns the whole report for that reason, with every piece that has no verdict. ``text``: what else is said.
    Confirmed pieces count at once. A final report of which all is confirmed makes the task done on the day it was
    reported, however late it is confirmed; otherwise the task is to be done again. Raises ``NotThere``,
    ``CannotAnswer``.
    """
    found = REPORTS.look(by, MayAnswerTask.ANSWER_REPORT, pk=report)
    task = Task.objects.select_for_update(of=("self",)).select_related("lead").get(pk=found.task_id)
    answered = REPORTS.one(by, MayAnswerTask.ANSWER_REPORT, pk=report)
    pieces = list(answered.evidence.order_by("id"))
    reasons = _reasons(pieces, verdicts or {}, returned.strip())
    answered.answer = "returned" if returned.strip() or any(reasons.values()) else "confirmed"
    if answered.answer == "confirmed" and answered.is_final:
        _check_done(task)
    for piece in pieces:
        piece.answer = "returned" if reasons[piece.pk] else "confirmed"
        piece.answer_text = reasons[piece.pk]
    Evidence.objects.bulk_update(pieces, ["answer", "answer_text"])
    answered.answer_text = _answer_text(pieces, returned.strip(), text.strip())
    answered.answered_by_id, answered.answered_at = by.account_id, at
    answered.save()
    _write(task, answered, pieces, by=by, at=at)
    return answered


def _reasons(pieces: list[Evidence], verdicts: Mapping[int, str], returned: str) -> dict[int, str]:
    """Return why each piece is returned, blank where it is confirmed."""
    if unknown := set(verdicts) - {piece.pk for piece in pieces}:
        raise CannotAnswer(_("Bằng chứng số %(n)d không thuộc báo cáo này.") % {"n": min(unknown)})
    reasons = {}
    for piece in pieces:
        if piece.pk not in verdicts and not returned:
            raise CannotAnswer(
                _("Kết luận về “%(label)s”: xác nhận hoặc trả lại kèm lý do.") % {"label": piece.label}
            )
        reasons[piece.pk] = verdicts.get(piece.pk, returned).strip()
        if len(reasons[piece.pk]) > LONGEST_REASON:
            raise CannotAnswer(_("Lý do trả lại tối đa %(n)d chữ.") % {"n": LONGEST_REASON})
    return reasons


def _answer_text(pieces: list[Evidence], returned: str, text: str) -> str:
    parts = [
        returned,
        text,
        *(f"{piece.label}: {piece.answer_text}" for piece in pieces if piece.answer_text),
    ]
    return "\n".join(dict.fromkeys(part for part in parts if part))[:LONGEST_ANSWER]


def _check_done(task: Task) -> None:
    for other in (*open_needs(task), *open_parts(task)):
        raise CannotAnswer(
            _("“%(task)s” (%(code)s) chưa xong. Trả lại báo cáo, hoặc chờ việc ấy xong.")
            % {"task": other.title, "code": other.code}
        )


def _write(task: Task, report: TaskReport, pieces: list[Evidence], *, by: Actor, at: dt.datetime) -> None:
    confirmed = [piece for piece in pieces if piece.answer == "confirmed"]
    before = pieces_done(task)
    task.confirmed_quantity += sum(piece.quantity for piece in confirmed)
    what = _("Xác nhận báo cáo") if report.answer == "confirmed" else _("Trả lại báo cáo")
    change = {"before": "", "after": _("%(n)d bằng chứng được xác nhận") % {"n": len(confirmed)}}
    if task.quantity:
        change = {"before": f"{before} {task.unit}", "after": f"{pieces_done(task)} {task.unit}"}
    History.objects.record(task.about, what, by=by, at=at, reason=report.answer_text, **change)
    if report.answer == "returned":
        task.progress = _progress_before(task, report)
    if report.is_final and task.state == TaskState.WAITING:
        _finish(task, report, by=by, at=at)
    else:
        task.save(update_fields=["confirmed_quantity", "progress"])
    announce(
        TaskReportAnswered(
            task.code,
            report.pk,
            report.answer,
            sum(piece.quantity or 1 for piece in confirmed),
            len(pieces) - len(confirmed),
            task.done_on,
        ),
        about=task.about,
        by=by,
        at=at,
    )
    tell_offices(
        task,
        [task.lead_id],
        title=what,
        body=f"{task.title}. {report.answer_text}".strip(),
        by=by,
        at=at,
        roles=PLANNERS_AND_HEADS if report.is_final else PLANNERS_AND_HEADS[:1],
    )


def _finish(task: Task, report: TaskReport, *, by: Actor, at: dt.datetime) -> None:
    if report.answer == "confirmed":
        task.done_on, task.progress, task.blocker = in_vietnam(report.reported_at).date(), 100, ""
        take_step(task, TaskVerb.CONFIRM, by=by, at=at, what=_("Hoàn thành nhiệm vụ"))
    else:
        take_step(
            task, TaskVerb.RETURN, by=by, at=at, what=_("Yêu cầu thực hiện lại"), reason=report.answer_text
        )


def _progress_before(task: Task, report: TaskReport) -> int:
    earlier = task.reports.exclude(pk=report.pk).exclude(answer__in=("", "returned"))
    last = earlier.order_by("-reported_at", "-id").first()
    return last.progress if last else 0
