"""Say how much working time is left until a due moment, or how much has passed since."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from tinhso.toolkit.day_thread import duration_text
from tinhso.toolkit.working_time import WorkingCalendar

TimeState = Literal["in_time", "soon", "late", "paused", "early", "ended_late", "none"]

_SOON_SHARE: Final = 5


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """How something due stands: its state, the words, and the working time left (negative once late)."""

    state: TimeState
    text: str
    left: timedelta | None = None


def time_left_until(
    now: datetime,
    due_at: datetime | None,
    calendar: WorkingCalendar,
    *,
    paused: bool = False,
    received: datetime | None = None,
    ended: datetime | None = None,
) -> TimeLeft:
    """Say how a dossier stands at `now`: "Còn 4 ngày làm việc", below one day in hours.

    Whole days are cut, not rounded. "soon" is one working day or less, or at most a fifth of the whole
    limit (which needs `received`). What has ended is "early" by a working day at least, "ended_late"
    after the due moment, else in time.
    """
    if paused and ended is None:
        return TimeLeft("paused", "Tạm dừng chờ bổ sung")
    if due_at is None:
        return TimeLeft("none", "Không có ngày hẹn")
    day = timedelta(minutes=calendar.minutes_per_day())
    left = calendar.working_time_between(ended or now, due_at)
    if ended is not None:
        return _ended(ended, due_at, left, day)
    if now > due_at:
        return TimeLeft("late", f"Quá {_working_text(-left, day)}", left)
    share = calendar.working_time_between(received, due_at) / _SOON_SHARE if received else day
    return TimeLeft("soon" if left <= max(day, share) else "in_time", f"Còn {_working_text(left, day)}", left)


def _ended(ended: datetime, due_at: datetime, left: timedelta, day: timedelta) -> TimeLeft:
    if ended > due_at:
        return TimeLeft("ended_late", f"Trễ {_working_text(-left, day)}", left)
    if left >= day:
        return TimeLeft("early", f"Sớm {_working_text(left, day)}", left)
    return TimeLeft("in_time", "Đúng hạn", left)


def _working_text(duration: timedelta, day: timedelta) -> str:
    if duration >= day:
        return f"{duration // day} ngày làm việc"
    return f"{duration_text(duration)} làm việc"
