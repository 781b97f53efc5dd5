"""The day rows behind the figures: of the province, of an office, of a procedure."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.measures.forms import day_of, said
from tinhso.measures.queries.figures import By, Tally, counting, tallies, tally
from tinhso.measures.queries.places import place_of, procedure_names
from tinhso.measures.rules import each_day
from tinhso.measures.views.asked import Asked, asked
from tinhso.measures.views.lines import FLOWS, Line, Told, columns
from tinhso.measures.views.sheets import Cell, Row, Sheet, as_file
from tinhso.measures.views.statistics import not_over
from tinhso.measures.views.stats_frame import files_root, page
from tinhso.toolkit.public_page import public_page

_OF_A_DAY = (
    *("tiep_nhan", "tra_truoc_han", "tra_dung_han", "tra_tre", "ket_thuc_khac"),
    *("dang_lam_trong_han", "dang_lam_qua_han"),
)


def _sheet(want: Asked, span: tuple[dt.date, dt.date], **part: Any) -> Sheet:
    """Return a row for each day; a day that was not counted has no numbers."""
    days = tallies(*span, By.DAY, want.wanted(**part))
    uncounted = frozenset(counting(*span).uncounted)
    is_part = bool(part or want.field_id or want.channel)
    told = Told(
        [
            Line(day, "", days.get(day, Tally()), "", _("chưa có số liệu") if day in uncounted else "")
            for day in each_day(*span)
        ],
        want.formula,
        is_told_all=want.is_told_all or not is_part,
        whole=tally(*span, want.wanted(**part)),
        whole_is_public=not is_part,
        adds=FLOWS,
    )
    sheet = told.sheet(
        "tung-ngay", _("Từng ngày"), columns(*_OF_A_DAY, name=_("Ngày"), kind="day"), whole=_("Cả kỳ")
    )
    sheet.columns = (sheet.columns[0].named("ngay"), *sheet.columns[1:])
    sheet.rows = [
        Row((Cell(line.key), *row.cells[1:])) for line, row in zip(told.lines, sheet.rows, strict=True)
    ]
    return sheet


def _page(request: HttpRequest, want: Asked, name: str, back: str, **part: Any) -> HttpResponse:
    is_part = bool(part or want.field_id or want.channel)
    span = want.span if is_part else (want.first, want.last)
    context = {"name": name, "back": back}
    if span is None:
        return page(
            request, "measures/stats_days.html", want, {**context, "finding": not_over()}, [], span=None
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
    span = want.span if is_part else (want.first, want.last)
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
