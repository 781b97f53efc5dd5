"""The class of a task is derived from its days: the same by the rule and by the statement that counts."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinhso.plans.lifecycle import TaskState
from tinhso.plans.queries.task_counts import soon_days
from tinhso.plans.queries.tasks import standing_words
from tinhso.plans.rules.deadlines import (
    DONE,
    NOT_DONE,
    Deadline,
    Moved,
    days_late,
    days_late_before,
    days_left,
    deadline_of,
)
from tinhso.plans.rules.recurrence import Recurrence, months_after, next_due
from tinhso.plans.rules.task_reminders import Step, step_on
from tinhso.toolkit.working_time import WorkingCalendar, calendar_from_rows

DAY = dt.date(2022, 5, 10)
DAYS = st.dates(dt.date(2021, 1, 1), dt.date(2024, 12, 31))
#: Holidays of the story: 11 April, and 2 and 3 May for the weekend of 30 April.
CALENDAR = calendar_from_rows(
    {"date": day, "kind": kind, "source": "test", "confirmed": "seen"}
    for day, kind in (
        ("2022-02-01", "Tết"),
        ("2022-04-11", "bù"),
        ("2022-05-02", "bù"),
        ("2022-05-03", "bù"),
    )
)


@pytest.mark.parametrize(
    ("state", "due", "done_on", "expected"),
    [
        ("running", None, None, Deadline.NO_DUE),
        ("running", dt.date(2022, 5, 9), None, Deadline.OVERDUE),
        ("running", DAY, None, Deadline.DUE_SOON),
        ("waiting", dt.date(2022, 5, 13), None, Deadline.DUE_SOON),
        ("refused", dt.date(2022, 5, 14), None, Deadline.IN_TIME),
        ("postponed", dt.date(2022, 5, 9), None, Deadline.OVERDUE),
        ("done", None, DAY, Deadline.DONE_NO_DUE),
        ("done", DAY, DAY, Deadline.ON_TIME),
        ("done", dt.date(2022, 5, 9), DAY, Deadline.LATE),
        ("withdrawn", dt.date(2022, 5, 9), None, Deadline.NO_DUE),
    ],
)
def test_each_class(state: str, due: dt.date | None, done_on: dt.date | None, expected: Deadline) -> None:
    assert deadline_of(state, due, done_on, DAY, 3) is expected
    assert soon_days() == 3


def test_a_task_that_is_done_says_when() -> None:
    with pytest.raises(ValueError, match="on which day"):
        deadline_of(TaskState.DONE, DAY, None, DAY, 3)


@given(st.sampled_from([*TaskState]), st.none() | DAYS, DAYS, DAYS, st.integers(0, 30))
@settings(max_examples=3_000)
def test_done_is_done_and_the_rest_is_not(
    state: TaskState, due: dt.date | None, done_on: dt.date, today: dt.date, soon: int
) -> None:
    is_done = state is TaskState.DONE
    found = deadline_of(state, due, done_on if is_done else None, today, soon)
    assert found in (DONE if is_done else NOT_DONE)
    assert (found in (Deadline.NO_DUE, Deadline.DONE_NO_DUE)) == (due is None or state is TaskState.WITHDRAWN)
    if found is Deadline.OVERDUE:
        assert due is not None
        assert due < today


def test_lateness_is_told_in_working_days() -> None:
    assert days_late(dt.date(2022, 4, 29), DAY, CALENDAR) == 5
    assert days_late(dt.date(2022, 4, 29), dt.date(2022, 5, 3), CALENDAR) == 0
    assert days_late(DAY, DAY, CALENDAR) == days_left(DAY, DAY, CALENDAR) == 0
    assert days_left(DAY, dt.date(2022, 5, 20), CALENDAR) == 0
    assert days_left(dt.date(2022, 5, 20), DAY, CALENDAR) == 8


@given(DAYS, DAYS)
def test_late_or_left_but_never_both(due: dt.date, on: dt.date) -> None:
    assert min(days_late(due, on, CALENDAR), days_left(due, on, CALENDAR)) == 0


def test_days_late_stay_told_when_the_due_day_moves() -> None:
    first = Moved(dt.date(2022, 4, 29), dt.date(2022, 5, 25), DAY)
    early = Moved(dt.date(2022, 5, 25), dt.date(2022, 6, 1), dt.date(2022, 5, 20))
    assert days_late_before([first, early], CALENDAR) == 5
    assert days_late_before([], CALENDAR) == 0


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (None, "Không hạn"),
        (dt.date(2022, 4, 29), "Quá 5 ngày làm việc"),
        (DAY, "Hạn hôm nay"),
        (dt.date(2022, 5, 11), "Còn 1 ngày làm việc"),
        (dt.date(2022, 5, 20), "Còn 8 ngày làm việc"),
    ],
)
def test_where_a_task_stands_is_a_plain_sentence(due: dt.date | None, words: str) -> None:
    found = deadline_of("running", due, None, DAY, 3)
    days = 0 if due is None else days_late(due, DAY, CALENDAR) or days_left(due, DAY, CALENDAR)
    assert standing_words(found, due, days, DAY) == words


def test_sentences_on_days_off() -> None:
    saturday, friday, sunday = dt.date(2022, 5, 14), dt.date(2022, 5, 13), dt.date(2022, 5, 15)
    assert standing_words(Deadline.OVERDUE, friday, 0, saturday) == "Quá hạn"
    assert standing_words(Deadline.DUE_SOON, sunday, 0, saturday) == "Hạn 15/05/2022, ngày nghỉ"
    assert standing_words(Deadline.LATE, friday, 3, DAY) == "Xong, trễ 3 ngày làm việc"
    assert standing_words(Deadline.LATE, friday, 0, saturday) == "Hoàn thành quá hạn"
    assert standing_words(Deadline.ON_TIME, friday, 0, DAY) == "Hoàn thành đúng hạn"


# Recurrence


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (dt.date(2022, 1, 31), 1, dt.date(2022, 2, 28)),
        (dt.date(2024, 1, 31), 1, dt.date(2024, 2, 29)),
        (dt.date(2022, 11, 30), 3, dt.date(2023, 2, 28)),
        (dt.date(2024, 2, 29), 12, dt.date(2025, 2, 28)),
        (dt.date(2022, 12, 15), 1, dt.date(2023, 1, 15)),
    ],
)
def test_months_that_are_too_short_end_on_their_last_day(
    day: dt.date, months: int, expected: dt.date
) -> None:
    assert months_after(day, months) == expected


def test_the_end_of_the_month_comes_back_after_february() -> None:
    until = dt.date(2022, 12, 31)
    due: dt.date | None = dt.date(2022, 1, 31)
    seen = []
    while due is not None:
        seen.append(due)
        due = next_due(due, Recurrence.MONTHLY, until, 31)
    assert [f"{day:%d/%m}" for day in seen[:4]] == ["31/01", "28/02", "31/03", "30/04"]
    assert len(seen) == 12


@given(DAYS, st.sampled_from([*Recurrence]), st.integers(0, 900))
def test_the_next_is_later_and_not_after_the_end(due: dt.date, recurrence: Recurrence, days: int) -> None:
    until = due + dt.timedelta(days=days)
    following = next_due(due, recurrence, until, due.day)
    assert following is None or due < following <= until


# Reminders

STEPS = (Step("-3", 3, None, False), Step("0", 0, None, False), Step("+5", None, 5, True))


def test_the_last_step_that_came_holds() -> None:
    due = dt.date(2022, 4, 29)

    def held(day: dt.date) -> str:
        step = step_on(due, day, STEPS, CALENDAR)
        return step.level if step else ""

    assert held(dt.date(2022, 4, 25)) == ""
    assert held(dt.date(2022, 4, 26)) == "-3"
    assert held(due) == "0"
    assert held(dt.date(2022, 5, 9)) == "0"
    assert held(DAY) == "+5"
    assert isinstance(CALENDAR, WorkingCalendar)
