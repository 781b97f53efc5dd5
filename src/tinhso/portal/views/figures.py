"""The public statistics: figures with their roots, two definitions of on time side by side."""

from __future__ import annotations

import csv
import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tinhso.directory.api import Office
from tinhso.measures import api as measures
from tinhso.toolkit import clock, words

YEAR_BEGINS = (1, 1)
OUTCOME_WORDS = {
    "on_time": "đúng hạn",
    "late": "trễ",
    "withdrawn": "đã rút",
    "no_due_date": "không có hạn",
    "not_yet_due": "chưa đến hạn",
}


def _period(request: HttpRequest) -> tuple[dt.date, dt.date, str]:
    today = clock.today()
    first, last, error = today.replace(month=1, day=1), today, ""
    try:
        first = dt.datetime.strptime(request.GET["tu"], "%d/%m/%Y").date() if request.GET.get("tu") else first  # noqa: DTZ007 - a day has no zone
        last = dt.datetime.strptime(request.GET["den"], "%d/%m/%Y").date() if request.GET.get("den") else last  # noqa: DTZ007 - a day has no zone
    except ValueError:
        error = _("Viết ngày như 01/03/2022.")
    if not first <= last <= today or first.year < 2021:
        first, last, error = (
            today.replace(month=1, day=1),
            today,
            error or _("Chọn từ ngày đứng trước đến ngày, không quá hôm nay."),
        )
    return first, last, error


def statistics(request: HttpRequest) -> HttpResponse:
    """Show the province's figures of a period, by month and by office."""
    first, last, error = _period(request)
    now = clock.now()
    bridge = measures.bridge_of(first, last, now)
    offices = measures.by_office(first, last)
    names = dict(Office.objects.filter(pk__in=offices).values_list("id", "name"))
    rows: list[dict[str, Any]] = []
    for office_id, n in offices.items():
        ended = n["finished_early"] + n["finished_on_time"] + n["finished_late"]
        rows.append(
            {
                "name": names[office_id],
                "ended": ended,
                "late": n["finished_late"],
                "n": n,
                "per_1000": round(1000 * n["finished_late"] / ended, 1) if ended else None,
            }
        )
    rows.sort(key=lambda r: (-(r["per_1000"] or 0), r["name"]))
    moved = [
        {"strict": OUTCOME_WORDS[a], "national": OUTCOME_WORDS[b], "n": n, "waited": waited}
        for (a, b), (n, waited) in sorted(bridge.moved.items(), key=lambda item: -item[1][0])
    ]
    figures = [
        {
            "name": name,
            "version": measures.VERSIONS[formula],
            "share": words.percent(result.numerator, result.denominator),
            "result": result,
            "excluded": [(OUTCOME_WORDS[k], v) for k, v in sorted(result.excluded.items())],
        }
        for name, formula, result in (
            (_("Đúng hạn, tính chặt"), measures.Formula.STRICT, bridge.strict),
            (_("Đúng hạn, cách tính quốc gia"), measures.Formula.NATIONAL, bridge.national),
        )
    ]
    return render(
        request,
        "portal/statistics.html",
        {
            "first": first,
            "last": last,
            "error": error,
            "figures": figures,
            "moved": moved,
            "totals": measures.totals(first, last),
            "months": measures.by_month(first, last),
            "rows": rows,
            "chart": [(r["name"], r["per_1000"]) for r in rows if r["per_1000"] and r["ended"] >= 30][:12],
            "backwards": first < measures.NATIONAL_FROM,
            "counted_at": now,
        },
    )


def day_rows(request: HttpRequest) -> HttpResponse:
    """Give the day rows behind the figures as CSV: numbers only, no dossier."""
    first, last, _error = _period(request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="so-lieu-{first}-{last}.csv"'
    sheet = csv.writer(response)
    sheet.writerow(["ngay", "tiep_nhan", "da_tra", "tra_tre"])
    for day, n in sorted(measures.days(first, last).items()):
        sheet.writerow([day.isoformat(), n.received, n.done, n.late])
    return response
