"""Try to work out small numbers from published tables: ``python -m tests.attack_cells --folder DIR --json``.

It knows nothing but the folder: CSV files in long format (columns of words and ``so``; an empty ``so`` stays away, a row that
is missing is 0) and, if there, ``tu-dien.json``: ``parents`` {finer column: {coarser column: {label: label}}} and
``identities`` [{"column", "total", "parts"}]. Sums between tables it finds by itself and believes only if all told ones add up.
Then it reads small told cells, narrows ranges, subtracts every two sums, and solves small systems. Exit 1 on any find.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from itertools import permutations
from pathlib import Path
from typing import Any

THRESHOLD = 5
VALUE, HIDDEN = "so", {"", "*", "…"}
TOTALS = {"", "tất cả", "tat_ca", "tổng", "tong"}
#: Time told more coarsely: finer column → (coarser column, length of the label).
TIME = {"ngay": (("thang", 7), ("nam", 4)), "thang": (("nam", 4),)}
#: Connected unknowns are solved together up to so many.
LARGEST = 120
Cell = frozenset[tuple[str, str]]
#: A sum as a reader writes it: signs of unknown cells, what they come to, and in words where it is from.
Equation = tuple[dict[Cell, int], int, str]


@dataclass(frozen=True, slots=True)
class Find:
    """One thing that should not have been found: how, which cell, from lowest to highest, and from what."""

    how: str
    cell: str
    lowest: int
    highest: int
    by: str


class Published:
    """All cells of all files; None stays away. The same words in two files are the same cell."""

    def __init__(self, folder: Path) -> None:
        """Read the folder."""
        self.cells: dict[Cell, int | None] = {}
        self.contradictions: list[str] = []
        self.shapes: dict[frozenset[str], list[Cell]] = defaultdict(list)
        for file in sorted(folder.glob("*.csv")):
            with file.open(encoding="utf-8-sig", newline="") as text:
                for row in csv.DictReader(text):
                    self._take(row)
        dictionary = folder / "tu-dien.json"
        said: dict[str, Any] = json.loads(dictionary.read_text()) if dictionary.exists() else {}
        self.identities: list[dict[str, Any]] = said.get("identities", [])
        self.parents: dict[str, dict[str, dict[str, str]]] = said.get("parents", {})
        self._learn()

    def _take(self, row: Mapping[str, str]) -> None:
        cell = frozenset((k, v) for k, v in row.items() if k != VALUE and v not in TOTALS)
        n = None if row[VALUE].strip() in HIDDEN else int(row[VALUE])
        if cell not in self.cells:
            self.shapes[frozenset(k for k, _ in cell)].append(cell)
        known = self.cells.get(cell)
        if known is not None and n is not None and known != n:
            self.contradictions.append(words(cell))
        self.cells[cell] = known if n is None else n

    def _learn(self) -> None:
        """Learn which label lies within which: time by its writing, others where one column decides another."""
        for shape in list(self.shapes):
            for fine in shape:
                for coarse, length in TIME.get(fine, ()):
                    labels = {dict(cell)[fine] for cell in self.shapes[shape]}
                    self._parents(fine, coarse).update({one: one[:length] for one in labels})
            for fine, coarse in permutations(sorted(shape), 2):
                self._learn_nested(shape, fine, coarse)

    def _learn_nested(self, shape: frozenset[str], fine: str, coarse: str) -> None:
        """Learn coarse labels all of whose fine ones occur nowhere else, such as a department's own procedures."""
        within: dict[str, set[str]] = defaultdict(set)
        for cell in self.shapes[shape]:
            if self.cells[cell] != 0:
                label = dict(cell)
                within[label[fine]].add(label[coarse])
        mixed = {one for found in within.values() if len(found) > 1 for one in found}
        own = {
            one: next(iter(found)) for one, found in within.items() if len(found) == 1 and not found & mixed
        }
        known = self._parents(fine, coarse)
        for one, found in own.items():
            known.setdefault(one, found)

    def _parents(self, fine: str, coarse: str) -> dict[str, str]:
        return self.parents.setdefault(fine, {}).setdefault(coarse, {})

    def sums(self) -> list[tuple[Cell, list[Cell], str]]:
        """Return every sum that the tables have among them, each relation only if its told sums add up."""
        found: list[tuple[Cell, list[Cell], str]] = []
        for coarse, fine in permutations(self.shapes, 2):
            for ways in self._ways(fine, coarse):
                found += self._relation(fine, coarse, ways)
        for identity in self.identities:
            found += self._identity(identity)
        return found

    def _ways(self, fine: frozenset[str], coarse: frozenset[str]) -> Iterable[dict[str, str]]:
        """Yield for each column of the coarser table the column of the finer one that it comes from."""
        measured = {one["column"] for one in self.identities}
        if measured & fine != measured & coarse:
            return
        ways: list[dict[str, str]] = [{}]
        for column in sorted(coarse):
            sources = [column] if column in fine else []
            sources += [one for one in fine if column not in fine and self.parents.get(one, {}).get(column)]
            ways = [{**way, column: source} for way in ways for source in sources]
        yield from ways

    def _relation(
        self, fine: frozenset[str], coarse: frozenset[str], ways: Mapping[str, str]
    ) -> list[tuple[Cell, list[Cell], str]]:
        parts: dict[Cell, list[Cell]] = defaultdict(list)
        for cell in self.shapes[fine]:
            label = dict(cell)
            up = {
                to: label[at] if at == to else self.parents[at][to].get(label[at]) for to, at in ways.items()
            }
            if None not in up.values():
                parts[frozenset((k, v) for k, v in up.items() if v is not None)].append(cell)
        name = f"{'+'.join(sorted(coarse)) or 'toàn bộ'} = tổng {'+'.join(sorted(fine))}"
        whole = [(total, parts[total], name) for total in self.shapes[coarse] if total in parts]
        return whole if all(self._adds_up(total, cells) for total, cells, _ in whole) else []

    def _adds_up(self, total: Cell, parts: list[Cell]) -> bool:
        numbers = [self.cells[one] for one in parts]
        told = sum(n for n in numbers if n is not None)
        whole = self.cells[total]
        return whole is None or (told == whole if None not in numbers else told <= whole)

    def _identity(self, said: Mapping[str, Any]) -> list[tuple[Cell, list[Cell], str]]:
        column, found = said["column"], []
        for cell in self.cells:
            if (column, said["total"]) in cell:
                rest = cell - {(column, said["total"])}
                parts = [rest | {(column, one)} for one in said["parts"]]
                there = [one for one in parts if one in self.cells]
                found.append((cell, there, f"{said['total']} = {' + '.join(said['parts'])}"))
        return [one for one in found if one[1] and self._adds_up(one[0], one[1])]


