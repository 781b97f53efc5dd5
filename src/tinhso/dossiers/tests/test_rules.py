"""When a dossier is due, and why."""

import csv
import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tinhso.dossiers.rules import (
    CONVENTIONS,
    Convention,
    DeadlineNotCountable,
    Due,
    Limit,
    Unit,
    convention_on,
    due,
    ledger,
    thread_of_days,
    time_left,
)
from tinhso.dossiers.rules.steps import steps_due
from tinhso.toolkit.clock import VN
from tinhso.toolkit.time_left import time_left_until
from tinhso.toolkit.working_time import OutsideCalendar, calendar_from_rows

TABLE = files("tinhso.directory").joinpath("data/working_days.csv").read_text(encoding="utf-8")
CALENDAR = calendar_from_rows(csv.DictReader(TABLE.splitlines()))
LINES = files("tinhso.dossiers").joinpath("tests/due_cases.jsonl").read_text(encoding="utf-8").splitlines()
CASES: list[dict[str, Any]] = [json.loads(line) for line in LINES]

moments = st.datetimes(datetime.fromisoformat("2021-06-01"), datetime.fromisoformat("2035-01-01")).map(
    lambda moment: moment.replace(tzinfo=VN)
)
working_units = st.sampled_from(["h", "wd", "sameday", "handover"])


def at(text: str) -> datetime:
    """Read a Vietnamese moment."""
    return datetime.fromisoformat(text).replace(tzinfo=VN)


def limit(value: str, unit: Unit) -> Limit:
    """Make a limit."""
    return Limit(Decimal(value), unit)


def answer(case: dict[str, Any]) -> Due:
    """Count one case."""
    pauses = [
        (datetime.fromisoformat(begins), ends and datetime.fromisoformat(ends))
        for begins, ends in case["pauses"]
    ]
    value = Decimal(case["limit"]["value"] or 0)
    return due(
        datetime.fromisoformat(case["received"]), Limit(value, case["limit"]["unit"]), CALENDAR, pauses
    )


def test_there_are_cases_enough() -> None:
    assert len(CASES) >= 90
    assert all(case["why"] for case in CASES)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_case_is_due_as_derived_by_hand(case: dict[str, Any]) -> None:
    found = answer(case)
    due_at = found.at and found.at.isoformat(timespec="seconds")
    assert due_at == case["due"], case["why"]
    assert due_at not in case.get("not", [])
    assert found.rule == case["rule"]
    assert found.reasons
    assert all(reason.text.endswith(".") and reason.text[0].isupper() for reason in found.reasons)


# -- reasons, ledger, thread -----------------------------------------------------------------------


MAY = due(
    at("2022-04-27T14:52"), limit("10", "wd"), CALENDAR, [(at("2022-05-05T07:30"), at("2022-05-05T16:40"))]
)


def test_reasons_tell_the_reckoning_in_order() -> None:
    assert [reason.text for reason in MAY.reasons] == [
        "Tiếp nhận lúc 14 giờ 52 thứ Tư, 27/04/2022; ngày tiếp nhận không tính (Bộ luật Dân sự, Điều 147).",
        "Thời hạn là 10 ngày làm việc, đếm từ thứ Năm, 28/04/2022.",
        "Không đếm 6 ngày nghỉ: 2 ngày cuối tuần; nghỉ lễ 30/04, 01/05; nghỉ bù 02/05, 03/05.",
        "Hẹn trả lúc 17 giờ thứ Sáu, 13/05/2022: ngày làm việc thứ 10.",
        "Tạm dừng chờ bổ sung từ 7 giờ 30 thứ Năm, 05/05/2022 đến 16 giờ 40 thứ Năm, 05/05/2022: "
        "7 giờ 10 phút làm việc không tính.",
        "Ngày hẹn dời đến 16 giờ 10 thứ Hai, 16/05/2022; hẹn ban đầu là 17 giờ thứ Sáu, 13/05/2022.",
    ]


def test_the_original_due_moment_stays() -> None:
    assert MAY.original == at("2022-05-13T17:00")
    assert MAY.at == MAY.last_known == at("2022-05-16T16:10")


