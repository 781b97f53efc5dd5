"""Charts drawn by the server as SVG: sorted bars, stacked bars, at most three lines. The title says the finding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Final

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from tinhso.toolkit import words

MOST_SERIES: Final = 3
_LETTER: Final = 7.4
_WIDE: Final = 560
_PHONE: Final = 328


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, its value (zero or more), and whether it is the one the page is about."""

    label: str
    value: float
    here: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """One line: its name, written at its end, and its (label, value) points; None is a gap."""

    name: str
    points: Sequence[tuple[str, float | None]]


GivenBar = Bar | tuple[str, float]


def figure(value: float) -> str:
    """Write a value as people do: whole numbers grouped (1.605), others with one decimal (35,9)."""
    if value == int(value):
        return words.number(int(value))
    whole, _, part = f"{value:.1f}".partition(".")
    return f"{words.number(int(whole))},{part}"


def scale(highest: float) -> list[float]:
    """Return round ticks from zero to at least ``highest``, four or five of them."""
    if highest <= 0:
        return [0, 1]
    rough = highest / 4
    power = 10 ** floor(log10(rough))
    step = next(nice * power for nice in (1, 2, 2.5, 5, 10) if nice * power >= rough * 0.999)
    return [step * place for place in range(ceil(highest / step - 1e-9) + 1)]


def hbars(
    given: Iterable[GivenBar], title: str, average: float | None = None, average_label: str = ""
) -> SafeString:
    """Draw horizontal bars, largest first, from zero, value at the end.

    ``title`` says the finding and is read aloud. ``average`` draws a dashed line, named ``average_label``.
    Returns the wide drawing and the one for phones; an empty text when there is nothing. Raises
    ``ValueError`` for a value below zero.
    """
    bars = sorted((bar if isinstance(bar, Bar) else Bar(*bar) for bar in given), key=lambda bar: -bar.value)
    if not bars:
        return SafeString("")
    if bars[-1].value < 0:
        msg = "bars start from zero and show no value below it"
        raise ValueError(msg)
    ticks = scale(max(bars[0].value, average or 0))
    left = min(260.0, max(len(bar.label) for bar in bars) * _LETTER + 12)
    return _wrap(
        "only-wide", _WIDE, _bars_wide(bars, ticks, left, average, average_label), 34 * len(bars) + 52, title
    ) + _wrap(
        "only-phone", _PHONE, _bars_phone(bars, ticks, average, average_label), 46 * len(bars) + 44, title
    )


def stacked(
    rows: Sequence[tuple[str, Sequence[float | None]]], title: str, *, most: int = MOST_SERIES
) -> SafeString:
    """Draw rows of stacked bars in their order, from zero, the sum at the end; a row with a None has no bar.

    Name the parts beneath, in ``.key`` with ``.s1k`` and so on. Raises ``ValueError`` for more than ``most`` parts.
    """
    if any(len(parts) > most for _label, parts in rows):
        msg = "a stacked bar shows at most three parts"
        raise ValueError(msg)
    sums = [sum(known) if (known := _known(parts)) is not None else None for _label, parts in rows]
    longest = max((one for one in sums if one is not None), default=0)
    if not longest:
        return SafeString("")
    ticks = scale(longest)
    left = min(260.0, max(len(label) for label, _parts in rows) * _LETTER + 12)
    return _wrap(
        "only-wide", _WIDE, _stacks(rows, sums, ticks, left, _WIDE - left - 64), 34 * len(rows) + 52, title
    ) + _wrap("only-phone", _PHONE, _stacks(rows, sums, ticks, 62, _PHONE - 118), 34 * len(rows) + 52, title)


def _known(parts: Sequence[float | None]) -> list[float] | None:
    known = [one for one in parts if one is not None]
    return known if len(known) == len(parts) else None


def _stacks(
    rows: Sequence[tuple[str, Sequence[float | None]]],
    sums: Sequence[float | None],
    ticks: Sequence[float],
    left: float,
    span: float,
) -> str:
    foot = 34 * len(rows) + 24
    drawn: list[str] = []
    for place, tick in enumerate(ticks):
        x = left + span * tick / ticks[-1]
        drawn.append(
            f'<line class="{"grid" if tick else "axis"}" x1="{x:.1f}" y1="20" x2="{x:.1f}" y2="{foot}"/>'
        )
        if span > _PHONE or place % 2 == 0:
            drawn.append(_text(x, foot + 20, figure(tick), "middle", "t2"))
    for place, ((label, parts), whole) in enumerate(zip(rows, sums, strict=True)):
        y, x = 24 + 34 * place, left
        drawn.append(_text(left - 10, y + 19, label, "end"))
        if whole is None:
            continue
        for number, part in enumerate(parts, 1):
            length = span * (part or 0) / ticks[-1]
            if length:
                drawn.append(
                    f'<rect class="s{number}" x="{x:.1f}" y="{y + 4}" width="{length:.1f}" height="20"/>'
                )
            x += length
        drawn.append(_text(x + 8, y + 19, figure(whole), "start", "tb"))
    return "".join(drawn)


def lines(series: Sequence[Series], title: str, unit: str = "") -> SafeString:
    """Draw up to three lines over the same labels, zero based, each named at its end.

    ``title`` says the finding and is read aloud; ``unit`` stands above the axis. Raises ``ValueError`` when
    there are more than three series. Returns an empty text when there is nothing to draw.
    """
    if len(series) > MOST_SERIES:
        msg = "a line chart shows at most three series"
        raise ValueError(msg)
    known = [value for line in series for _, value in line.points if value is not None]
    if not known:
        return SafeString("")
    return _wrap("only-wide", _WIDE, _lines(series, scale(max(known)), _WIDE, unit), 280, title) + _wrap(
        "only-phone", _PHONE, _lines(series, scale(max(known)), _PHONE, unit), 280, title
    )


