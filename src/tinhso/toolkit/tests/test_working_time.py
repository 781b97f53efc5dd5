"""The working calendar: which days offices work, and where working time ends."""

import csv
import timeit
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinhso.toolkit import lunar
from tinhso.toolkit.clock import VN
from tinhso.toolkit.holidays import labour_code_days, statutory_days
from tinhso.toolkit.working_time import (
    CalendarContradiction,
    OffDay,
    OutsideCalendar,
    WorkingCalendar,
    calendar_from_rows,
    in_vietnam,
)

TABLE = files("tinhso.directory").joinpath("data/working_days.csv").read_text(encoding="utf-8")
CALENDAR = calendar_from_rows(csv.DictReader(TABLE.splitlines()))

moments = st.datetimes(datetime.fromisoformat("2020-06-01"), datetime.fromisoformat("2038-01-01")).map(
    lambda moment: moment.replace(tzinfo=VN)
)
minutes = st.integers(0, 480 * 300)


def at(text: str) -> datetime:
    """Read a Vietnamese moment."""
    return datetime.fromisoformat(text).replace(tzinfo=VN)


def row(day: str, kind: str, confirmed: str = "seen") -> dict[str, object]:
    """Make one row of a calendar."""
    return {"date": day, "kind": kind, "source": "Nguồn ví dụ", "confirmed": confirmed}


@pytest.mark.parametrize(
    "day",
    ["2007-02-17", "2022-02-01", "2023-01-22", "2024-02-10", "2025-01-29", "2026-02-17", "2030-02-02"],
)
def test_tet_falls_by_the_vietnamese_calendar(day: str) -> None:
    assert lunar.tet(int(day[:4])) == date.fromisoformat(day)


@pytest.mark.parametrize("day", ["2022-04-10", "2023-04-29", "2024-04-18", "2025-04-07", "2026-04-26"])
def test_the_hung_kings_day_is_the_tenth_of_the_third_moon(day: str) -> None:
    assert lunar.hung_kings(int(day[:4])) == date.fromisoformat(day)


@pytest.mark.parametrize("year", [2022, 2023, 2024, 2025, 2026])
def test_the_labour_code_gives_the_decided_days_but_the_swapped_ones(year: int) -> None:
    decided = {day: off.kind for day, off in CALENDAR.off.items() if day.year == year and off.kind != "đổi"}
    assert {day: holiday.kind for day, holiday in labour_code_days(year).items()} == decided


def test_national_day_was_one_day_before_the_labour_code_of_2019() -> None:
    assert [day for day in statutory_days(2020) if day.month == 9] == [date(2020, 9, 2)]


@pytest.mark.parametrize(
    ("day", "label"),
    [
        ("2022-05-10", ""),
        ("2022-05-14", "thứ Bảy"),
        ("2022-05-15", "Chủ nhật"),
        ("2022-02-02", "nghỉ Tết"),
        ("2022-04-30", "nghỉ lễ"),
        ("2022-05-01", "nghỉ lễ"),
        ("2022-05-02", "nghỉ bù"),
        ("2024-02-10", "nghỉ Tết"),
        ("2024-04-29", "nghỉ hoán đổi"),
        ("2024-05-04", ""),
        ("2026-11-24", ""),
    ],
)
def test_a_day_of_rest_says_why(day: str, label: str) -> None:
    assert CALENDAR.label_of(date.fromisoformat(day)) == label
    assert CALENDAR.is_working(date.fromisoformat(day)) is (label == "")


def test_years_without_a_decision_are_provisional_and_computed() -> None:
    assert [year for year in range(2020, 2041) if not CALENDAR.is_provisional(year)] == [
        2022,
        2023,
        2024,
        2025,
        2026,
    ]
    assert CALENDAR.off[date(2027, 2, 10)] == OffDay("bù", "BLLĐ 2019 Đ112, Đ111.3", "computed")


def test_what_is_listed_replaces_what_would_be_computed() -> None:
    listed = calendar_from_rows([row("2027-09-01", "lễ"), row("2027-09-02", "lễ")])
    assert not listed.is_working(date(2027, 9, 1))
    assert listed.is_working(date(2027, 9, 3)), "the computed day after National Day gives way"
    assert not listed.is_working(date(2027, 4, 16)), "other occasions are still computed"


def test_unconfirmed_days_are_known_as_such() -> None:
    found = CALENDAR.unsure_days(date(2026, 8, 20), date(2026, 11, 30))
    assert found == ((date(2026, 8, 22), True), (date(2026, 8, 31), False), (date(2026, 11, 24), True))


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([row("2027-01-01", "lễ"), row("2027-01-01", "bù")], "Ngày 01/01/2027 được ghi hai lần."),
        ([row("2027-01-02", "lễ")], "Ngày 02/01/2027 là cuối tuần, không ghi là ngày nghỉ."),
        ([row("2027-01-04", "làm bù")], "Ngày 04/01/2027 không phải cuối tuần, không ghi là làm bù."),
        ([row("2027-01-04", "off")], "Ngày 04/01/2027 ghi “off”, không rõ là nghỉ hay làm."),
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(rows: list[dict[str, object]], sentence: str) -> None:
    with pytest.raises(CalendarContradiction, match=sentence):
        calendar_from_rows(rows)


def test_rows_may_hold_dates() -> None:
    assert (
        calendar_from_rows([{**row("", "lễ"), "date": date(2027, 1, 4)}]).label_of(date(2027, 1, 4))
        == "nghỉ lễ"
    )


