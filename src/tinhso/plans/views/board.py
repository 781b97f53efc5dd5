"""The committee's board: targets, registration, late tasks, money and inspections, worst first."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.design.maps import Area, key_words
from tinhso.design.maps import board as tiles
from tinhso.design.thread import Day
from tinhso.directory.api import calendar, who
from tinhso.plans.permissions import SECRETARY
from tinhso.plans.queries.board import Board, Registering, Stage, board, short
from tinhso.plans.views.frame import frame, insiders_only
from tinhso.plans.views.target_words import board_line
from tinhso.toolkit import clock, words

#: Overdue tasks of a hundred open ones, where a darker tile begins.
BORDERS: Final = (1, 10, 25)
#: So many offices of a stage are named; the rest stand behind a link.
NAMED: Final = 7
_BILLION: Final = Decimal(1_000_000_000)


@require_safe
@insiders_only
def board_page(request: HttpRequest) -> HttpResponse:
    """Show the board of now, as whoever asks may see it."""
    by, at = who(request), clock.now()
    found = board(by, at)
    return render(
        request,
        "plans/board.html",
        {
            **frame(request, "board"),
            "heading": headline(found, at.date()),
            "board": found,
            "targets": [board_line(row) for row in found.targets],
            "registering": [_registering(one, at) for one in found.registering],
            "resources": resources(found),
            "tiles": _tiles(found),
            "tile_key": key_words(BORDERS, _("không còn nhiệm vụ")),
            "late_offices": [one for one in found.counts.by_office if one.counts.overdue],
            "may_remind": by.holds(*SECRETARY),
        },
    )


def months_words(on: dt.date) -> str:
    """Return how many months of the year are over, as a headline begins: "Bốn tháng"; before the first: "Đầu năm"."""
    months = on.month - 1
    return _("%(n)s tháng") % {"n": words.spelled(months).capitalize()} if months else _("Đầu năm")


def headline(found: Board, on: dt.date) -> str:
    """Return the finding of the board."""
    parts = []
    if found.finding.whole:
        parts.append(
            _("%(good)d trên %(whole)d chỉ tiêu kịp tiến độ")
            % {"good": found.finding.good, "whole": found.finding.whole}
        )
    late, of_others = found.counts.every.overdue, found.counts.parts.overdue
    if not late:
        said = _("không nhiệm vụ nào trễ")
    elif of_others:
        said = _("%(n)s nhiệm vụ trễ, trong đó %(parts)s việc con")
    else:
        said = _("%(n)s nhiệm vụ trễ")
    parts.append(said % {"n": words.number(late), "parts": words.number(of_others)} if late else said)
    return f"{months_words(on)}: {', '.join(parts)}"


def _registering(one: Registering, at: dt.datetime) -> dict[str, Any]:
    on = at.date()
    owing = sum(len(one.of(stage)) for stage in (Stage.MISSING, Stage.NOTHING, Stage.DRAFTING))
    columns = [
        (Stage.MISSING, "late", _("Chưa nộp, quá hạn")),
        (Stage.NOTHING, "warn", _("Chưa có gì")),
        (Stage.DRAFTING, "soon", _("Đang soạn")),
        (Stage.LATE, "late", _("Đăng ký trễ")),
        (Stage.ON_TIME, "ok", _("Đã đăng ký") if one.days_left >= 0 else _("Đúng hạn")),
    ]
    return {
        "names": ", ".join(window.window.name for window in one.windows),
        "done": one.done,
        "whole": len(one.offices),
        "deadline": one.deadline,
        "days_left": one.days_left,
        "is_over": one.deadline < on,
        "thread": _thread(max(w.window.opens_on for w in one.windows), one.deadline, on),
        "owing": owing,
        "url": f"{reverse('plans:plans')}?dot={one.windows[0].window.pk}",
        "columns": [
            {
                "tag": tag,
                "words": f"{label} ({len(found)})",
                "offices": found[:NAMED],
                "more": max(0, len(found) - NAMED),
            }
            for stage, tag, label in columns
            if (found := one.of(stage))
        ],
    }


def _thread(first: dt.date, last: dt.date, today: dt.date) -> list[Day]:
    """Return the working days of the last stretch to a day, as a row shows them: at most three weeks."""
    start = max(first, last - dt.timedelta(days=14))
    days, number = [], 0
    day = start
    while day <= last:
        if calendar().is_working(day):
            number += 1
            kind = "passed" if day < today else "today" if day == today else "left"
            days.append(Day(day, kind, number))  # type: ignore[arg-type]
        day += dt.timedelta(days=1)
    return days


def resources(found: Board) -> list[dict[str, str]]:
    """Return the lines of money and inspections: name, figure, its whole."""
    money, rounds = found.money, found.inspections
    lines = []
    if money.planned:
        lines.append(
            {
                "name": _("Kinh phí năm %(year)d đã giải ngân") % {"year": money.year},
                "figure": words.percent(money.spent, money.planned, 1),
                "of": _("%(part)s/%(whole)s tỷ đồng")
                % {"part": billions(money.spent), "whole": billions(money.planned)},
                "url": reverse("plans:money"),
            }
        )
        lines.append(
            {
                "name": _("Kinh phí cho an toàn thông tin"),
                "figure": words.percent(money.security_planned, money.planned, 1),
                "of": _("mức tối thiểu %(n)d %%") % {"n": money.norm_percent or 0},
                "url": reverse("plans:money"),
            }
        )
    if rounds.planned:
        lines.append(
            {
                "name": _("Cuộc kiểm tra đã làm"),
                "figure": f"{rounds.done}/{rounds.planned}",
                "of": _("cuộc theo kế hoạch năm"),
                "url": reverse("plans:inspections"),
            }
        )
    if rounds.findings:
        late = _(", %(n)d quá hạn") % {"n": rounds.overdue} if rounds.overdue else ""
        lines.append(
            {
                "name": _("Kiến nghị đã khắc phục"),
                "figure": f"{rounds.closed}/{rounds.findings}",
                "of": _("kiến nghị") + late,
                "url": reverse("plans:inspections"),
            }
        )
    return lines


def billions(vnd: int) -> str:
    """Write an amount in VND as billions with one decimal: 12,4."""
    return f"{Decimal(vnd) / _BILLION:.1f}".replace(".", ",")


def _tiles(found: Board) -> str:
    """Draw the offices that lead tasks: overdue of a hundred open ones."""
    areas = [
        Area(
            str(one.key),
            short(one.label),
            100 * one.counts.overdue / one.counts.not_done if one.counts.not_done else None,
            "–" if not one.counts.not_done else "",
        )
        for one in found.counts.by_office[:56]
    ]
    if not areas:
        return ""
    title = _("Cứ 100 nhiệm vụ chưa xong thì mấy nhiệm vụ quá hạn, theo cơ quan chủ trì")
    return tiles(areas, BORDERS, title, "co-quan")
