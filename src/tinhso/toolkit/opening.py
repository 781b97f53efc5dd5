"""Say whether offices are open at a moment, when that changes, and which holiday comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from tinhso.toolkit import words
from tinhso.toolkit.holidays import Occasion, statutory_days
from tinhso.toolkit.working_time import OutsideCalendar, WorkingCalendar, in_vietnam

_DAY: Final = timedelta(days=1)
_WEEKEND: Final = 5
_NAMES: Final[dict[Occasion, str]] = {
    "new year": "Tết Dương lịch",
    "tet": "Tết Nguyên đán",
    "hung kings": "Giỗ Tổ Hùng Vương",
    "april and may": "30/4 và 1/5",
    "national day": "Quốc khánh",
}


@dataclass(frozen=True, slots=True)
class Opening:
    """Open or closed at a moment. ``changes_at``: when it closes, or opens again; ``text``: a sentence of both."""

    is_open: bool
    changes_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days on end on which offices rest beyond a weekend; ``text`` names them with their dates."""

    first: date
    last: date
    text: str


def opening_at(moment: datetime, calendar: WorkingCalendar) -> Opening:
    """Return whether offices are open at a moment. At the end of a half day they are closed.

    Raises ``OutsideCalendar`` beyond the calendar's years.
    """
    now = in_vietnam(moment)
    opens = calendar.next_working_moment(now)
    if opens == now:
        ends = (datetime.combine(now.date(), end, now.tzinfo) for _start, end in calendar.halves)
        closes = next(end for end in ends if end > now)
        return Opening(True, closes, f"Đang mở cửa, đến {_clock(closes)}.")
    if opens.date() == now.date():
        why = "Đang nghỉ trưa" if now > calendar.opening(now.date()) else "Chưa đến giờ mở cửa"
        return Opening(False, opens, f"{why}, mở lúc {_clock(opens)}.")
    rest = calendar.label_of(now.date())
    why = f"Hôm nay {'là ' + rest if now.weekday() >= _WEEKEND else rest}" if rest else "Đã hết giờ làm việc"
    return Opening(False, opens, f"{why}, mở lại {_clock(opens)} {words.weekday_date(opens.date())}.")


def hours_text(calendar: WorkingCalendar) -> str:
    """Return 7:00–11:30 và 13:30–17:00."""
    return " và ".join(f"{start.hour}:{start:%M}–{end.hour}:{end:%M}" for start, end in calendar.halves)


def holiday_after(day: date, calendar: WorkingCalendar, *, within: int = 200) -> Holiday | None:
    """Return the next days of rest beyond a weekend, after a day; None where none comes within so many days."""
    try:
        ahead = (day + n * _DAY for n in range(1, within + 1))
        found = next((d for d in ahead if d.weekday() < _WEEKEND and not calendar.is_working(d)), None)
        if found is None:
            return None
        first = last = found
        while first - _DAY > day and not calendar.is_working(first - _DAY):
            first -= _DAY
        while not calendar.is_working(last + _DAY):
            last += _DAY
    except OutsideCalendar:
        return None
    by_law = statutory_days(found.year)
    days = [first + n * _DAY for n in range((last - first).days + 1)]
    names = dict.fromkeys(_NAMES[by_law[d].occasion] for d in days if d in by_law)
    name = ", ".join(names) or calendar.label_of(found)
    when = words.weekday_date(first)
    if last != first:
        when = f"từ {when} đến {words.weekday_date(last)}"
    return Holiday(first, last, f"{name}: nghỉ {when}.")


def _clock(moment: datetime) -> str:
    return f"{moment.hour}:{moment:%M}"
