"""Report what an office reached of a target that no counter sees, with evidence."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, cast

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.documents.api import Upload
from tinhso.journal.api import announce
from tinhso.plans.events.targets import TargetReported
from tinhso.plans.models import History, Target, TargetReport
from tinhso.plans.permissions.targets import TARGETS, MayTarget
from tinhso.plans.queries.targets import value_text
from tinhso.plans.rules.lights import PERCENT
from tinhso.plans.rules.sums import Amount
from tinhso.plans.services.add_target import LARGEST
from tinhso.toolkit.words import date_text
from tinhso.toolkit.working_time import in_vietnam

LONGEST_NOTE: Final = 600


class CannotReportTarget(ValueError):
    """The report is not taken; the sentence says why and how to go on."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What was reached by the end of a day. ``denominator`` None: the numerator alone is the value (not for percent)."""

    on: dt.date
    numerator: Decimal
    denominator: Decimal | None = None


@transaction.atomic
def report_target(
    *, by: Actor, at: dt.datetime, pk: int, reached: Reached, note: str = "", upload: Upload | None = None
) -> TargetReport:
    """Report a target of the own office; it counts once the secretary confirmed it.

    Raises ``NotThere`` for others than planners of the target's office and where a counter or children make the value,
    and ``CannotReportTarget``.
    """
    target = TARGETS.one(by, MayTarget.REPORT, pk=pk)
    note = note.strip()
    _check(target, reached, in_vietnam(at).date())
    if not note and upload is None:
        raise CannotReportTarget(_("Kèm minh chứng: tệp PDF, ảnh, hoặc ghi số văn bản xác nhận."))
    if len(note) > LONGEST_NOTE:
        raise CannotReportTarget(_("Ghi chú dài quá %(n)d chữ. Viết gọn lại.") % {"n": LONGEST_NOTE})
    if target.reports.filter(answer="").exists():
        raise CannotReportTarget(
            _(
                "Một báo cáo của chỉ tiêu này đang chờ Thư ký xác nhận. Nếu sai, nhờ Thư ký trả lại rồi báo lại."
            )
        )
    report = TargetReport.objects.create(
        target=target,
        office_id=cast(int, target.office_id),  # the permission asks for one
        on=reached.on,
        numerator=reached.numerator,
        denominator=reached.denominator,
        note=note,
        file=upload.file if upload else None,
        file_name=upload.name[:200] if upload else "",
        reported_by_id=by.account_id,
        reported_at=at,
    )
    History.objects.record(target.about, _("Báo số thực hiện"), by=by, at=at, after=reported_text(report))
    announce(
        TargetReported(target.code, report.pk, report.office_id, report.on), about=target.about, by=by, at=at
    )
    return report


def reported_text(report: TargetReport) -> str:
    """Return what a report says: "88/226, 38,94 %, đến 29/04/2022"."""
    unit = report.target.unit
    value = Amount(report.numerator, report.denominator).value(is_percent=unit == PERCENT)
    parts = [value_text(value, unit)]
    if report.denominator is not None:
        parts.insert(0, f"{_plain(report.numerator)}/{_plain(report.denominator)}")
    return ", ".join([*parts, _("đến %(day)s") % {"day": date_text(report.on)}])


def _plain(value: Decimal) -> str:
    return value_text(value, "").strip()


def _check(target: Target, reached: Reached, today: dt.date) -> None:
    if reached.on > today:
        raise CannotReportTarget(_("Ngày ấy chưa tới. Ghi ngày của số liệu, không quá hôm nay."))
    if target.baseline_on and reached.on < target.baseline_on:
        raise CannotReportTarget(_("Ngày ấy đứng trước ngày của số ban đầu. Xem lại ngày."))
    if target.unit == PERCENT and reached.denominator is None:
        raise CannotReportTarget(_("Ghi cả mẫu số: tỷ lệ tính từ bao nhiêu trên bao nhiêu."))
    if reached.numerator < 0 or reached.numerator >= LARGEST:
        raise CannotReportTarget(_("Số đã làm được từ 0 trở lên, tối đa mười chữ số."))
    below = reached.denominator
    if below is not None and (below <= 0 or below >= LARGEST or reached.numerator > below):
        raise CannotReportTarget(_("Số đã làm được không quá tổng số, và tổng số lớn hơn 0."))
