"""Services online that have dossiers, for everybody: both rules, by department and field, and every service."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.measures.forms import said
from tinhso.measures.queries.services_used import (
    ServicesUsed,
    ServiceUse,
    UseShare,
    channel_keys,
    services_used,
)
from tinhso.measures.rules.services_used import UseOutcome
from tinhso.measures.views.choosing import Choice, chosen, groups_of, month_choices, year_choices
from tinhso.measures.views.indices import index_tabs, not_applicable
from tinhso.measures.views.sheets import Cell, Column, Row, Sheet, as_file
from tinhso.measures.views.telling import is_told_all, told_span
from tinhso.toolkit import clock, words
from tinhso.toolkit.public_page import public_page

PAGE = 50
RULES = ("any", "every-month")


def _channel_words() -> dict[str, str]:
    return {"online": _("Nộp trực tuyến"), "all": _("Mọi kênh")}


def _outcome_words() -> dict[UseOutcome, str]:
    return {
        UseOutcome.USED: _("có"),
        UseOutcome.UNUSED: _("chưa"),
        UseOutcome.TOO_NEW: _("chưa đủ một tháng"),
    }


def _asked(request: HttpRequest) -> tuple[Choice, str, list[tuple[str, list[Choice]]], str]:
    today = clock.today()
    years, months = year_choices(today), month_choices(today)
    choice, error = chosen(request, [*years, *months])
    channel = said(request.GET, "kenh")
    return (
        choice,
        error,
        groups_of((_("Cả năm"), years), (_("Từng tháng"), months)),
        channel if channel in channel_keys() else channel_keys()[0],
    )


def _span(request: HttpRequest, choice: Choice) -> tuple[dt.date, dt.date] | None:
    """Return the days told: whole months that are over; officers see the days so far."""
    today = clock.today()
    return told_span(choice.first, min(choice.last, today), today, is_told_all=is_told_all(request))


@require_safe
@public_page
def services_used_page(request: HttpRequest) -> HttpResponse:
    """Show both figures of a period, of each department and field, and every service without dossiers or with."""
    choice, error, choices, channel = _asked(request)
    span = _span(request, choice)
    context: dict[str, Any] = {
        "section": "statistics",
        "index_tabs": index_tabs(request),
        "choice": choice,
        "choices": choices,
        "error": error,
        "boxes": [("kenh", _("Kênh nộp"), list(_channel_words().items()), channel)],
        "finding": _("Kỳ này chưa có tháng nào hết"),
        "span": span,
        "query": urlencode({"ky": choice.key, "kenh": channel}),
    }
    if span:
        found = services_used(*span, *RULES, channel=channel)
        context |= _shown(request, found, context["query"])
    return render(request, "measures/services_used.html", context)


def _shown(request: HttpRequest, found: tuple[ServicesUsed, ...], query: str) -> dict[str, Any]:
    some, often = found
    lists = {
        "": [pair for pair in _pairs(found) if pair[0].outcome is UseOutcome.UNUSED],
        "thieu-thang": [
            pair
            for pair in _pairs(found)
            if pair[0].outcome is UseOutcome.USED and pair[1].outcome is UseOutcome.UNUSED
        ],
        "tat-ca": _pairs(found),
    }
    tab = said(request.GET, "xem")
    tab = tab if tab in lists else ""
    page = Paginator(lists[tab], PAGE).get_page(said(request.GET, "trang"))
    labels = {"": _("Chưa có hồ sơ"), "thieu-thang": _("Có tháng không có hồ sơ"), "tat-ca": _("Tất cả")}
    return {
        "finding": _finding(some),
        "first": some.first,
        "last": some.last,
        "uncounted": some.counting.uncounted,
        "counted_at": some.counting.counted_at,
        "figures": [_figure(one) for one in found],
        "months": len(often.months),
        "parts": [
            (_("Theo cơ quan phụ trách"), _parts(found, "department")),
            (_("Theo lĩnh vực"), _parts(found, "field")),
        ],
        "tabs": [
            (name, labels[name], len(rows), f"?{query}&xem={name}#dich-vu") for name, rows in lists.items()
        ],
        "tab": tab,
        "page": page,
        "rows": [_row(*pair) for pair in page],
        "before": f"?{query}&xem={tab}&trang={page.number - 1}#dich-vu",
        "after": f"?{query}&xem={tab}&trang={page.number + 1}#dich-vu",
        "is_illustrative": some.is_illustrative,
    }


def _pairs(found: tuple[ServicesUsed, ...]) -> list[tuple[ServiceUse, ServiceUse]]:
    some, often = found
    return list(zip(some.every, often.every, strict=True))


def _finding(some: ServicesUsed) -> str:
    if not some.whole.denominator:
        return _("Chưa có dịch vụ trực tuyến nào")
    return _("%(a)s trên %(b)s dịch vụ trực tuyến có hồ sơ") % {
        "a": words.number(some.whole.numerator),
        "b": words.number(some.whole.denominator),
    }


def _figure(one: ServicesUsed) -> dict[str, Any]:
    whole = one.whole
    return {
        "rule": one.rule,
        "whole": whole,
        "share": _share(whole),
        "excluded": [(name, n) for name, n in one.excluded.items() if n],
    }


def _share(one: UseShare) -> str:
    return words.percent(one.numerator, one.denominator) if one.denominator else not_applicable()


def _parts(found: tuple[ServicesUsed, ...], name: str) -> list[dict[str, Any]]:
    some, often = (one.by(lambda service: str(getattr(service, name))) for one in found)
    return [
        {"name": a.name, "some": a, "some_share": _share(a), "often": b, "often_share": _share(b)}
        for a, b in zip(some, often, strict=True)
    ]


def _row(some: ServiceUse, often: ServiceUse) -> dict[str, Any]:
    outcome_words = _outcome_words()
    return {
        "service": some.service,
        "some": outcome_words[some.outcome],
        "often": outcome_words[often.outcome] if often.wanted else outcome_words[UseOutcome.TOO_NEW],
        "missed": ", ".join(f"{month.month}/{month.year}" for month in often.missed),
    }


@require_safe
@public_page
def services_used_csv(request: HttpRequest) -> HttpResponse:
    """Give every service with its outcomes as a table."""
    choice, _error, _choices, channel = _asked(request)
    span = _span(request, choice)
    found = services_used(*span, *RULES, channel=channel) if span else ()
    columns = (
        Column("ma", _("Mã"), "text"),
        Column("ten", _("Dịch vụ"), "text"),
        Column("linh_vuc", _("Lĩnh vực"), "text"),
        Column("co_quan", _("Cơ quan phụ trách"), "text"),
        Column("muc_do", _("Mức độ")),
        Column("tu_ngay", _("Trên mạng từ"), "text"),
        Column("co_ho_so", _("Có hồ sơ"), "text"),
        Column("thang_nao_cung_co", _("Tháng nào cũng có"), "text"),
        Column("thang_khong_co", _("Tháng không có"), "text"),
    )
    rows = []
    for some, often in _pairs(found) if found else []:
        shown, service = _row(some, often), some.service
        told = (service.code, service.name, service.field, service.department, service.level)
        rows.append(
            Row(
                tuple(
                    Cell(value)
                    for value in (
                        *told,
                        service.since.isoformat(),
                        shown["some"],
                        shown["often"],
                        shown["missed"],
                    )
                )
            )
        )
    return as_file(Sheet("dich-vu-co-ho-so", _("Dịch vụ có hồ sơ"), columns, rows), "csv", {})
