"""Find a procedure by an event of life or by its field."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from tinhso.catalogue.api import Field, fields_on, life_events, of_field, of_life_event
from tinhso.toolkit import clock
from tinhso.toolkit.public_page import public_page


@require_safe
@public_page
def life_event(request: HttpRequest, key: str) -> HttpResponse:
    """Show the procedures that are wanted at an event of life."""
    event = next((one for one in life_events() if one.key == key), None)
    if event is None:
        raise Http404
    lines = of_life_event(event, clock.today())
    others = [one for one in life_events() if one is not event]
    frame = {"title": event.title, "more": event.more, "lines": lines, "events": others, "section": "search"}
    return render(request, "portal/list.html", frame)


@require_safe
@public_page
def fields(request: HttpRequest) -> HttpResponse:
    """Show every field with the number of its procedures."""
    found = fields_on(clock.today())
    whole = sum(n for _field, n in found)
    return render(request, "portal/fields.html", {"fields": found, "whole": whole, "section": "search"})


@require_safe
@public_page
def field(request: HttpRequest, number: int) -> HttpResponse:
    """Show the procedures of one field."""
    one = get_object_or_404(Field, pk=number)
    lines = of_field(one, clock.today())
    if not lines:
        raise Http404
    return render(request, "portal/list.html", {"title": one.name, "lines": lines, "section": "search"})
