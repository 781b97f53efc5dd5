"""The front page, search, and the page of a procedure."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tinhso.catalogue.api import ProcedureNotFound, search, service_page
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


def search_page(request: HttpRequest) -> HttpResponse:
    """Find procedures by everyday words, with or without marks."""
    term = request.GET.get("q", "").strip()[:200]
    hits = search(term, clock.today()) if term else []
    return render(request, "portal/search.html", {"term": term, "hits": hits, "section": "search"})


def service(request: HttpRequest, code: str) -> HttpResponse:
    """Show all that a person needs to know of a procedure, and the way in."""
    try:
        page = service_page(code, clock.today())
    except ProcedureNotFound:
        raise Http404 from None
    return render(request, "portal/service.html", {"page": page, "section": "search"})
