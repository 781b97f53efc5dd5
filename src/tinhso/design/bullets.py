"""A bullet: one bar done so far, a tick at what is needed now, a white knot at the goal. Drawn by the server as SVG."""

from __future__ import annotations

from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString

_WIDE: Final = 300
_KNOT: Final = 9
_TICK: Final = 2


def bullet(
    value: float | None, needed: float | None, goal: float | None, *, whole: float | None = None
) -> SafeString:
    """Draw how far a value has come. ``whole``: where the track ends (100 for a share); None: at the largest of the three.

    The words beside it say the same: it is hidden from readers. What is None is not drawn.
    """
    largest = max((one for one in (value, needed, goal, whole) if one is not None), default=0) or 1
    end = whole if whole is not None and whole >= largest else largest

    def at(one: float) -> float:
        return max(0.0, min(one, end)) * _WIDE / end

    fill = (
        format_html('<rect x="0" y="8" width="{}" height="10" class="fill"/>', f"{at(value):.1f}")
        if value
        else ""
    )
    tick = (
        format_html(
            '<rect x="{}" y="3" width="{}" height="20" class="exp"/>',
            f"{max(0.0, at(needed) - _TICK / 2):.1f}",
            _TICK,
        )
        if needed is not None
        else ""
    )
    knot = (
        format_html(
            '<rect x="{}" y="3" width="{}" height="20" class="knot"/>',
            f"{max(0.0, at(goal) - _KNOT / 2):.1f}",
            _KNOT,
        )
        if goal is not None
        else ""
    )
    return format_html(
        '<svg class="bullet" viewBox="-1 0 308 26" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect x="0" y="8" width="{}" height="10" class="track"/>{}{}{}</svg>',
        _WIDE,
        fill,
        tick,
        knot,
    )