def words(cell: Iterable[tuple[str, str]]) -> str:
    """Name a cell."""
    return ", ".join(f"{k} {v}" for k, v in sorted(cell)) or "toàn bộ"


def attack(folder: Path) -> dict[str, Any]:
    """Try everything; return the finds and what was tried."""
    published = Published(folder)
    sums = published.sums()
    equations = _equations(published.cells, sums)
    finds = [Find("đọc thẳng", words(c), n, n, "") for c, n in published.cells.items() if n and n < THRESHOLD]
    finds += _groups(equations)
    finds += _narrow(published.cells, equations)
    finds += _subtract(equations)
    finds += _solve(equations)
    unique = {(one.how, one.cell): one for one in finds}
    return {
        "cells": len(published.cells),
        "hidden": sum(n is None for n in published.cells.values()),
        "sums": len(sums),
        "relations": dict(Counter(name for *_rest, name in sums)),
        "contradictions": published.contradictions,
        "found": [asdict(one) for one in unique.values()],
    }


def _equations(
    cells: Mapping[Cell, int | None], sums: Iterable[tuple[Cell, list[Cell], str]]
) -> list[Equation]:
    found: list[Equation] = []
    for total, parts, name in sums:
        unknown = {one: 1 for one in parts if cells[one] is None}
        rest = -sum(cells[one] or 0 for one in parts)
        whole = cells[total]
        if whole is None:
            unknown[total] = -1
        if unknown:
            found.append((unknown, rest + (whole or 0), f"{name}: {words(total)}"))
    return found


