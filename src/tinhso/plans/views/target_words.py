"""How targets are said on pages: values, lights, what is needed, and why, as additions that anybody can redo."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.design.charts import Series
from tinhso.plans.models import TargetActual
from tinhso.plans.queries.counters import counter_of
from tinhso.plans.queries.target_parts import TargetPage
from tinhso.plans.queries.targets import TargetRow, light_words, value_text
from tinhso.plans.rules.lights import GOOD, PERCENT, Light, way
from tinhso.toolkit.words import date_text

#: The kind of tag of each light.
LIGHT_TAGS: Final = {
    Light.MET: "ok",
    Light.ON_TRACK: "ok",
    Light.SLOW: "warn",
    Light.VERY_SLOW: "bad",
    Light.UNKNOWN: "plain",
}


def source_words() -> dict[str, str]:
    """Return where actuals come from, as filters and lists say it."""
    return {
        "counter": _("Hệ thống tự đếm"),
        "report": _("Cơ quan báo cáo"),
        "children": _("Cộng từ các phần"),
    }


def board_line(row: TargetRow) -> dict[str, Any]:
    """Return a target as one line of a board: its words, and the numbers that its bar is drawn from."""
    unit = row.target.unit
    return {
        "row": row,
        "target": row.target,
        "url": reverse("plans:target", args=[row.target.pk]),
        "name": row.target.name,
        "value": value_text(row.value, unit),
        "of": of_words(row.actual, row.target.counter),
        "bar": row.value,
        "needed": row.needed.value if row.needed else None,
        "goal": row.goal.value if row.goal else None,
        "whole": 100 if unit == PERCENT else None,
        "tag": LIGHT_TAGS[row.light],
        "light": light_words()[row.light],
        "words": needed_words(row),
        "source": source_words()[row.source],
        "forecast": value_text(row.forecast, unit) if row.forecast is not None else "",
    }


def of_words(actual: TargetActual | None, counter: str = "") -> str:
    """Return the fraction behind a value: "88/226", with what is counted where a counter says it."""
    if actual is None or actual.numerator is None or actual.denominator is None:
        return ""
    noun = found.noun if (found := counter_of(counter)) else ""
    return f"{plain(actual.numerator)}/{plain(actual.denominator)} {noun}".strip()


def needed_words(row: TargetRow) -> str:
    """Return the year's value and what is needed now: "chỉ tiêu 100 %, lúc này cần 62 %"."""
    unit = row.target.unit
    if row.goal is None or row.needed is None:
        return _("chưa đặt giá trị phải đạt")
    least = "" if row.target.direction == "up" else _("không quá ")
    words = _("chỉ tiêu %(goal)s") % {"goal": least + value_text(row.goal.value, unit)}
    if row.light is Light.MET or row.needed.value == row.goal.value:
        return words
    return _("%(words)s, lúc này cần %(needed)s") % {
        "words": words,
        "needed": least + value_text(row.needed.value, unit),
    }


def plain(value: Decimal) -> str:
    """Return a number without a unit: 1.605."""
    return value_text(value, "").strip()


def finding(row: TargetRow) -> str:
    """Return the headline of a target: its name, light and value."""
    light = light_words()[row.light].lower()
    if row.value is None:
        return _("%(name)s: chưa có số thực hiện") % {"name": row.target.name}
    return _("%(name)s: %(light)s, %(value)s") % {
        "name": row.target.name,
        "light": light,
        "value": value_text(row.value, row.target.unit),
    }


Lines = list[tuple[str, str, str]]


def why_needed(row: TargetRow) -> tuple[Lines, tuple[str, str]] | None:
    """Return the addition that gives what is needed now, and its result; None: there is no mark."""
    need, unit = row.needed, row.target.unit
    if need is None:
        return None
    result = (_("Lúc này cần"), value_text(need.value, unit))
    mark = _("Phải đạt đến %(day)s") % {"day": date_text(need.until.on)}
    if need.since is None or need.days == 0:
        return [(mark, value_text(need.until.value, unit), "")], result
    began = row.course.baseline is not None and need.since == row.course.baseline
    since = (_("Số ban đầu, %(day)s") if began else _("Mốc vừa qua, %(day)s")) % {
        "day": date_text(need.since.on)
    }
    part = need.value - need.since.value
    return [
        (since, value_text(need.since.value, unit), ""),
        (
            _("Đi đều đến mốc sắp tới, %(gone)d trên %(days)d ngày") % {"gone": need.gone, "days": need.days},
            _signed(part, unit),
            _("Mốc sắp tới %(day)s: %(value)s")
            % {"day": date_text(need.until.on), "value": value_text(need.until.value, unit)},
        ),
    ], result


