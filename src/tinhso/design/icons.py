"""Icons of the Lucide project (ISC licence, see icons.LICENSE.txt), inlined into the page."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString


@cache
def shapes() -> dict[str, str]:
    """Return the drawing of every icon by its Lucide name."""
    text = Path(__file__).with_name("icons.json").read_text(encoding="utf-8")
    icons: dict[str, str] = json.loads(text)["icons"]
    return icons


def svg(name: str, size: int = 20, classes: str = "") -> SafeString:
    """Draw the icon ``name`` at ``size`` pixels, hidden from screen readers.

    20 follows the text size, 32 and above are the large icons (``i-l``, ``i-xl``). ``classes`` are added to
    the element. Raises ``KeyError`` when there is no such icon.
    """
    scale = "" if size <= 20 else " i-l" if size <= 40 else " i-l i-xl"
    extra = f" {classes}" if classes else ""
    return format_html(
        '<svg class="i{}{}" width="{}" height="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        "{}</svg>",
        scale,
        extra,
        size,
        size,
        SafeString(shapes()[name]),
    )