def test_the_ledger_is_an_addition_anybody_can_redo() -> None:
    assert [(row.term, row.value, row.note, row.is_total) for row in ledger(MAY, CALENDAR, "Điều 9")] == [
        ("Luật cho làm", "10 ngày làm việc", "Điều 9", False),
        (
            "Bắt đầu đếm",
            "thứ Năm, 28/04",
            "Nhận lúc 14 giờ 52 thứ Tư, 27/04; đếm từ ngày làm việc kế tiếp",
            False,
        ),
        (
            "Ngày nghỉ, không đếm",
            "8 ngày",
            "4 ngày cuối tuần; nghỉ lễ 30/04, 01/05; nghỉ bù 02/05, 03/05",
            False,
        ),
        (
            "Tạm dừng, không đếm",
            "7 giờ 10 phút làm việc",
            "Chờ bổ sung từ 7 giờ 30 05/05 đến 16 giờ 40 05/05",
            False,
        ),
        ("Hẹn trả", "16 giờ 10 thứ Hai, 16/05/2022", "Hẹn ban đầu là 17 giờ thứ Sáu, 13/05/2022", True),
    ]


def test_the_ledger_of_a_limit_in_days_says_when_the_last_day_moves() -> None:
    rows = ledger(due(at("2022-05-10T08:00"), limit("5", "d"), CALENDAR), CALENDAR)
    assert [row.term for row in rows] == ["Luật cho làm", "Bắt đầu đếm", "Ngày cuối là ngày nghỉ", "Hẹn trả"]


def test_the_ledger_without_rest_has_no_row_for_it() -> None:
    rows = ledger(due(at("2022-05-10T08:00"), limit("1", "wd"), CALENDAR), CALENDAR)
    assert [row.term for row in rows] == ["Luật cho làm", "Bắt đầu đếm", "Hẹn trả"]


def test_the_ledger_names_a_saturday_that_is_worked() -> None:
    rows = ledger(due(at("2024-05-03T10:00"), limit("2", "wd"), CALENDAR), CALENDAR)
    assert ("Làm bù, có đếm", "thứ Bảy, 04/05") in [(row.term, row.value) for row in rows]


def test_the_ledger_says_that_a_supplement_is_awaited() -> None:
    waiting = due(at("2022-05-10T08:00"), limit("5", "wd"), CALENDAR, [(at("2022-05-12T09:00"), None)])
    assert waiting.paused_since == at("2022-05-12T09:00")
    assert (waiting.at, waiting.last_known) == (None, at("2022-05-17T17:00"))
    assert ledger(waiting, CALENDAR)[-1].value == "chưa tính được"
    assert (
        ledger(due(at("2022-05-10T08:00"), limit("0", "none"), CALENDAR), CALENDAR)[-1].value
        == "không có ngày hẹn"
    )


def test_a_limit_says_itself() -> None:
    assert limit("10", "wd").text == "10 ngày làm việc"
    assert limit("0.50", "wd").text == "0,5 ngày làm việc"
    assert limit("0", "sameday").text == "trả trong ngày"


def thread(found: Due, today: str, ended: str | None = None) -> list[str]:
    """Return the thread as one text a day."""
    day_ended = None if ended is None else date.fromisoformat(ended)
    days = thread_of_days(found, CALENDAR, date.fromisoformat(today), day_ended)
    return [
        f"{day.date:%d/%m} {day.kind}"
        + (f" {day.number}" if day.number else "")
        + (f" {day.label}" if day.label else "")
        + (" hẹn" if day.is_due else "")
        for day in days
    ]


def test_the_thread_counts_only_what_counts() -> None:
    assert thread(MAY, "2022-05-10") == [
        "28/04 passed 1",
        "29/04 passed 2",
        "30/04 rest lễ",
        "01/05 rest lễ",
        "02/05 rest bù",
        "03/05 rest bù",
        "04/05 passed 3",
        "05/05 paused dừng",
        "06/05 passed 4",
        "07/05 rest",
        "08/05 rest",
        "09/05 passed 5",
        "10/05 today 6",
        "11/05 left 7",
        "12/05 left 8",
        "13/05 left 9",
        "14/05 rest",
        "15/05 rest",
        "16/05 left 10 hẹn",
    ]


def test_the_thread_speaks() -> None:
    days = {
        day.date.day: day.words
        for day in thread_of_days(MAY, CALENDAR, date(2022, 5, 10))
        if day.date.month == 5
    }
    assert days[1] == "Chủ nhật, nghỉ lễ, không tính"
    assert days[5] == "thứ Năm, tạm dừng chờ bổ sung, không tính"
    assert days[7] == "thứ Bảy, không tính"
    assert days[10] == "thứ Ba, hôm nay, ngày thứ 6"
    assert days[16] == "thứ Hai, còn lại, ngày hẹn trả, ngày thứ 10"