def why_light(page: TargetPage) -> tuple[Lines, tuple[str, str]] | None:
    """Return the comparison that gives the light, and its result; None: nothing is known."""
    row, unit = page.row, page.row.target.unit
    if row.value is None or row.needed is None or row.goal is None:
        return None
    result = (_("Xếp"), light_words()[row.light])
    lines = [(_("Đã làm được"), value_text(row.value, unit), of_words(row.actual, row.target.counter))]
    if row.light is Light.MET:
        lines.append((_("Chỉ tiêu cả năm"), value_text(row.goal.value, unit), ""))
        return lines, result
    lines.append((_("Lúc này cần"), value_text(row.needed.value, unit), ""))
    if row.light in GOOD:
        return lines, result
    missing = abs(row.needed.value - row.value)
    whole = way(row.course, row.needed.value)
    may = page.rule.slow_within * whole
    lines.append((_("Còn thiếu") if row.course.is_up else _("Còn vượt"), value_text(missing, unit), ""))
    lines.append(
        (
            _("Thiếu ít hơn mức này thì chỉ là chậm"),
            value_text(may, unit),
            _("%(percent)s %% của quãng đường %(way)s từ %(start)s")
            % {
                "percent": plain(100 * page.rule.slow_within),
                "way": value_text(whole, unit),
                "start": _("số ban đầu") if row.course.baseline else "0",
            },
        )
    )
    return lines, result


def why_forecast(page: TargetPage) -> tuple[Lines, tuple[str, str]] | None:
    """Return the addition that gives the forecast, and its result; None: too little is known."""
    ahead, unit = page.forecast, page.row.target.unit
    if ahead is None:
        return None
    days = (ahead.until - ahead.last.on).days
    return [
        (_("Số ngày %(day)s") % {"day": date_text(ahead.first.on)}, value_text(ahead.first.value, unit), ""),
        (_("Số ngày %(day)s") % {"day": date_text(ahead.last.on)}, value_text(ahead.last.value, unit), ""),
        (
            _("Mỗi ngày đổi"),
            _signed(ahead.a_day, unit, places=4),
            _("%(n)d ngày giữa hai số") % {"n": (ahead.last.on - ahead.first.on).days},
        ),
        (
            _("Còn %(n)d ngày nữa") % {"n": days},
            _signed(ahead.a_day * days, unit),
            _("Dừng ở cuối thang, không quá 0 và 100 %") if ahead.is_clamped else "",
        ),
    ], (_("Dự báo đến %(day)s") % {"day": date_text(ahead.until)}, value_text(ahead.value, unit))


def _signed(value: Decimal, unit: str, *, places: int = 2) -> str:
    rounded = f"{abs(value):.{places}f}".rstrip("0").rstrip(".").replace(".", ",")
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign} {rounded} {'%' if unit == PERCENT else unit}".strip()


def chart_of(line: Sequence[TargetActual]) -> list[Series]:
    """Return what was reached and what was needed over time, as two lines."""
    return [
        Series(_("đã được"), [(_short(one.on), float(one.value or 0)) for one in line]),
        Series(
            _("cần"),
            [(_short(one.on), float(one.needed) if one.needed is not None else None) for one in line],
        ),
    ]


def chart_title(page: TargetPage) -> str:
    """Return the finding of the line: from where to where."""
    if not page.line:
        return ""
    first, last, unit = page.line[0], page.line[-1], page.row.target.unit
    return _("Từ %(before)s ngày %(start)s đến %(after)s ngày %(end)s") % {
        "before": value_text(first.value, unit),
        "start": date_text(first.on),
        "after": value_text(last.value, unit),
        "end": date_text(last.on),
    }


def _short(day: dt.date) -> str:
    return f"{day:%d/%m}"
