"""Search: a page with filters that works as a plain form, and what is offered while somebody types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.catalogue.api import Choices, Filters, choices, life_events, record_search_miss, search, suggest
from tinhso.toolkit import clock
from tinhso.toolkit.public_page import public_page
from tinhso.toolkit.text import tidy, visible

ON_A_PAGE: Final = 20
_LONGEST: Final = 200
#: What a filter is called in an address.
_NAMES: Final = {
    "audience": "doi-tuong",
    "life_event": "viec",
    "field": "linh-vuc",
    "department": "co-quan",
    "place": "cap",
}


@dataclass(frozen=True, slots=True)
class Box:
    """A filter as a choice: its name in the address, its title, and (value, words, number) of each option."""

    name: str
    title: str
    chosen: str
    options: tuple[tuple[str, str, int], ...]


@require_safe
@public_page
def search_page(request: HttpRequest) -> HttpResponse:
    """Find procedures by everyday words, with or without marks, narrowed down by filters, page by page."""
    today = clock.today()
    term = _typed(request)
    filters = Filters(**{key: tidy(request.GET.get(name, ""))[:250] for key, name in _NAMES.items()})
    hits = search(term, today, filters=filters) if term or filters else []
    if term and not hits and not filters:
        record_search_miss(term, on=today)
    last = max(1, -(-len(hits) // ON_A_PAGE))
    asked = request.GET.get("trang", "1")
    page = min(int(asked), last) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    page = max(page, 1)
    first = (page - 1) * ON_A_PAGE
    return render(
        request,
        "portal/search.html",
        {
            "term": term,
            "asked": bool(term or filters),
            "boxes": _boxes(choices(today), filters),
            "is_filtered": bool(filters),
            "hits": hits[first : first + ON_A_PAGE],
            "whole": len(hits),
            "first": first + 1,
            "up_to": min(first + ON_A_PAGE, len(hits)),
            "before": _address(term, filters, page - 1) if page > 1 else "",
            "after": _address(term, filters, page + 1) if page < last else "",
            "without_filters": _address(term, Filters(), 1),
            "section": "search",
        },
    )


@require_safe
@public_page
def suggestions(request: HttpRequest) -> HttpResponse:
    """Offer the few procedures that the words so far may mean, as JSON for the script of the search box."""
    hits = suggest(_typed(request), clock.today())
    return JsonResponse(
        {
            "results": [
                {"title": hit.title, "address": reverse("portal:service", args=[hit.code])} for hit in hits
            ]
        }
    )


def _typed(request: HttpRequest) -> str:
    return tidy(visible(request.GET.get("q", "")))[:_LONGEST]


def _address(term: str, filters: Filters, page: int) -> str:
    said = {"q": term} | {name: getattr(filters, key) for key, name in _NAMES.items()}
    said |= {"trang": str(page)} if page > 1 else {}
    return f"?{urlencode({name: value for name, value in said.items() if value})}"


def _boxes(known: Choices, filters: Filters) -> list[Box]:
    events = {event.key: event.title for event in life_events()}
    audiences = {
        "citizen": _("Công dân"),
        "household": _("Hộ gia đình, hộ kinh doanh"),
        "business": _("Doanh nghiệp"),
        "cooperative": _("Hợp tác xã"),
        "organisation": _("Tổ chức"),
        "foreigner": _("Người nước ngoài"),
        "overseas": _("Người Việt Nam ở nước ngoài"),
        "agency": _("Cơ quan nhà nước"),
        "officer": _("Cán bộ, công chức"),
    }
    places = {
        "commune": _("Xã, phường, thị trấn"),
        "district": _("Huyện, thành phố"),
        "province": _("Sở, ngành của tỉnh"),
        "ministry": _("Cơ quan trung ương"),
    }
    return [
        Box("doi-tuong", _("Ai làm"), filters.audience, _options(known.audiences, audiences)),
        Box("viec", _("Việc trong đời"), filters.life_event, _options(known.life_events, events)),
        Box("linh-vuc", _("Lĩnh vực"), filters.field, _options(known.fields, {})),
        Box("co-quan", _("Cơ quan phụ trách"), filters.department, _options(known.departments, {})),
        Box("cap", _("Cấp giải quyết"), filters.place, _options(known.places, places)),
    ]


def _options(known: tuple[tuple[str, int], ...], words: dict[str, str]) -> tuple[tuple[str, str, int], ...]:
    """Return the options that some procedure has, in the order of the words where there are any."""
    times = dict(known)
    values = [value for value in words if value in times] if words else list(times)
    return tuple((value, words.get(value, value), times[value]) for value in values)
