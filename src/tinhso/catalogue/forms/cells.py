"""Boxes of the office's pages, and how what was typed in them is read.

A page is drawn from the sheet; after a mistake it is drawn again with what was typed, right or wrong (``overlaid``).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from tinhso.toolkit.text import fold, tidy, visible
from tinhso.toolkit.words import date_text

Sheet = dict[str, Any]
Typed = Mapping[str, str]
Choices = Sequence[tuple[str, str]]
#: Empty rows at the end of every table of the office.
SPARE = 2
_LARGEST_INTEGER = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Cell:
    """One box. ``kind``: text, area, check, choice. ``is_short`` boxes hold figures and days."""

    name: str
    label: str
    value: str = ""
    kind: str = "text"
    choices: Choices = ()
    hint: str = ""
    is_short: bool = False
    rows: int = 3
    error: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading with boxes below it, and a table of boxes; ``facts`` are lines that are only read.

    ``titles`` head the rows; ``heads`` then begins with the head of that column.
    """

    title: str
    cells: tuple[Cell, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    hint: str = ""
    facts: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()

    @property
    def lines(self) -> list[tuple[str, tuple[Cell, ...]]]:
        """Return the rows of the table, each with its heading or a blank."""
        titles = self.titles or ("",) * len(self.rows)
        return list(zip(titles, self.rows, strict=True))


@dataclass(frozen=True, slots=True)
class Part:
    """A page of the office: ``draw`` makes its boxes from a sheet, ``take`` a new sheet from what was typed."""

    key: str
    title: str
    lead: str
    draw: Callable[[Sheet], list[Block]]
    take: Callable[[Sheet, Reader], Sheet]


def overlaid(blocks: Sequence[Block], typed: Typed | None, wrong: Mapping[str, str]) -> list[Block]:
    """Return the blocks with what was typed in them, and with the sentences at their boxes."""

    def over(cell: Cell) -> Cell:
        value = cell.value if typed is None else typed.get(cell.name, "")
        return replace(cell, value=value, error=wrong.get(cell.name, ""))

    return [
        replace(
            block,
            cells=tuple(map(over, block.cells)),
            rows=tuple(tuple(map(over, row)) for row in block.rows),
        )
        for block in blocks
    ]


def mark(value: object) -> str:
    """Return how a truth stands in a check box."""
    return "1" if value else ""


def day_text(value: str | None) -> str:
    """Return a stored day as people write it."""
    return date_text(dt.date.fromisoformat(value)) if value else ""


def slug(text: str, taken: set[str], most: int = 40) -> str:
    """Return a key for a new row that no other row has, and remember it."""
    stem = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[: most - 4].strip("-") or "dong"
    key, place = stem, 2
    while key in taken:
        key, place = f"{stem}-{place}", place + 1
    taken.add(key)
    return key


@dataclass
class Reader:
    """Reads what was typed and gathers a sentence for every box that is wrong."""

    typed: Typed
    wrong: dict[str, str] = field(default_factory=dict)

    def refuse(self, name: str, sentence: str) -> None:
        """Remember what is wrong with a box; the first sentence stays."""
        self.wrong.setdefault(name, sentence)

    def raw(self, name: str) -> str:
        """Return what stands in a box, in NFC, in one line, without letters that nobody sees."""
        return tidy(visible(self.typed.get(name, "")))

    def is_marked(self, name: str) -> bool:
        """Say whether a check box is marked."""
        return self.typed.get(name, "") == "1"

    def text(self, name: str, most: int, need: str = "") -> str:
        """Return a text of at most so many letters; ``need`` is the sentence for an empty box."""
        value = self.raw(name)
        if need and not value:
            self.refuse(name, need)
        if len(value) > most:
            words = _("Dài %(have)s chữ cái, nhiều nhất %(most)s. Hãy viết gọn lại.")
            self.refuse(name, words % {"have": len(value), "most": most})
        return value

    def lines(self, name: str, most: int, need: str = "") -> list[str]:
        """Return one text by line, without empty ones."""
        found = [tidy(line) for line in visible(self.typed.get(name, "")).splitlines()]
        found = [line for line in found if line]
        if need and not found:
            self.refuse(name, need)
        if any(len(line) > most for line in found):
            self.refuse(name, _("Có dòng dài quá %(most)s chữ cái. Hãy tách dòng.") % {"most": most})
        if len(found) > 200:
            self.refuse(name, _("Nhiều nhất 200 dòng. Hãy gộp lại."))
        return found

    def whole(self, name: str, most: int = _LARGEST_INTEGER) -> int:
        """Return a whole number of at least 0; an empty box is 0."""
        value = re.sub(r"[\s.đ]", "", self.raw(name))
        if not value:
            return 0
        if not (value.isascii() and value.isdigit()) or len(value) > 15:
            self.refuse(name, _("Ghi bằng chữ số, ví dụ 2 hoặc 28.000."))
            return 0
        if int(value) > most:
            self.refuse(name, _("Số này lớn quá. Hãy xem lại các chữ số."))
            return 0
        return int(value)

    def amount(self, name: str, need: str = "") -> str:
        """Return a number above 0 with at most two decimals, as the sheet keeps it: ``7.5``; both 7,5 and 7.5 are read."""
        value = self.raw(name).replace(" ", "").replace(",", ".")
        if not value:
            if need:
                self.refuse(name, need)
            return "0"
        try:
            read = Decimal(value) if re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,2})?", value) else None
        except InvalidOperation:
            read = None
        if read is None:
            self.refuse(name, _("Ghi bằng chữ số, ví dụ 4 hoặc 7,5."))
            return "0"
        if read <= 0:
            self.refuse(name, _("Số này phải lớn hơn 0."))
        return f"{read.normalize():f}"

    def day(self, name: str) -> str | None:
        """Return a day as the sheet keeps it, None for an empty box."""
        value = self.raw(name)
        if not value:
            return None
        found = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", value)
        try:
            return dt.date(int(found[3]), int(found[2]), int(found[1])).isoformat() if found else _no_day()
        except ValueError:
            self.refuse(name, _("Ghi đủ ngày, tháng, năm có thật, ví dụ 24/05/2022."))
            return None

    def choice(self, name: str, choices: Choices) -> str:
        """Return the chosen value."""
        value = self.typed.get(name, "")
        if value not in dict(choices):
            self.refuse(name, _("Chọn một dòng trong danh sách."))
            return choices[0][0]
        return value

    def rows(self, prefix: str, known: int) -> list[int]:
        """Return the places of a table's rows that stay, in the order typed in their first column."""
        most = known + SPARE
        stay = [place for place in range(most) if not self.is_marked(f"{prefix}-{place}-bo")]
        order = {place: self.whole(f"{prefix}-{place}-thu-tu", 10_000) or 10_000 for place in stay}
        return sorted(stay, key=lambda place: (order[place], place))


def _no_day() -> str:
    raise ValueError


def ordered(prefix: str, place: int, known: int) -> tuple[Cell, ...]:
    """Return the first column of a row: its place in the order."""
    value = str(place + 1) if place < known else ""
    return (Cell(f"{prefix}-{place}-thu-tu", _("Thứ tự"), value, is_short=True),)


def removable(prefix: str, place: int) -> tuple[Cell, ...]:
    """Return the last column of a row: whether it goes."""
    return (Cell(f"{prefix}-{place}-bo", _("Bỏ"), "", "check"),)
