"""The front page and the page of a procedure."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from tinhso.catalogue.api import ProcedureNotFound, code_today, life_events, service_levels, service_page
from tinhso.directory.api import calendar
from tinhso.measures import api as measures
from tinhso.toolkit import clock
from tinhso.toolkit.public_page import public_page

#: Events of life that are tiles; the others stand below, one tap away.
TILES = 8


@require_safe
@public_page
def home(request: HttpRequest) -> HttpResponse:
    """Show what can be done today, and the cloth of the year from real counts."""
    today = clock.today()
    return render(
        request,
        "portal/home.html",
        {
            "events": life_events()[:TILES],
            "more_events": life_events()[TILES:],
            "levels": service_levels(today).whole,
            "cloth_days": _cloth(today),
            "today": today,
        },
    )


def _cloth(today: dt.date) -> list[tuple[dt.date, int | None, int]]:
    """Return every working day of the year: what was given on it and how much of it late; None is still to come."""
    first = today.replace(month=1, day=1)
    days = measures.tallies(first, today, measures.By.DAY)
    formula = measures.usual("reported", today)
    done = {day: measures.figure(formula, one.ended) for day, one in days.items()}
    days_off = calendar()
    year = (first + dt.timedelta(days=n) for n in range(366))
    return [
        (day, _given(done.get(day)) if day <= today else None, done[day].groups["late"] if day in done else 0)
        for day in year
        if day.year == today.year and days_off.is_working(day)
    ]


def _given(done: measures.Figure | None) -> int:
    """Return how many results were given on a day."""
    return done.whole - done.excluded.get("withdrawn", 0) if done else 0


@require_safe
@public_page
def service(request: HttpRequest, code: str) -> HttpResponse:
    """Show all that a person needs to know of a procedure, and the way in; an old code leads to today's."""
    try:
        page = service_page(code, clock.today())
    except ProcedureNotFound:
        known = code_today(code)
        if known is None or known == code:
            raise Http404 from None
        return redirect("portal:service", code=known, permanent=True)
    return render(request, "portal/service.html", {"page": page, "section": "search"})
