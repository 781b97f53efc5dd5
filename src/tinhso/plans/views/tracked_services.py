"""The services of Project 06: the list, one of them, where it hangs."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tinhso.directory.api import Actor, who
from tinhso.plans.forms.task_acts import TrackedForm
from tinhso.plans.models import TrackedService
from tinhso.plans.permissions import COMMITTEE
from tinhso.plans.permissions.tasks import TRACKED, MayTrack
from tinhso.plans.queries.history import history_of
from tinhso.plans.queries.task_views import place_of, places
from tinhso.plans.queries.tracked_services import (
    PROJECT_06,
    TrackedList,
    linked_tasks,
    other_tasks,
    project_counts,
    shaped_tasks,
    task_title,
    tracked_list,
)
from tinhso.plans.services.update_tracked_service import CannotUpdateService, update_tracked_service
from tinhso.plans.views.frame import frame, insiders_only
from tinhso.toolkit import clock
from tinhso.toolkit.spreadsheet import guarded
from tinhso.toolkit.words import date_text


@require_safe
@insiders_only
def tracked_services(request: HttpRequest) -> HttpResponse:
    """List the services with the share that came online this year, and where each hangs."""
    by = who(request)
    found = _list(by)
    rows = list(found.rows)
    if request.GET.get("xep") == "ty-le":
        rows.sort(key=lambda row: (row.share is None, row.share or 0, row.service.ordinal))
    if request.GET.get("vuong"):
        rows = [row for row in rows if row.service.blocker]
    context = {
        **frame(request, "tasks"),
        "found": found,
        "rows": rows,
        "is_by_share": request.GET.get("xep") == "ty-le",
        "only_blocked": bool(request.GET.get("vuong")),
        "tasks": project_counts(by, clock.today()),
        "tasks_link": reverse("plans:tasks") + f"?nhan={PROJECT_06}",
    }
    return render(request, "plans/tracked_services.html", context)


@require_safe
@insiders_only
def tracked_csv(request: HttpRequest) -> HttpResponse:
    """Give the list as CSV, UTF-8 with a mark that Excel knows."""
    found = _list(who(request))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [
            _("Số"),
            _("Dịch vụ"),
            _("Kiểm chứng"),
            _("Chủ trì"),
            _("Mã thủ tục"),
            _("Nộp qua mạng"),
            _("Tất cả hồ sơ"),
            _("Tỷ lệ qua mạng, phần trăm"),
            _("Từ ngày"),
            _("Đến ngày"),
            _("Vướng ở đâu"),
        ]
    )
    for row in found.rows:
        one = row.service
        writer.writerow(
            guarded(cell)
            for cell in (
                one.ordinal,
                one.name,
                _("đã kiểm chứng") if one.is_verified else _("chưa kiểm chứng"),
                one.lead.short_name if one.lead else "",
                " ".join(one.procedure_codes),
                row.received.online if row.is_counted else "",
                row.received.whole if row.is_counted else "",
                "" if row.share is None else f"{row.share:.1f}".replace(".", ","),
                date_text(found.first),
                date_text(found.last),
                one.blocker,
            )
        )
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="de-an-06.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@insiders_only
def tracked_service(request: HttpRequest, ordinal: int) -> HttpResponse:
    """Show a service with its procedures and tasks; its lead office and the committee say where it hangs."""
    by = who(request)
    service = TRACKED.look(by, MayTrack.READ, ordinal=ordinal)
    may_update = TRACKED.holds(by, MayTrack.UPDATE, service)
    if request.method == "POST":
        TRACKED.look(by, MayTrack.UPDATE, ordinal=ordinal)
    form = _form(request, by, service) if may_update else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            _update(by, service, form.cleaned_data)
        except CannotUpdateService as refused:
            form.add_error("blocker", str(refused))
        else:
            messages.success(request, _("Đã cập nhật dịch vụ."))
            return redirect("plans:tracked_service", ordinal=ordinal)
    return render(
        request,
        "plans/tracked_service.html",
        _context(request, service, form),
        status=422 if request.method == "POST" else 200,
    )


def _form(request: HttpRequest, by: Actor, service: TrackedService) -> TrackedForm:
    today = clock.today()
    return TrackedForm(
        request.POST if request.method == "POST" else None,
        places=places(today),
        may_change_links=by.holds(*COMMITTEE),
        initial={
            "blocker": service.blocker,
            "lead": place_of(service.lead, today) if service.lead else "",
            "procedure_codes": "\n".join(service.procedure_codes),
        },
    )


def _update(by: Actor, service: TrackedService, typed: dict[str, Any]) -> None:
    codes = typed.get("procedure_codes")
    update_tracked_service(
        by=by,
        at=clock.now(),
        ordinal=service.ordinal,
        blocker=typed["blocker"],
        lead=typed.get("lead"),
        procedure_codes=None if codes is None else codes.split(),
    )


def _context(request: HttpRequest, service: TrackedService, form: TrackedForm | None) -> dict[str, Any]:
    by, today = who(request), clock.today()
    found = _list(by)
    assign = [("nhan", PROJECT_06), ("viec", task_title(service))]
    if service.lead_id:
        assign.append(("co-quan", str(service.lead_id)))
    return {
        **frame(request, "tasks"),
        "service": service,
        "row": next(row for row in found.rows if row.service.ordinal == service.ordinal),
        "found": found,
        "form": form,
        "places": places(today) if form is not None else (),
        "linked": shaped_tasks(linked_tasks(by, service), today),
        "others": shaped_tasks(other_tasks(by, service), today),
        "history": history_of(service.about),
        "assign_link": reverse("plans:assign_task") + f"?{urlencode(assign)}" if by.holds(*COMMITTEE) else "",
    }


def _list(by: Actor) -> TrackedList:
    """Return the list from the first day of the year to yesterday: today's dossiers are still being counted."""
    today = clock.today()
    last = today - dt.timedelta(days=1)
    return tracked_list(by, last.replace(month=1, day=1), last)
