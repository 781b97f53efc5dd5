"""The columns of an annex's table: what they are called, and where a sheet has them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from tinhso.plans.rules.sheet_cells import Cell, text_of
from tinhso.toolkit.text import fold

#: The table's head is looked for in so many rows: title rows stand above it.
_DEPTH: Final = 40
#: A row with so many known names is a head.
_FEWEST_NAMES: Final = 4
_PLACE_MARK: Final = re.compile(r"\(?(\d{1,2}|[a-z])\)?")


@dataclass(frozen=True, slots=True)
class Column:
    """A column as ``data/annex_columns.json`` has it; ``longest``: letters that it holds, 0 for what is no text."""

    key: str
    label: str
    kind: str
    width: float
    longest: int
    needed: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """What an annex's table looks like: columns in their usual order, accepted names, words for groups and sources.

    ``groups`` and ``sources``: key → label; ``group_words`` and ``source_words``: folded words → key. ``units``: folded
    words → VND, longest words first.
    """

    columns: tuple[Column, ...]
    heads: Mapping[str, str]
    groups: Mapping[str, str]
    group_words: Mapping[str, str]
    sources: Mapping[str, str]
    source_words: Mapping[str, str]
    units: tuple[tuple[str, int], ...]
    totals: frozenset[str]

    def column(self, key: str) -> Column:
        """Return the column of that key."""
        return next(column for column in self.columns if column.key == key)


@dataclass(frozen=True, slots=True)
class Head:
    """Where the head stands (``row`` is its last row) and which column of the sheet holds what; ``unit``: VND."""

    row: int
    where: Mapping[str, int]
    unit: int


def shape_of(document: Mapping[str, Any], groups: Mapping[str, str], sources: Mapping[str, str]) -> Shape:
    """Return the shape that the data file and the lists of groups and sources describe."""
    columns = tuple(
        Column(one["key"], one["label"], one["kind"], one["width"], one["longest"], one["needed"])
        for one in document["columns"]
    )
    heads = {plain(name): one["key"] for one in document["columns"] for name in (one["label"], *one["heads"])}
    units = sorted(
        ((fold(one["words"]), one["vnd"]) for one in document["units"]), key=lambda one: -len(one[0])
    )
    return Shape(
        columns,
        heads,
        groups,
        _words(groups, document["groups"]),
        sources,
        _words(sources, document["sources"]),
        tuple(units),
        frozenset(plain(one) for one in document["totals"]),
    )


def _words(labels: Mapping[str, str], others: Mapping[str, Sequence[str]]) -> dict[str, str]:
    found = {plain(word): key for key, words in others.items() for word in words}
    found |= {plain(label): key for key, label in labels.items()}
    return found | {plain(key): key for key in labels}


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """Return words to compare: no marks, no case, nothing in brackets, only letters and digits between spaces."""
    bare = re.sub(r"\([^)]*\)", " ", fold(text))
    return re.sub(r"[^a-z0-9]+", " ", bare).strip()


def find_head(rows: Sequence[Sequence[Cell]], shape: Shape) -> Head | None:
    """Return the head of the table, of one row or two; None where no row has enough of the names."""
    best: tuple[int, dict[str, int]] = (0, {})
    for n, row in enumerate(rows[:_DEPTH]):
        where = _named(row, shape)
        if len(where) > len(best[1]):
            best = n, where
    row_of_head, where = best
    if len(where) < _FEWEST_NAMES:
        return None
    last = row_of_head
    if row_of_head + 1 < len(rows):
        below = _named(rows[row_of_head + 1], shape)
        if below and all(
            text_of(cell) == "" or plain(text_of(cell)) in shape.heads for cell in rows[last + 1]
        ):
            last += 1
            where = {**where, **below}
    if {"starts", "ends"} & set(where):
        where.pop("span", None)
    if last + 1 < len(rows) and _numbers_columns(rows[last + 1]):
        last += 1
    return Head(last, where, _unit(rows[: last + 1], row_of_head, where, shape))


def missing(head: Head, shape: Shape) -> list[str]:
    """Return the labels of needed columns that the sheet has not."""
    has_span = "span" in head.where
    return [
        column.label
        for column in shape.columns
        if column.needed
        and column.key not in head.where
        and not (has_span and column.key in ("starts", "ends"))
    ]


def _named(row: Sequence[Cell], shape: Shape) -> dict[str, int]:
    """Return the columns whose names the row has; the first where a name comes twice."""
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        key = shape.heads.get(plain(cell)) if isinstance(cell, str) else None
        if key is not None:
            found.setdefault(key, place)
    return found


def _numbers_columns(row: Sequence[Cell]) -> bool:
    """Say whether the row only numbers the columns, such as (1), (2), (3) or A, B, 1, 2."""
    cells = [fold(text_of(cell)) for cell in row if cell is not None]
    return len(cells) >= _FEWEST_NAMES and all(_PLACE_MARK.fullmatch(cell) for cell in cells)


def _unit(rows: Sequence[Sequence[Cell]], head: int, where: Mapping[str, int], shape: Shape) -> int:
    """Return what one of the amounts is in VND: as the column's name says, else a line above, else a million."""
    place = where.get("amount")
    named = [
        fold(cell)
        for row in rows[head:]
        if place is not None and place < len(row) and isinstance(cell := row[place], str)
    ]
    above = [
        fold(cell)
        for row in rows[:head]
        for cell in row
        if isinstance(cell, str) and re.search(r"\b(don vi( tinh)?|dvt)\b", fold(cell))
    ]
    for text in (*named, *above):
        for words, vnd in shape.units:
            if re.search(rf"(?<![a-z0-9]){re.escape(words)}(?![a-z0-9])", text):
                return vnd
    return 1_000_000


def in_unit(vnd: int) -> Decimal:
    """Return an amount in millions of VND, exactly."""
    return Decimal(vnd).scaleb(-6)
