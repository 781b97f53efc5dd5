"""Maps drawn by the server as SVG: a schematic of shapes and a board of tiles, four classes of indigo, numbers printed.

An area with too little behind it is hatched. Wide screens only: on phones the table beneath says the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from tinhso.design.charts import figure

#: How many tiles stand in a row, and their width and height.
COLUMNS: Final = 7
_WIDE, _HIGH, _GAP = 92, 48, 4
#: From this class on the ground is dark and words on it are white.
_DARK_FROM: Final = 3


@dataclass(frozen=True, slots=True)
class Area:
    """One area: what ties it to its shape, its name, its rate. ``value`` None: too little behind it; hatched.

    ``note`` stands in place of a number that is not there.
    """

    key: str
    name: str
    value: float | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """Where an area lies on a schematic: corners as SVG writes them, middle and size of its words."""

    key: str
    points: str
    x: float
    y: float
    size: int


def class_of(value: float | None, borders: Sequence[float]) -> int:
    """Return the class of a rate: 1 below the first border, 2 from it on, up to 4; 0 where there is none."""
    return 0 if value is None else 1 + sum(value >= border for border in borders)


def key_words(borders: Sequence[float], hatched: str) -> list[tuple[str, str]]:
    """Return what the map's key says: class and words of each ground."""
    words = [f"dưới {figure(borders[0])}"]
    words += [f"{figure(a)} đến dưới {figure(b)}" for a, b in pairwise(borders)]
    words.append(f"từ {figure(borders[-1])}")
    return [(f"m{place}k", text) for place, text in enumerate(words, 1)] + [("m0k", hatched)]


def schematic(
    areas: Sequence[Area],
    shapes: Sequence[Shape],
    borders: Sequence[float],
    title: str,
    view: Sequence[int],
    words: Sequence[Mapping[str, str | float]] = (),
) -> SafeString:
    """Draw areas as the shapes of a schematic; a shape without an area is left out.

    ``borders`` are the three rates where a darker class begins; ``title`` says the finding and is read aloud.
    """
    known = {one.key: one for one in areas}
    parts = []
    for shape in shapes:
        if shape.key not in known:
            continue
        area = known[shape.key]
        ground = class_of(area.value, borders)
        parts.append(f'<polygon points="{escape(shape.points)}" class="m{ground}"{_fill(ground, "so-do")}/>')
        parts.append(_words(area, ground, shape.x, shape.y, shape.size, shape.size + 3))
    parts += [
        f'<text class="t2" x="{float(one["x"]):.0f}" y="{float(one["y"]):.0f}" font-size="15">{escape(one["text"])}</text>'
        for one in words
    ]
    return _wrap(parts, " ".join(str(number) for number in view), "so-do", title)


def board(areas: Sequence[Area], borders: Sequence[float], title: str, name: str) -> SafeString:
    """Draw areas as tiles in their order. ``name`` tells this board from the others of the page."""
    parts = []
    for place, area in enumerate(areas):
        row, column = divmod(place, COLUMNS)
        x, y = column * (_WIDE + _GAP), row * (_HIGH + _GAP)
        ground = class_of(area.value, borders)
        parts.append(
            f'<rect x="{x}" y="{y}" width="{_WIDE}" height="{_HIGH}" rx="2" class="m{ground}"{_fill(ground, name)}/>'
        )
        parts.append(_words(area, ground, x + _WIDE / 2, y + 20, 11, 18))
    rows = -(-len(areas) // COLUMNS)
    view = f"0 0 {COLUMNS * (_WIDE + _GAP) - _GAP} {max(1, rows * (_HIGH + _GAP) - _GAP)}"
    return _wrap(parts, view, name, title)


def _fill(ground: int, name: str) -> str:
    return "" if ground else f' fill="url(#soc-{escape(name)})"'


def _words(area: Area, ground: int, x: float, y: float, size: int, below: int) -> str:
    value = area.note if area.value is None else figure(area.value)
    style = ' class="onm"' if ground >= _DARK_FROM else ""
    return (
        f'<text{style} x="{x:.0f}" y="{y:.0f}" font-size="{size}" text-anchor="middle">{escape(area.name)}'
        f'<tspan x="{x:.0f}" dy="{below}" font-weight="600">{escape(value)}</tspan></text>'
    )


def _wrap(parts: Sequence[str], view: str, name: str, title: str) -> SafeString:
    """Return the drawing with the hatching of its own."""
    return format_html(
        '<svg class="map" viewBox="{}" role="img" aria-label="{}"><defs><pattern id="soc-{}" width="8" height="8"'
        ' patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="soc0" width="8" height="8"/>'
        '<line class="soc1" x1="0" y1="0" x2="0" y2="8"/></pattern></defs>{}</svg>',
        view,
        title,
        name,
        SafeString("".join(parts)),
    )
