"""Reports of targets: those that wait, one with its evidence and answer, a new one, the file."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tinhso.directory.api import who
from tinhso.documents.api import Upload, UploadRefused, contents_of, read, take_upload
from tinhso.plans.forms.targets import ReportForm
from tinhso.plans.permissions.targets import TARGET_REPORTS, TARGETS, MayReportTarget, MayTarget
from tinhso.plans.queries.target_parts import report_of, reports_by_answer
from tinhso.plans.queries.targets import value_text
from tinhso.plans.rules.lights import PERCENT
from tinhso.plans.services.answer_target_report import CannotAnswerTargetReport, answer_target_report
from tinhso.plans.services.report_target import CannotReportTarget, report_target
from tinhso.plans.views.frame import frame, insiders_only
from tinhso.plans.views.target_pages import report_line
from tinhso.toolkit import clock
from tinhso.toolkit.text import visible

_BOTH: Final = ["GET", "HEAD", "POST"]
_ANSWERS: Final = {"cho": "", "da-xac-nhan": "confirmed", "tra-lai": "returned"}


@require_safe
@insiders_only
def reports(request: HttpRequest) -> HttpResponse:
    """List the reports that wait, or those that were confirmed or returned."""
    chosen = request.GET.get("xem", "")
    chosen = chosen if chosen in _ANSWERS else "cho"
    found = {key: reports_by_answer(who(request), answer) for key, answer in _ANSWERS.items()}
    labels = {"cho": _("Chờ xác nhận"), "da-xac-nhan": _("Đã xác nhận"), "tra-lai": _("Trả lại")}
    return render(
        request,
        "plans/target_reports.html",
        {
            **frame(request, "targets"),
            "rows": [report_line(one) for one in found[chosen]],
            "tabs": [(key, labels[key], len(rows), key == chosen) for key, rows in found.items()],
            "chosen": chosen,
            "waiting": len(found["cho"]),
        },
    )


@require_http_methods(_BOTH)
@insiders_only
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one report; take the secretary's answer."""
    by = who(request)
    error = ""
    if request.method == "POST":
        text = visible(request.POST.get("text", ""))[:2_000]
        try:
            done = answer_target_report(
                by=by, at=clock.now(), pk=pk, answer=request.POST.get("answer", ""), text=text
            )
        except CannotAnswerTargetReport as refused:
            error = str(refused)
        else:
            confirmed = done.answer == "confirmed"
            messages.success(
                request,
                _("Đã xác nhận. Chỉ tiêu đã tính theo số này.")
                if confirmed
                else _("Đã trả lại cho cơ quan."),
            )
            return redirect("plans:target", pk=done.target_id)
    found = report_of(by, pk)
    context: dict[str, Any] = {
        **frame(request, "targets"),
        "line": report_line(found),
        "report": found,
        "may_answer": TARGET_REPORTS.holds(by, MayReportTarget.ANSWER, found),
        "is_own": found.reported_by_id is not None and found.reported_by_id == by.account_id,
        "error": error,
        "typed": request.POST.get("text", ""),
        "chosen": request.POST.get("answer", ""),
    }
    return render(request, "plans/target_report.html", context, status=422 if error else 200)


@require_http_methods(_BOTH)
@insiders_only
def report_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Report what the own office reached, with evidence."""
    by = who(request)
    target = TARGETS.look(by, MayTarget.REPORT, pk=pk)
    last = target.reports.filter(answer="confirmed").order_by("-on", "-pk").first()
    starts = {"denominator": value_text(last.denominator, "").strip() if last and last.denominator else ""}
    form = ReportForm(
        request.POST if request.method == "POST" else None, is_percent=target.unit == PERCENT, initial=starts
    )
    file_error = ""
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        try:
            upload = _upload(request)
            report_target(
                by=by, at=now, pk=pk, reached=form.reached, note=form.cleaned_data["note"], upload=upload
            )
        except UploadRefused as refused:
            file_error = str(refused.sentence)
        except CannotReportTarget as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Đã gửi. Thư ký xác nhận thì số được tính vào chỉ tiêu."))
            return redirect("plans:target", pk=pk)
    context = {
        **frame(request, "targets"),
        "form": form,
        "target": target,
        "last": report_line(last) if last else None,
        "file_error": file_error,
    }
    return render(
        request, "plans/target_report_new.html", context, status=422 if request.method == "POST" else 200
    )


def _upload(request: HttpRequest) -> Upload | None:
    file = request.FILES.get("file")
    return take_upload(contents_of(file), name=file.name or "", at=clock.now()) if file else None


@require_safe
@insiders_only
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the file of a report to whoever may read the report."""
    found = TARGET_REPORTS.look(who(request), MayReportTarget.READ, pk=pk)
    if found.file is None:
        raise Http404
    response = HttpResponse(read(found.file), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="minh-chung-{found.pk}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
