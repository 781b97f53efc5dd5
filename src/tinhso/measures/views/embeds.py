"""Small pages that other sites may frame: no navigation, the same for everybody, exact numbers for nobody's sake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from tinhso.measures.queries.figures import By, counting, tally
from tinhso.measures.queries.places import place_of
from tinhso.measures.rules.formulas import Figure
from tinhso.measures.views.asked import Asked, asked
from tinhso.measures.views.charts import bars, district_map, month_chart
from tinhso.measures.views.lines import FLOWS, WHOLE, Told, columns
from tinhso.measures.views.public_counts import (
    away_of,
    columns_of_months,
    columns_of_parts,
    counts_of,
    months_of,
    not_divided,
    parts_words,
    whole_of,
)
from tinhso.measures.views.statistics import (
    as_told,
    districts_of,
    finding,
    not_over,
    office_lines,
    ranked,
    shown,
)
from tinhso.measures.views.stats_frame import figures, month_lines, root
from tinhso.toolkit.public_page import public_page

Span = tuple[dt.date, dt.date]
Shown = tuple[dict[str, Any], Span | None]

_framed: Final = csp_replace({"frame-ancestors": ["*"]})


def _show(
    request: HttpRequest, want: Asked, full: str, context: dict[str, Any], span: Span | None
) -> HttpResponse:
    return render(
        request,
        "measures/stats_embed.html",
        {
            "asked": want,
            "root": root(want, *span) if span else None,
            "full": f"{settings.TINHSO_PUBLIC_ADDRESS}{full}?{want.query()}",
            "span": span,
            "parts_words": parts_words(want),
            **context,
        },
    )


def _months(want: Asked, span: Span, *, public: bool, **part: Any) -> tuple[Told, list[tuple[Figure, bool]]]:
    whole = tally(*span) if public else whole_of(want, span, **part)
    months = months_of(want, span, **part)
    told = Told(
        month_lines(months, *span, counting(*span)),
        want.formula,
        is_told_all=False,
        whole=whole,
        is_province=public,
        away=away_of(want) if public else None,
        adds=FLOWS,
    )
    return told, [
        (as_told(whole.under(one), months, want), shown(told, whole, one, want, months))
        for one in want.formulas
    ]


def _province(want: Asked) -> Shown:
    is_public = not (want.field_id or want.channel)
    span = want.whole_span if is_public else want.span
    if span is None:
        return {"finding": not_over()}, None
    told, found = _months(want, span, public=is_public)
    return {"finding": finding(told, WHOLE), "figures": figures(found)}, span


def _by_month(want: Asked) -> Shown:
    is_public = not (want.field_id or want.channel)
    span = want.whole_span if is_public else want.span
    if span is None:
        return {"finding": not_over()}, None
    told, _found = _months(want, span, public=is_public)
    names = columns_of_months(want)
    sheet = told.sheet("thang", _("Theo tháng"), columns(*names, name=_("Tháng")), whole=_("Cả kỳ"))
    return {"finding": finding(told, WHOLE), "month_chart": month_chart(told), "sheet": sheet}, span


def _by_district(want: Asked) -> Shown:
    if want.span is None:
        return {"finding": not_over()}, None
    told = districts_of(want, want.span)
    if told is None:
        return {"finding": not_divided()}, None
    sheet = told.sheet(
        "huyen", _("Theo huyện, thành phố"), columns(*columns_of_parts(want), name=_("Nơi giải quyết"))
    )
    drawn = district_map(told)
    return {"finding": _("Số hồ sơ trễ trên 1.000, theo huyện"), "map": drawn, "sheet": sheet}, want.span


def _by_office(want: Asked) -> Shown:
    if want.span is None:
        return {"finding": not_over()}, None
    counts = counts_of(want, want.span, By.OFFICE)
    if counts is None:
        return {"finding": not_divided()}, None
    told = Told(office_lines(counts, want), want.formula, is_told_all=False, whole=whole_of(want, want.span))
    chart = bars(told, ranked(told), _("cả tỉnh"))
    top = ranked(told)[:12]
    sheet = told.sheet(
        "co-quan", _("Cơ quan trễ nhiều nhất"), columns(*columns_of_parts(want), name=_("Cơ quan")), shown=top
    )
    return {"finding": _("Nơi nào trễ nhiều"), "chart": chart, "sheet": sheet}, want.span


#: What may be framed, and the page that it is a part of.
KINDS: Final[dict[str, tuple[Callable[[Asked], Shown], str]]] = {
    "tinh": (_province, "measures:statistics"),
    "thang": (_by_month, "measures:statistics"),
    "huyen": (_by_district, "measures:statistics"),
    "co-quan": (_by_office, "measures:stats_offices"),
}


@require_safe
@xframe_options_exempt
@_framed
@public_page
def embed(request: HttpRequest, kind: str) -> HttpResponse:
    """Show one thing of the province, bare."""
    if kind not in KINDS:
        raise Http404
    make, full = KINDS[kind]
    want = asked(request, as_stranger=True)
    context, span = make(want)
    return _show(request, want, reverse(full), context, span)


@require_safe
@xframe_options_exempt
@_framed
@public_page
def embed_office(request: HttpRequest, code: str) -> HttpResponse:
    """Show one office's figures, bare."""
    place = place_of(code)
    if place is None:
        raise Http404
    want = asked(request, as_stranger=True)
    context: dict[str, Any] = {"finding": not_over(), "name": place.name}
    if want.span is not None:
        told, found = _months(want, want.span, public=False, office_id=place.pk)
        names = columns_of_months(want, office_id=place.pk)
        sheet = told.sheet("thang", _("Theo tháng"), columns(*names, name=_("Tháng")), whole=_("Cả kỳ"))
        context |= {"finding": finding(told, WHOLE), "figures": figures(found), "sheet": sheet}
    return _show(request, want, reverse("measures:stats_office", args=[code]), context, want.span)
