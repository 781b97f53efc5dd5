"""How long things take: every procedure or office in a month, and one of them over a year of months."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.directory.api import calendar
from tinhso.measures.forms import month_of, said
from tinhso.measures.models import TimeStat
from tinhso.measures.queries.figures import By, Wanted
from tinhso.measures.queries.places import limits, place_of, places, procedure_names
from tinhso.measures.queries.times import (
    Distribution,
    by_month,
    distribution,
    months_with_times,
    of_month,
    supplements,
)
from tinhso.measures.views.sheets import KINDS, Cell, Column, Row, Sheet, as_file
from tinhso.measures.views.telling import is_told_all
from tinhso.toolkit import words
from tinhso.toolkit.public_page import public_page

#: One part is shown over so many months that are over.
MONTHS = 12
_BY = {"thu-tuc": By.PROCEDURE, "co-quan": By.OFFICE}
_MINUTES = 60


@require_safe
@public_page
def times_page(request: HttpRequest) -> HttpResponse:
    """Show the median and p90 of every procedure or office in a month that is over."""
    months = months_with_times()
    typed = said(request.GET, "thang")
    month = month_of(typed) if typed else (months[0] if months else None)
    error = _("Viết tháng như 04/2022.") if typed and month is None else ""
    by = _BY.get(said(request.GET, "theo"), By.PROCEDURE)
    stats = of_month(by, month) if month else []
    told = [one for one in stats if one.n >= limits().ranked_from]
    sheet = _sheet(by, sorted(told, key=lambda one: -one.p90), tells_counts=is_told_all(request))
    kind = said(request.GET, "tai")
    if kind in KINDS and month and told:
        return as_file(sheet, kind, _root(month, month))
    context = {
        "months": [f"{one:%m/%Y}" for one in months],
        "month": f"{month:%m/%Y}" if month else "",
        "typed": typed,
        "error": error,
        "by": next(name for name, value in _BY.items() if value is by),
        "sheet": sheet if told else None,
        "files": [
            (label, f"?theo={said(request.GET, 'theo') or 'thu-tuc'}&thang={month:%m/%Y}&tai={key}")
            for key, (label, _type) in KINDS.items()
            if month
        ],
        "left_out": len(stats) - len(told),
        "least": limits().ranked_from,
        "finding": _finding(by, told),
    }
    return render(request, "measures/times.html", context)


@require_safe
@public_page
def time_of_procedure(request: HttpRequest, code: str) -> HttpResponse:
    """Show how long one procedure takes."""
    name = procedure_names([code]).get(code)
    if name is None:
        raise Http404
    return _one(request, By.PROCEDURE, code, name, Wanted(procedure_code=code))


@require_safe
@public_page
def time_of_office(request: HttpRequest, code: str) -> HttpResponse:
    """Show how long things take at one office."""
    office = place_of(code)
    if office is None:
        raise Http404
    return _one(request, By.OFFICE, str(office.pk), office.name, Wanted(office_id=office.pk))


def _one(request: HttpRequest, by: By, key: str, name: str, wanted: Wanted) -> HttpResponse:
    months = sorted(months_with_times()[:MONTHS])
    found = distribution(by, key, months)
    if request.GET and set(request.GET) - {"tai"}:
        return redirect(request.path)
    is_told = found.n >= limits().ranked_from
    asked = supplements(months, wanted)
    deciles = [(f"{10 * n} %", found.within_which(n, 10) or 0) for n in range(1, 10)] if is_told else []
    return render(
        request,
        "measures/time_of_one.html",
        {
            "name": name,
            "by": next(one for one, value in _BY.items() if value is by),
            "months": months,
            "found": found,
            "is_told": is_told,
            "tells_counts": is_told_all(request),
            "least": limits().ranked_from,
            "finding": _one_finding(name, found) if is_told else name,
            "columns": [(label, round(minutes / _MINUTES, 1)) for label, minutes in deciles],
            "deciles": [(label, hours(minutes)) for label, minutes in deciles],
            "median": hours(found.median),
            "p90": hours(found.p90),
            "given": hours(found.given) if found.given else "",
            "within": share_told(found.within, found.limited),
            "waits": share_told(found.waits, found.n),
            "waited": hours(round(found.waited / found.waits)) if found.waits >= limits().told_from else "",
            "first_time": share_told(asked.never, asked.ended),
            "twice": share_told(asked.more, asked.ended),
            "by_month": _months(by, key, months),
            "link": settings.TINHSO_PUBLIC_ADDRESS + request.path,
        },
    )


def hours(minutes: int | None) -> str:
    """Write working minutes as people do: 40 phút, 6,5 giờ, 3 ngày 2 giờ (a working day is that of the offices)."""
    if minutes is None:
        return ""
    day = calendar().minutes_per_day()
    if minutes < _MINUTES:
        return _("%(n)d phút") % {"n": minutes}
    if minutes < day:
        return _("%(n)s giờ") % {"n": f"{minutes / _MINUTES:.1f}".replace(".", ",").removesuffix(",0")}
    days, left = divmod(round(minutes / _MINUTES), day // _MINUTES)
    if not left:
        return _("%(n)s ngày làm việc") % {"n": words.number(days)}
    return _("%(n)s ngày %(h)d giờ làm việc") % {"n": words.number(days), "h": left}


def share_told(part: int, whole: int) -> str:
    """Write a share of cases so that no small number can be worked out: whole percent, and words at both ends."""
    least = limits().told_from
    if not whole:
        return _("chưa áp dụng")
    if part and part < least:
        return _("rất ít")
    if part < whole and whole - part < least:
        return _("gần như tất cả")
    return words.percent(part, whole, 0)


def _months(by: By, key: str, months: list[dt.date]) -> list[dict[str, Any]]:
    found, rows = by_month(by, key), []
    for month in months:
        one = found.get(month)
        is_told = one is not None and one.n >= limits().ranked_from
        rows.append(
            {
                "month": f"{month.month}/{month.year}",
                "n": one.n if one and is_told else None,
                "median": hours(one.median) if one and is_told else "",
                "p90": hours(one.p90) if one and is_told else "",
            }
        )
    return rows


def _finding(by: By, told: list[TimeStat]) -> str:
    if not told:
        return _("Giải quyết hồ sơ mất bao lâu")
    over = sum(one.given is not None and one.p90 > one.given for one in told)
    whole = words.number(len(told))
    if by is By.OFFICE:
        return _("%(n)s trên %(whole)s cơ quan: cứ mười hồ sơ thì hơn một vượt hạn thường gặp") % {
            "n": words.number(over),
            "whole": whole,
        }
    return _("%(n)s trên %(whole)s thủ tục: cứ mười hồ sơ thì hơn một vượt hạn luật định") % {
        "n": words.number(over),
        "whole": whole,
    }


def _one_finding(name: str, found: Distribution) -> str:
    return _("%(name)s: một nửa xong trong %(a)s, chín phần mười trong %(b)s") % {
        "name": name,
        "a": hours(found.median),
        "b": hours(found.p90),
    }


def _sheet(by: By, stats: list[TimeStat], *, tells_counts: bool) -> Sheet:
    """Return the table; how many cases there were is for officers: the editions tell another number of them."""
    if by is By.PROCEDURE:
        names = procedure_names([one.key for one in stats])
        links = {one.key: reverse("measures:time_of_procedure", args=[one.key]) for one in stats}
    else:
        known = places()
        names = {one.key: known[int(one.key)].name for one in stats}
        links = {
            one.key: reverse("measures:time_of_office", args=[known[int(one.key)].code]) for one in stats
        }
    rows = [
        Row(
            (
                Cell(names.get(one.key, one.key), url=links[one.key]),
                *((Cell(one.n),) if tells_counts else ()),
                Cell(one.median, shown=hours(one.median)),
                Cell(one.p90, shown=hours(one.p90)),
                Cell(one.given, lack=_("không có hạn"), shown=hours(one.given)),
                Cell(share_told(one.within, one.limited)),
                Cell(share_told(one.waits, one.n)),
            )
        )
        for one in stats
    ]
    head = _("Thủ tục") if by is By.PROCEDURE else _("Cơ quan")
    columns = (
        Column("ten", head, "text"),
        *((Column("so_ho_so", _("Hồ sơ xong"), unit="hồ sơ"),) if tells_counts else ()),
        Column("trung_vi_phut", _("Một nửa xong trong"), unit="phút làm việc"),
        Column("p90_phut", _("Chín phần mười trong"), unit="phút làm việc"),
        Column("han_phut", _("Hạn thường gặp"), unit="phút làm việc"),
        Column("trong_han", _("Không quá hạn"), "text"),
        Column("cho_dan", _("Có chờ bổ sung"), "text"),
    )
    return Sheet("thoi-gian", _("Thời gian giải quyết, lâu nhất lên đầu"), columns, rows)


def _root(first: dt.date, last: dt.date) -> dict[str, Any]:
    return {
        "unit": "phút làm việc",
        "from_month": f"{first:%Y-%m}",
        "to_month": f"{last:%Y-%m}",
        "source": _("đếm từ hồ sơ của hệ thống"),
        "definition": _("từ lúc tiếp nhận tới lúc xong, trừ giờ chờ người dân bổ sung; không có hồ sơ rút"),
    }