def _wrap(box: str, width: int, body: str, height: float, title: str) -> SafeString:
    return format_html(
        '<div class="{}"><svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg></div>',
        box,
        width,
        height,
        title,
        SafeString(body),
    )


def _text(x: float, y: float, text: str, anchor: str = "start", style: str = "", size: int = 13) -> str:
    named = f' class="{style}"' if style else ""
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"'
    return f"<text{named} {place}>{escape(text)}</text>"


def _bars_wide(
    bars: Sequence[Bar], ticks: Sequence[float], left: float, average: float | None, average_label: str
) -> str:
    span = _WIDE - left - 64
    foot = 34 * len(bars) + 24
    parts: list[str] = []
    for tick in ticks:
        x = left + span * tick / ticks[-1]
        parts.append(
            f'<line class="{"grid" if tick else "axis"}" x1="{x:.1f}" y1="20" x2="{x:.1f}" y2="{foot}"/>'
        )
        parts.append(_text(x, foot + 20, figure(tick), "middle", "t2"))
    if average is not None:
        x = left + span * average / ticks[-1]
        parts.append(f'<line class="avg" x1="{x:.1f}" y1="18" x2="{x:.1f}" y2="{foot}"/>')
        parts.append(_text(x, 12, f"{average_label} {figure(average)}".strip(), "middle"))
    for place, bar in enumerate(bars):
        y = 24 + 34 * place
        length = span * bar.value / ticks[-1]
        parts.append(_text(left - 10, y + 19, bar.label, "end", "tb" if bar.here else ""))
        parts.append(
            f'<rect class="fill" x="{left:.1f}" y="{y + 4}" width="{length:.1f}" height="20" rx="1"/>'
        )
        parts.append(_text(left + length + 8, y + 19, figure(bar.value), "start", "tb"))
    return "".join(parts)


def _bars_phone(
    bars: Sequence[Bar], ticks: Sequence[float], average: float | None, average_label: str
) -> str:
    span = _PHONE - 60
    foot = 46 * len(bars) + 22
    parts = [f'<line class="axis" x1="1" y1="20" x2="1" y2="{foot}"/>']
    for place, bar in enumerate(bars):
        y = 20 + 46 * place
        length = span * bar.value / ticks[-1]
        parts.append(_text(6, y + 17, bar.label, "start", "tb" if bar.here else "", 14))
        parts.append(f'<rect class="fill" x="1" y="{y + 23}" width="{length:.1f}" height="18" rx="1"/>')
        parts.append(_text(length + 9, y + 37, figure(bar.value), "start", "tb", 14))
    if average is not None:
        x = 1 + span * average / ticks[-1]
        parts.append(f'<line class="avg" x1="{x:.1f}" y1="18" x2="{x:.1f}" y2="{foot}"/>')
        anchor = "start" if x < 80 else "middle" if x < 248 else "end"
        parts.append(_text(x, 13, f"{average_label} {figure(average)}".strip(), anchor))
    return "".join(parts)


def _lines(series: Sequence[Series], ticks: Sequence[float], width: int, unit: str) -> str:
    left, top, foot = 44.0, 26.0, 240.0
    right = width - min(160.0, max(len(line.name) for line in series) * _LETTER + 64)
    labels = [label for label, _ in max((line.points for line in series), key=len)]
    across = (right - left) / max(1, len(labels) - 1)
    parts: list[str] = [_text(0, 12, unit, "start", "t2")] if unit else []
    for tick in ticks:
        y = foot - (foot - top) * tick / ticks[-1]
        kind = "grid" if tick else "axis"
        parts.append(f'<line class="{kind}" x1="{left}" y1="{y:.1f}" x2="{right:.1f}" y2="{y:.1f}"/>')
        parts.append(_text(left - 8, y + 4, figure(tick), "end", "t2"))
    every = max(1, ceil(len(labels) * 52 / max(1.0, right - left)))
    for place, label in enumerate(labels):
        if place % every == 0:
            parts.append(_text(left + across * place, foot + 22, label, "middle", "t2"))
    ends: list[tuple[float, str, int]] = []
    for number, line in enumerate(series, start=1):
        path, drawing, end = "", False, None
        values = [None, *(value for _label, value in line.points), None]
        for place, (_label, value) in enumerate(line.points):
            if value is None:
                drawing = False
                continue
            x, y = left + across * place, foot - (foot - top) * value / ticks[-1]
            if values[place] is None and values[place + 2] is None:
                # Between two gaps there is no line to see.
                parts.append(
                    f'<rect class="dot ln{number}" x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8"/>'
                )
            path += f"{'L' if drawing else 'M'}{x:.1f} {y:.1f}"
            drawing, end = True, (x, y, value)
        if end is None:
            continue
        parts.append(f'<path class="ln ln{number}" d="{path}"/>')
        parts.append(
            f'<rect class="dot ln{number}" x="{end[0] - 4:.1f}" y="{end[1] - 4:.1f}" width="8" height="8"/>'
        )
        ends.append((end[1] + 4, f"{line.name} {figure(end[2])}", number))
    lowest = float("-inf")
    for y, text, number in sorted(ends):
        lowest = max(y, lowest + 17)
        parts.append(_text(right + 10, lowest, text, "start", f"tb lt{number}"))
    return "".join(parts)
