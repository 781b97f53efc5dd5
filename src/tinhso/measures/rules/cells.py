"""Small cells in published tables: which figures stay away so that nobody can work out one under the threshold. Pure.

A cell of 1 to 4 is never told. That alone protects nothing: the year less eleven months, an office less its other
procedures, or any longer chain gives it back. So a small cell counts as protected only when another world is known: other
numbers, none below zero, that fit all sums and show the same in everything told, while this cell is at least the
threshold. Who adds and subtracts what is told cannot rule that world out. Zeros are always told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tinhso.measures.rules.worlds import Worlds


@dataclass(frozen=True, slots=True)
class Rule:
    """The threshold of one version: cells from 1 up to below it are small."""

    version: str
    threshold: int
    effective_from: dt.date
    source: str


def rule_on(document: Mapping[str, Any], day: dt.date) -> Rule:
    """Return the version of the rule in force on a day; before the first one, the first."""
    rules = sorted(
        (
            Rule(
                one["version"], one["threshold"], dt.date.fromisoformat(one["effective_from"]), one["source"]
            )
            for one in document["versions"]
        ),
        key=lambda one: one.effective_from,
    )
    return next((one for one in reversed(rules) if one.effective_from <= day), rules[0])


@dataclass(frozen=True, slots=True)
class Line:
    """One sum that a reader may know: a total and the cells that make it up. A cell that is not named is 0."""

    total: Hashable
    parts: tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Protected:
    """The cells that stay away. ``unproven``: small ones for which no other world was found; never publish over them."""

    hidden: frozenset[Hashable]
    unproven: frozenset[Hashable]

    def tellable(self, cells: Iterable[Hashable]) -> bool:
        """Say whether the sum of these cells may be told: every one of them is told itself."""
        return self.hidden.isdisjoint(cells)


def protect(
    lines: Iterable[Line],
    cells: Mapping[Hashable, int],
    threshold: int,
    *,
    unpublished: Iterable[Hashable] = (),
) -> Protected:
    """Choose the cells that stay away. All tables that are ever published go in together, with all their sums.

    ``unpublished`` cells stand in sums, are told to nobody and must not be worked out either.
    """
    keys = list(cells)
    number = {key: i for i, key in enumerate(keys)}
    values = [cells[key] for key in keys]
    sums = [(number[line.total], [number[one] for one in line.parts if one in number]) for line in lines]
    worlds = Worlds(values, sums, threshold, [number[key] for key in unpublished])
    worlds.protect_all()
    return Protected(
        frozenset(key for key, is_hidden in zip(keys, worlds.is_hidden, strict=True) if is_hidden),
        frozenset(keys[cell] for cell in worlds.unproven),
    )


@dataclass(frozen=True, slots=True)
class Table:
    """One published table: words that label its cells, and the cells above zero. Margins are tables of their own."""

    name: str
    by: tuple[str, ...]
    cells: Mapping[tuple[Hashable, ...], int]


#: Coarser words: (finer word, coarser word) → label of the finer → label of the coarser.
Parents = Mapping[tuple[str, str], Mapping[Hashable, Hashable]]


def lines_of(tables: Sequence[Table], parents: Parents) -> list[Line]:
    """Return every sum between two tables: words left out or told more coarsely, unless a table between them has it."""
    parts: dict[tuple[int, int], dict[tuple[Hashable, ...], list[Hashable]]] = {}
    whole: set[tuple[int, int]] = set()
    for finer, fine in enumerate(tables):
        for coarser, coarse in enumerate(tables):
            ways = _ways(fine.by, coarse.by, parents) if finer != coarser else None
            if ways is None:
                continue
            found: dict[tuple[Hashable, ...], list[Hashable]] = {}
            is_whole = True
            for labels in fine.cells:
                told = tuple(labels[at] if up is None else up.get(labels[at]) for at, up in ways)
                if None in told:
                    is_whole = False
                else:
                    found.setdefault(told, []).append((fine.name, labels))
            parts[finer, coarser] = found
            if is_whole:
                whole.add((finer, coarser))
    return [
        Line((tables[coarser].name, labels), tuple(found[labels]))
        for (finer, coarser), found in parts.items()
        if not any(
            (finer, middle) in whole and (middle, coarser) in whole and (coarser, middle) not in whole
            for middle in range(len(tables))
        )
        for labels in tables[coarser].cells
        if labels in found
    ]


def _ways(
    fine: tuple[str, ...], coarse: tuple[str, ...], parents: Parents
) -> list[tuple[int, Mapping[Hashable, Hashable] | None]] | None:
    """Return where each word of the coarser table comes from in the finer; None where it does not."""
    ways: list[tuple[int, Mapping[Hashable, Hashable] | None]] = []
    for word in coarse:
        if word in fine:
            ways.append((fine.index(word), None))
            continue
        up = next(
            ((one, labels) for (one, to), labels in parents.items() if to == word and one in fine), None
        )
        if up is None:
            return None
        ways.append((fine.index(up[0]), up[1]))
    return ways


def nested(table: Table, finer: str, coarser: str) -> dict[Hashable, Hashable]:
    """Return the finer labels that a table shows in one coarser label only, where all of that one's are so.

    Such are a department's own procedures, by the table of offices and procedures: its zeros tell everybody that the
    figures of the department are the sums of those of its procedures. Give them to `lines_of` as parents.
    """
    at, to = table.by.index(finer), table.by.index(coarser)
    within: dict[Hashable, set[Hashable]] = {}
    for labels in table.cells:
        within.setdefault(labels[at], set()).add(labels[to])
    mixed = {one for found in within.values() if len(found) > 1 for one in found}
    return {one: next(iter(found)) for one, found in within.items() if not found & mixed}
