"""The day rows behind the figures: of the province, of an office, of a procedure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.measures.forms import said
from tinhso.measures.queries.figures import By, Tally, counting, tallies, tally
from tinhso.measures.queries.places import place_of, procedure_names
from tinhso.measures.rules import each_day
from tinhso.measures.rules.spans import Span
from tinhso.measures.views.asked import Asked, asked
from tinhso.measures.views.lines import FLOWS, Line, Told, columns
from tinhso.measures.views.public_counts import away_of
from tinhso.measures.views.sheets import Cell, Column, Row, Sheet, as_file
from tinhso.measures.views.statistics import not_over
from tinhso.measures.views.stats_frame import files_root, page
from tinhso.toolkit.public_page import public_page
from tinhso.toolkit.words import day_of

_OF_A_DAY = (
    *("tiep_nhan", "tra_truoc_han", "tra_dung_han", "tra_tre", "ket_thuc_khac"),
    *("dang_lam_trong_han", "dang_lam_qua_han"),
)


def _sheet(want: Asked, span: tuple[dt.date, dt.date], **part: Any) -> Sheet:
    """Return a row for each day; a day that was not counted has no numbers."""
    days = tallies(*span, By.DAY, want.wanted(**part))
    uncounted = frozenset(counting(*span).uncounted)
    pieces = _stretches(want, span)
    away = away_of(want)
    told = Told(
        [_line(one, days, uncounted) for one in pieces],
        want.formula,
        is_told_all=want.is_told_all,
        whole=tally(*span, want.wanted(**part)),
        is_province=not want.is_told_all,
        away={one: away.get(one.first.replace(day=1), frozenset()) for one in pieces},
        adds=FLOWS,
    )
    sheet = told.sheet(
        "tung-ngay", _("Từng ngày"), columns(*_OF_A_DAY, name=_("Ngày"), kind="day"), whole=_("Cả kỳ")
    )
    until = () if want.is_told_all else (Column("den_ngay", _("Đến hết ngày"), "day"),)
    sheet.columns = (sheet.columns[0].named("ngay"), *until, *sheet.columns[1:])
    sheet.rows = [
        Row((Cell(line.key.first), *(Cell(line.key.last) for _one in until), *row.cells[1:]))
        for line, row in zip(told.lines, sheet.rows, strict=True)
    ]
    if sheet.foot and until:
        sheet.foot = Row((sheet.foot.cells[0], Cell(span[1]), *sheet.foot.cells[1:]))
    return sheet


def _stretches(want: Asked, span: tuple[dt.date, dt.date]) -> list[Span]:
    """Return the days told one by one to officers; to strangers days are joined where one alone has a small number."""
    if want.is_told_all:
        return [Span(day, day) for day in each_day(*span)]
    return [one for one in want.pieces if span[0] <= one.first and one.last <= span[1]]


def _line(one: Span, days: Mapping[dt.date, Tally], uncounted: frozenset[dt.date]) -> Line:
    """Return the numbers of a stretch: what was received and ended in it, and what ran at its last moment."""
    every = list(each_day(one.first, one.last))
    whole = Tally()
    for day in every:
        found = days.get(day, Tally())
        whole = Tally(whole.received + found.received, whole.ended + found.ended, found.running)
    return Line(one, "", whole, "", _("chưa có số liệu") if uncounted.issuperset(every) else "")


def _page(request: HttpRequest, want: Asked, name: str, back: str, **part: Any) -> HttpResponse:
    is_part = bool(part or want.field_id or want.channel)
    span = None if is_part and not want.is_told_all else want.whole_span
    context = {"name": name, "back": back}
    if span is None:
        finding = _("Từng ngày chỉ nêu cho cả tỉnh, để không lộ số nhỏ") if is_part else not_over()
        return page(
            request,
            "measures/stats_days.html",
            want,
            {**context, "finding": finding, "is_too_fine": is_part},
            [],
            span=None,
        )
    sheet = _sheet(want, span, **part)
    context["finding"] = _("Từng ngày: %(name)s") % {"name": name}
    extra = {"mo": said(request.GET, "mo")}
    return page(request, "measures/stats_days.html", want, context, [sheet], span=span, extra=extra)


@require_safe
@public_page
def days_page(request: HttpRequest) -> HttpResponse:
    """Show the day rows of the province."""
    want = asked(request)
    return _page(request, want, _("cả tỉnh"), f"{reverse('measures:statistics')}?{want.query()}")


@require_safe
@public_page
def day_rows(request: HttpRequest) -> HttpResponse:
    """Give the day rows of the province as CSV: numbers only, no dossier."""
    want = asked(request)
    is_part = bool(want.field_id or want.channel)
    span = None if is_part and not want.is_told_all else want.whole_span
    if want.error or span is None:
        return redirect(f"{reverse('measures:statistics')}?{request.GET.urlencode()}")
    return as_file(_sheet(want, span), "csv", files_root(want, span))


@require_safe
@public_page
def office_days(request: HttpRequest, code: str) -> HttpResponse:
    """Show the day rows of an office."""
    opened = said(request.GET, "mo")
    place = place_of(code, day_of(opened))
    if place is None:
        raise Http404
    want = asked(request)
    back = f"{reverse('measures:stats_office', args=[code])}?{want.query(mo=opened)}"
    return _page(request, want, place.name, back, office_id=place.pk)


@require_safe
@public_page
def procedure_days(request: HttpRequest, code: str) -> HttpResponse:
    """Show the day rows of a procedure."""
    names = procedure_names([code])
    if not names:
        raise Http404
    want = asked(request)
    back = f"{reverse('measures:stats_procedure', args=[code])}?{want.query()}"
    return _page(request, want, names[code], back, procedure_code=code)
