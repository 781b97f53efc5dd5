"""A strip of days: one bar a day, told by its height and not by colour alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tinhso.measures.queries.monitoring import ServiceDay
from tinhso.measures.rules.availability import MINUTES_OF_A_DAY
from tinhso.toolkit import words

_STEP: Final = 8
_WIDE: Final = 6
_FOOT: Final = 32
#: Height of a bar: known all day, known for less than half of it, with minutes down (it sticks out), unknown.
_WHOLE, _PART, _DOWN, _NOTHING = 20, 10, 32, 2


def strip(days: Sequence[ServiceDay], title: str) -> SafeString:
    """Draw the days, the oldest first; ``title`` says what they show."""
    bars = []
    for place, one in enumerate(days):
        height, style = _bar(one)
        bars.append(
            f'<rect class="{style}" x="{place * _STEP}" y="{_FOOT - height}" width="{_WIDE}" height="{height}"/>'
        )
    return format_html(
        '<svg class="cloth" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        len(days) * _STEP,
        _FOOT,
        title,
        SafeString("".join(bars)),
    )


def _bar(one: ServiceDay) -> tuple[int, str]:
    if one.minutes is None:
        return _NOTHING, "warp"
    if one.minutes.down:
        return _DOWN, "lt"
    return (_WHOLE, "c3") if one.minutes.known * 2 >= MINUTES_OF_A_DAY else (_PART, "c2")


def spans(days: Sequence[ServiceDay]) -> list[tuple[dt.date, dt.date, str]]:
    """Return the same in words: days in a row that say the same are one line, the latest first."""
    found: list[tuple[dt.date, dt.date, str]] = []
    for one in days:
        said = _words(one)
        if found and found[-1][2] == said and not (one.minutes and one.minutes.down):
            found[-1] = (found[-1][0], one.day, said)
        else:
            found.append((one.day, one.day, said))
    return found[::-1]


def _words(one: ServiceDay) -> str:
    if one.minutes is None:
        return _("chưa có số liệu")
    if one.minutes.down:
        return _("không mở được %(n)s phút trên %(of)s phút biết được") % {
            "n": words.number(one.minutes.down),
            "of": words.number(one.minutes.known),
        }
    if one.minutes.known * 2 < MINUTES_OF_A_DAY:
        return _("mở được trong mọi phút biết được, chưa biết quá nửa ngày")
    return _("mở được trong mọi phút biết được")