def test_a_half_hour_pause_adds_a_day_without_a_number() -> None:
    found = due(
        at("2022-05-10T08:00"), limit("3", "wd"), CALENDAR, [(at("2022-05-12T09:00"), at("2022-05-12T09:30"))]
    )
    assert thread(found, "2022-05-12") == [
        "11/05 passed 1",
        "12/05 today 2",
        "13/05 left 3",
        "14/05 rest",
        "15/05 rest",
        "16/05 left thêm hẹn",
    ]


def test_days_after_the_due_day_are_late() -> None:
    found = due(at("2022-05-10T08:00"), limit("2", "wd"), CALENDAR)
    assert thread(found, "2022-05-16") == [
        "11/05 passed 1",
        "12/05 passed 2 hẹn",
        "13/05 late",
        "14/05 rest",
        "15/05 rest",
        "16/05 late",
    ]
    assert thread(found, "2022-05-16", ended="2022-05-11") == ["11/05 passed 1", "12/05 left 2 hẹn"]
    assert thread(found, "2022-05-09") == ["11/05 left 1", "12/05 left 2 hẹn"]


def test_the_thread_stops_today_while_a_supplement_is_awaited() -> None:
    found = due(at("2022-05-10T08:00"), limit("5", "wd"), CALENDAR, [(at("2022-05-12T09:00"), None)])
    assert thread(found, "2022-05-13") == ["11/05 passed 1", "12/05 paused dừng", "13/05 paused dừng"]


def test_a_limit_in_days_numbers_every_day() -> None:
    found = due(
        at("2022-05-11T08:00"), limit("3", "d"), CALENDAR, [(at("2022-05-12T09:00"), at("2022-05-13T09:00"))]
    )
    assert thread(found, "2022-05-13") == [
        "12/05 passed 1",
        "13/05 paused dừng",
        "14/05 left 2",
        "15/05 left 3",
        "16/05 left hẹn",
    ]


def test_a_limit_in_hours_has_days_without_numbers() -> None:
    found = due(
        at("2022-05-13T16:00"), limit("8", "h"), CALENDAR, [(at("2022-05-16T07:00"), at("2022-05-16T16:00"))]
    )
    assert thread(found, "2022-05-16") == [
        "13/05 passed",
        "14/05 rest",
        "15/05 rest",
        "16/05 paused dừng",
        "17/05 left hẹn",
    ]
    assert thread(due(at("2022-05-10T08:00"), limit("0.5", "wd"), CALENDAR), "2022-05-10") == [
        "10/05 today 1 hẹn"
    ]


def test_without_a_due_date_there_is_no_thread() -> None:
    assert thread(due(at("2022-05-10T08:00"), limit("0", "none"), CALENDAR), "2022-05-10") == []


# -- time left -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "state", "text"),
    [
        ("2022-05-10T08:00", "in_time", "Còn 4 ngày làm việc"),
        ("2022-05-13T07:00", "in_time", "Còn 2 ngày làm việc"),
        ("2022-05-13T17:00", "soon", "Còn 1 ngày làm việc"),
        ("2022-05-16T13:40", "soon", "Còn 3 giờ 20 phút làm việc"),
        ("2022-05-16T17:00", "soon", "Còn dưới 1 phút làm việc"),
        ("2022-05-16T17:01", "late", "Quá dưới 1 phút làm việc"),
        ("2022-05-17T09:05", "late", "Quá 2 giờ 5 phút làm việc"),
        ("2022-05-17T17:00", "late", "Quá 1 ngày làm việc"),
    ],
)
def test_time_left_is_said_in_working_time(now: str, state: str, text: str) -> None:
    left = time_left_until(at(now), at("2022-05-16T17:00"), CALENDAR)
    assert (left.state, left.text) == (state, text)


def test_a_fifth_of_a_long_limit_is_soon() -> None:
    found = due(at("2022-05-10T08:00"), limit("20", "wd"), CALENDAR)
    assert found.at == at("2022-06-07T17:00")
    assert time_left(found, at("2022-06-01T08:00"), CALENDAR).state == "in_time"
    assert time_left(found, at("2022-06-01T17:00"), CALENDAR).state == "soon"


