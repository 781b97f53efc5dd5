"""Import a table of criteria: choose a file, see every line with what is wrong, then take the good ones."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tinhso.directory.api import holders_only, who
from tinhso.measures.forms import said
from tinhso.measures.models import DtiPeriod
from tinhso.measures.permissions import ASSESSORS, MayScore
from tinhso.measures.queries.dti import board, may
from tinhso.measures.queries.dti_import import ImportPlan, Planned, import_plan
from tinhso.measures.rules.dti_sheet import COLUMNS, SheetUnreadable
from tinhso.measures.services.import_criteria import DtiChanged, import_criteria
from tinhso.measures.views.dti_frame import period_asked
from tinhso.measures.views.frame import plain
from tinhso.measures.views.keepers import keepers_frame
from tinhso.toolkit import clock
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.words import number

LARGEST = 1_000_000


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only(*ASSESSORS)
def import_page(request: HttpRequest) -> HttpResponse:
    """Preview a table, then take its good lines at the second press."""
    period = period_asked(request)
    context: dict[str, Any] = {**keepers_frame(request, "dti_import"), "period": period, "columns": COLUMNS}
    if period is None or not may(who(request), MayScore.ASSESS, period):
        if request.method == "POST":
            raise NotThere
        return render(request, "measures/dti_import.html", {**context, "is_shut": True})
    context["board"] = board(who(request), period.year)
    if request.method != "POST":
        return render(request, "measures/dti_import.html", context)
    text, error = _text(request)
    plan = None
    if not error:
        try:
            if said(request.POST, "act") == "nhap":
                return _import(request, period, text)
            plan = import_plan(period, text, clock.today())
        except SheetUnreadable as unreadable:
            error = str(unreadable)
        except DtiChanged:
            plan = import_plan(period, text, clock.today())
            context["is_changed"] = True
    return render(
        request,
        "measures/dti_import.html",
        {**context, "error": error, "text": text, **(_previewed(plan) if plan else {})},
        status=422 if error or "is_changed" in context else 200,
    )


def _import(request: HttpRequest, period: DtiPeriod, text: str) -> HttpResponse:
    done = import_criteria(
        by=who(request), at=clock.now(), year=period.year, text=text, seen=said(request.POST, "seen")
    )
    words = _(
        "Đã nhập: %(new)s chỉ tiêu mới, %(mended)s chỉ tiêu sửa, %(scored)s điểm. Bỏ %(skipped)s dòng lỗi."
    )
    messages.success(
        request,
        words
        % {
            "new": number(done.new),
            "mended": number(done.mended),
            "scored": number(done.scored),
            "skipped": number(done.skipped),
        },
    )
    return redirect(f"{reverse('measures:dti_criteria')}?nam={period.year}")


def _text(request: HttpRequest) -> tuple[str, str]:
    """Return the table that was sent, or kept from the preview; or a sentence about why it cannot be read."""
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        kept = request.POST.get("content", "")
        return kept, "" if kept.strip() else _("Chọn tệp CSV của bảng chỉ tiêu.")
    if (file.size or 0) > LARGEST:
        return "", _("Tệp nặng quá 1 MB. Chia thành nhiều tệp.")
    try:
        return file.read().decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return "", _("Tệp không phải CSV UTF-8. Trong Excel, chọn Lưu thành, “CSV UTF-8”.")


def _previewed(plan: ImportPlan) -> dict[str, Any]:
    return {
        "plan": plan,
        "rows": [_row(one) for one in plan.lines],
        "n_good": len(plan.good),
        "n_bad": len(plan.bad),
        "n_same": sum(one.is_unchanged for one in plan.lines),
    }


def _row(one: Planned) -> dict[str, Any]:
    row = one.row
    does = [
        words
        for is_so, words in (
            (one.is_new, _("chỉ tiêu mới")),
            (one.is_mended, _("sửa tên, nhóm hoặc điểm tối đa")),
            (one.is_scored, _("ghi điểm tự chấm")),
            (one.is_assigned, _("ghi phân công")),
        )
        if is_so
    ]
    return {
        "row": row,
        "maximum": plain(row.maximum),
        "score": plain(row.score) if row.score is not None else _("chưa có"),
        "does": ", ".join(does) or _("không đổi"),
    }
