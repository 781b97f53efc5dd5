"""Lay days out as a thread (sợi ngày): what each day is, and which number it bears."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from tinhso.toolkit import words
from tinhso.toolkit.clock import VN
from tinhso.toolkit.working_time import WorkingCalendar

DayKind = Literal["passed", "today", "left", "paused", "rest", "late"]
Counting = Literal["working days", "calendar days", "nothing"]
Pause = tuple[datetime, datetime | None]

_DAY: Final = timedelta(days=1)
_SHORT_LABELS: Final = {"nghỉ lễ": "lễ", "nghỉ Tết": "Tết", "nghỉ bù": "bù", "nghỉ hoán đổi": "đổi"}
_SPOKEN_KINDS: Final = {
    "passed": "đã qua",
    "today": "hôm nay",
    "left": "còn lại",
    "paused": "tạm dừng chờ bổ sung, không tính",
    "late": "đã quá hạn",
}


@dataclass(frozen=True, slots=True)
class ThreadDay:
    """One day of the thread.

    `number` counts only days that count; `label` is the short word above the others ("lễ", "Tết", "bù",
    "đổi", "dừng", "thêm"); `words` is the whole of it, for people who listen to the page.
    """

    date: date
    kind: DayKind
    number: int | None
    label: str | None
    is_due: bool
    is_today: bool
    words: str


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VN)


@dataclass(slots=True)
class _WorkingCount:
    """Number working days: a day bears the next number once half of it has been counted, pauses left out."""

    calendar: WorkingCalendar
    pauses: Sequence[Pause]
    start: datetime
    end: datetime
    whole: int
    _counted: timedelta = timedelta()
    _number: int = 0

    def take(self, day: date) -> tuple[int | None, str | None]:
        opens, closes = max(_midnight(day), self.start), min(_midnight(day + _DAY), self.end)
        between = self.calendar.working_time_between
        paused = timedelta()
        for since, until in self.pauses:
            paused += max(timedelta(), between(max(since, opens), min(until or closes, closes)))
        self._counted += max(timedelta(), between(opens, closes)) - paused
        full_day = timedelta(minutes=self.calendar.minutes_per_day())
        number = min(self.whole, (2 * self._counted + full_day) // (2 * full_day))
        if number > self._number:
            self._number = number
            return number, None
        if paused:
            return None, "dừng"
        return None, "thêm" if self.whole and number == self.whole else None


@dataclass(slots=True)
class _CalendarCount:
    """Number calendar days up to the last day of the limit; the day on which a pause begins still counts."""

    pauses: Sequence[Pause]
    last: date
    _number: int = 0

    def take(self, day: date) -> tuple[int | None, str | None]:
        if any(since.date() < day and (until is None or day <= until.date()) for since, until in self.pauses):
            return None, "dừng"
        if day > self.last:
            return None, None
        self._number += 1
        return self._number, None


def thread_of_days(
    *,
    first: date,
    last: date,
    due_at: datetime | None,
    counting: Counting,
    counted_from: datetime,
    whole: int,
    calendar: WorkingCalendar,
    pauses: Sequence[Pause],
    today: date,
    ended: date | None = None,
) -> tuple[ThreadDay, ...]:
    """Return the days from `first` to the later of the due day and `today` (or the day it ended).

    `last` is the last day of the limit (before it moves off a day of rest); `whole` the highest number a
    day may bear. `pauses` are in order, do not overlap and begin before the due moment; an open one
    lasts.
    """
    reach = ended or today
    due_day = due_at.date() if due_at else None
    final = max(due_day, reach) if due_day else reach
    count: _WorkingCount | _CalendarCount
    if counting == "calendar days":
        count = _CalendarCount(pauses, last)
    else:
        end = due_at or _midnight(final + _DAY)
        count = _WorkingCount(calendar, pauses, counted_from, end, whole if counting == "working days" else 0)
    days: list[ThreadDay] = []
    day = first
    while day <= final:
        late = due_day is not None and day > due_day
        number, label = (None, None) if late else _numbered(day, count, calendar, counting)
        kind = _kind(day, reach, late, ended is not None, number, label, calendar)
        rest = calendar.label_of(day)
        if rest and label is None:
            label = _SHORT_LABELS.get(rest)
        days.append(
            ThreadDay(
                date=day,
                kind=kind,
                number=number,
                label=label,
                is_due=day == due_day,
                is_today=ended is None and day == today,
                words=_spoken(day, kind, number, rest, day == due_day),
            )
        )
        day += _DAY
    return tuple(days)


def _numbered(
    day: date, count: _WorkingCount | _CalendarCount, calendar: WorkingCalendar, counting: Counting
) -> tuple[int | None, str | None]:
    if counting == "calendar days" or calendar.is_working(day):
        return count.take(day)
    return None, None


def _kind(
    day: date,
    reach: date,
    late: bool,
    ended: bool,
    number: int | None,
    label: str | None,
    calendar: WorkingCalendar,
) -> DayKind:
    if number is None and label == "dừng":
        return "paused"
    if number is None and not calendar.is_working(day):
        return "rest"
    if late:
        return "late"
    if day == reach and not ended:
        return "today"
    return "passed" if day <= reach else "left"


def _spoken(day: date, kind: DayKind, number: int | None, rest: str, is_due: bool) -> str:
    parts = [words.weekday(day)]
    if kind == "rest":
        parts += ["không tính"] if rest in ("thứ Bảy", "Chủ nhật") else [rest, "không tính"]
    else:
        parts.append(_SPOKEN_KINDS[kind])
    if is_due:
        parts.append("ngày hẹn trả")
    if number is not None:
        parts.append(f"ngày thứ {number}")
    return ", ".join(parts)


def duration_text(duration: timedelta) -> str:
    """Say a duration in hours and minutes: "7 giờ 10 phút", "30 phút", "dưới 1 phút"."""
    hours, minutes = divmod(int(duration.total_seconds()) // 60, 60)
    parts = [f"{hours} giờ"] if hours else []
    parts += [f"{minutes} phút"] if minutes else []
    return " ".join(parts) or "dưới 1 phút"


def rest_text(calendar: WorkingCalendar, first: date, last: date) -> tuple[int, str]:
    """Count the days of rest from `first` to `last` and name them.

    For 28/04 to 16/05/2022: 8 and "4 ngày cuối tuần; nghỉ lễ 30/04, 01/05; nghỉ bù 02/05, 03/05".
    """
    weekend = total = 0
    named: dict[str, list[date]] = {}
    day = first
    while day <= last:
        label = calendar.label_of(day)
        if label:
            total += 1
        if label in ("thứ Bảy", "Chủ nhật"):
            weekend += 1
        elif label:
            named.setdefault(label, []).append(day)
        day += _DAY
    parts = [f"{weekend} ngày cuối tuần"] if weekend else []
    parts += [f"{label} {_dates(days)}" for label, days in named.items()]
    return total, "; ".join(parts)


def _dates(days: Sequence[date]) -> str:
    if len(days) > 2 and (days[-1] - days[0]).days == len(days) - 1:
        return f"{days[0]:%d/%m}–{days[-1]:%d/%m}"
    return ", ".join(f"{day:%d/%m}" for day in days)
