"""Count working time: which days offices work, and where a number of working hours or days ends.

A calendar is a value: facts in, answers out, no clock and no database. It keeps, for every day it covers,
how many working days came before it, so every question costs a few look-ups however long the time asked
about.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final, cast, get_args

from tinhso.toolkit.clock import VN
from tinhso.toolkit.holidays import RestKind, labour_code_days, statutory_days

Halves = tuple[tuple[time, time], ...]

OFFICE_HALVES: Final[Halves] = ((time(7, 0), time(11, 30)), (time(13, 30), time(17, 0)))
WORKING_SATURDAY: Final = "làm bù"
OPEN_QUESTION: Final = "chưa rõ"

_SECOND: Final = 1_000_000
_MINUTE: Final = 60 * _SECOND
_SATURDAY: Final = 5
_SAME_OCCASION_DAYS: Final = 10
_LABELS: Final[Mapping[str, str]] = {
    "lễ": "nghỉ lễ",
    "Tết": "nghỉ Tết",
    "bù": "nghỉ bù",
    "đổi": "nghỉ hoán đổi",
}


class OutsideCalendar(ValueError):
    """The day asked about lies outside the years that the working calendar covers."""


class CalendarContradiction(ValueError):
    """The rows of a working calendar cannot all be true."""


@dataclass(frozen=True, slots=True)
class OffDay:
    """A weekday on which offices rest: why, who decided it, and how sure we are.

    `confirmed` is "seen", "second-hand" or "computed".
    """

    kind: RestKind
    source: str
    confirmed: str


@dataclass(frozen=True, slots=True)
class DayFact:
    """What is known of a day that is not a day off: who says it, and how sure we are.

    `confirmed` is "seen", "second-hand" or "open".
    """

    source: str
    confirmed: str


def in_vietnam(moment: datetime) -> datetime:
    """Return the moment on Vietnam's clock; a moment without a zone is already on it."""
    if moment.tzinfo is VN:
        return moment
    return moment.replace(tzinfo=VN) if moment.tzinfo is None else moment.astimezone(VN)


def _micros(moment: datetime | time) -> int:
    return (moment.hour * 3600 + moment.minute * 60 + moment.second) * _SECOND + moment.microsecond