@pytest.mark.parametrize(
    ("ended", "state", "text"),
    [
        ("2022-05-12T10:00", "early", "Sớm 2 ngày làm việc"),
        ("2022-05-16T16:00", "in_time", "Đúng hạn"),
        ("2022-05-16T17:00", "in_time", "Đúng hạn"),
        ("2022-05-18T10:00", "ended_late", "Trễ 1 ngày làm việc"),
    ],
)
def test_what_has_ended_was_early_in_time_or_late(ended: str, state: str, text: str) -> None:
    left = time_left_until(at("2022-06-01T08:00"), at("2022-05-16T17:00"), CALENDAR, ended=at(ended))
    assert (left.state, left.text) == (state, text)


def test_a_paused_dossier_and_one_without_due_date_say_so() -> None:
    waiting = due(at("2022-05-10T08:00"), limit("5", "wd"), CALENDAR, [(at("2022-05-12T09:00"), None)])
    assert time_left(waiting, at("2022-05-13T08:00"), CALENDAR).text == "Tạm dừng chờ bổ sung"
    free = due(at("2022-05-10T08:00"), limit("0", "none"), CALENDAR)
    assert time_left(free, at("2022-05-13T08:00"), CALENDAR).text == "Không có ngày hẹn"
    assert time_left(waiting, at("2022-05-13T08:00"), CALENDAR, ended=at("2022-05-13T09:00")).state == "none"


# -- steps -----------------------------------------------------------------------------------------


def test_a_step_begins_where_the_step_before_is_due() -> None:
    steps = steps_due(at("2022-05-10T16:00"), [Decimal(4), Decimal("0.5"), Decimal(8)], CALENDAR)
    assert steps == (at("2022-05-11T10:00"), at("2022-05-11T10:30"), at("2022-05-12T10:30"))


def test_a_pause_moves_the_steps_not_yet_due() -> None:
    pause = (at("2022-05-11T10:15"), at("2022-05-11T11:15"))
    steps = steps_due(at("2022-05-10T16:00"), [Decimal(4), Decimal("0.5"), Decimal(8)], CALENDAR, [pause])
    assert steps == (at("2022-05-11T10:00"), at("2022-05-11T11:30"), at("2022-05-12T11:30"))
    lasting = steps_due(at("2022-05-10T16:00"), [Decimal(4), Decimal(4)], CALENDAR, [(pause[0], None)])
    assert lasting == (at("2022-05-11T10:00"), None)


# -- conventions -----------------------------------------------------------------------------------


LOCAL = Convention("local", date(2022, 1, 1), "Quy chế ví dụ", first_day_counts=True, cutoff=time(14, 0))


def test_a_province_may_count_the_first_day() -> None:
    found = due(at("2022-05-10T08:00"), limit("5", "wd"), CALENDAR, convention=LOCAL)
    assert found.at == at("2022-05-16T17:00")
    assert found.reasons[0].text == "Tiếp nhận lúc 8 giờ thứ Ba, 10/05/2022; ngày tiếp nhận được tính."
    assert due(at("2022-05-10T08:00"), limit("3", "d"), CALENDAR, convention=LOCAL).at == at(
        "2022-05-12T17:00"
    )
    one_day = due(at("2022-05-10T08:00"), limit("1", "wd"), CALENDAR, convention=LOCAL)
    assert thread(one_day, "2022-05-10") == ["10/05 today 1 hẹn"]


def test_a_province_may_have_another_cut_off() -> None:
    assert due(at("2022-05-10T14:30"), limit("0", "sameday"), CALENDAR, convention=LOCAL).at == at(
        "2022-05-11T17:00"
    )


def test_a_province_may_leave_the_last_day_where_it_falls() -> None:
    still = Convention("still", date(2022, 1, 1), "Quy chế ví dụ", moves_off_rest_days=False)
    found = due(at("2022-05-10T08:00"), limit("5", "d"), CALENDAR, convention=still)
    assert found.at == at("2022-05-15T17:00")


def test_the_convention_of_the_day_of_acceptance_holds() -> None:
    later = (*CONVENTIONS, LOCAL)
    assert convention_on(date(2021, 12, 31), later) == CONVENTIONS[0]
    assert convention_on(date(2022, 1, 1), later) == LOCAL
    with pytest.raises(DeadlineNotCountable, match="Chưa có quy ước tính thời hạn cho ngày 01/01/2010"):
        convention_on(date(2010, 1, 1))


