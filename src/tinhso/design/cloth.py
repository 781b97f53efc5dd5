"""Tấm vải của năm: one strand for every working day of the whole province, drawn from real counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

_WIDTH: Final = 436
_LEFT: Final = 62
_STEP: Final = 12
_ROW: Final = 30
_DECEMBER: Final = 12


@dataclass(frozen=True, slots=True)
class ClothDay:
    """A working day: results given (None when to come) and how many dossiers were late."""

    date: date
    done: int | None = None
    late: int = 0


Given = ClothDay | tuple[date, int | None, int | None]


def as_days(given: Iterable[Given]) -> list[ClothDay]:
    """Return ``given`` in order of date; a plain (date, done, late) counts as a day."""
    days = [day if isinstance(day, ClothDay) else ClothDay(day[0], day[1], day[2] or 0) for day in given]
    return sorted(days, key=lambda day: day.date)


def svg(given: Iterable[Given], today: date | None = None) -> SafeString:
    """Draw the cloth: months that are woven, then the bare warp of the months to come (wide screens only).

    Days not given are days of rest. The tone of a strand is the third it falls in by results given. ``today``
    is ringed in gold. Returns an empty text when there are no days.
    """
    days = as_days(given)
    if not days:
        return SafeString("")
    woven = [day for day in days if day.done is not None]
    marks = sorted(day.done or 0 for day in woven)
    steps = (marks[len(marks) // 3], marks[2 * len(marks) // 3]) if marks else (0, 0)
    last = today or (woven[-1].date if woven else days[0].date)
    months = [(month, list(group)) for month, group in groupby(days, key=lambda day: day.date.month)]
    begun = [(month, group) for month, group in months if month <= last.month]
    to_come = [(month, group) for month, group in months if month > last.month]
    late_days = sum(day.late > 0 for day in woven)
    title = _(
        "Tấm vải của năm %(year)s, đến ngày %(last)s: "
        "mỗi sợi là một ngày làm việc; %(late)s ngày có hồ sơ trễ."
    ) % {"year": days[0].date.year, "last": f"{last:%d/%m}", "late": late_days}
    front = "".join(_month(place, month, group, steps, last) for place, (month, group) in enumerate(begun))
    drawn = format_html(
        '<svg class="cloth" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        _WIDTH,
        _ROW * len(begun),
        title,
        SafeString(front),
    )
    if not to_come:
        return drawn
    rest = "".join(_month(place, month, group, steps, last) for place, (month, group) in enumerate(to_come))
    return drawn + format_html(
        '<svg class="cloth cloth-rest" viewBox="0 0 {} {}" aria-hidden="true">{}</svg>',
        _WIDTH,
        _ROW * len(to_come),
        SafeString(rest),
    )


def _month(place: int, month: int, days: Sequence[ClothDay], steps: tuple[int, int], today: date) -> str:
    top = place * _ROW
    label = _("Tháng %(month)s") % {"month": month}
    parts = [f'<text x="0" y="{top + 20}" font-size="13">{label}</text>']
    given = {day.date.day: day for day in days}
    first = days[0].date
    after = date(first.year + (month == _DECEMBER), month % _DECEMBER + 1, 1)
    length = (after - first.replace(day=1)).days
    for number in range(1, length + 1):
        x = _LEFT + _STEP * (number - 1)
        day = given.get(number)
        if day is None:
            if first.replace(day=number) < today:
                parts.append(f'<rect class="rest" x="{x}" y="{top + 14.5}" width="12" height="1"/>')
            continue
        if day.done is None and day.date != today:
            parts.append(f'<rect class="warp" x="{x + 5.5}" y="{top}" width="1" height="{_ROW}"/>')
            continue
        tone = 1 + sum((day.done or 0) > step for step in steps)
        style = "now" if day.date == today else f"c{tone}"
        parts.append(f'<rect class="{style}" x="{x + 1}" y="{top + 4}" width="10" height="22" rx="1"/>')
        if day.late:
            parts.append(f'<rect class="lt" x="{x + 1}" y="{top + 21}" width="10" height="5"/>')
    return "".join(parts)
