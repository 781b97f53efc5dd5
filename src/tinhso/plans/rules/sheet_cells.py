"""What a cell of a spreadsheet may hold, and what it is called there. Pure."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Final

#: Text, a number exactly as the program shows it (15 digits), a day, or nothing.
Cell = str | Decimal | dt.date | None
_FAILURES: Final = frozenset(
    ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA", "#SPILL!", "#CALC!")
)


def address(row: int, column: int) -> str:
    """Return the name of the cell in a row and a column, both from 0: (11, 5) is F12."""
    letters = ""
    left = column + 1
    while left:
        left, rest = divmod(left - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def text_of(cell: Cell) -> str:
    """Return what a cell says: a number without needless zeros and with a comma, a day as 30/06/2022."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return format(cell.normalize(), "f").replace(".", ",")
    return f"{cell:%d/%m/%Y}" if isinstance(cell, dt.date) else cell


def has_failed(cell: Cell) -> bool:
    """Say whether a cell shows that its formula failed."""
    return isinstance(cell, str) and cell in _FAILURES
