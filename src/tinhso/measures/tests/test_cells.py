"""Small cells: nobody who adds and subtracts what is told can work one out."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinhso.measures.rules.audit import audit
from tinhso.measures.rules.cells import Line, Protected, Table, lines_of, nested, protect, rule_on

DATA = json.loads((Path(__file__).parents[1] / "data/cells.json").read_text())
RULE = rule_on(DATA, dt.date(2022, 5, 10))
DIMS = ("month", "office", "procedure")
Cells = Mapping[Hashable, int]


def tables_of(facts: Mapping[tuple[str, ...], int], shapes: Sequence[Sequence[str]]) -> list[Table]:
    """Count the tables of some facts by words of `DIMS`."""
    found = []
    for by in shapes:
        cells: Counter[tuple[Hashable, ...]] = Counter()
        for labels, n in facts.items():
            cells[tuple(labels[DIMS.index(word)] for word in by)] += n
        found.append(Table("-".join(by) or "all", tuple(by), +cells))
    return found


def cells_of(tables: Sequence[Table]) -> dict[Hashable, int]:
    return {(table.name, labels): n for table in tables for labels, n in table.cells.items()}


def told(cells: Cells, found: Protected) -> dict[Hashable, int | None]:
    return {key: None if key in found.hidden else n for key, n in cells.items()}


def can_be(
    published: Mapping[Hashable, int | None], lines: Sequence[Line], key: Hashable, lowest: int
) -> bool:
    """Search all whole numbers for one answer to the told sums in which a cell is at least so large."""
    most = 3 * sum(n or 5 for n in published.values()) + lowest
    bounds = {one: (0, most) if n is None else (n, n) for one, n in published.items()}
    bounds[key] = (lowest, most)
    return _answer(bounds, lines)


def _answer(bounds: dict[Hashable, tuple[int, int]], lines: Sequence[Line]) -> bool:
    moved = True
    while moved:
        moved = False
        for line in lines:
            signs = [(line.total, -1), *((part, 1) for part in line.parts)]
            for key, sign in signs:
                others = [(bounds[one], turn * sign) for one, turn in signs if one != key]
                least = -sum(high if turn > 0 else -low for (low, high), turn in others)
                upper = -sum(low if turn > 0 else -high for (low, high), turn in others)
                low, high = max(bounds[key][0], least), min(bounds[key][1], upper)
                if low > high:
                    return False
                if (low, high) != bounds[key]:
                    bounds[key], moved = (low, high), True
    open_ones = [key for key, (low, high) in bounds.items() if low < high]
    if not open_ones:
        return True
    key = min(open_ones, key=lambda one: bounds[one][1] - bounds[one][0])
    low, high = bounds[key]
    middle = (low + high) // 2
    return _answer({**bounds, key: (low, middle)}, lines) or _answer(
        {**bounds, key: (middle + 1, high)}, lines
    )


def test_the_threshold_is_data_with_a_date_and_a_source() -> None:
    assert (RULE.threshold, RULE.version) == (5, "cells-1")
    assert RULE.source
    later = {**DATA["versions"][0], "version": "cells-2", "threshold": 10, "effective_from": "2023-01-01"}
    both = {"versions": [later, *DATA["versions"]]}
    assert rule_on(both, dt.date(2022, 12, 31)).threshold == 5
    assert rule_on(both, dt.date(2023, 1, 1)).threshold == 10


def test_a_single_small_cell_takes_another_with_it() -> None:
    cells: dict[Hashable, int] = {"all": 100, "a": 3, "b": 7, "c": 90}
    found = protect([Line("all", ("a", "b", "c"))], cells, 5)
    assert found.hidden == {"a", "b"}
    assert not found.unproven


def test_small_cells_that_are_small_together_take_another_with_them() -> None:
    cells: dict[Hashable, int] = {"all": 94, "a": 1, "b": 3, "c": 90}
    assert "c" in protect([Line("all", ("a", "b", "c"))], cells, 5).hidden


def test_a_zero_is_told() -> None:
    cells: dict[Hashable, int] = {"all": 97, "a": 0, "b": 7, "c": 90}
    assert not protect([Line("all", ("a", "b", "c"))], cells, 5).hidden


def test_two_blocks_joined_by_one_cell_do_not_give_it_away() -> None:
    """Every sum has two hidden cells, yet the rows of one block less its columns are the joining cell."""
    rows = {"r1": "ab", "r2": "ab", "r3": "abcd", "r4": "cd", "r5": "cd"}
    numbers = {"r1": 1, "r2": 2, "r3": 3, "r4": 4, "r5": 1}
    cells: dict[Hashable, int] = {
        (row, column): numbers[row]
        if column in columns and (row, column) not in {("r3", "a"), ("r3", "d")}
        else 50
        for row, columns in rows.items()
        for column in "abcd"
    }
    lines = [Line(row, tuple((row, column) for column in "abcd")) for row in rows]
    lines += [Line(column, tuple((row, column) for row in rows)) for column in "abcd"]
    for line in lines:
        cells[line.total] = sum(cells[part] for part in line.parts)
    found = protect(lines, cells, 5)
    assert not found.unproven
    for key, n in cells.items():
        if n < 5:
            assert can_be(told(cells, found), lines, key, 5)


def test_the_figures_of_a_department_are_those_of_its_own_procedures() -> None:
    facts: dict[tuple[str, ...], int] = {
        ("1", "Sở", "p1"): 20,
        ("1", "Sở", "p2"): 3,
        ("1", "xã", "p3"): 40,
        ("1", "xã", "p4"): 2,
        ("1", "huyện", "p3"): 40,
        ("1", "huyện", "p4"): 50,
    }
    tables = tables_of(
        facts, [("month", "office"), ("month", "procedure"), ("office", "procedure"), ("month",)]
    )
    own = nested(tables[2], "procedure", "office")
    assert own == {"p1": "Sở", "p2": "Sở"}
    lines = lines_of(tables, {("procedure", "office"): own})
    assert (
        Line(
            ("month-office", ("1", "Sở")),
            (("month-procedure", ("1", "p1")), ("month-procedure", ("1", "p2"))),
        )
        in lines
    )
    cells = cells_of(tables)
    found = protect(lines, cells, 5)
    assert {("month-procedure", ("1", "p1")), ("month-procedure", ("1", "p2"))} & found.hidden
    assert audit(told(cells, found), lines, 5) == []


def test_a_sum_of_told_cells_may_be_told() -> None:
    found = Protected(frozenset({"b"}), frozenset())
    assert found.tellable(["a", "c"])
    assert not found.tellable(["a", "b"])


def test_an_unpublished_cell_is_not_worked_out_either() -> None:
    cells: dict[Hashable, int] = {"office": 23, "one procedure": 20, "the others": 3}
    line = Line("office", ("one procedure", "the others"))
    found = protect([line], cells, 5, unpublished=["the others"])
    assert found.hidden > {"the others"}


def test_the_auditor_sees_the_year_less_eleven_months() -> None:
    published: dict[Hashable, int | None] = {"year": 23, "jan": 20, "feb": None}
    exposed = audit(published, [Line("year", ("jan", "feb"))], 5)
    assert [(one.key, one.lowest, one.highest) for one in exposed] == [("feb", 3, 3)]


def test_the_auditor_sees_a_range_within_one_to_four() -> None:
    published: dict[Hashable, int | None] = {"all": 24, "a": 20, "b": None, "c": None, "more": 2, "d": None}
    lines = [Line("all", ("a", "b", "c")), Line("b", ("d", "more"))]
    assert {(one.key, one.lowest, one.highest) for one in audit(published, lines, 5)} == {("b", 2, 4)}


FACTS = st.dictionaries(
    st.tuples(st.sampled_from("12"), st.sampled_from("abc"), st.sampled_from("xyz")),
    st.one_of(st.integers(1, 6), st.integers(1, 40)),
    min_size=1,
    max_size=14,
)
SHAPES = [by for size in range(4) for by in combinations(DIMS, size)]


@settings(max_examples=120, deadline=None)
@given(FACTS, st.lists(st.sampled_from(SHAPES), min_size=1, max_size=6, unique=True))
def test_whatever_tables_are_published_no_small_cell_is_pinned(
    facts: dict[tuple[str, ...], int], shapes: list[tuple[str, ...]]
) -> None:
    tables = tables_of(facts, shapes)
    lines, cells = lines_of(tables, {}), cells_of(tables)
    found = protect(lines, cells, 5)
    shown = told(cells, found)
    assert not found.unproven
    assert audit(shown, lines, 5) == []
    for key, n in cells.items():
        if 0 < n < 5:
            assert shown[key] is None
            assert can_be(shown, lines, key, 5), key


@pytest.mark.parametrize("seed", [1, 2])
def test_most_of_a_heavy_tailed_year_is_still_told(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - test data
    facts: Counter[tuple[Any, ...]] = Counter()
    for _ in range(30_000):
        office, procedure = int(draw.paretovariate(0.8)) % 40, int(draw.paretovariate(0.7)) % 60
        facts[str(draw.randrange(12)), f"o{office}", f"p{procedure}"] += 1
    tables = tables_of(facts, [s for s in SHAPES if len(s) < 3])
    lines, cells = lines_of(tables, {}), cells_of(tables)
    found = protect(lines, cells, 5)
    assert not found.unproven
    assert audit(told(cells, found), lines, 5) == []
    whole = sum(cells.values())
    assert sum(n for key, n in cells.items() if key in found.hidden) < 0.1 * whole
