"""A province as it would be with the folder taken in: the folder's rows, and those that only the system has."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

from tinhso.config.province.holding import Held
from tinhso.config.province.tables import OFFICES, Folder, Row, Sheet

FAR: Final = dt.date(9999, 1, 1)
_DAY: Final = dt.timedelta(days=1)


class Whole:
    """The folder's rows first, then the system's own (line 0)."""

    def __init__(self, folder: Folder, there: Held) -> None:
        """Keep both."""
        self.folder, self.there = folder, there

    def rows(self, sheet: Sheet) -> list[Row]:
        """Return all rows of a file."""
        said = self.folder.of(sheet)
        keys = {row.key(sheet) for row in said}
        return said + [Row(0, cells) for key, cells in self.there[sheet.file].items() if key not in keys]

    def before(self, sheet: Sheet, row: Row) -> dict[str, Any] | None:
        """Return the system's row that a row of the folder speaks of."""
        return self.there[sheet.file].get(row.key(sheet))

    @cached_property
    def offices(self) -> dict[str, list[Row]]:
        """Return the offices by code."""
        return grouped(self.rows(OFFICES), lambda row: row["ma"])

    def office_is_there(self, code: str, first: dt.date, last: dt.date) -> bool:
        """Say whether an office has a code on every day of a span; True where its days could not be read."""
        rows = self.offices.get(code, [])
        if not rows or any(not row.has("tu_ngay", "den_ngay") or until(row) < row["tu_ngay"] for row in rows):
            return True
        day = first
        for row in sorted(rows, key=lambda one: one["tu_ngay"]):
            if row["tu_ngay"] <= day <= until(row):
                if until(row) >= last:
                    return True
                day = until(row) + _DAY
        return False


def grouped(rows: Iterable[Row], key: Callable[[Row], Any]) -> dict[Any, list[Row]]:
    """Return the rows by what ``key`` says of them; those of which it says None are left out."""
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        if key(row) is not None:
            found[key(row)].append(row)
    return found


def until(row: Row) -> dt.date:
    """Return the last day of a row; far away where it is open."""
    return row["den_ngay"] or FAR


def check_spans(folder: Folder, sheet: Sheet, groups: Iterable[list[Row]], said: str, fix: str) -> None:
    """Refuse rows that end before they begin, and rows of one group that hold on the same day.

    ``said`` names the other row by ``{where}``.
    """
    for rows in groups:
        whole = [row for row in rows if row.has("tu_ngay", "den_ngay")]
        for row in whole:
            if until(row) < row["tu_ngay"] and row.line:
                message = "trước ngày bắt đầu."
                folder.refuse(
                    sheet, row, "den_ngay", message, "Sửa một trong hai ngày; đang còn thì để trống."
                )
        fits = [row for row in whole if until(row) >= row["tu_ngay"]]
        for a, b in pairwise(sorted(fits, key=lambda one: (one["tu_ngay"], one.line))):
            if a.key(sheet) != b.key(sheet) and until(a) >= b["tu_ngay"] and (a.line or b.line):
                named, other = (b, a) if b.line else (a, b)
                folder.refuse(sheet, named, "tu_ngay", said.format(where=other.where), fix)
