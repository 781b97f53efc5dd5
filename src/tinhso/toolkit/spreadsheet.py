"""Write cells that a spreadsheet opens as text."""

from __future__ import annotations

from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def guarded(value: str) -> str:
    """Return the text so that no spreadsheet runs it as a formula: an apostrophe stands before it where it could be one."""
    return f"'{value}" if value.lstrip(" \u00a0").startswith(_FORMULA) else value
