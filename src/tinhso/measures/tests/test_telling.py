"""What stays away cannot be worked out from the sums that are told; what is large is not hidden without need."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from tinhso.measures.queries.places import limits
from tinhso.measures.views.telling import Cell, Sum, kept_back, told_span

COLUMNS = ("early", "on_time", "late")
TODAY = dt.date(2022, 5, 10)


def _book(rows: list[list[int]]) -> tuple[dict[Cell, int], list[Sum]]:
    """Return the cells and sums of a table with the whole of each row and column."""
    cells: dict[Cell, int] = {}
    sums = []
    for place, row in enumerate(rows):
        cells |= {(place, name): n for name, n in zip(COLUMNS, row, strict=True)}
        cells[place, "den"] = sum(row)
        sums.append(Sum((place, "den"), tuple((place, name) for name in COLUMNS)))
    for name in (*COLUMNS, "den"):
        cells["whole", name] = sum(cells[place, name] for place in range(len(rows)))
        sums.append(Sum(("whole", name), tuple((place, name) for place in range(len(rows)))))
    sums.append(Sum(("whole", "den"), tuple(("whole", name) for name in COLUMNS)))
    return cells, sums


counts = st.one_of(st.just(0), st.integers(1, 4), st.integers(5, 60))


@given(st.lists(st.lists(counts, min_size=3, max_size=3), min_size=1, max_size=6))
def test_no_sum_gives_a_small_number_back(rows: list[list[int]]) -> None:
    cells, sums = _book(rows)
    hidden = kept_back(cells, sums, is_told_all=False)
    least = limits().told_from
    assert all(cell in hidden for cell, n in cells.items() if 0 < n < least)
    assert not any(cells[cell] == 0 for cell in hidden)
    for one in sums:
        away = [cell for cell in one.parts if cell in hidden]
        if one.total in hidden:
            assert away, "a hidden whole of told parts is their sum"
        elif away:
            assert len(away) > 1
            assert sum(cells[cell] for cell in away) - (len(away) - 1) >= least


def test_large_numbers_are_told() -> None:
    cells, sums = _book([[10, 20, 30], [40, 50, 60]])
    assert kept_back(cells, sums, is_told_all=False) == frozenset()


def test_an_officer_is_told_everything() -> None:
    cells, sums = _book([[1, 2, 3]])
    assert kept_back(cells, sums, is_told_all=True) == frozenset()


def test_one_small_number_takes_a_second_one_of_its_row_and_of_its_column_along() -> None:
    cells, sums = _book([[10, 20, 2], [40, 50, 60], [70, 80, 90]])
    hidden = kept_back(cells, sums, is_told_all=False)
    assert (0, "late") in hidden
    assert len({cell for cell in hidden if cell[0] == 0}) == 2
    assert len({cell for cell in hidden if cell[1] == "late"}) == 2
    assert (2, "on_time") not in hidden


def test_a_part_is_told_by_whole_months_that_are_over() -> None:
    for first, last, told in (
        ((2022, 3, 10), (2022, 4, 12), ((2022, 3, 1), (2022, 4, 30))),
        ((2022, 4, 1), (2022, 5, 10), ((2022, 4, 1), (2022, 4, 30))),
        ((2022, 5, 1), (2022, 5, 10), None),
    ):
        span = told_span(dt.date(*first), dt.date(*last), TODAY, is_told_all=False)
        assert span == (told and (dt.date(*told[0]), dt.date(*told[1])))
    days = dt.date(2022, 4, 3), dt.date(2022, 4, 5)
    assert told_span(*days, TODAY, is_told_all=True) == days
