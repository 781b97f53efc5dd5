"""The wall screen: what a hall or a leader's room reads from five metres. Counts only, no names."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.design.columns import columns
from tinhso.directory.api import calendar
from tinhso.measures.queries.figures import By, Tally, counting, tallies, tally
from tinhso.measures.queries.formulas import usual
from tinhso.measures.queries.places import limits
from tinhso.toolkit import clock, words
from tinhso.toolkit.public_page import public_page

#: So many working days stand side by side.
DAYS = 10


@require_safe
@public_page
def wall_page(request: HttpRequest) -> HttpResponse:
    """Show the whole province today and this month."""
    today = clock.today()
    strict, reported = usual("strict", today), usual("reported", today)
    day, month = tally(today, today), tally(today.replace(day=1), today)
    groups = day.under(reported).groups
    given = _given(day)
    on_time = month.under(strict)
    found = counting(today, today)
    received = day.received.total()
    return render(
        request,
        "measures/wall.html",
        {
            "finding": _("Hôm nay nhận %(a)s hồ sơ, trả %(b)s kết quả")
            % {"a": words.number(received), "b": words.number(given)}
            if found.counted_at
            else _("Hôm nay chưa có số liệu"),
            "counted_at": found.counted_at,
            "figures": [
                {
                    "name": _("Nhận hôm nay"),
                    "big": words.number(received),
                    "of": _("%(share)s qua mạng")
                    % {"share": words.percent(day.received["online"], received, 0)}
                    if received
                    else _("chưa có hồ sơ"),
                },
                {"name": _("Trả hôm nay"), "big": words.number(given), "of": _("cả từ chối")},
                {
                    "name": _("Đang giải quyết"),
                    "big": words.number(groups["running_in_time"] + groups["running_late"]),
                    "of": _("%(n)s quá hạn") % {"n": words.number(groups["running_late"])},
                },
                {
                    "name": _("Đúng hạn tháng %(n)d") % {"n": today.month},
                    "big": words.percent(on_time.numerator, on_time.denominator)
                    if on_time.denominator
                    else _("chưa áp dụng"),
                    "of": _("%(a)s trên %(b)s")
                    % {"a": words.number(on_time.numerator), "b": words.number(on_time.denominator)},
                },
            ],
            **_chart(today),
        },
    )


def _given(one: Tally) -> int:
    """Return how many cases ended otherwise than by withdrawal."""
    formula = usual("reported", clock.today())
    return sum(n for cls, n in one.ended.items() if formula.outcomes[cls] != "withdrawn")


def _chart(today: dt.date) -> dict[str, Any]:
    """Return the results given on the last working days, each from its own count; a day not counted has no column."""
    days_off = calendar()
    days: list[dt.date] = []
    day = today
    while len(days) < DAYS:
        day -= dt.timedelta(days=1)
        if days_off.is_working(day):
            days.append(day)
    counts = tallies(days[-1], days[0], By.DAY)
    uncounted = set(counting(days[-1], days[0]).uncounted)
    rows = [
        (f"{one.day}/{one.month}", _given(counts.get(one, Tally())))
        for one in reversed(days)
        if one not in uncounted
    ]
    rows = [(day, n) for day, n in rows if not 0 < n < limits().told_from]
    title = _("Kết quả trả mỗi ngày, %(n)d ngày làm việc qua") % {"n": len(rows)}
    return {
        "rows": rows,
        "chart": columns(rows, title, letters=2.2, wide=1000) if rows else "",
        "chart_title": title,
    }
