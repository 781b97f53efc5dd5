"""Pure decisions about plans, their rows and their reminders."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.plans.queries.documents import document, labels
from tinhso.plans.queries.plan_words import sentence
from tinhso.plans.rules.plans import (
    MILLION,
    MOST_AMOUNT,
    Asked,
    Facts,
    Found,
    Registered,
    UnknownMust,
    awaited,
    million_vnd,
    millions,
    musts_of,
    open_musts,
    registered_as,
    row_of,
    security_amounts,
    signs_as,
    silent,
)
from tinhso.plans.rules.reminders import Steps, days_left, level_of, steps_on
from tinhso.plans.tests.annex_world import any_row, nine_rows
from tinhso.plans.tests.plan_world import moment
from tinhso.toolkit.working_time import calendar_from_rows

DEADLINE = moment(5, 20, 17)
DAY = dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)
#: The holidays of the end of April 2022.
CALENDAR = calendar_from_rows(
    {"date": dt.date(2022, *day), "kind": kind, "source": "s", "confirmed": "seen"}
    for day, kind in (((2, 1), "Tết"), ((5, 2), "bù"), ((5, 3), "bù"))
)
BETWEEN = CALENDAR.working_days_between
STEPS = Steps((15, 5, 1), (1, 3))


@pytest.mark.parametrize(
    ("registered_at", "at", "has_plan", "status"),
    [
        (DEADLINE, DEADLINE + DAY, True, Registered.ON_TIME),
        (DEADLINE + SECOND, DEADLINE + DAY, True, Registered.LATE),
        (None, DEADLINE, True, Registered.DRAFTING),
        (None, DEADLINE, False, Registered.NOTHING),
        (None, DEADLINE + SECOND, True, Registered.MISSING),
        (None, DEADLINE + SECOND, False, Registered.MISSING),
    ],
)
def test_an_office_is_judged_by_the_end_of_the_last_day(
    registered_at: dt.datetime | None, at: dt.datetime, has_plan: bool, status: Registered
) -> None:
    assert registered_as(DEADLINE, registered_at, at, has_plan=has_plan) is status


@pytest.mark.parametrize(
    ("title", "signer"),
    [
        ("Giám đốc", "head"),
        ("Phó Giám đốc", "deputy"),
        ("PHÓ CHỦ TỊCH", "deputy"),
        ("Phó Trưởng ban", "deputy"),
        ("Chủ tịch", "head"),
        ("Phong trào", "head"),
    ],
)
def test_who_signs_by_a_pho_post_signs_for_the_head(title: str, signer: str) -> None:
    assert signs_as(title) == signer


@pytest.mark.parametrize(
    ("text", "vnd"),
    [
        ("", 0),
        ("180", 180 * MILLION),
        ("1.150", 1_150 * MILLION),
        ("180,5", 180_500_000),
        ("1 250,25", 1_250_250_000),
        ("0", 0),
        ("0,000001", 1),
        ("0,0000001", None),
        ("1.15", None),
        ("1.150.0", None),
        (".150", None),
        ("12,", None),
        ("-5", None),
        ("nhiều", None),
        ("٣", None),
        ("9" * 30, None),
    ],
)
def test_money_is_typed_in_millions(text: str, vnd: int | None) -> None:
    assert million_vnd(text) == vnd


@given(st.integers(0, MOST_AMOUNT))
def test_an_amount_comes_back_as_it_was_written(vnd: int) -> None:
    assert million_vnd(millions(vnd)) == vnd


@given(any_row())
def test_a_kept_row_comes_back_unchanged(row: Any) -> None:
    assert row_of(row.as_json()) == row


@given(st.lists(st.tuples(st.sampled_from(list(labels("groups"))), st.integers(0, MOST_AMOUNT))))
def test_security_is_a_part_of_the_whole(rows: list[tuple[str, int]]) -> None:
    part, whole = security_amounts(rows)
    assert 0 <= part <= whole == sum(amount for _group, amount in rows)
    assert security_amounts(reversed(rows)) == (part, whole)


# What must hold


def facts(**fields: Any) -> Facts:
    asked = [Asked("Sở Tài chính", dt.date(2022, 5, 12), has_answered=True)]
    base = Facts(nine_rows(), labels("groups"), 2022, 2022, True, True, 3, 0, asked, dt.date(2022, 5, 10))
    return replace(base, **fields)


def stands(key: str, **fields: Any) -> Found:
    return next(one for one in musts_of(facts(**fields), document("plan_musts")) if one.key == key)


def test_a_whole_plan_meets_every_must() -> None:
    musts = musts_of(facts(), document("plan_musts"))
    assert len(musts) == 8
    assert all(one.holds for one in musts)
    assert not open_musts(musts, {"ask_opinions", "send_to_appraisal"})


@pytest.mark.parametrize(
    ("key", "fields", "words"),
    [
        ("rows", {"rows": []}, "Phụ lục chưa có nhiệm vụ nào"),
        ("head", {"has_head": False}, "Chưa nêu tên người đứng đầu"),
        ("goal", {"has_goal": False}, "Chưa có mục tiêu chung"),
        ("groups", {"rows": nine_rows()[1:-1]}, "Thiếu 2 trên 8 nhóm: Nhận thức số, Xã hội số"),
        ("whole_rows", {"rows": [replace(nine_rows()[0], lead=" ")]}, "nhiệm vụ 1"),
        ("whole_rows", {"rows": []}, "Phụ lục chưa có nhiệm vụ nào"),
        (
            "dates",
            {"rows": [nine_rows()[0], replace(nine_rows()[1], ends=dt.date(2023, 1, 1))]},
            "ra ngoài năm của kế hoạch: nhiệm vụ 2",
        ),
        ("dates", {"rows": [replace(nine_rows()[0], starts=dt.date(2021, 12, 31))]}, "nhiệm vụ 1"),
        ("opinions_answered", {"unanswered": 2}, "Còn 2 ý kiến chưa trả lời"),
        (
            "offices_answered",
            {"asked": [Asked("Sở Tài chính", dt.date(2022, 5, 10), has_answered=False)]},
            "Sở Tài chính chưa góp ý",
        ),
        ("offices_answered", {"asked": []}, "Chưa hỏi ý kiến nơi nào"),
    ],
)
def test_what_is_missing_is_said(key: str, fields: dict[str, Any], words: str) -> None:
    one = stands(key, **fields)
    assert not one.holds
    assert words in sentence(one)
    assert stands(key).holds
    assert words not in sentence(stands(key))


def test_who_is_silent_past_the_last_day_agrees() -> None:
    asked = [
        Asked("A", dt.date(2022, 5, 9), has_answered=False),
        Asked("B", dt.date(2022, 5, 10), has_answered=False),
        Asked("C", dt.date(2022, 5, 9), has_answered=True),
    ]
    assert [one.office for one in silent(asked, dt.date(2022, 5, 10))] == ["A"]
    assert [one.office for one in awaited(asked, dt.date(2022, 5, 10))] == ["B"]
    one = stands("offices_answered", asked=[asked[0], asked[2]])
    assert one.holds
    assert "1 nơi quá hạn không trả lời tính là nhất trí" in sentence(one)


def test_a_must_holds_from_a_day_to_a_day() -> None:
    rules = {
        "musts": [
            {"key": "goal", "act": "ask_opinions", "valid_from": "2022-05-11", "valid_to": "2022-05-12"}
        ]
    }
    for day, n in ((10, 0), (11, 1), (12, 1), (13, 0)):
        assert len(musts_of(facts(on=dt.date(2022, 5, day)), rules)) == n
    with pytest.raises(UnknownMust):
        musts_of(facts(), {"musts": [{"key": "x", "act": "y", "valid_from": "2022-01-01", "valid_to": None}]})


def test_every_must_of_the_list_has_its_sentence() -> None:
    for one in musts_of(facts(), document("plan_musts")):
        assert sentence(one) != one.key


# Reminders


@pytest.mark.parametrize(
    ("day", "left", "level"),
    [
        ((4, 26), 16, None),
        ((4, 27), 15, "15"),
        ((4, 28), 14, "15"),
        ((5, 10), 8, "15"),
        ((5, 13), 5, "5"),
        ((5, 18), 2, "5"),
        ((5, 19), 1, "1"),
        ((5, 20), 0, "1"),
        ((5, 21), 0, None),
        ((5, 23), -1, "+1"),
        ((5, 24), -2, "+1"),
        ((5, 25), -3, "+3"),
        ((6, 30), -29, "+3"),
    ],
)
def test_a_step_is_reached_on_its_day(day: tuple[int, int], left: int, level: str | None) -> None:
    on, deadline = dt.date(2022, *day), dt.date(2022, 5, 20)
    assert days_left(on, deadline, BETWEEN) == left
    assert level_of(STEPS, on=on, opened=dt.date(2022, 4, 18), deadline=deadline, between=BETWEEN) == level


def test_a_step_that_had_passed_when_it_was_opened_does_not_fire() -> None:
    found: dict[str, Any] = {
        "opened": dt.date(2022, 5, 10),
        "deadline": dt.date(2022, 5, 20),
        "between": BETWEEN,
    }
    assert level_of(STEPS, on=dt.date(2022, 5, 11), **found) is None
    assert level_of(STEPS, on=dt.date(2022, 5, 13), **found) == "5"


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 90))
def test_steps_come_in_their_order(opened: int, length: int, day: int) -> None:
    start = dt.date(2022, 4, 1)
    first, last = start + opened * DAY, start + (opened + length) * DAY
    order = ["15", "5", "1", "+1", "+3"]
    reached = [
        level
        for n in range(day)
        if (level := level_of(STEPS, on=first + n * DAY, opened=first, deadline=last, between=BETWEEN))
    ]
    assert [order.index(level) for level in reached] == sorted(order.index(level) for level in reached)


def test_a_rule_reminds_only_while_it_is_in_force() -> None:
    rules = {
        "rules": [
            {"about": "a", "before": [1], "after": [], "valid_from": "2022-05-01", "valid_to": "2022-05-31"}
        ]
    }
    assert steps_on(rules, "a", dt.date(2022, 5, 31)) == Steps((1,), ())
    assert (
        steps_on(rules, "a", dt.date(2022, 6, 1))
        == steps_on(rules, "b", dt.date(2022, 5, 1))
        == Steps((), ())
    )
    assert steps_on(document("registration_reminders"), "registration", dt.date(2022, 5, 1)) == Steps(
        (15, 5, 1), (1, 3)
    )
