"""Pages of findings: the list that is followed to the end, one finding with its remedy, the paper."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tinhso.directory.api import calendar, holders_only, who
from tinhso.documents.api import Upload, UploadRefused, contents_of, read, take_upload
from tinhso.plans.forms.money import AnswerForm, RemedyForm, chosen, number_asked
from tinhso.plans.models import Finding
from tinhso.plans.permissions import AGENCY
from tinhso.plans.permissions.money import FINDINGS, INSPECTING, MayInspect
from tinhso.plans.queries.history import history_of, reminders_of
from tinhso.plans.queries.inspections import (
    STANDINGS,
    FindingsWanted,
    findings_of,
    inspected_offices,
    row_of,
    years_inspected,
)
from tinhso.plans.services.answer_remedy import CannotAnswerRemedy, answer_remedy
from tinhso.plans.services.report_remedy import CannotReportRemedy, report_remedy
from tinhso.plans.views.frame import frame, insiders_only
from tinhso.toolkit import clock
from tinhso.toolkit.spreadsheet import guarded
from tinhso.toolkit.words import date_text

PER_PAGE = 50


@require_safe
@insiders_only
def findings(request: HttpRequest) -> HttpResponse:
    """List findings of every year, followed to the end, worst first."""
    by, today = who(request), clock.today()
    wanted = _findings_wanted(request)
    base = FindingsWanted(wanted.year, wanted.office_id, "", wanted.kind)
    every = findings_of(by, base, today)
    rows = [row for row in every if row.standing in STANDINGS[wanted.standing]]
    counts = {key: sum(row.standing in held for row in every) for key, held in STANDINGS.items()}
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("trang"))
    return render(
        request,
        "plans/inspection_findings.html",
        {
            **frame(request, "inspections"),
            "page": page,
            "wanted": wanted,
            "tabs": [
                (words, counts[key], _with(request, xem=key), key == wanted.standing)
                for key, words in _tab_words().items()
            ],
            "title": _("%(n)d trên %(whole)d kiến nghị đã khắc phục, %(late)d quá hạn")
            % {"n": counts["da-xong"], "whole": len(every), "late": counts["qua-han"]},
            "years": years_inspected(by),
            "offices": inspected_offices(by),
            "query": _with(request, trang=""),
            "earlier": _with(request, trang=str(page.number - 1)),
            "later": _with(request, trang=str(page.number + 1)),
        },
    )


@require_safe
@insiders_only
def findings_csv(request: HttpRequest) -> HttpResponse:
    """Give the findings of the list as CSV."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="kien-nghi.csv"'
    response.write("\ufeff")
    sheet = csv.writer(response)
    sheet.writerow(["cuoc_kiem_tra", "co_quan", "loai", "noi_dung", "khac_phuc", "han", "tinh_trang"])
    for row in findings_of(who(request), _findings_wanted(request), clock.today()):
        one, of = row.finding, row.finding.inspection
        words = (of.name, of.office.short_name, row.what, one.text, one.remedy)
        sheet.writerow([*(guarded(text) for text in words), date_text(one.due), row.words])
    return response


@require_safe
@insiders_only
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one finding: what must be remedied by when, what was done, who looked at it."""
    found = FINDINGS.look(who(request), MayInspect.READ_FINDING, pk=pk)
    return render(request, "plans/inspection_finding.html", _finding_page(request, found))


@require_POST
@holders_only(*AGENCY)
def finding_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Report a remedy with its paper."""
    by = who(request)
    found = FINDINGS.look(by, MayInspect.REPORT, pk=pk)
    form = RemedyForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            upload = _taken(form.cleaned_data)
            report_remedy(
                by=by,
                at=clock.now(),
                finding_id=pk,
                text=form.cleaned_data["text"],
                paper=upload.file if upload else None,
                paper_name=upload.name if upload else "",
            )
        except UploadRefused as refused:
            form.add_error("paper", refused.sentence)
        except CannotReportRemedy as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("Đã báo. Thanh tra hoặc thư ký Ban Chỉ đạo xét rồi báo lại."))
            return redirect("plans:finding", pk=pk)
    context = _finding_page(request, found) | {"remedy_form": form}
    return render(request, "plans/inspection_finding.html", context, status=422)


@require_POST
@holders_only(*INSPECTING)
def finding_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a remedy, or return it."""
    by = who(request)
    found, form = FINDINGS.look(by, MayInspect.ANSWER, pk=pk), AnswerForm(request.POST)
    if form.is_valid():
        is_taken = form.cleaned_data["outcome"] == "dat"
        try:
            answer_remedy(
                by=by,
                at=clock.now(),
                finding_id=pk,
                is_taken=is_taken,
                reason=form.cleaned_data["reason"],
            )
        except CannotAnswerRemedy as refused:
            form.add_error("reason", str(refused))
        else:
            messages.success(request, _("Đã xác nhận.") if is_taken else _("Đã trả lại, cơ quan được báo."))
            return redirect("plans:finding", pk=pk)
    context = _finding_page(request, found) | {"answer_form": form}
    return render(request, "plans/inspection_finding.html", context, status=422)


@require_safe
@insiders_only
def finding_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the paper of a remedy to whoever may read the finding."""
    found = FINDINGS.look(who(request), MayInspect.READ_FINDING, pk=pk)
    if found.file is None:
        raise Http404
    response = HttpResponse(read(found.file), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="khac-phuc-{found.pk}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


# shaping


def _tab_words() -> dict[str, str]:
    """Return the tabs of the list in their order; a list that was asked for by nothing shows the first."""
    return {
        "chua-xong": _("Chưa xong"),
        "qua-han": _("Quá hạn"),
        "con-han": _("Còn hạn"),
        "cho-xet": _("Chờ xét"),
        "da-xong": _("Đã khắc phục"),
    }


def _finding_page(request: HttpRequest, found: Finding) -> dict[str, Any]:
    by, today = who(request), clock.today()
    return {
        **frame(request, "inspections"),
        "one": found,
        "row": row_of(found, today, calendar()),
        "remedy_form": RemedyForm() if FINDINGS.holds(by, MayInspect.REPORT, found) else None,
        "answer_form": AnswerForm() if FINDINGS.holds(by, MayInspect.ANSWER, found) else None,
        "reminders": reminders_of(found.about),
        "history": history_of(found.about),
    }


def _taken(typed: Mapping[str, Any]) -> Upload | None:
    """Keep the paper that was sent, if one was. Raises ``UploadRefused``."""
    sent = typed["paper"]
    return take_upload(contents_of(sent), name=sent.name, at=clock.now()) if sent else None


def _findings_wanted(request: HttpRequest) -> FindingsWanted:
    sent = request.GET
    return FindingsWanted(
        number_asked(sent, "nam"),
        number_asked(sent, "co_quan"),
        chosen(sent, "xem", list(STANDINGS)) or "chua-xong",
        chosen(sent, "loai", ("kien-nghi", "vi-pham")),
    )


def _with(request: HttpRequest, **changed: str) -> str:
    """Return the query of the address with some parts changed; blank ones left out."""
    sent = request.GET.copy()
    for name, value in changed.items():
        sent[name] = value
    if "xem" in changed:
        sent.pop("trang", None)
    for name in [name for name, value in sent.items() if not value]:
        del sent[name]
    return f"?{sent.urlencode()}"
