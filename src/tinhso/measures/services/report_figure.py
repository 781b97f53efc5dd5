"""Enter a figure that somebody reported, with its document; a later record replaces it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.measures.events import FigureReported
from tinhso.measures.models import ReportedFigure
from tinhso.measures.permissions import STATISTICIANS
from tinhso.toolkit.policy import NotThere


class ReportRefused(ValueError):
    """The record cannot be entered so; ``field`` names the box, the sentence says why."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class Reported:
    """What a document says; fields as in ``ReportedFigure``."""

    name: str
    value: Decimal
    unit: str
    first: dt.date
    last: dt.date
    reported_by: str
    document_number: str
    document_date: dt.date | None
    numerator: int | None = None
    denominator: int | None = None
    compares_with: str = ""
    note: str = ""


@transaction.atomic
def report_figure(
    *, by: Actor, at: dt.datetime, reported: Reported, replaces: int | None = None
) -> ReportedFigure:
    """Keep the record. Raises ``NotThere`` for others than statisticians, and ``ReportRefused``."""
    if not by.holds(*STATISTICIANS):
        raise NotThere
    before = ReportedFigure.objects.select_for_update().filter(pk=replaces).first() if replaces else None
    if replaces and before is None:
        raise NotThere
    if before is not None and hasattr(before, "replaced_by"):
        raise ReportRefused("name", _("Số này vừa được người khác thay. Mở lại trang rồi sửa số mới nhất."))
    _check(reported, on=at.date())
    record = ReportedFigure.objects.create(
        **{name: getattr(reported, name) for name in Reported.__dataclass_fields__},
        replaces=before,
        entered_by_id=by.account_id,
        entered_at=at,
    )
    announce(FigureReported(record.pk, record.document_number, replaces), about=record.about, by=by, at=at)
    return record


def _check(reported: Reported, *, on: dt.date) -> None:
    said = (
        ("name", bool(reported.name.strip()), _("Ghi tên con số.")),
        ("unit", bool(reported.unit.strip()), _("Ghi đơn vị, ví dụ phần trăm.")),
        ("reported_by", bool(reported.reported_by.strip()), _("Ghi cơ quan báo cáo.")),
        (
            "document_number",
            bool(reported.document_number.strip()),
            _("Ghi số văn bản. Không có thì ghi “không ghi số”."),
        ),
        ("last", reported.first <= reported.last, _("Ngày cuối đứng trước ngày đầu. Đổi lại hai ngày.")),
        ("last", reported.last <= on, _("Kỳ chưa hết. Chọn ngày cuối không quá hôm nay.")),
        (
            "denominator",
            (reported.numerator is None) == (reported.denominator is None),
            _("Ghi cả tử số và mẫu số, hoặc để trống cả hai."),
        ),
    )
    for field, is_fine, sentence in said:
        if not is_fine:
            raise ReportRefused(field, sentence)