# -- what cannot be counted ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "unit", "sentence"),
    [
        ("1", "year", "Không có đơn vị thời hạn “year”."),
        ("0", "wd", "Thời hạn phải lớn hơn 0."),
        ("-1", "h", "Thời hạn phải lớn hơn 0."),
        ("NaN", "d", "Thời hạn phải lớn hơn 0."),
        ("10001", "m", "Thời hạn dài quá, không tính được."),
        ("0.3", "m", "Thời hạn theo tháng chỉ nhận số tháng hoặc nửa tháng."),
    ],
)
def test_a_limit_that_cannot_be_counted_is_refused(value: str, unit: Unit, sentence: str) -> None:
    with pytest.raises(DeadlineNotCountable, match=sentence):
        limit(value, unit)


def test_a_limit_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(OutsideCalendar):
        due(at("2022-05-10T08:00"), limit("9999", "wd"), CALENDAR)
    with pytest.raises(OutsideCalendar):
        due(at("2022-05-10T08:00"), limit("9999", "d"), CALENDAR)
    with pytest.raises(OutsideCalendar):
        due(at("9000-05-10T08:00"), limit("1", "wd"), CALENDAR)
    with pytest.raises(DeadlineNotCountable, match="dài quá"):
        due(at("9500-05-10T08:00"), limit("9999", "m"), CALENDAR)


def test_a_pause_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(DeadlineNotCountable, match=r"8 giờ thứ Năm, 12/05/2022 kết thúc trước khi bắt đầu\."):
        due(
            at("2022-05-10T08:00"),
            limit("1", "wd"),
            CALENDAR,
            [(at("2022-05-12T08:00"), at("2022-05-12T07:00"))],
        )


def test_a_second_open_supplement_inside_an_open_one_changes_nothing() -> None:
    found = due(
        at("2022-05-10T08:00"),
        limit("5", "wd"),
        CALENDAR,
        [(at("2022-05-12T09:00"), None), (at("2022-05-13T09:00"), at("2022-05-13T10:00"))],
    )
    assert found.pauses == ((at("2022-05-12T09:00"), None),)


# -- what holds for every case ---------------------------------------------------------------------


def pauses_within(first: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Return two pauses soon after the first moment."""
    for days, hours in ((0, 3), (1, 30)):
        begins = CALENDAR.add_working_minutes(first, 480 * days + 10)
        yield begins, begins + timedelta(hours=hours)


@given(moments, st.integers(1, 60))
def test_working_days_are_never_due_on_a_day_of_rest(received: datetime, days: int) -> None:
    found = due(received, limit(str(days), "wd"), CALENDAR)
    assert found.at is not None
    assert CALENDAR.is_working(found.at.date())
    assert found.at.time() == time(17, 0)
    assert CALENDAR.working_days_between(received.date() + timedelta(days=1), found.at.date()) == days


@given(moments, st.sampled_from(["h", "wd", "d"]), st.integers(1, 80), st.integers(1, 80))
def test_a_longer_limit_is_never_due_earlier(received: datetime, unit: Unit, one: int, other: int) -> None:
    shorter, longer = sorted([Decimal(one) / 4, Decimal(other) / 4])
    first, second = (
        due(received, Limit(shorter, unit), CALENDAR).at,
        due(received, Limit(longer, unit), CALENDAR).at,
    )
    assert first is not None
    assert second is not None
    assert first <= second


@given(moments, st.integers(1, 600), working_units)
def test_a_pause_moves_the_due_moment_by_its_working_minutes(
    received: datetime, length: int, unit: Unit
) -> None:
    plain = due(received, limit("3", unit), CALENDAR)
    begins = CALENDAR.next_working_moment(received)
    assume(plain.at is not None and begins < plain.at)
    ends = CALENDAR.add_working_minutes(begins, length)
    found = due(received, limit("3", unit), CALENDAR, [(begins, ends)])
    assert plain.at is not None
    assert found.at is not None
    assert CALENDAR.working_minutes_between(plain.at, found.at) == length
    assert found.original == plain.at
    assert CALENDAR.is_office_time(found.at)


@given(moments, st.integers(2, 20))
def test_the_due_day_of_working_days_bears_the_last_number(received: datetime, days: int) -> None:
    found = due(received, limit(str(days), "wd"), CALENDAR, list(pauses_within(received)))
    assert found.at is not None
    numbers = [day.number for day in thread_of_days(found, CALENDAR, received.date()) if day.number]
    assert numbers == list(range(1, days + 1))


@given(moments, st.integers(1, 30))
def test_the_order_of_pauses_does_not_matter(received: datetime, days: int) -> None:
    pauses = list(pauses_within(received))
    assert due(received, limit(str(days), "wd"), CALENDAR, pauses) == due(
        received, limit(str(days), "wd"), CALENDAR, pauses[::-1]
    )
