"""Two acts of a leader on the record of a dossier: a new due moment, and an end that was recorded wrongly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tinhso.directory.api import calendar, who
from tinhso.dossiers import api
from tinhso.dossiers.forms import CorrectionForm, ExtensionForm, MomentForm
from tinhso.dossiers.models import Dossier
from tinhso.dossiers.permissions import POLICY, May
from tinhso.dossiers.queries import acts_on
from tinhso.dossiers.queries.changes import extension_warnings, record_lines
from tinhso.dossiers.rules.changes import Fault
from tinhso.dossiers.views.officers import frame, officers_only
from tinhso.toolkit import clock
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.words import clock_text, date_text, moment_text

#: The box that a fault is about.
BOX = {Fault.OUTSIDE_OFFICE_HOURS: "clock"}


@require_http_methods(["GET", "HEAD", "POST"])
@officers_only
def extend(request: HttpRequest, code: str) -> HttpResponse:
    """Say what a new due moment means, take it with its reason, and send the apology."""
    dossier = _dossier(request, May.EXTEND, code)
    if dossier.due_at is None or "hen-lai" not in acts_on(who(request), dossier):
        messages.warning(request, _("Hồ sơ này không hẹn lại được lúc này. Xem tình trạng bên dưới."))
        return redirect("dossiers:desk", code=code)
    form = ExtensionForm(_posted(request), initial={"clock": clock_text(dt.time(17))})

    def press() -> str:
        api.extend(
            by=who(request),
            at=clock.now(),
            tracking_code=code,
            seen=_seen(request),
            to=form.moment,
            reason=form.cleaned_data["reason"],
        )
        day = {"moment": moment_text(form.moment)}
        return _("Đã hẹn lại %(moment)s. Phiếu xin lỗi ở mục Phiếu đã cấp, người nộp được báo.") % day

    return _take(request, dossier, form, press, "dossiers/changes/extend.html")


@require_http_methods(["GET", "HEAD", "POST"])
@officers_only
def correct(request: HttpRequest, code: str) -> HttpResponse:
    """Say what setting the end right means, take the moment with reason and document, and keep both moments."""
    dossier = _dossier(request, May.CORRECT, code)
    if "sua-ngay" not in acts_on(who(request), dossier):
        messages.warning(request, _("Chỉ sửa được ngày xong của hồ sơ đã xong. Xem tình trạng bên dưới."))
        return redirect("dossiers:desk", code=code)
    form = CorrectionForm(_posted(request))

    def press() -> str:
        api.correct(
            by=who(request),
            at=clock.now(),
            tracking_code=code,
            seen=_seen(request),
            to=form.moment,
            reason=form.cleaned_data["reason"],
            document_number=form.cleaned_data["document"],
        )
        moment = {"moment": moment_text(form.moment)}
        return _("Đã ghi lại ngày xong: %(moment)s. Ngày ghi trước vẫn còn trong Quá trình.") % moment

    return _take(request, dossier, form, press, "dossiers/changes/correct.html")


def _take(
    request: HttpRequest, dossier: Dossier, form: MomentForm, press: Callable[[], str], page: str
) -> HttpResponse:
    """Do what was filled in and go back to the desk; else show the page, with what is wrong."""
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, press())
        except api.MomentRefused as refused:
            form.add_error(BOX.get(refused.fault, "day"), _said(refused.fault, form.moment, dossier))
        except api.MomentMoved:
            messages.warning(request, _("Hồ sơ vừa có người khác đổi. Xem lại rồi làm tiếp."))
            return redirect(request.path)
        except (NotThere, api.NotExtendable, api.NotCorrectable):
            messages.warning(request, _("Hồ sơ đã sang bước khác. Xem lại tình trạng bên dưới."))
            return redirect("dossiers:desk", code=dossier.tracking_code)
        else:
            return redirect("dossiers:desk", code=dossier.tracking_code)
    return render(
        request, page, _context(request, dossier, form), status=422 if request.method == "POST" else 200
    )


def _context(request: HttpRequest, dossier: Dossier, form: MomentForm) -> dict[str, Any]:
    now = clock.now()
    is_extension = isinstance(form, ExtensionForm)
    return {
        **frame(request, "inbox"),
        "dossier": dossier,
        "form": form,
        "stands": dossier.due_at if is_extension else dossier.ended_at,
        "warnings": extension_warnings(dossier, now) if is_extension else (),
        "is_late": bool(dossier.original_due_at and now > dossier.original_due_at),
        "lines": record_lines(dossier),
    }


def _dossier(request: HttpRequest, may: May, code: str) -> Dossier:
    try:
        return POLICY.look(who(request), may, tracking_code=code)
    except NotThere:
        raise Http404 from None


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _seen(request: HttpRequest) -> dt.datetime:
    """Return the moment that the page showed. Raises ``MomentMoved`` for anything else."""
    try:
        seen = parse_datetime(request.POST.get("seen", ""))
    except ValueError:
        seen = None
    if seen is None or seen.tzinfo is None:
        raise api.MomentMoved
    return seen


def _said(fault: Fault, moment: dt.datetime, dossier: Dossier) -> str:
    """Say what is wrong with the moment, and what would be right."""
    if fault is Fault.OUTSIDE_OFFICE_HOURS:
        near = {"moment": moment_text(calendar().next_working_moment(moment))}
        return _("Lúc ấy cơ quan không làm việc. Gần nhất là %(moment)s.") % near
    if fault is Fault.NOT_LATER and dossier.due_at is not None:
        due = {"moment": moment_text(dossier.due_at.astimezone(clock.VN))}
        return _("Hẹn lại phải muộn hơn lúc này và ngày hẹn đang có, %(moment)s.") % due
    if fault is Fault.BEFORE_ACCEPTANCE and dossier.accepted_at is not None:
        day = {"moment": moment_text(dossier.accepted_at.astimezone(clock.VN))}
        return _("Hồ sơ tiếp nhận lúc %(moment)s, không thể xong trước đó.") % day
    return {
        Fault.BEFORE_A_PAUSE: _("Lúc ấy hồ sơ còn chờ bổ sung. Ngày xong phải sau lần tạm dừng cuối."),
        Fault.IN_THE_FUTURE: _("Lúc ấy chưa tới, nay là %(day)s. Ghi ngày đã qua.")
        % {"day": date_text(clock.today())},
    }.get(fault, _("Đây là ngày đang ghi, không có gì để sửa."))
