"""The working calendar: which days offices rest and why; changed by a decision, with what it means for running dossiers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tinhso.directory.api import (
    DayNotKnown,
    Role,
    SpecialDay,
    calendar,
    calendar_with,
    changes_of,
    holders_only,
    may_change_calendar,
    special_days,
    who,
)
from tinhso.dossiers import api
from tinhso.dossiers.forms import CalendarForm
from tinhso.dossiers.queries.recounting import Outlook, outlook
from tinhso.dossiers.views.officers import frame
from tinhso.toolkit import clock
from tinhso.toolkit.working_time import CalendarContradiction

#: Rows of the preview that a page shows; the rest is counted.
SHOWN = 100
SURE = {"seen": _("đã thấy văn bản"), "second-hand": _("theo báo chí"), "computed": _("tính theo luật")}
_MONTHS = 12


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only(Role.ADMINISTRATOR)
def working_calendar(request: HttpRequest) -> HttpResponse:
    """Show a year; look at what a change would mean; make the change."""
    actor = who(request)
    if request.method != "POST":
        withdrawn = request.GET.get("rut", "")
        form = CalendarForm(initial={"wrong": _vietnamese(withdrawn)} if withdrawn else None)
        return render(request, "dossiers/calendar.html", _page(request, form))
    if not may_change_calendar(actor):
        raise Http404
    form = CalendarForm(request.POST)
    seen: Outlook | None = None
    if form.is_valid():
        try:
            seen = outlook(calendar_with(form.enter, form.withdraw, form.cleaned_data["decision"]), form.days)
        except CalendarContradiction as contradiction:
            form.add_error(None, str(contradiction))
        except DayNotKnown as unknown:
            form.add_error("wrong", _not_known(unknown.day))
    if seen is None:
        return render(request, "dossiers/calendar.html", _page(request, form), status=422)
    if request.POST.get("viec") != "doi":
        return render(request, "dossiers/calendar.html", _page(request, form, seen))
    done = api.recount(
        by=actor,
        at=clock.now(),
        enter=form.enter,
        withdraw=form.withdraw,
        decision=form.cleaned_data["decision"],
        reason=form.cleaned_data["reason"],
        moves=request.POST.get("doi_hen") == "1",
    )
    messages.success(request, _done(done, moved=request.POST.get("doi_hen") == "1"))
    return redirect(f"{reverse('dossiers:calendar')}?nam={form.days[0].year}")


def _done(found: Outlook, *, moved: bool) -> str:
    said = _("Đã đổi lịch.")
    if found.later and moved:
        return f"{said} " + _("Dời %(n)d ngày hẹn; người nộp được báo.") % {"n": len(found.later)}
    return f"{said} " + _("Không ngày hẹn nào bị dời.")


def _not_known(day: dt.date) -> str:
    return _("Ngày %(day)s không có trong lịch, nên không rút được. Xem lại bảng bên dưới.") % {
        "day": f"{day:%d/%m/%Y}"
    }


def _vietnamese(text: str) -> str:
    try:
        return f"{dt.date.fromisoformat(text):%d/%m/%Y}"
    except ValueError:
        return ""


def _year(request: HttpRequest, form: forms.Form) -> int:
    asked = request.GET.get("nam", "")
    days: list[dt.date] = getattr(form, "days", []) if form.is_bound and form.is_valid() else []
    if days:
        return days[0].year
    today = clock.today().year
    return int(asked) if asked.isdecimal() and abs(int(asked) - today) <= 10 else today


def _page(request: HttpRequest, form: CalendarForm, seen: Outlook | None = None) -> dict[str, Any]:
    year = _year(request, form)
    rows = special_days(year)
    return {
        **frame(request, "calendar"),
        "form": form,
        "seen": seen,
        "later": seen.later[:SHOWN] if seen else (),
        "later_more": max(len(seen.later) - SHOWN, 0) if seen else 0,
        "earlier": seen.earlier[:SHOWN] if seen else (),
        "earlier_more": max(len(seen.earlier) - SHOWN, 0) if seen else 0,
        "year": year,
        "holding": [_row(row) for row in rows if row.withdrawn_at is None],
        "withdrawn": [_row(row) for row in rows if row.withdrawn_at is not None],
        "months": _months(year),
        "changes": changes_of("calendar"),
        "may_change": may_change_calendar(who(request)),
    }


def _row(row: SpecialDay) -> dict[str, Any]:
    return {"day": row, "sure": SURE.get(row.confirmed, _("chưa kiểm chứng"))}


def _months(year: int) -> list[dict[str, Any]]:
    """Return how many days offices work in each month, and the dates of rest that are no weekend."""
    days_off = calendar()
    found = []
    for month in range(1, _MONTHS + 1):
        first = dt.date(year, month, 1)
        last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
        found.append({"month": first, "worked": sum(days_off.is_working(day) for day in days)})
    return found