@dataclass(frozen=True, eq=False)
class WorkingCalendar:
    """Know when State offices work, from the first day of `first_year` to the last of `last_year`.

    `off` holds the decided days off (weekdays); ordinary weekends are not listed. `working_saturdays` are
    weekend days worked in exchange for a day off. `open_questions` are days of which it is not known
    whether offices will rest: they count as working days. Years outside `decided_years` get the Labour
    Code's holidays, except the occasions that `off` already speaks of. Building one takes some
    milliseconds: build it once. Every answer stands at +07:00.

    Raises CalendarContradiction when a day is both off and worked, or a listed day makes no sense on its
    weekday.
    """

    off: Mapping[date, OffDay]
    working_saturdays: Mapping[date, DayFact] = field(default_factory=dict)
    halves: Halves = OFFICE_HALVES
    decided_years: frozenset[int] = frozenset()
    open_questions: Mapping[date, DayFact] = field(default_factory=dict)
    first_year: int = 2020
    last_year: int = 2040

    _first: int = field(init=False, repr=False)
    _days: list[int] = field(init=False, repr=False)
    _before: list[int] = field(init=False, repr=False)
    _spans: tuple[tuple[int, int, int], ...] = field(init=False, repr=False)
    _day_length: int = field(init=False, repr=False)
    _unsure: list[date] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Complete undecided years and index every day by the number of working days before it."""
        self._refuse_contradictions()
        put = object.__setattr__
        put(self, "off", {**self._computed_days(), **self.off})
        first, last = date(self.first_year, 1, 1).toordinal(), date(self.last_year, 12, 31).toordinal()
        days: list[int] = []
        before: list[int] = []
        for ordinal in range(first, last + 1):
            before.append(len(days))
            if self._works(date.fromordinal(ordinal)):
                days.append(ordinal)
        before.append(len(days))
        spans: list[tuple[int, int, int]] = []
        length = 0
        for start, end in self.halves:
            spans.append((_micros(start), _micros(end), length))
            length += _micros(end) - _micros(start)
        for name, value in (("_first", first), ("_days", days), ("_before", before)):
            put(self, name, value)
        put(self, "_spans", tuple(spans))
        put(self, "_day_length", length)
        facts: dict[date, OffDay | DayFact] = {**self.off, **self.working_saturdays, **self.open_questions}
        put(
            self,
            "_unsure",
            sorted(day for day, fact in facts.items() if fact.confirmed in ("second-hand", "open")),
        )

    def _refuse_contradictions(self) -> None:
        for day in self.off:
            if day.weekday() >= _SATURDAY:
                raise CalendarContradiction(f"Ngày {day:%d/%m/%Y} là cuối tuần, không ghi là ngày nghỉ.")
        for day in self.working_saturdays:
            if day.weekday() < _SATURDAY:
                raise CalendarContradiction(f"Ngày {day:%d/%m/%Y} không phải cuối tuần, không ghi là làm bù.")

    def _computed_days(self) -> dict[date, OffDay]:
        computed: dict[date, OffDay] = {}
        for year in range(self.first_year, self.last_year + 1):
            if year in self.decided_years:
                continue
            by_law = labour_code_days(year)
            listed = [day for day in self.off if day.year == year]
            settled = {
                holiday.occasion
                for day, holiday in by_law.items()
                if any(abs((day - known).days) <= _SAME_OCCASION_DAYS for known in listed)
            }
            for day, holiday in by_law.items():
                if holiday.occasion not in settled:
                    computed[day] = OffDay(holiday.kind, "BLLĐ 2019 Đ112, Đ111.3", "computed")
        return computed

    def _works(self, day: date) -> bool:
        return day in self.working_saturdays if day.weekday() >= _SATURDAY else day not in self.off

    def _index(self, ordinal: int) -> int:
        index = ordinal - self._first
        if not 0 <= index < len(self._before) - 1:
            raise OutsideCalendar(f"Lịch làm việc chỉ có từ năm {self.first_year} đến năm {self.last_year}.")
        return index

    # -- days --------------------------------------------------------------------------------------

    def is_working(self, day: date) -> bool:
        """Tell whether offices work on the day."""
        index = self._index(day.toordinal())
        return self._before[index + 1] > self._before[index]

    def is_provisional(self, year: int) -> bool:
        """Tell whether the year's days off are computed because its decision is not known."""
        return year not in self.decided_years

    def label_of(self, day: date) -> str:
        """Say why offices rest, or nothing on a working day.

        "thứ Bảy", "Chủ nhật", "nghỉ lễ", "nghỉ Tết", "nghỉ bù" or "nghỉ hoán đổi"; a holiday on a weekend is
        called by the holiday.
        """
        if self.is_working(day):
            return ""
        if (off := self.off.get(day)) is not None:
            return _LABELS[off.kind]
        if (by_law := statutory_days(day.year).get(day)) is not None:
            return _LABELS[by_law.kind]
        return "thứ Bảy" if day.weekday() == _SATURDAY else "Chủ nhật"

    def working_days_between(self, first: date, last: date) -> int:
        """Count the working days from `first` to `last`, both included; 0 when `last` is before `first`."""
        before, after = self._index(first.toordinal()), self._index(last.toordinal()) + 1
        return max(0, self._before[after] - self._before[before])

    def working_weekend_days(self, first: date, last: date) -> tuple[date, ...]:
        """Return the weekend days from `first` to `last` that are worked in exchange for a day off."""
        return tuple(day for day in sorted(self.working_saturdays) if first <= day <= last)

    def unsure_days(self, first: date, last: date) -> tuple[tuple[date, bool], ...]:
        """Return the days from `first` to `last` that are not confirmed, and whether they count as worked."""
        days = self._unsure[bisect_left(self._unsure, first) : bisect_right(self._unsure, last)]
        return tuple((day, self.is_working(day)) for day in days)

    def nth_working_day(self, after: date, n: int) -> date:
        """Return the `n`-th working day (n ≥ 1) strictly after the day.

        Raises OutsideCalendar beyond the last year.
        """
        place = self._before[self._index(after.toordinal()) + 1] + n - 1
        return self._day_at(place)

    def working_day_from(self, day: date) -> date:
        """Return the day itself if offices work on it, else the next one on which they do."""
        return self._day_at(self._before[self._index(day.toordinal())])

    def _day_at(self, place: int) -> date:
        if place >= len(self._days):
            raise OutsideCalendar(f"Lịch làm việc chỉ có đến hết năm {self.last_year}.")
        return date.fromordinal(self._days[place])

    # -- moments -----------------------------------------------------------------------------------

    def minutes_per_day(self) -> int:
        """Return the working minutes of one day (480 by the offices' half days)."""
        return self._day_length // _MINUTE

    def opening(self, day: date) -> datetime:
        """Return the moment at which offices open on the day."""
        return datetime.combine(day, self.halves[0][0], VN)

    def is_office_time(self, moment: datetime) -> bool:
        """Tell whether the moment lies in a half day of a working day; both its ends (11:30, 17:00) do."""
        local = in_vietnam(moment)
        now = _micros(local)
        return self.is_working(local.date()) and any(start <= now <= end for start, end, _ in self._spans)

    def next_working_moment(self, moment: datetime) -> datetime:
        """Return the moment itself while offices work, else when they next begin (11:30 → 13:30)."""
        local = in_vietnam(moment)
        today = local.date()
        if self.is_working(today):
            now = _micros(local)
            for start, end, _ in self._spans:
                if now < start:
                    return datetime.combine(today, time(), VN) + timedelta(microseconds=start)
                if now < end:
                    return local
        return self.opening(self.nth_working_day(today, 1))

    def _position(self, moment: datetime) -> int:
        """Return the working microseconds from the calendar's first day to the moment."""
        local = in_vietnam(moment)
        index = self._index(local.toordinal())
        worked = self._before[index] * self._day_length
        if self._before[index + 1] > self._before[index]:
            now = _micros(local)
            for start, end, _ in self._spans:
                if now > start:
                    worked += min(now, end) - start
        return worked

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time from start to end, negative when end is before start."""
        return timedelta(microseconds=self._position(end) - self._position(start))

    def working_minutes_between(self, start: datetime, end: datetime) -> int:
        """Return the whole working minutes from start to end, cut towards zero."""
        return int(self.working_time_between(start, end) / timedelta(minutes=1))

    def add_working_time(self, moment: datetime, duration: timedelta) -> datetime:
        """Return the first moment by which the working time has passed: 11:30 and 17:00, not the next half.

        Adding nothing gives the moment itself in office time, else the next working moment. Raises
        ValueError for a negative duration and OutsideCalendar beyond the last year.
        """
        micros = (duration.days * 86_400 + duration.seconds) * _SECOND + duration.microseconds
        if micros < 0:
            raise ValueError("Thời gian cộng thêm phải từ 0 trở lên.")
        if micros == 0:
            return in_vietnam(moment) if self.is_office_time(moment) else self.next_working_moment(moment)
        # Counting to one microsecond before the goal keeps a goal on the end of a half day on that end.
        place, passed = divmod(self._position(moment) + micros - 1, self._day_length)
        half = bisect_right(self._spans, passed, key=lambda span: span[2]) - 1
        start, _, before = self._spans[half]
        day = self._day_at(place)
        return datetime(day.year, day.month, day.day, tzinfo=VN) + timedelta(
            microseconds=start + passed - before + 1
        )

    def add_working_minutes(self, moment: datetime, minutes: int) -> datetime:
        """Return the first moment by which so many working minutes have passed (see `add_working_time`)."""
        return self.add_working_time(moment, timedelta(minutes=minutes))


def calendar_from_rows(
    rows: Iterable[Mapping[str, object]], halves: Halves = OFFICE_HALVES
) -> WorkingCalendar:
    """Build the calendar from facts: mappings with `date`, `kind`, `source`, `confirmed`.

    `date` is a date or ISO text. `kind` is why offices rest ("lễ", "Tết", "bù", "đổi"), "làm bù" for a
    weekend day worked in exchange, or "chưa rõ" for an open question. A year counts as decided once its
    Tết is listed, for Tết is what the yearly decision is about. Raises CalendarContradiction for a day
    listed twice or a kind nobody knows.
    """
    off: dict[date, OffDay] = {}
    saturdays: dict[date, DayFact] = {}
    questions: dict[date, DayFact] = {}
    for row in rows:
        raw = row["date"]
        day = raw if isinstance(raw, date) else date.fromisoformat(str(raw))
        kind, source, confirmed = str(row["kind"]), str(row["source"]), str(row["confirmed"])
        if day in off or day in saturdays or day in questions:
            raise CalendarContradiction(f"Ngày {day:%d/%m/%Y} được ghi hai lần.")
        if kind == WORKING_SATURDAY:
            saturdays[day] = DayFact(source, confirmed)
        elif kind == OPEN_QUESTION:
            questions[day] = DayFact(source, confirmed)
        elif kind in get_args(RestKind):
            off[day] = OffDay(cast(RestKind, kind), source, confirmed)
        else:
            raise CalendarContradiction(f"Ngày {day:%d/%m/%Y} ghi “{kind}”, không rõ là nghỉ hay làm.")
    decided = frozenset(day.year for day, fact in off.items() if fact.kind == "Tết")
    return WorkingCalendar(
        off=off,
        working_saturdays=saturdays,
        halves=halves,
        decided_years=decided,
        open_questions=questions,
    )
