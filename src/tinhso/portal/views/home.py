"""The front page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tinhso.measures import api as measures
from tinhso.toolkit import clock


def home(request: HttpRequest) -> HttpResponse:
    """Show what can be done today, and the cloth of the year from real counts."""
    now = clock.now()
    first = now.date().replace(month=1, day=1)
    woven = measures.days(first, now.date())
    return render(
        request,
        "portal/home.html",
        {
            "cloth_days": [(day, done, late) for day, (done, late) in sorted(woven.items())],
            "today": now.date(),
        },
    )
