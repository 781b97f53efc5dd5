"""Extensions among pauses, and what was known of a due moment when."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tinhso.dossiers.rules import Due, Limit, due, ledger, thread_of_days
from tinhso.dossiers.rules.changes import (
    EXTENSION_RULES,
    Fault,
    due_known_at,
    end_fault,
    extension_fault,
    extension_rule_on,
    is_announced_ahead,
)
from tinhso.dossiers.tests.test_rules import CALENDAR, at

FIRST = at("2022-05-10T09:00")
WHOLE = some.integers(min_value=1, max_value=40)


def five_days(*, pauses: tuple[tuple[dt.datetime, dt.datetime | None], ...] = (), **more: object) -> Due:
    """Count five working days from nine o'clock on Tuesday the tenth: due on the seventeenth."""
    return due(FIRST, Limit(Decimal(5), "wd"), CALENDAR, pauses, **more)  # type: ignore[arg-type]


def test_an_extension_is_the_due_moment_and_the_first_one_stays() -> None:
    found = five_days(extensions=[(at("2022-05-16T08:00"), at("2022-05-20T16:00"))])
    assert (found.at, found.last_known, found.original) == (
        at("2022-05-20T16:00"),
        at("2022-05-20T16:00"),
        at("2022-05-17T17:00"),
    )
    said = [reason.text for reason in found.reasons if reason.kind == "moved"]
    assert said == [
        "Cơ quan hẹn lại lúc 8 giờ thứ Hai, 16/05/2022: ngày hẹn mới là 16 giờ thứ Sáu, 20/05/2022.",
        "Ngày hẹn dời đến 16 giờ thứ Sáu, 20/05/2022; hẹn ban đầu là 17 giờ thứ Ba, 17/05/2022.",
    ]
    assert [row.term for row in ledger(found, CALENDAR)][-2:] == ["Hẹn lại", "Hẹn trả"]


def test_the_last_of_several_extensions_holds_in_any_order() -> None:
    two = [(at("2022-05-16T08:00"), at("2022-05-20T16:00")), (at("2022-05-19T08:00"), at("2022-05-25T16:00"))]
    assert five_days(extensions=two).at == five_days(extensions=two[::-1]).at == at("2022-05-25T16:00")


def test_a_pause_before_it_does_not_move_it_and_one_after_it_does() -> None:
    extension = (at("2022-05-16T08:00"), at("2022-05-20T16:00"))
    before = (at("2022-05-11T08:00"), at("2022-05-12T08:00"))
    after = (at("2022-05-19T08:00"), at("2022-05-19T09:00"))
    assert five_days(pauses=(before,), extensions=[extension]).at == at("2022-05-20T16:00")
    assert five_days(pauses=(before, after), extensions=[extension]).at == at("2022-05-20T17:00")
    waiting = five_days(pauses=((after[0], None),), extensions=[extension])
    assert (waiting.at, waiting.last_known, waiting.paused_since) == (None, at("2022-05-20T16:00"), after[0])


def test_a_limit_in_days_is_extended_to_the_moment_and_a_later_pause_moves_it_by_working_time() -> None:
    pause = (at("2022-05-24T08:00"), at("2022-05-24T10:00"))
    found = due(
        FIRST,
        Limit(Decimal(10), "d"),
        CALENDAR,
        [pause],
        extensions=[(at("2022-05-16T08:00"), at("2022-05-24T16:00"))],
    )
    assert found.at == at("2022-05-25T08:00")


def test_the_thread_runs_on_to_the_new_day_with_days_that_are_added() -> None:
    found = five_days(extensions=[(at("2022-05-16T08:00"), at("2022-05-20T16:00"))])
    days = thread_of_days(found, CALENDAR, dt.date(2022, 5, 18))
    assert [day.date.day for day in days if day.is_due] == [20]
    assert max(day.number or 0 for day in days) == 5
    assert [day.label for day in days if day.date.day in (18, 19, 20)] == ["thêm"] * 3
    assert not [day for day in days if day.kind == "late"]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some.lists(some.tuples(WHOLE, WHOLE), max_size=6), WHOLE)
def test_what_was_known_is_the_last_move_before_the_moment(steps: list[tuple[int, int]], when: int) -> None:
    moves, moved = [], FIRST
    for hours, _days in steps:
        moved += dt.timedelta(hours=hours)
        moves.append((moved, moved + dt.timedelta(days=30)))
    moment = FIRST + dt.timedelta(hours=when)
    earlier = [after for at_, after in moves if at_ < moment]
    assert due_known_at(FIRST, moves, moment) == (earlier[-1] if earlier else FIRST)


def test_a_move_is_not_known_at_its_own_moment_yet_and_no_due_date_stays_none() -> None:
    move = (at("2022-05-16T08:00"), at("2022-05-20T16:00"))
    assert due_known_at(FIRST, [move], move[0]) == FIRST
    assert due_known_at(FIRST, [move], move[0] + dt.timedelta(microseconds=1)) == move[1]
    assert due_known_at(None, [], move[0]) is None


@pytest.mark.parametrize(
    ("to", "fault"),
    [
        ("2022-05-17T17:00", Fault.NOT_LATER),
        ("2022-05-18T07:00", None),
        ("2022-05-18T06:59", Fault.OUTSIDE_OFFICE_HOURS),
        ("2022-05-18T11:30", None),
        ("2022-05-18T11:31", Fault.OUTSIDE_OFFICE_HOURS),
        ("2022-05-22T09:00", Fault.OUTSIDE_OFFICE_HOURS),
    ],
)
def test_where_a_new_due_moment_may_stand(to: str, fault: Fault | None) -> None:
    assert extension_fault(at("2022-05-17T17:00"), at("2022-05-16T08:00"), at(to), CALENDAR) is fault


@pytest.mark.parametrize(
    ("to", "fault"),
    [
        ("2022-05-10T09:00", Fault.BEFORE_A_PAUSE),
        ("2022-05-10T08:59", Fault.BEFORE_ACCEPTANCE),
        ("2022-05-12T08:00", None),
        ("2022-05-12T07:59", Fault.BEFORE_A_PAUSE),
        ("2022-05-15T09:00", None),
        ("2022-05-20T10:00", None),
        ("2022-05-20T10:01", Fault.IN_THE_FUTURE),
        ("2022-05-16T08:15", Fault.UNCHANGED),
    ],
)
def test_where_an_end_may_have_been(to: str, fault: Fault | None) -> None:
    found = end_fault(
        recorded=at("2022-05-16T08:15") + dt.timedelta(seconds=40),
        accepted=FIRST,
        pauses=[(at("2022-05-11T08:00"), at("2022-05-12T08:00"))],
        at=at("2022-05-20T10:00"),
        to=at(to),
    )
    assert found is fault


def test_a_day_ahead_is_a_whole_working_day() -> None:
    rule = extension_rule_on(dt.date(2022, 5, 10))
    assert rule is not None
    due_at = at("2022-05-17T17:00")
    assert is_announced_ahead(due_at, at("2022-05-16T17:00"), CALENDAR, rule)
    assert not is_announced_ahead(due_at, at("2022-05-17T07:01"), CALENDAR, rule)
    assert not is_announced_ahead(due_at, at("2022-05-18T07:00"), CALENDAR, rule)


def test_the_rule_holds_from_its_day_on_and_says_that_nobody_verified_it() -> None:
    assert extension_rule_on(dt.date(2019, 1, 5)) is None
    assert extension_rule_on(dt.date(2019, 1, 6)) is EXTENSION_RULES[0]
    assert not EXTENSION_RULES[0].confirmed
    assert EXTENSION_RULES[0].source
