"""What differs between two annexes, and what no row may be."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinhso.plans.queries.annex import shape
from tinhso.plans.rules.annex import (
    Change,
    differences,
    digest,
    faults_of,
    pairs,
    word_differences,
)
from tinhso.plans.rules.plans import MOST_AMOUNT, Row
from tinhso.plans.tests.annex_world import any_row, nine_rows, row

LONGEST = {column.key: column.longest for column in shape().columns if column.kind == "text"}


def test_equal_annexes_do_not_differ() -> None:
    assert differences(nine_rows(), nine_rows()) == []
    assert digest(nine_rows()) == digest(nine_rows())


def test_a_row_that_moved_is_the_same_row() -> None:
    nine = nine_rows()
    assert differences(nine, [*nine[3:], *nine[:3]]) == []
    assert digest(nine) != digest([*nine[3:], *nine[:3]])


def test_added_removed_and_changed_rows_are_told_in_their_order() -> None:
    before = nine_rows()
    after = [
        *before[:2],
        replace(before[2], amount=400_000_000, ends=dt.date(2022, 10, 31)),
        row(content="Việc mới"),
        *before[4:],
    ]
    found = differences(before, after)
    assert [(one.change, one.place_before, one.place_after, one.keys) for one in found] == [
        (Change.CHANGED, 3, 3, ("ends", "amount")),
        (Change.REMOVED, 4, 0, ()),
        (Change.ADDED, 0, 4, ()),
    ] or [(one.change, one.place_before, one.place_after, one.keys) for one in found] == [
        (Change.CHANGED, 3, 3, ("ends", "amount")),
        (Change.ADDED, 0, 4, ()),
        (Change.REMOVED, 4, 0, ()),
    ]
    assert sum(one.places for one in found) == 4


def test_new_words_in_the_same_place_by_the_same_lead_are_a_change() -> None:
    before = nine_rows()
    after = [replace(before[0], content="Tập huấn kỹ năng số cho giáo viên"), *before[1:]]
    (found,) = differences(before, after)
    assert (found.change, found.keys) == (Change.CHANGED, ("content",))


def test_spaces_and_forms_of_letters_are_no_difference() -> None:
    before = [row(note="Quý  II", content="Học bạ số")]
    after = [row(note="Quý II", content="Học bạ số")]
    assert differences(before, after) == []


def test_equal_words_twice_are_two_rows() -> None:
    twice = [row(amount=0), row(lead="Phòng khác")]
    assert pairs(twice, twice) == {1: 1, 2: 2}
    assert [one.change for one in differences(twice, twice[:1])] == [Change.REMOVED]


@settings(max_examples=60, deadline=None)
@given(st.lists(any_row(), max_size=6), st.lists(any_row(), max_size=6))
def test_every_row_is_the_same_changed_added_or_removed(before: list[Row], after: list[Row]) -> None:
    partner = pairs(before, after)
    found = differences(before, after)
    kinds = [one.change for one in found]
    assert len(set(partner.values())) == len(partner)
    assert kinds.count(Change.ADDED) == len(after) - len(partner)
    assert kinds.count(Change.REMOVED) == len(before) - len(partner)
    assert kinds.count(Change.CHANGED) <= len(partner)
    assert differences(after, after) == []


@given(st.text(max_size=40), st.text(max_size=40))
def test_pieces_of_words_make_the_whole_text_again(before: str, after: str) -> None:
    left, right = word_differences(before, after)
    assert "".join(piece.text for piece in left) == before
    assert "".join(piece.text for piece in right) == after
    assert [piece.text for piece in left if not piece.is_other] == [
        piece.text for piece in right if not piece.is_other
    ]


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({}, []),
        ({"content": ""}, ["content"]),
        ({"note": "x" * 501}, ["note"]),
        ({"group": "no-such"}, ["group"]),
        ({"source": "vay"}, ["source"]),
        ({"ends": dt.date(2022, 5, 1)}, ["ends"]),
        ({"amount": 5}, ["amount"]),
        ({"amount": -1, "source": "tinh"}, ["amount"]),
        ({"amount": MOST_AMOUNT + 1, "source": "tinh"}, ["amount"]),
    ],
)
def test_what_breaks_the_rules_of_a_row_is_named(fields: dict[str, object], fault: list[str]) -> None:
    assert faults_of(row(**fields), LONGEST, shape().groups.keys(), shape().sources.keys()) == fault


@given(any_row())
def test_what_can_be_drawn_breaks_no_rule(one: Row) -> None:
    assert faults_of(one, LONGEST, shape().groups.keys(), shape().sources.keys()) == []
