"""When counters are open, and which holiday comes next."""

from __future__ import annotations

import datetime as dt

import pytest

from tinhso.toolkit.clock import VN
from tinhso.toolkit.opening import holiday_after, hours_text, opening_at
from tinhso.toolkit.working_time import WorkingCalendar

CALENDAR = WorkingCalendar(off={})


@pytest.mark.parametrize(
    ("moment", "is_open", "text"),
    [
        ("2022-05-10 06:30", False, "Chưa đến giờ mở cửa, mở lúc 7:00."),
        ("2022-05-10 07:00", True, "Đang mở cửa, đến 11:30."),
        ("2022-05-10 11:29", True, "Đang mở cửa, đến 11:30."),
        ("2022-05-10 11:30", False, "Đang nghỉ trưa, mở lúc 13:30."),
        ("2022-05-10 13:30", True, "Đang mở cửa, đến 17:00."),
        ("2022-05-10 17:00", False, "Đã hết giờ làm việc, mở lại 7:00 thứ Tư, 11/05/2022."),
        ("2022-05-13 18:00", False, "Đã hết giờ làm việc, mở lại 7:00 thứ Hai, 16/05/2022."),
        ("2022-05-14 09:00", False, "Hôm nay là thứ Bảy, mở lại 7:00 thứ Hai, 16/05/2022."),
        ("2022-02-01 09:00", False, "Hôm nay nghỉ Tết, mở lại 7:00 thứ Hai, 07/02/2022."),
    ],
)
def test_the_counters_say_whether_they_are_open_and_until_when(moment: str, is_open: bool, text: str) -> None:
    found = opening_at(dt.datetime.fromisoformat(moment).replace(tzinfo=VN), CALENDAR)
    assert (found.is_open, found.text) == (is_open, text)


@pytest.mark.parametrize(
    ("day", "name", "first", "last"),
    [
        ("2022-01-10", "Tết Nguyên đán", "2022-01-29", "2022-02-06"),
        ("2022-05-10", "Quốc khánh", "2022-09-01", "2022-09-04"),
        ("2022-02-01", "Tết Nguyên đán", "2022-02-02", "2022-02-06"),
    ],
)
def test_the_next_holiday_has_its_name_and_all_its_days(day: str, name: str, first: str, last: str) -> None:
    found = holiday_after(dt.date.fromisoformat(day), CALENDAR)
    assert found is not None
    assert found.text.startswith(f"{name}: nghỉ từ ")
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)


def test_there_may_be_none_so_soon_or_within_the_calendar() -> None:
    assert holiday_after(dt.date(2022, 5, 10), CALENDAR, within=20) is None
    assert holiday_after(dt.date(2040, 12, 20), CALENDAR) is None


def test_the_hours_are_those_of_the_calendar() -> None:
    assert hours_text(CALENDAR) == "7:00–11:30 và 13:30–17:00"
    shorter = WorkingCalendar(off={}, halves=((dt.time(8), dt.time(12)),))
    assert hours_text(shorter) == "8:00–12:00"