@pytest.mark.parametrize(
    ("moment", "next_moment", "is_office_time"),
    [
        ("2022-05-10T06:59", "2022-05-10T07:00", False),
        ("2022-05-10T07:00", "2022-05-10T07:00", True),
        ("2022-05-10T11:29", "2022-05-10T11:29", True),
        ("2022-05-10T11:30", "2022-05-10T13:30", True),
        ("2022-05-10T12:00", "2022-05-10T13:30", False),
        ("2022-05-10T13:30", "2022-05-10T13:30", True),
        ("2022-05-10T17:00", "2022-05-11T07:00", True),
        ("2022-05-10T17:01", "2022-05-11T07:00", False),
        ("2022-05-14T09:00", "2022-05-16T07:00", False),
        ("2024-05-04T09:00", "2024-05-04T09:00", True),
        ("2022-01-28T17:30", "2022-02-07T07:00", False),
    ],
)
def test_work_begins_again_when_offices_open(moment: str, next_moment: str, is_office_time: bool) -> None:
    assert CALENDAR.next_working_moment(at(moment)) == at(next_moment)
    assert CALENDAR.is_office_time(at(moment)) is is_office_time


@pytest.mark.parametrize(
    ("moment", "added", "end"),
    [
        ("2022-05-10T11:30", 60, "2022-05-10T14:30"),
        ("2022-05-10T10:30", 60, "2022-05-10T11:30"),
        ("2022-05-10T16:00", 60, "2022-05-10T17:00"),
        ("2022-05-10T17:00", 480, "2022-05-11T17:00"),
        ("2022-05-10T17:00", 0, "2022-05-10T17:00"),
        ("2022-05-10T12:00", 0, "2022-05-10T13:30"),
        ("2022-05-14T10:00", 0, "2022-05-16T07:00"),
        ("2022-01-28T16:59", 2, "2022-02-07T07:01"),
    ],
)
def test_working_minutes_end_where_a_person_would_say(moment: str, added: int, end: str) -> None:
    assert CALENDAR.add_working_minutes(at(moment), added) == at(end)


def test_a_day_has_480_working_minutes() -> None:
    assert CALENDAR.minutes_per_day() == 480
    assert CALENDAR.working_minutes_between(at("2022-05-10T00:00"), at("2022-05-11T00:00")) == 480
    assert CALENDAR.working_minutes_between(at("2022-05-11T00:00"), at("2022-05-10T00:00")) == -480


def test_working_days_are_counted_with_both_ends() -> None:
    assert CALENDAR.working_days_between(date(2022, 1, 28), date(2022, 2, 7)) == 2
    assert CALENDAR.working_days_between(date(2022, 2, 7), date(2022, 1, 28)) == 0
    assert CALENDAR.working_day_from(date(2022, 1, 29)) == date(2022, 2, 7)
    assert CALENDAR.working_weekend_days(date(2024, 5, 1), date(2025, 5, 1)) == (
        date(2024, 5, 4),
        date(2025, 4, 26),
    )


def test_other_half_days_are_a_matter_of_data() -> None:
    short = WorkingCalendar({}, halves=((at("2022-05-10T08:00").time(), at("2022-05-10T12:00").time()),))
    assert short.minutes_per_day() == 240
    assert short.add_working_minutes(at("2022-05-10T11:00"), 90) == at("2022-05-11T08:30")


def test_nothing_is_said_of_years_outside_the_calendar() -> None:
    with pytest.raises(OutsideCalendar, match="từ năm 2020 đến năm 2040"):
        CALENDAR.is_working(date(2019, 12, 31))
    with pytest.raises(OutsideCalendar, match="đến hết năm 2040"):
        CALENDAR.add_working_minutes(at("2040-12-31T16:00"), 480)
    with pytest.raises(ValueError, match="từ 0 trở lên"):
        CALENDAR.add_working_minutes(at("2022-05-10T08:00"), -1)


def test_moments_are_read_on_vietnams_clock() -> None:
    assert in_vietnam(datetime(2022, 5, 10, 8, tzinfo=UTC)) == at("2022-05-10T15:00")
    assert in_vietnam(datetime.fromisoformat("2022-05-10T08:00")) == at("2022-05-10T08:00")


@given(moments, minutes)
def test_adding_and_measuring_are_inverse(moment: datetime, added: int) -> None:
    end = CALENDAR.add_working_minutes(moment, added)
    assert CALENDAR.working_minutes_between(moment, end) == added
    assert CALENDAR.is_office_time(end)


@given(moments, minutes, minutes)
def test_adding_twice_is_adding_the_sum(moment: datetime, first: int, second: int) -> None:
    twice = CALENDAR.add_working_minutes(CALENDAR.add_working_minutes(moment, first), second)
    once = CALENDAR.add_working_minutes(moment, first + second)
    assert CALENDAR.working_time_between(once, twice) == timedelta()


@settings(max_examples=30)
@given(st.dates(date(2020, 1, 2), date(2020, 3, 1)), st.integers(1, 60))
def test_the_nth_working_day_is_found_as_by_walking(day: date, n: int) -> None:
    walked, left = day, n
    while left:
        walked += timedelta(days=1)
        left -= CALENDAR.is_working(walked)
    assert CALENDAR.nth_working_day(day, n) == walked


def test_a_year_of_working_time_is_added_in_microseconds() -> None:
    moment = at("2022-05-10T08:12")
    times = timeit.repeat(lambda: CALENDAR.add_working_minutes(moment, 480 * 250), number=200, repeat=5)
    assert min(times) / 200 < 50e-6
