"""The public statistics: figures with their roots, two definitions of on time side by side."""

from __future__ import annotations

import csv
import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.directory.api import Office
from tinhso.measures import api as measures
from tinhso.toolkit import clock, words
from tinhso.toolkit.public_page import public_page

YEAR_BEGINS = (1, 1)
#: What is typed beyond this is no day.
LONGEST_DAY = 20
#: The chart leaves out offices with fewer dossiers, whose rates say little, and shows this many at most.
FEWEST, LONGEST_CHART = 30, 12
#: The versions of the formulas, as a page names them.
VERSION_WORDS = {"strict-1": "tính chặt, bản 1", "national-766-1": "theo Quyết định 766/QĐ-TTg, bản 1"}
OUTCOME_WORDS = {
    "on_time": "đúng hạn",
    "late": "trễ",
    "withdrawn": "đã rút",
    "no_due_date": "không có hạn",
    "not_yet_due": "chưa đến hạn",
}


def _period(request: HttpRequest) -> tuple[dt.date, dt.date, str]:
    """Return the days asked for, or those of the year so far with a sentence about what was typed."""
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


def _per_1000(part: int, whole: int) -> float | None:
    return round(1000 * part / whole, 1) if whole else None


def _decimal(value: float) -> str:
    return f"{value:.1f}".replace(".", ",").removesuffix(",0")


def _finding(strict: measures.OnTime) -> str:
    """Return the headline: what the period shows, strictly counted."""
    if not strict.denominator:
        return _("Kỳ này chưa có hồ sơ đến hạn")
    late = round(1000 * (strict.denominator - strict.numerator) / strict.denominator)
    return _("Cứ 1.000 hồ sơ đến hạn thì %(n)s hồ sơ trễ") % {"n": words.number(late)}


@require_safe
@public_page
def statistics(request: HttpRequest) -> HttpResponse:
    """Show the province's figures of a period, by month and by office."""
    first, last, error = _period(request)
    now = clock.now()
    bridge = measures.bridge_of(first, last, now)
    offices = measures.by_office(first, last)
    names = dict(Office.objects.filter(pk__in=offices).values_list("id", "short_name"))
    rows: list[dict[str, Any]] = []
    for office_id, n in offices.items():
        ended = n["finished_early"] + n["finished_on_time"] + n["finished_late"]
        rows.append(
            {
                "name": names[office_id],
                "ended": ended,
                "late": n["finished_late"],
                "n": n,
                "per_1000": _per_1000(n["finished_late"], ended),
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
            "rule": rule,
            "version": VERSION_WORDS[measures.VERSIONS[formula]],
            "share": words.percent(result.numerator, result.denominator),
            "result": result,
            "excluded": [(OUTCOME_WORDS[k], v) for k, v in sorted(result.excluded.items())],
        }
        for name, rule, formula, result in (
            (
                _("Đúng hạn, tính chặt"),
                _("So từng giờ với ngày hẹn đầu tiên. Hẹn lại vẫn là trễ."),
                measures.Formula.STRICT,
                bridge.strict,
            ),
            (
                _("Đúng hạn, cách tính quốc gia"),
                _("So với ngày hẹn mới nhất. Tính cả hồ sơ rút và hồ sơ chưa đến hạn."),
                measures.Formula.NATIONAL,
                bridge.national,
            ),
        )
    ]
    chart = [(r["name"], r["per_1000"]) for r in rows if r["per_1000"] and r["ended"] >= FEWEST][
        :LONGEST_CHART
    ]
    average = _per_1000(sum(r["late"] for r in rows), sum(r["ended"] for r in rows))
    return render(
        request,
        "portal/statistics.html",
        {
            "first": first,
            "last": last,
            "error": error,
            "typed_first": request.GET.get("tu", "")[:LONGEST_DAY] if error else words.date_text(first),
            "typed_last": request.GET.get("den", "")[:LONGEST_DAY] if error else words.date_text(last),
            "figures": figures,
            "moved": moved,
            "totals": measures.totals(first, last),
            "months": measures.by_month(first, last),
            "rows": rows,
            "finding": _finding(bridge.strict),
            "chart": chart,
            "chart_finding": _("Trễ nhiều nhất: %(name)s, %(n)s trên 1.000 hồ sơ.")
            % {"name": chart[0][0], "n": _decimal(chart[0][1])}
            if chart
            else "",
            "average": average,
            "average_words": _("cả tỉnh"),
            "backwards": first < measures.NATIONAL_FROM,
            "counted_at": now,
        },
    )


@require_safe
def day_rows(request: HttpRequest) -> HttpResponse:
    """Give the day rows behind the figures as CSV: numbers only, no dossier."""
    first, last, error = _period(request)
    if error:
        return redirect(f"{reverse('portal:statistics')}?{request.GET.urlencode()}")
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="so-lieu-{first}-{last}.csv"'
    sheet = csv.writer(response)
    sheet.writerow(["ngay", "tiep_nhan", "da_tra", "tra_tre"])
    for day, n in sorted(measures.days(first, last).items()):
        sheet.writerow([day.isoformat(), n.received, n.done, n.late])
    return response
