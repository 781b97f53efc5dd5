"""How many bodies run the one-stop, the interlinked one-stop and official signatures: for everybody to read."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tinhso.design.charts import Series
from tinhso.directory.api import who
from tinhso.measures.forms import AsOf, as_of, said
from tinhso.measures.permissions import ANSWERERS, DECLARERS
from tinhso.measures.queries.coverage import Covered, coverage, month_ends
from tinhso.measures.queries.coverage_rows import (
    COLUMNS,
    DOUBTS,
    REASONS,
    columns,
    document,
    record,
    state_of,
)
from tinhso.measures.rules.coverage import (
    Coverage,
    Doubt,
    Group,
    Judged,
    Level,
    Reason,
    Status,
    System,
    groups,
)
from tinhso.toolkit import clock, words
from tinhso.toolkit.public_page import public_page
from tinhso.toolkit.spreadsheet import guarded

#: How many month ends the page of months shows, and how many bodies a list shows unfolded.
MONTHS, UNFOLDED = 6, 12
TITLES: Final[Mapping[System, Any]] = {
    System.ONE_STOP: gettext_lazy("Một cửa"),
    System.INTERLINKED: gettext_lazy("Một cửa liên thông"),
    System.SIGNATURES: gettext_lazy("Chữ ký số"),
}
#: As the end of a line in a chart has room for.
SHORT_TITLES: Final[Mapping[System, Any]] = {
    **TITLES,
    System.INTERLINKED: gettext_lazy("Liên thông"),
}
ANCHORS: Final = {
    System.ONE_STOP: "mot-cua",
    System.INTERLINKED: "lien-thong",
    System.SIGNATURES: "chu-ky-so",
}
LEVEL_WORDS: Final[Mapping[Level, Any]] = {
    Level.PROVINCE: gettext_lazy("Cấp tỉnh"),
    Level.DISTRICT: gettext_lazy("Cấp huyện"),
    Level.COMMUNE: gettext_lazy("Cấp xã"),
}
GROUP_WORDS: Final[Mapping[Group, Any]] = {
    Group.STATE: gettext_lazy("Cơ quan nhà nước"),
    Group.PARTY: gettext_lazy("Cơ quan Đảng"),
    Group.MASS: gettext_lazy("Mặt trận, đoàn thể"),
    Group.PUBLIC_UNIT: gettext_lazy("Đơn vị sự nghiệp"),
    Group.ENTERPRISE: gettext_lazy("Doanh nghiệp nhà nước"),
}
STATUS_WORDS: Final[Mapping[Status, Any]] = {
    Status.RUNS: gettext_lazy("chạy"),
    Status.RUNS_NOT: gettext_lazy("không chạy"),
    Status.UNKNOWN: gettext_lazy("chưa có số liệu"),
}
SIGNED_WORDS: Final[Mapping[Status, Any]] = {
    Status.RUNS: gettext_lazy("đủ chữ ký số"),
    Status.RUNS_NOT: gettext_lazy("chưa đủ"),
    Status.UNKNOWN: gettext_lazy("chưa có số liệu"),
}
REASON_WORDS: Final[Mapping[Reason, Any]] = {
    Reason.NO_PROCEDURES: gettext_lazy("không có thủ tục nào nộp tại đó"),
    Reason.NONE_INTERLINKED: gettext_lazy("có thủ tục, không thủ tục nào liên thông"),
    Reason.DECLARED_ONLY: gettext_lazy("cơ quan Đảng, Mặt trận, đoàn thể: chỉ có văn bản khai"),
    Reason.CLOSED: gettext_lazy("đã đóng trước ngày xem"),
    Reason.NOT_YET: gettext_lazy("lập sau ngày xem"),
}
DOUBT_WORDS: Final[Mapping[Doubt, Any]] = {
    Doubt.COUNTER_WITHOUT_DOSSIERS: gettext_lazy(
        "có quầy, không tiếp nhận hồ sơ nào trong những ngày nhìn lại"
    ),
    Doubt.DOSSIERS_WITHOUT_COUNTER: gettext_lazy("có hồ sơ tiếp nhận, không ai giữ chức danh tại quầy"),
    Doubt.FEW_PASSED: gettext_lazy("chưa đến một nửa hồ sơ liên thông đã qua cơ quan thứ hai"),
    Doubt.HOLDER_GONE: gettext_lazy("chứng thư còn hạn, người giữ không còn chức danh tại đó"),
    Doubt.DECLARED_OTHERWISE: gettext_lazy("văn bản khai khác với số đếm được"),
}


def status_words(system: System) -> Mapping[Status, Any]:
    """Return how a status of a system is said."""
    return SIGNED_WORDS if system is System.SIGNATURES else STATUS_WORDS


@require_safe
@public_page
def coverage_page(request: HttpRequest) -> HttpResponse:
    """Show the three figures of a day, by level and kind, with the bodies that do not run it."""
    asked, now = as_of(request.GET, clock.today()), clock.now()
    found = [one for system in System if (one := coverage(system, asked.day, now)) is not None]
    return render(
        request,
        "measures/coverage.html",
        {
            **_day_frame(asked),
            "finding": _finding({one.definition.system: one.whole for one in found}),
            "systems": [_shown(one) for one in found],
            "is_illustrative": any(line.is_illustrative for one in found for line in one.lines.values()),
            "now": now,
            "may_declare": who(request).holds(*DECLARERS, *ANSWERERS),
        },
    )


def _day_frame(asked: AsOf) -> dict[str, Any]:
    return {
        "day": asked.day,
        "error": asked.error,
        "typed_day": asked.typed,
        "query": f"?vao={words.date_text(asked.day)}",
    }


def _finding(found: Mapping[System, Coverage]) -> str:
    """Return the headline: of how many bodies how many run the one-stop, and how many can sign."""
    one_stop, signed = found.get(System.ONE_STOP, Coverage()), found.get(System.SIGNATURES, Coverage())
    if not one_stop.denominator:
        return _("Ngày này chưa có cơ quan nào có thủ tục")
    if not one_stop.is_told or not signed.is_told:
        return _("%(n)s cơ quan có thủ tục, chưa đủ số liệu về độ phủ") % {
            "n": words.number(one_stop.denominator)
        }
    return _("%(a)s trên %(b)s cơ quan chạy một cửa, %(c)s trên %(d)s cơ quan đủ chữ ký số") % {
        "a": words.number(one_stop.runs),
        "b": words.number(one_stop.denominator),
        "c": words.number(signed.runs),
        "d": words.number(signed.denominator),
    }


def _share(one: Coverage) -> str:
    return words.percent(one.runs, one.denominator) if one.is_told else state_of(one).capitalize()


def _shown(found: Covered) -> dict[str, Any]:
    """Return one system as its part of the page shows it."""
    system, whole = found.definition.system, found.whole
    by_level = groups(found.rows, lambda row: row.body.level)
    by_kind = groups(found.rows, lambda row: row.body.group)
    is_signed = system is System.SIGNATURES
    parts = [_part(_("Theo cấp"), by_level, LEVEL_WORDS)]
    if is_signed:
        parts.append(_part(_("Theo loại cơ quan"), by_kind, GROUP_WORDS))
    return {
        "key": ANCHORS[system],
        "title": TITLES[system],
        "is_signed": is_signed,
        "whole": whole,
        "share": _share(whole),
        "words": {status.value: name for status, name in status_words(system).items()},
        "excluded": [
            (REASON_WORDS[one], whole.excluded[one]) for one in REASONS[system] if whole.excluded[one]
        ],
        "parts": parts,
        "lists": _lists(found),
        "doubts": _doubts(found),
        "declared_only": [_row(found, one) for one in found.rows if one.reason is Reason.DECLARED_ONLY],
        "definition": found.definition,
    }


def _part(
    title: str, of: Mapping[Any, Coverage], called: Mapping[Any, Any]
) -> tuple[str, list[dict[str, Any]], list[tuple[str, float]], str]:
    """Return one way to part the figure: its title, the rows of its table, the bars of its chart, what the chart finds."""
    rows = [
        {"name": name, "n": of[key], "share": _share(of[key])} for key, name in called.items() if key in of
    ]
    bars = [(str(row["name"]), n) for row in rows if (n := _percent(row["n"])) is not None]
    return title, rows, bars, _chart_finding(bars)


def _chart_finding(bars: list[tuple[str, float]]) -> str:
    if not bars:
        return ""
    name, least = min(bars, key=lambda bar: bar[1])
    return _("Thấp nhất: %(name)s, %(n)s %%.") % {"name": name, "n": f"{least:.1f}".replace(".", ",")}


def _lists(found: Covered) -> list[dict[str, Any]]:
    """Return the bodies that do not run it, and those of which too little is known, each with what is known."""
    called = status_words(found.definition.system)
    lists = []
    for status in (Status.RUNS_NOT, Status.UNKNOWN):
        rows = [_row(found, one) for one in found.rows if one.status is status]
        if rows:
            lists.append(
                {"name": str(called[status]).capitalize(), "rows": rows, "is_long": len(rows) > UNFOLDED}
            )
    return lists


def _doubts(found: Covered) -> list[dict[str, Any]]:
    rows = [one for one in found.rows if one.doubts]
    return [
        {"words": DOUBT_WORDS[doubt], "rows": [_row(found, one) for one in rows if doubt in one.doubts]}
        for doubt in DOUBTS[found.definition.system]
        if found.whole.doubted[doubt]
    ]


def _row(found: Covered, one: Judged) -> dict[str, Any]:
    line = found.lines.get(one.body.office_id)
    return {
        "name": one.body.name,
        "level": LEVEL_WORDS[one.body.level],
        "known": _known(found, one),
        "declared": status_words(found.definition.system)[line.status] if line else "",
        "line": line,
    }


def _known(found: Covered, one: Judged) -> str:
    """Say what is known of a body: the numbers that it is judged by."""
    known, days = one.known, found.definition.days
    if found.definition.system is System.SIGNATURES:
        return _("%(a)s chứng thư người ký, %(b)s chứng thư con dấu") % {
            "a": words.number(known.officers),
            "b": words.number(known.seals),
        }
    if found.definition.system is System.INTERLINKED:
        return _("%(a)s hồ sơ liên thông trong %(days)d ngày, %(b)s đã qua cơ quan thứ hai") % {
            "a": words.number(known.came),
            "b": words.number(known.passed),
            "days": days,
        }
    held = {"a": words.number(known.posts), "b": words.number(known.counters), "days": days}
    if known.received is None:
        return _("%(a)s chức danh, %(b)s tại quầy; số hồ sơ chưa đếm đủ ngày") % held
    return _("%(a)s chức danh, %(b)s tại quầy; %(c)s hồ sơ trong %(days)d ngày") % {
        **held,
        "c": words.number(known.received),
    }


@require_safe
@public_page
def months_page(request: HttpRequest) -> HttpResponse:
    """Show the three figures at the ends of the last months, each by the bodies and the definition of then."""
    asked, now = as_of(request.GET, clock.today()), clock.now()
    days = [*month_ends(asked.day, MONTHS), asked.day]
    table = [(day, {system: coverage(system, day, now) for system in System}) for day in days]
    series = [
        Series(
            str(SHORT_TITLES[system]),
            [
                (f"{day:%d/%m}", _percent(one.whole) if (one := found[system]) is not None else None)
                for day, found in table
            ],
        )
        for system in System
    ]
    rows = [
        (day, [(_share(one.whole), one) if one is not None else ("", None) for one in found.values()])
        for day, found in table
    ]
    return render(
        request,
        "measures/coverage_months.html",
        {
            **_day_frame(asked),
            "series": [one for one in series if any(value is not None for _day, value in one.points)],
            "titles": list(TITLES.values()),
            "rows": rows[::-1],
            "now": now,
        },
    )


def _percent(one: Coverage) -> float | None:
    return round(100 * one.runs / one.denominator, 1) if one.is_told else None


def _all_of(request: HttpRequest) -> tuple[list[Covered], AsOf, dt.datetime]:
    asked, now = as_of(request.GET, clock.today()), clock.now()
    return (
        [one for system in System if (one := coverage(system, asked.day, now)) is not None],
        asked,
        now,
    )


def _back(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse('measures:coverage')}?{urlencode({'vao': said(request.GET, 'vao')})}")


@require_safe
def coverage_csv(request: HttpRequest) -> HttpResponse:
    """Give every body with what it is judged by, as CSV."""
    found, asked, _now = _all_of(request)
    if asked.error:
        return _back(request)
    text = io.StringIO(newline="")
    text.write("\ufeff")
    sheet = csv.writer(text, lineterminator="\r\n")
    sheet.writerow(columns())
    sheet.writerows([guarded(cell) for cell in record(one, row)] for one in found for row in one.rows)
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="do-phu-{asked.day}.csv"'
    return answer


@require_safe
def coverage_json(request: HttpRequest) -> HttpResponse:
    """Give the three figures and every body behind them, as JSON with its dictionary."""
    found, asked, now = _all_of(request)
    if asked.error:
        return _back(request)
    names = columns()
    return JsonResponse(
        {
            "columns": dict(COLUMNS),
            "systems": [
                {
                    **document(one, now),
                    "bodies": [dict(zip(names, record(one, row), strict=True)) for row in one.rows],
                }
                for one in found
            ],
        },
        json_dumps_params={"ensure_ascii": False},
    )