def _small(value: Fraction | int) -> bool:
    return 0 < value < THRESHOLD


def _groups(equations: Iterable[Equation]) -> list[Find]:
    """Find hidden cells that together come to a small number."""
    return [
        Find("tổng các ô che", " + ".join(words(one) for one in list(unknown)[:3]), n, n, by)
        for unknown, n, by in equations
        if _small(n) and all(sign > 0 for sign in unknown.values())
    ]


def _narrow(cells: Mapping[Cell, int | None], equations: list[Equation]) -> list[Find]:
    """Narrow ranges sum by sum until nothing moves."""
    low: dict[Cell, int] = {cell: 0 for cell, n in cells.items() if n is None}
    high: dict[Cell, int | float] = dict.fromkeys(low, float("inf"))
    uses: dict[Cell, list[int]] = defaultdict(list)
    for turn, (unknown, _n, _by) in enumerate(equations):
        for cell in unknown:
            uses[cell].append(turn)
    reason: dict[Cell, str] = {}
    waiting, looks = dict.fromkeys(range(len(equations))), Counter[int]()
    while waiting:
        turn = next(iter(waiting))
        del waiting[turn]
        looks[turn] += 1
        if looks[turn] > 30:
            continue
        unknown, n, by = equations[turn]
        for cell, (least, most) in _ranges(unknown, n, low, high).items():
            if least > low[cell] or most < high[cell]:
                low[cell], high[cell] = max(low[cell], least), min(high[cell], most)
                reason[cell] = by
                waiting |= dict.fromkeys(uses[cell])
    return [
        Find(
            "khoảng" if low[cell] < high[cell] else "trừ lần lượt",
            words(cell),
            low[cell],
            int(high[cell]),
            reason[cell],
        )
        for cell in low
        if low[cell] >= 1 and high[cell] < THRESHOLD
    ]


def _ranges(
    unknown: Mapping[Cell, int], n: int, low: Mapping[Cell, int], high: Mapping[Cell, int | float]
) -> dict[Cell, tuple[int, int | float]]:
    """Return what one equation leaves to each of its cells."""
    ends = {c: (low[c], high[c]) if sign > 0 else (-high[c], -low[c]) for c, sign in unknown.items()}
    endless_low = sum(least == float("-inf") for least, _ in ends.values())
    endless_high = sum(most == float("inf") for _, most in ends.values())
    sum_low = sum(least for least, _ in ends.values() if least != float("-inf"))
    sum_high = sum(most for _, most in ends.values() if most != float("inf"))
    found: dict[Cell, tuple[int, int | float]] = {}
    for cell, sign in unknown.items():
        least, most = ends[cell]
        is_low_endless, is_high_endless = least == float("-inf"), most == float("inf")
        up: float = (
            float("inf") if endless_low > is_low_endless else n - (sum_low - (0 if is_low_endless else least))
        )
        down: float = (
            float("-inf")
            if endless_high > is_high_endless
            else n - (sum_high - (0 if is_high_endless else most))
        )
        first, last = (down, up) if sign > 0 else (-up, -down)
        found[cell] = (0 if first == float("-inf") else max(0, int(first))), last
    return found


