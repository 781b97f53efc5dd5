"""Figures that somebody reported, each with its document, beside what the platform counts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tinhso.directory.api import holders_only, who
from tinhso.measures.forms import said, whole_number
from tinhso.measures.models import ReportedFigure
from tinhso.measures.permissions import STATISTICIANS
from tinhso.measures.queries.formulas import every_formula
from tinhso.measures.queries.publications import BesideComputed, history_of, reported_figures
from tinhso.measures.services.report_figure import Reported, ReportRefused, report_figure
from tinhso.measures.views.frame import plain, signed
from tinhso.measures.views.keepers import keepers_frame
from tinhso.toolkit import clock, words
from tinhso.toolkit.words import day_of

BOXES = (
    *("name", "value", "unit", "numerator", "denominator", "tu", "den", "reported_by"),
    *("document_number", "document_date", "compares_with", "note"),
)
#: Where the box of a field has another name.
BOX_OF = {"first": "tu", "last": "den"}
_MOST = Decimal(10) ** 10


@require_safe
def reported_page(request: HttpRequest) -> HttpResponse:
    """List the reported figures beside the computed ones: two columns, never one sum."""
    by = who(request)
    return render(
        request,
        "measures/reported.html",
        {
            "rows": [_shown(one) for one in reported_figures(of_whole_months=not by.is_officer)],
            "may_enter": by.holds(*STATISTICIANS),
        },
    )


@require_safe
def reported_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a record and those that it replaced."""
    rows = history_of(pk)
    if not rows:
        raise Http404
    return render(
        request,
        "measures/reported_history.html",
        {"rows": [(one, plain(one.value)) for one in rows], "may_enter": who(request).holds(*STATISTICIANS)},
    )


@holders_only(*STATISTICIANS)
@require_http_methods(["GET", "POST"])
def enter_reported(request: HttpRequest) -> HttpResponse:
    """Enter a figure that a document reports, or replace one."""
    replaces = whole_number(said(request.POST or request.GET, "thay"))
    before = ReportedFigure.objects.filter(pk=replaces).first() if replaces else None
    if replaces and before is None:
        raise Http404
    typed = _typed(before)
    wrong: dict[str, str] = {}
    if request.method == "POST":
        typed = {name: said(request.POST, name) for name in BOXES}
        reported, wrong = _parsed(typed)
        if reported is not None:
            try:
                report_figure(by=who(request), at=clock.now(), reported=reported, replaces=replaces)
            except ReportRefused as refused:
                wrong = {BOX_OF.get(refused.field, refused.field): str(refused)}
            else:
                messages.success(request, _("Đã ghi số báo cáo."))
                return redirect("measures:reported_figures")
    return render(
        request,
        "measures/enter_reported.html",
        {
            **keepers_frame(request, "enter_reported"),
            "typed": typed,
            "wrong": wrong,
            "replaces": replaces or "",
            "formulas": [(one.key, one.name) for one in every_formula().every],
        },
        status=422 if wrong else 200,
    )


def _typed(before: ReportedFigure | None) -> dict[str, str]:
    if before is None:
        return dict.fromkeys(BOXES, "") | {"unit": "phần trăm"}
    told = {name: getattr(before, name, "") for name in BOXES}
    return {
        **{name: str(value if value is not None else "") for name, value in told.items()},
        "value": plain(before.value),
        "tu": words.date_text(before.first),
        "den": words.date_text(before.last),
        "document_date": words.date_text(before.document_date) if before.document_date else "",
    }


def _parsed(typed: dict[str, str]) -> tuple[Reported | None, dict[str, str]]:
    """Return what was typed as a record, or a sentence for each box that cannot be read."""
    wrong: dict[str, str] = {}
    days = {name: day_of(typed[name]) for name in ("tu", "den", "document_date")}
    for name, day in days.items():
        if day is None and (typed[name] or name != "document_date"):
            wrong[name] = _("Viết ngày như 01/03/2022.")
    counts = {name: whole_number(typed[name].replace(".", "")) for name in ("numerator", "denominator")}
    for name, count in counts.items():
        if typed[name] and count is None:
            wrong[name] = _("Viết số nguyên, ví dụ 179.966.")
    value = _decimal(typed["value"])
    if value is None:
        wrong["value"] = _("Viết con số, ví dụ 99,98.")
    if typed["compares_with"] and not every_formula().of(typed["compares_with"]):
        wrong["compares_with"] = _("Chọn một công thức trong danh sách.")
    if wrong or value is None or days["tu"] is None or days["den"] is None:
        return None, wrong
    return (
        Reported(
            name=typed["name"],
            value=value,
            unit=typed["unit"],
            first=days["tu"],
            last=days["den"],
            reported_by=typed["reported_by"],
            document_number=typed["document_number"],
            document_date=days["document_date"],
            numerator=counts["numerator"],
            denominator=counts["denominator"],
            compares_with=typed["compares_with"],
            note=typed["note"],
        ),
        {},
    )


def _decimal(text: str) -> Decimal | None:
    """Return a number as Vietnamese is written: 1.605 or 99,98; None where it is none, below zero or too long."""
    plain_text = text.replace(".", "").replace(",", ".", 1)
    if not plain_text.replace(".", "", 1).isascii() or not plain_text.replace(".", "", 1).isdigit():
        return None
    value = Decimal(plain_text)
    return value if value < _MOST and value == value.quantize(Decimal("0.0001")) else None


def _shown(one: BesideComputed) -> dict[str, Any]:
    computed = one.computed
    return {
        "one": one.reported,
        "value": plain(one.reported.value),
        "computed": computed,
        "share": words.percent(computed.numerator, computed.denominator) if computed else "",
        "gap": signed(one.gap) if one.gap is not None else "",
    }
