"""Confirm or return a report of a target: only what is confirmed counts."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.messages.api import tell
from tinhso.plans.events.targets import TargetReportAnswered
from tinhso.plans.models import History, TargetReport
from tinhso.plans.permissions.targets import TARGET_REPORTS, MayReportTarget
from tinhso.plans.services.reckon_targets import reckon_targets, wait_for_reckoning
from tinhso.plans.services.report_target import reported_text

CONFIRMED: Final = "confirmed"
RETURNED: Final = "returned"
LONGEST_TEXT: Final = 600


class CannotAnswerTargetReport(ValueError):
    """The report is not answered; the sentence says why."""


@transaction.atomic
def answer_target_report(*, by: Actor, at: dt.datetime, pk: int, answer: str, text: str = "") -> TargetReport:
    """Confirm or return a report that somebody else made; a confirmed one moves the target at once.

    Raises ``NotThere`` for others than the committee's secretary, for one's own report and for an answered one, and
    ``CannotAnswerTargetReport``.
    """
    wait_for_reckoning()
    report = TARGET_REPORTS.one(by, MayReportTarget.ANSWER, pk=pk)
    text = text.strip()
    if answer not in (CONFIRMED, RETURNED):
        raise CannotAnswerTargetReport(_("Chọn xác nhận hoặc trả lại."))
    if answer == RETURNED and not text:
        raise CannotAnswerTargetReport(_("Ghi vì sao trả lại, để cơ quan báo lại cho đúng."))
    if len(text) > LONGEST_TEXT:
        raise CannotAnswerTargetReport(_("Dài quá %(n)d chữ. Viết gọn lại.") % {"n": LONGEST_TEXT})
    report.answer, report.answer_text = answer, text
    report.answered_by_id, report.answered_at = by.account_id, at
    report.save(update_fields=["answer", "answer_text", "answered_by", "answered_at"])
    target = report.target
    what = _("Xác nhận số báo cáo") if answer == CONFIRMED else _("Trả lại số báo cáo")
    History.objects.record(target.about, what, by=by, at=at, after=reported_text(report), reason=text)
    announce(TargetReportAnswered(target.code, report.pk, answer), about=target.about, by=by, at=at)
    if report.reported_by is not None and report.reported_by.person_id is not None:
        tell(
            report.reported_by.person_id,
            title=f"{what}: {target.name}"[:200],
            body=text or _("Số đã được tính vào chỉ tiêu."),
            link=reverse("plans:target", args=[target.pk]),
            at=at,
        )
    if answer == CONFIRMED:
        reckon_targets(at=at, only=[target.pk])
    return report
