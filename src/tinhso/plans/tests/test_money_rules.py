"""The norm by date, what is missing to it, amounts as people type and read them, the balance of a line."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tinhso.plans.rules.money import (
    ALLOCATED,
    SPENT,
    Balance,
    billions,
    cost_norms,
    is_enough,
    millions,
    missing_on_top,
    missing_within,
    norm_on,
    said,
    vnd_of,
)

#: Two slow cores are shared.
CALM = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
VND = st.integers(0, 10**13)
PERCENT = st.integers(1, 99)


@pytest.mark.parametrize(
    ("day", "percent"),
    [
        ("2019-06-06", None),
        ("2019-06-07", 10),
        ("2022-05-10", 10),
        ("2026-06-30", 10),
        ("2026-07-01", 15),
        ("2030-01-01", 15),
    ],
)
def test_the_norm_follows_the_day(day: str, percent: int | None) -> None:
    norm = norm_on(dt.date.fromisoformat(day))
    assert (norm.percent if norm else None) == percent


def test_the_norm_names_its_source() -> None:
    old, new = norm_on(dt.date(2022, 5, 10)), norm_on(dt.date(2026, 7, 1))
    assert old is not None
    assert new is not None
    assert "14/CT-TTg" in old.source
    assert "116/2025" in new.source


def test_documents_that_set_costs_hold_from_their_day() -> None:
    held = {one.number for one in cost_norms() if one.in_force(dt.date(2022, 5, 10))}
    assert "NĐ 73/2019/NĐ-CP" in held
    assert "NĐ 82/2024/NĐ-CP" not in held
    assert all(not one.is_verified for one in cost_norms()), (
        "days of effect were not checked against the text"
    )


@CALM
@given(VND, VND, PERCENT)
def test_what_is_missing_reaches_the_norm_and_one_dong_less_does_not(
    part: int, rest: int, percent: int
) -> None:
    whole = part + rest
    moved = missing_within(part, whole, percent)
    assert is_enough(part + moved, whole, percent)
    assert (moved == 0) == is_enough(part, whole, percent)
    assert moved == 0 or not is_enough(part + moved - 1, whole, percent)
    added = missing_on_top(part, whole, percent)
    assert is_enough(part + added, whole + added, percent)
    assert added == 0 or not is_enough(part + added - 1, whole + added - 1, percent)
    assert added >= moved, "new money makes the whole larger"


@CALM
@given(st.integers(0, 10**14 - 1))
def test_an_amount_that_is_written_is_read_again(vnd: int) -> None:
    assert vnd_of(f"{vnd:,}".replace(",", ".")) == vnd
    assert vnd_of(str(vnd)) == vnd
    assert vnd_of(f"{millions(vnd)} triệu đồng") == vnd


@pytest.mark.parametrize(
    ("text", "vnd"),
    [
        ("310 triệu", 310_000_000),
        ("1,24 tỷ", 1_240_000_000),
        ("1.240 triệu đồng", 1_240_000_000),
        ("310 000 000 đ", 310_000_000),
        ("0,5", None),
        ("1.24 tỷ", None),
        ("-5", None),
        ("nhiều", None),
        ("", None),
        ("12.34.567", None),
    ],
)
def test_amounts_are_read_as_people_type_them(text: str, vnd: int | None) -> None:
    assert vnd_of(text) == vnd


def test_amounts_are_said_as_people_say_them() -> None:
    assert (billions(12_400_000_000), billions(48_000_000_000)) == ("12,4", "48,0")
    assert (billions(-1_250_000_000), billions(-1)) == ("-1,3", "0,0")
    assert (millions(1_240_500_000), millions(-500_000)) == ("1.240,5", "-0,5")
    assert [said(n) for n in (12_400_000_000, 310_000_000, 5_000, 0)] == [
        "12,4 tỷ đồng",
        "310 triệu đồng",
        "5.000 đồng",
        "0 đồng",
    ]


@CALM
@given(st.lists(st.tuples(st.sampled_from([ALLOCATED, SPENT]), st.integers(1, 500))), st.integers(0, 1000))
def test_a_balance_that_takes_only_what_holds_never_spends_more_than_allocated(
    entries: list[tuple[str, int]], planned: int
) -> None:
    balance = Balance(planned, 0, 0)
    for kind, amount in entries:
        after = balance.after(kind, amount)
        balance = after if after.holds else balance
        assert 0 <= balance.spent <= balance.allocated <= balance.planned
        assert balance.left_to_allocate >= 0
        assert balance.left_to_spend >= 0
