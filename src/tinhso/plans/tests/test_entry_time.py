"""By when a document is to be entered, and how late it was: worked out by hand and for any moment."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.plans.queries.documents import document
from tinhso.plans.rules.entry_time import entry_due, entry_rule, entry_time
from tinhso.toolkit.clock import VN
from tinhso.toolkit.working_time import OffDay, WorkingCalendar

DAYS = WorkingCalendar(
    {dt.date(2022, 5, 2): OffDay("bù", "nghỉ bù 30/4", "seen")}, decided_years=frozenset({2022})
)
RULE = entry_rule(document("entry_times"), dt.date(2022, 5, 10))


def moment(text: str) -> dt.datetime:
    return dt.datetime.strptime(f"2022-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=VN)


@pytest.mark.parametrize(
    ("key", "received", "due"),
    [
        ("urgent", "05-10 08:00", "05-10 17:00"),
        ("urgent", "05-10 17:30", "05-11 17:00"),
        ("urgent", "05-07 09:00", "05-09 17:00"),
        ("normal", "05-10 08:00", "05-11 08:00"),
        ("normal", "05-10 07:00", "05-10 17:00"),
        ("normal", "05-06 16:00", "05-09 16:00"),
        ("normal", "04-29 09:00", "05-03 09:00"),
        ("many", "05-10 08:00", "05-12 08:00"),
        ("many", "05-07 09:00", "05-10 17:00"),
    ],
)
def test_the_time_of_entry_is_worked_out_by_hand(key: str, received: str, due: str) -> None:
    assert entry_due(moment(received), key, RULE, DAYS) == moment(due)


def test_an_urgent_document_is_urgent_however_much_it_assigns_and_five_tasks_are_many() -> None:
    assert [RULE.key("urgent", 9), RULE.key("normal", 4), RULE.key("normal", 5)] == [
        "urgent",
        "normal",
        "many",
    ]


@pytest.mark.parametrize(
    ("entered", "words"),
    [
        ("05-11 08:00", ""),
        ("05-11 08:01", "Nhập trễ 1 phút làm việc"),
        ("05-11 10:00", "Nhập trễ 2 giờ làm việc"),
        ("05-12 08:30", "Nhập trễ 8 giờ 30 phút làm việc"),
    ],
)
def test_how_late_it_was_is_said_in_working_time(entered: str, words: str) -> None:
    found = entry_time(moment("05-10 08:00"), moment(entered), "normal", 1, RULE, DAYS)
    assert (found.is_late, found.late_words) == (bool(words), words)


def test_what_is_late_outside_office_hours_is_late_too() -> None:
    found = entry_time(moment("05-10 08:00"), moment("05-10 17:01"), "urgent", 0, RULE, DAYS)
    assert found.is_late
    assert found.late_words == "Nhập trễ, ngoài giờ làm việc"


def test_there_is_no_time_of_entry_before_the_first_version() -> None:
    with pytest.raises(LookupError):
        entry_rule(document("entry_times"), dt.date(2019, 12, 31))


MOMENTS = st.integers(0, 60 * 24 * 1000).map(
    lambda minutes: dt.datetime(2021, 1, 1, tzinfo=VN) + dt.timedelta(minutes=minutes)
)


@given(MOMENTS)
def test_a_longer_time_never_ends_earlier_and_none_ends_before_the_document_came(
    received: dt.datetime,
) -> None:
    urgent, normal, many = (entry_due(received, key, RULE, DAYS) for key in ("urgent", "normal", "many"))
    assert received <= urgent
    assert received < normal < many
    assert DAYS.working_time_between(normal, many) == dt.timedelta(hours=8)


@given(MOMENTS, st.timedeltas(dt.timedelta(), dt.timedelta(days=30)), st.integers(0, 9))
def test_an_entry_is_late_exactly_when_it_came_after_its_time(
    received: dt.datetime, after: dt.timedelta, tasks: int
) -> None:
    found = entry_time(received, received + after, "normal", tasks, RULE, DAYS)
    assert found.is_late == (received + after > found.due_at)
    assert (found.late > dt.timedelta()) <= found.is_late
    assert bool(found.late_words) == found.is_late