def _subtract(equations: list[Equation]) -> list[Find]:
    """Subtract every two sums: one hidden cell may be left. Sets are compared by a sum of numbers drawn for each cell."""
    mark = {cell: hash((cell, "mark")) for unknown, *_ in equations for cell in unknown}
    known: dict[int, list[Equation]] = defaultdict(list)
    for one in equations:
        known[sum(sign * mark[cell] for cell, sign in one[0].items())].append(one)
    found: list[Find] = []
    for unknown, n, by in equations:
        whole = sum(sign * mark[cell] for cell, sign in unknown.items())
        for cell, sign in unknown.items():
            for other, m, other_by in known.get(whole - sign * mark[cell], ()):
                if _small(sign * (n - m)) and {**other, cell: sign} == unknown:
                    value = sign * (n - m)
                    found.append(Find("hiệu hai tổng", words(cell), value, value, f"{by} − {other_by}"))
        for other, m, other_by in known.get(whole, ()):
            if other == unknown and n != m:
                found.append(Find("mâu thuẫn", by, n, m, other_by))
    return found


def _solve(equations: list[Equation]) -> list[Find]:
    """Solve connected unknowns together, where they are few."""
    found: list[Find] = []
    for group in _connected(equations):
        rows: list[tuple[dict[Cell, Fraction], Fraction]] = []
        for unknown, n, _by in group:
            rows.append(({cell: Fraction(sign) for cell, sign in unknown.items()}, Fraction(n)))
        for cell, value in _pinned(rows):
            if _small(value):
                found.append(Find("giải hệ", words(cell), int(value), int(value), f"{len(rows)} tổng"))
    return found


def _connected(equations: list[Equation]) -> list[list[Equation]]:
    root: dict[Cell, Cell] = {}

    def top(cell: Cell) -> Cell:
        while root.setdefault(cell, cell) != cell:
            root[cell] = root[root[cell]]
            cell = root[cell]
        return cell

    for unknown, *_ in equations:
        first, *others = unknown
        for other in others:
            root[top(other)] = top(first)
    groups: dict[Cell, list[Equation]] = defaultdict(list)
    size = Counter(top(cell) for cell in list(root))
    for one in equations:
        groups[top(next(iter(one[0])))].append(one)
    return [group for cell, group in groups.items() if size[cell] <= LARGEST]


def _pinned(rows: list[tuple[dict[Cell, Fraction], Fraction]]) -> list[tuple[Cell, Fraction]]:
    """Bring a system into reduced form; return the unknowns that stand alone."""
    done: list[tuple[Cell, dict[Cell, Fraction], Fraction]] = []
    for given, whole in rows:
        row, left = dict(given), whole
        for pivot, known, m in done:
            if pivot in row:
                row, left = _less(row, left, row[pivot], known, m)
        if not row:
            continue
        pivot = next(iter(row))
        scale = row[pivot]
        row, left = {cell: value / scale for cell, value in row.items()}, left / scale
        done = [
            (cell, *_less(known, m, known[pivot], row, left)) if pivot in known else (cell, known, m)
            for cell, known, m in done
        ]
        done.append((pivot, row, left))
    return [(pivot, value) for pivot, row, value in done if len(row) == 1]


def _less(
    row: Mapping[Cell, Fraction], n: Fraction, times: Fraction, other: Mapping[Cell, Fraction], m: Fraction
) -> tuple[dict[Cell, Fraction], Fraction]:
    left = dict(row)
    for cell, value in other.items():
        left[cell] = left.get(cell, Fraction(0)) - times * value
        if not left[cell]:
            del left[cell]
    return left, n - times * m


def main() -> int:
    """Attack a folder and print what was found."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--folder", type=Path, required=True)
    asked.add_argument("--json", action="store_true", help="one JSON document")
    given = asked.parse_args()
    report = attack(given.folder)
    if given.json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")
    else:
        for one in report["found"]:
            print(f"{one['how']}: {one['cell']} là {one['lowest']} đến {one['highest']} ({one['by']})")
        print(
            f"{len(report['found'])} ô dưới {THRESHOLD} bị lộ; {report['hidden']} ô che, {report['sums']} tổng."
        )
    return 1 if report["found"] else 0


if __name__ == "__main__":
    sys.exit(main())
