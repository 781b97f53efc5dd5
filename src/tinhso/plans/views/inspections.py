"""Pages of inspections: the year's rounds, one round with what it found, findings followed to the end."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tinhso.directory.api import holders_only, who
from tinhso.plans.forms.money import (
    ConclusionForm,
    FindingForm,
    RoundChangeForm,
    RoundForm,
    number_asked,
    year_asked,
)
from tinhso.plans.models import Inspection
from tinhso.plans.permissions.money import FINDINGS, INSPECTING, INSPECTIONS, MayInspect
from tinhso.plans.queries.history import history_of
from tinhso.plans.queries.inspections import (
    FindingsWanted,
    Inspections,
    finding_rows,
    findings_of,
    inspected_offices,
    inspections_of_year,
    rounds_read,
    years_inspected,
)
from tinhso.plans.queries.task_views import places
from tinhso.plans.services.add_finding import CannotAddFinding, add_finding
from tinhso.plans.services.change_inspection import CannotChangeInspection, change_inspection
from tinhso.plans.services.conclude_inspection import CannotConclude, conclude_inspection
from tinhso.plans.services.start_inspection import CannotStartInspection, start_inspection
from tinhso.plans.views.frame import frame, insiders_only
from tinhso.toolkit import clock
from tinhso.toolkit.words import date_text


@require_safe
@insiders_only
def inspections(request: HttpRequest) -> HttpResponse:
    """Show the rounds of a year, what became of them, and the findings that are not remedied in time."""
    by, today = who(request), clock.today()
    year = year_asked(request.GET, today.year)
    office_id = number_asked(request.GET, "co_quan")
    rounds = rounds_read(by)
    if office_id is not None:
        rounds = rounds.filter(office_id=office_id)
    found = inspections_of_year(year, today, rounds)
    owed = findings_of(by, FindingsWanted(office_id=office_id, standing="qua-han"), today)
    return render(
        request,
        "plans/inspections.html",
        {
            **frame(request, "inspections"),
            "found": found,
            "finding": _finding(found),
            "owed": owed,
            "year": year,
            "office_id": office_id,
            "years": sorted({*years_inspected(by), today.year, year}, reverse=True),
            "offices": inspected_offices(by),
            "may_enter": by.holds(*INSPECTING),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only(*INSPECTING)
def inspection_new(request: HttpRequest) -> HttpResponse:
    """Enter a round."""
    today = clock.today()
    every = places(today)
    form = RoundForm(
        request.POST if request.method == "POST" else None, initial={"is_planned": "co"}, places=every
    )
    if request.method == "POST" and form.is_valid():
        typed = dict(form.cleaned_data)
        typed["is_planned"] = typed["is_planned"] == "co"
        try:
            made = start_inspection(by=who(request), at=clock.now(), year=typed["starts"].year, **typed)
        except CannotStartInspection as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Đã ghi cuộc kiểm tra. Kiến nghị ghi ở trang này."))
            return redirect("plans:inspection", pk=made.pk)
    context = {**frame(request, "inspections"), "form": form, "places": every}
    return render(request, "plans/inspection_new.html", context, status=422 if form.errors else 200)


@require_safe
@insiders_only
def inspection(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one round: who inspects whom, what was found, what became of it."""
    return render(
        request, "plans/inspection.html", _round_page(request, _round(request, MayInspect.READ, pk))
    )


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only(*INSPECTING)
def inspection_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a round, or write its decision."""
    found = _round(request, MayInspect.CHANGE, pk)
    form = RoundChangeForm(
        request.POST if request.method == "POST" else None,
        initial={
            "starts": date_text(found.starts),
            "ends": date_text(found.ends),
            "decision_number": found.decision_number,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            change_inspection(by=who(request), at=clock.now(), inspection_id=pk, **form.cleaned_data)
        except CannotChangeInspection as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Đã ghi. Ngày cũ còn trong lịch sử."))
            return redirect("plans:inspection", pk=pk)
    context = {**frame(request, "inspections"), "form": form, "one": found}
    return render(request, "plans/inspection_change.html", context, status=422 if form.errors else 200)


@require_POST
@holders_only(*INSPECTING)
def inspection_finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a finding."""
    found, form = _round(request, MayInspect.ADD_FINDING, pk), FindingForm(request.POST)
    if form.is_valid():
        typed = dict(form.cleaned_data)
        typed["is_violation"] = typed["is_violation"] == "co"
        try:
            add_finding(by=who(request), at=clock.now(), inspection_id=pk, **typed)
        except CannotAddFinding as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("Đã ghi kiến nghị. Máy tự nhắc khi gần hạn."))
            return redirect("plans:inspection", pk=pk)
    context = _round_page(request, found) | {"finding_form": form}
    return render(request, "plans/inspection.html", context, status=422)


@require_POST
@holders_only(*INSPECTING)
def inspection_conclude(request: HttpRequest, pk: int) -> HttpResponse:
    """Conclude a round."""
    found, form = _round(request, MayInspect.CONCLUDE, pk), ConclusionForm(request.POST)
    if form.is_valid():
        try:
            conclude_inspection(by=who(request), at=clock.now(), inspection_id=pk, **form.cleaned_data)
        except CannotConclude as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Đã kết luận. Cơ quan được kiểm tra đã được báo."))
            return redirect("plans:inspection", pk=pk)
    context = _round_page(request, found) | {"conclusion_form": form}
    return render(request, "plans/inspection.html", context, status=422)


# shaping


def _round(request: HttpRequest, may: MayInspect, pk: int) -> Inspection:
    return INSPECTIONS.look(who(request), may, pk=pk)


def _round_page(request: HttpRequest, found: Inspection) -> dict[str, Any]:
    by, today = who(request), clock.today()
    may_write = INSPECTIONS.holds(by, MayInspect.CONCLUDE, found)
    has_begun = found.starts <= today
    rows = finding_rows(FINDINGS.rows(by, MayInspect.READ_FINDING).filter(inspection=found), today)
    year = inspections_of_year(found.year, today, Inspection.objects.filter(pk=found.pk))
    return {
        **frame(request, "inspections"),
        "one": found,
        "round": year.rounds[0],
        "rows": rows,
        "may_write": may_write,
        "has_begun": has_begun,
        "finding_form": FindingForm(initial={"is_violation": "khong"}) if may_write and has_begun else None,
        "conclusion_form": _conclusion_form(found, today) if may_write and has_begun else None,
        "history": history_of(found.about),
    }


def _conclusion_form(found: Inspection, today: dt.date) -> ConclusionForm | None:
    return ConclusionForm(initial={"on": date_text(today)}) if found.decision_number else None


def _finding(found: Inspections) -> str:
    if not found.rounds:
        return _("Năm %(year)d chưa có cuộc kiểm tra nào") % {"year": found.year}
    n = {
        "done": found.done + found.unplanned_done,
        "planned": len(found.rounds),
        "closed": found.closed,
        "findings": found.findings,
        "late": found.overdue,
    }
    if not found.findings:
        return _("%(done)d trên %(planned)d cuộc kiểm tra đã xong, chưa có kiến nghị") % n
    return _("%(closed)d trên %(findings)d kiến nghị đã khắc phục, %(late)d quá hạn") % n
