"""Columns in their own order, from zero, drawn by the server: how many cases took how long. The title says the finding."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Final

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from tinhso.design.charts import figure, scale

_WIDE: Final = 560
_PHONE: Final = 328
_HEIGHT: Final = 230
_FOOT: Final = 180
_LEFT: Final = 46
#: A label beneath a column takes so many times the size of its letters.
_ROOM: Final = 3.2


def columns(
    given: Sequence[tuple[str, float]],
    title: str,
    unit: str = "",
    marks: Sequence[tuple[float, str]] = (),
    *,
    letters: float = 1,
    wide: int = _WIDE,
) -> SafeString:
    """Draw one column for each (label, value) in the order given.

    ``letters`` makes all words so many times as large and ``wide`` the drawing so wide, for a wall. ``unit`` stands
    above the axis.
    ``marks`` are (position among the columns, words): 2.5 is the middle of the third.
    Returns an empty text when there is nothing. Raises ``ValueError`` for a value below zero.
    """
    if not given:
        return SafeString("")
    if min(value for _label, value in given) < 0:
        msg = "columns start from zero and show no value below it"
        raise ValueError(msg)
    drawn = (
        format_html(
            '<div class="{}"><svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg></div>',
            box,
            width,
            _HEIGHT,
            title,
            SafeString(_body(given, unit, marks, width, letters if width == wide else 1)),
        )
        for box, width in (("only-wide", wide), ("only-phone", _PHONE))
    )
    return SafeString("".join(drawn))


def _body(
    given: Sequence[tuple[str, float]],
    unit: str,
    marks: Sequence[tuple[float, str]],
    width: int,
    letters: float,
) -> str:
    ticks = scale(max(value for _label, value in given))
    if letters > 1:
        ticks = [ticks[0], ticks[-1]]
    size, left = 12 * letters, _LEFT * letters
    top = 28 + 12 * letters
    step = (width - left - 8) / len(given)
    head = f'<text class="t2" x="{left:.0f}" y="{size:.0f}" font-size="{size:.0f}">{escape(unit)}</text>'
    parts = [head] if unit else []
    for tick in ticks:
        y = _FOOT - (_FOOT - top) * tick / ticks[-1]
        parts.append(
            f'<line class="{"grid" if tick else "axis"}" x1="{left:.0f}" y1="{y:.1f}" x2="{width - 8}" y2="{y:.1f}"/>'
            f'<text class="t2" x="{left - 6:.0f}" y="{y + size / 3:.1f}" font-size="{size:.0f}" text-anchor="end">'
            f"{figure(tick)}</text>"
        )
    every = max(1, ceil(len(given) * size * _ROOM / (width - left)))
    for place, (label, value) in enumerate(given):
        height = (_FOOT - top) * value / ticks[-1]
        x = left + step * place
        parts.append(
            f'<rect class="fill" x="{x + step * 0.1:.1f}" y="{_FOOT - height:.1f}" width="{step * 0.8:.1f}"'
            f' height="{height:.1f}"/>'
        )
        if place % every == 0:
            parts.append(
                f'<text class="t2" x="{x + step / 2:.1f}" y="{_FOOT + 1.5 * size:.0f}" font-size="{size:.0f}"'
                ' text-anchor="middle">'
                f"{escape(label)}</text>"
            )
    for place, (position, words) in enumerate(marks):
        x = min(left + step * position, width - 8)
        anchor = "end" if x > width / 2 else "start"
        parts.append(
            f'<line class="avg" x1="{x:.1f}" y1="22" x2="{x:.1f}" y2="{_FOOT}"/>'
            f'<text x="{x + (-4 if anchor == "end" else 4):.1f}" y="{32 + 15 * (place % 2)}" font-size="{size:.0f}"'
            f' text-anchor="{anchor}">{escape(words)}</text>'
        )
    return "".join(parts)
