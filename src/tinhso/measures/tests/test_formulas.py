"""Formulas as data: classes, versions, refusals, and the identity that holds for every one of them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.measures.queries.formulas import every_formula, usual
from tinhso.measures.rules import last_day_of, split
from tinhso.measures.rules.classes import FACETS, every_class, pack, unpack
from tinhso.measures.rules.formulas import GROUPS, FormulaRefused, bridge, figure, formulas

CLASSES = sorted(every_class())
COUNTS = st.dictionaries(st.sampled_from(CLASSES), st.integers(1, 10_000))
ANY_DAY = st.dates(dt.date(2021, 1, 1), dt.date(2023, 12, 31))


def said(**changed: Any) -> dict[str, Any]:
    one = {
        "key": "k",
        "version": "k-1",
        "name": "Tên",
        "explained": "Lời",
        "effective_from": "2022-01-01",
        "against": "due",
        "numerator": ["on_time"],
        "denominator": ["on_time", "late"],
        "rules": [{"then": "late", "when": {"due": ["late"]}}, {"then": "on_time"}],
        "source": "Nguồn",
        "source_text": "Chữ",
        "is_verified": False,
    }
    return {"formulas": [one | changed]}


def test_every_class_is_one_number_and_back() -> None:
    assert len(CLASSES) == len({unpack(cls) for cls in CLASSES})
    assert len(CLASSES) == 4 * 4 * 4 * 3 * 3 * 2
    assert all(pack(unpack(cls)) == cls for cls in CLASSES)
    with pytest.raises(ValueError, match="no class"):
        unpack(3 * 64)


@given(COUNTS)
def test_every_case_falls_into_one_group_whatever_the_formula(classes: dict[int, int]) -> None:
    for one in every_formula().every:
        found = figure(one, classes)
        assert sum(found.groups[name] for name in GROUPS) == sum(classes.values())
        assert found.denominator + sum(found.excluded.values()) == sum(classes.values())
        assert found.numerator <= found.denominator
        running = sum(n for cls, n in classes.items() if unpack(cls).is_running)
        assert found.groups["running_in_time"] + found.groups["running_late"] == running


@given(COUNTS)
def test_the_difference_of_two_formulas_is_an_addition(classes: dict[int, int]) -> None:
    strict, national = usual("strict", dt.date(2022, 5, 1)), usual("national", dt.date(2022, 5, 1))
    found = bridge(strict, national, classes)
    gained = sum(n for (_a, b), (n, _w) in found.moved.items() if b == "on_time")
    lost = sum(n for (a, _b), (n, _w) in found.moved.items() if a == "on_time")
    assert found.first.numerator + gained - lost == found.second.numerator


@given(ANY_DAY, st.integers(0, 400), st.sets(ANY_DAY.map(lambda day: day.replace(day=1))))
def test_a_period_is_split_into_whole_months_and_the_days_left(
    first: dt.date, length: int, whole: set[dt.date]
) -> None:
    last = first + dt.timedelta(days=length)
    months, days = split(first, last, frozenset(whole))
    assert set(months) <= whole
    covered = Counter(days)
    for month in months:
        covered.update(month.replace(day=n) for n in range(1, last_day_of(month).day + 1))
    assert covered == Counter({first + dt.timedelta(days=n): 1 for n in range(length + 1)})


def test_versions_stand_side_by_side_and_the_day_chooses() -> None:
    two = said()["formulas"] + said(version="k-2", effective_from="2022-06-01")["formulas"]
    two[0]["effective_to"] = "2022-05-31"
    both = formulas({"formulas": two})
    assert [one.version for one in both.of("k")] == ["k-1", "k-2"]
    assert both.usual("k", dt.date(2022, 5, 31)).version == "k-1"
    assert both.usual("k", dt.date(2022, 6, 1)).version == "k-2"
    assert both.usual("k", dt.date(2020, 1, 1)).version == "k-1", "applied backwards"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"rules": [{"then": "on_time", "when": {"due": ["late"]}}]}, "dòng cuối"),
        ({"numerator": ["late_never"]}, "tử số"),
        ({"rules": [{"then": "late", "when": {"due": ["soon"]}}, {"then": "on_time"}]}, "soon"),
        ({"rules": [{"then": "late", "when": {"colour": ["red"]}}, {"then": "on_time"}]}, "colour"),
    ],
)
def test_a_formula_that_cannot_be_is_refused_with_a_sentence(changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(FormulaRefused, match=sentence):
        formulas(said(**changed))


def test_a_version_stands_once() -> None:
    with pytest.raises(FormulaRefused, match="hai lần"):
        formulas({"formulas": said()["formulas"] * 2})


def test_no_cases_is_not_applicable_and_not_zero() -> None:
    assert figure(usual("strict", dt.date(2022, 5, 1)), {}).share is None
    assert set(FACETS) == {"how", "original", "due", "asked", "waits", "extended"}
