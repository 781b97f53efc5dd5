"""Write cells that a spreadsheet opens as text."""

from __future__ import annotations

from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def guarded(value: str | int | None) -> str | int:
    """Return a cell that no spreadsheet runs as a formula: an apostrophe stands before it where it could be one."""
    if value is None:
        return ""
    is_formula = isinstance(value, str) and value.lstrip(" \u00a0").startswith(_FORMULA)
    return f"'{value}" if is_formula else value
