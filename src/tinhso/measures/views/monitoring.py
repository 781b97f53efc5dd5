"""The status of the public services for everybody; how pages are used, and the export, for those who keep figures."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.directory.api import holders_only
from tinhso.measures.forms import Period, period_of, said
from tinhso.measures.queries import monitoring
from tinhso.measures.queries.emc import emc_rows, share
from tinhso.measures.queries.indices import observatory
from tinhso.measures.queries.monitoring import Health, Status
from tinhso.measures.queries.views import KindOfPage, views
from tinhso.measures.rules.availability import Run, State
from tinhso.measures.views.keepers import KEEPERS, keepers_frame
from tinhso.measures.views.strips import spans, strip
from tinhso.toolkit import clock, words
from tinhso.toolkit.public_page import public_page
from tinhso.toolkit.spreadsheet import guarded

keepers_only = holders_only(*KEEPERS)
#: Worst first.
ORDER: Final = (State.DOWN, State.SLOW, State.UNKNOWN, State.UP)
#: Outages shown on the page; all of them are in the JSON.
MOST_OUTAGES: Final = 50
USUAL_DAYS: Final = 30
TAGS: Final = {State.UP: "ok", State.SLOW: "warn", State.DOWN: "bad", State.UNKNOWN: "plain"}
ICONS: Final = {State.UNKNOWN: "circle-question-mark"}


def state_words() -> dict[State, str]:
    """Return the states as people read them."""
    return {
        State.UP: _("Mở tốt"),
        State.SLOW: _("Mở chậm"),
        State.DOWN: _("Không mở được"),
        State.UNKNOWN: _("Chưa biết"),
    }


@require_safe
@public_page
def status_page(request: HttpRequest) -> HttpResponse:
    """Show what the meter knows of each public service, worst first."""
    found = monitoring.status(clock.now())
    limits = monitoring.limits_on(found.at.date())
    names = {one.service.key: one.service.name for one in found.services}
    rows = [_row(one) for one in sorted(found.services, key=lambda one: ORDER.index(one.state))]
    return render(
        request,
        "measures/status.html",
        {
            "finding": _finding(found),
            "rows": rows,
            "looked_at": found.looked_at,
            "outages": [
                _outage(run, names, limits.alarm_after["down"]) for run in found.outages[:MOST_OUTAGES]
            ],
            "more_outages": max(0, len(found.outages) - MOST_OUTAGES),
            "limits": limits,
            "slow": _seconds(limits.slow_ms),
            "timeout": _seconds(limits.timeout_ms),
            "source": monitoring.document()["source"],
            "first": found.services[0].days[0].day if found.services else found.at.date(),
            "today": found.at.date(),
            "at": found.at,
        },
    )


@require_safe
@public_page
def status_json(request: HttpRequest) -> HttpResponse:
    """Give the same as data."""
    found = monitoring.status(clock.now())
    limits = monitoring.limits_on(found.at.date())
    return JsonResponse(
        {
            "at": found.at.isoformat(timespec="seconds"),
            "last_minute": found.looked_at.isoformat() if found.looked_at else None,
            "version": limits.version,
            "unit": {"minutes": "phút", "availability": "%", "ms": "ms"},
            "services": [_as_data(one) for one in found.services],
            "outages": [
                {
                    "service": run.service,
                    "from": run.first.isoformat(),
                    "to": run.end.isoformat(),
                    "minutes": run.minutes,
                }
                for run in found.outages
            ],
        },
        json_dumps_params={"ensure_ascii": False},
    )


def _as_data(one: Health) -> dict[str, Any]:
    periods = {"24h": one.last_day, "30d": one.month, "90d": one.quarter}
    return {
        "service": one.service.key,
        "name": one.service.name,
        "state": one.state.value,
        "since": one.since.isoformat() if one.since else None,
        "since_at_least": one.is_longer,
        "mean_ms": round(one.mean_ms) if one.mean_ms is not None else None,
        "p95_ms": one.p95_ms,
        "periods": {
            name: {
                "up": period.minutes.up,
                "slow": period.minutes.slow,
                "down": period.minutes.down,
                "unknown": period.of - period.minutes.known,
                "availability": None if (value := share(period.minutes)) is None else float(value),
            }
            for name, period in periods.items()
        },
        "days": [
            {
                "day": day.day.isoformat(),
                **(
                    {"up": day.minutes.up, "slow": day.minutes.slow, "down": day.minutes.down}
                    if day.minutes
                    else {"up": None, "slow": None, "down": None}
                ),
            }
            for day in one.days
        ],
    }


def _row(one: Health) -> dict[str, Any]:
    days = sum(day.minutes is not None for day in one.days)
    title = _("%(name)s: %(days)s ngày biết được trong %(of)s ngày, %(down)s ngày có lúc không mở được") % {
        "name": one.service.name,
        "days": words.number(days),
        "of": words.number(len(one.days)),
        "down": words.number(sum(bool(day.minutes and day.minutes.down) for day in one.days)),
    }
    return {
        "key": one.service.key,
        "name": one.service.name,
        "is_bad": one.state in (State.DOWN, State.SLOW),
        "tag": TAGS[one.state],
        "icon": ICONS.get(one.state, ""),
        "state": state_words()[one.state],
        "since": one.since,
        "is_longer": one.is_longer,
        "periods": [
            (name, _share(period), period.minutes.known, period.of)
            for name, period in (
                (_("24 giờ"), one.last_day),
                (_("30 ngày"), one.month),
                (_("90 ngày"), one.quarter),
            )
        ],
        "mean": "" if one.mean_ms is None else _seconds(one.mean_ms),
        "p95": "" if one.p95_ms is None else _seconds(one.p95_ms),
        "title": title,
        "strip": strip(one.days, title),
        "spans": spans(one.days),
    }


def _share(period: monitoring.Period) -> str:
    """Write the availability, or nothing where no minute is known."""
    value = share(period.minutes)
    return "" if value is None else f"{value:.2f} %".replace(".", ",")


def _seconds(ms: float) -> str:
    return _("%(n)s giây") % {"n": f"{ms / 1000:.2f}".rstrip("0").rstrip(".").replace(".", ",")}


def _outage(run: Run, names: dict[str, str], alarm_after: int) -> dict[str, Any]:
    return {
        "name": names.get(run.service, run.service),
        "first": run.first,
        "end": run.end,
        "minutes": run.minutes,
        "is_alarm": run.minutes >= alarm_after,
    }


def _finding(found: Status) -> str:
    """Return the headline, by what is worst."""
    whole = len(found.services)
    count = {state: sum(one.state is state for one in found.services) for state in State}
    numbers = {
        "n": whole,
        "down": count[State.DOWN],
        "slow": count[State.SLOW],
        "unknown": count[State.UNKNOWN],
    }
    if count[State.DOWN]:
        return _("%(down)d trên %(n)d dịch vụ không mở được") % numbers
    if count[State.UNKNOWN] == whole:
        return _("Chưa biết dịch vụ chạy ra sao: máy đo chưa chạy")
    if count[State.SLOW]:
        return _("%(slow)d trên %(n)d dịch vụ mở chậm") % numbers
    if count[State.UNKNOWN]:
        return _("%(unknown)d trên %(n)d dịch vụ chưa biết ra sao") % numbers
    return _("Cả %(n)d dịch vụ đều mở tốt") % numbers


def _period(request: HttpRequest) -> Period:
    today = clock.today()
    return period_of(request.GET, today - (USUAL_DAYS - 1) * monitoring.DAY, today)


@require_safe
@keepers_only
def monitoring_page(request: HttpRequest) -> HttpResponse:
    """Show how pages are used in a period, and what the export holds."""
    period = _period(request)
    found = views(period.first, period.last)
    first_step = found.funnel[0].opened if found.funnel else 0
    emc = monitoring.document("emc")
    health = monitoring.status(clock.now())
    rules = observatory()
    assert rules is not None
    typed = said(request.GET, "tu"), said(request.GET, "den")
    is_refused = "tai" in request.GET
    yesterday = clock.today() - monitoring.DAY
    return render(
        request,
        "measures/monitoring.html",
        {
            **keepers_frame(request, "monitoring"),
            "first": period.first,
            "last": period.last,
            "error": period.error,
            "typed_first": typed[0] if period.error else words.date_text(period.first),
            "typed_last": typed[1] if period.error else words.date_text(period.last),
            "is_refused": is_refused,
            "export_first": typed[0] if is_refused else words.date_text(yesterday),
            "export_last": typed[1] if is_refused else words.date_text(yesterday),
            "found": found,
            "finding": _use_finding(found.opened, found.metered),
            "chart": [(step.name, step.opened) for step in found.funnel] if first_step else [],
            "steps": [
                {"name": step.name, "opened": step.opened, "share": words.percent(step.opened, first_step, 1)}
                for step in found.funnel
            ],
            "kinds": _named(found.kinds),
            "emc": emc,
            "scores": [_scored(one) for one in health.services],
            "rules": rules,
            "flush": str(monitoring.document()["flush_seconds"]).replace(".", ","),
            "now": clock.now(),
        },
    )


def _use_finding(opened: int, metered: int) -> str:
    if not metered:
        return _("Kỳ này chưa có số liệu về lượt mở trang")
    return _("%(n)s lượt mở trang trong %(days)s ngày có đếm") % {
        "n": words.number(opened),
        "days": words.number(metered),
    }


def _named(kinds: Sequence[KindOfPage]) -> list[dict[str, Any]]:
    """Return the kinds that have a name, and all others as one."""
    known = kind_words()
    rows = [(known[one.kind], one) for one in kinds if one.kind in known]
    rest = [one for one in kinds if one.kind not in known]
    if rest:
        sums = (
            sum(n) for n in zip(*((o.opened, o.from_inside, o.refused, o.failed) for o in rest), strict=True)
        )
        rows.append((_("Các trang khác"), KindOfPage("", *sums)))
    return [
        {"name": name, "views": one, "inside": words.percent(one.from_inside, one.opened, 1)}
        for name, one in rows
    ]


def kind_words() -> dict[str, str]:
    """Return the names of kinds of page."""
    return {
        "portal:home": _("Trang đầu"),
        "portal:search": _("Tìm thủ tục"),
        "portal:service": _("Trang của một thủ tục"),
        "portal:track": _("Tra cứu hồ sơ"),
        "measures:statistics": _("Số liệu"),
        "portal:verify": _("Kiểm tra văn bản"),
        "portal:open_data": _("Dữ liệu mở"),
        "portal:my": _("Hồ sơ của tôi"),
        "portal:help": _("Trợ giúp"),
        "account_login": _("Đăng nhập"),
        "dossiers:draft_page#office": _("Tờ khai: chọn nơi nộp"),
        "dossiers:draft_page#questions": _("Tờ khai: trả lời câu hỏi"),
        "dossiers:draft_page#papers": _("Tờ khai: gửi giấy tờ"),
        "dossiers:draft_page#check": _("Tờ khai: xem lại"),
        "dossiers:done": _("Đã nộp"),
        "dossiers:inbox": _("Hộp việc của cán bộ"),
        "dossiers:desk": _("Hồ sơ trên bàn cán bộ"),
        "measures:status": _("Trạng thái dịch vụ"),
        "measures:monitoring": _("Giám sát"),
        "nowhere": _("Địa chỉ không có trang"),
    }


def _scored(one: Health) -> dict[str, Any]:
    rules = observatory()
    assert rules is not None
    minutes = one.quarter.minutes
    speed = rules.score(
        {
            "minutes_known": minutes.known,
            "minutes_available": minutes.opened,
            "response_s": None if one.mean_ms is None else round(one.mean_ms) / 1000,
        }
    )["speed"]
    assert isinstance(speed, dict)
    lacks = {
        "n/a": _("chưa áp dụng"),
        "pending": _("chưa có số liệu"),
        "too few": _("chưa đủ số phút để chấm"),
    }
    return {"name": one.service.name, "speed": speed, "lack": lacks.get(str(speed.get("state", "")), "")}


def _export(request: HttpRequest) -> tuple[Period, bool]:
    """Return the days of the export, usually yesterday, and whether they may be exported: days that are over, a few."""
    yesterday = clock.today() - monitoring.DAY
    period = period_of(request.GET, yesterday, yesterday)
    most = monitoring.document("emc")["most_days"]
    return period, not period.error and (period.last - period.first).days < most


def _back(request: HttpRequest) -> HttpResponse:
    days = {name: said(request.GET, name) for name in ("tu", "den")}
    return redirect(f"{reverse('measures:monitoring')}?{urlencode({**days, 'tai': '1'})}#xuat")


@require_safe
@keepers_only
def emc_csv(request: HttpRequest) -> HttpResponse:
    """Give the rows for the national system as CSV, with the field list of the data file."""
    period, is_possible = _export(request)
    if not is_possible:
        return _back(request)
    fields = [one["key"] for one in monitoring.document("emc")["fields"]]
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="emc-{period.first}-{period.last}.csv"'
    sheet = csv.writer(response)
    sheet.writerow(fields)
    for row in emc_rows(period.first, period.last):
        sheet.writerow([guarded(_cell(row[key])) for key in fields])
    return response


@require_safe
@keepers_only
def emc_json(request: HttpRequest) -> HttpResponse:
    """Give the same as JSON, with the list of fields and what is not confirmed of it."""
    period, is_possible = _export(request)
    if not is_possible:
        return _back(request)
    said_of = monitoring.document("emc")
    return JsonResponse(
        {
            **{key: said_of[key] for key in ("version", "source", "unverified", "fields")},
            "from": period.first.isoformat(),
            "to": period.last.isoformat(),
            "at": clock.now().isoformat(timespec="seconds"),
            "rows": list(emc_rows(period.first, period.last)),
        },
        json_dumps_params={"ensure_ascii": False},
    )


def _cell(value: object) -> str | int | None:
    return value if isinstance(value, str | int) or value is None else str(value)
