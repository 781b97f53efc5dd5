"""Decide when a dossier is due, and say why (pure: values in, values out).

Civil Code 2015 (Bộ luật Dân sự), article 147: the first day of a term is not counted; article 148: a term
in days or months ends with its last day, and one that ends on a day of rest ends with the next working
day. What a province may settle otherwise (the 15:00 cut-off, the end of the day) is a `Convention` with
the day from which it holds. Why it is counted so: `docs/decisions/0005-how-deadlines-are-counted.md`.
"""

import json
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from importlib.resources import files
from math import ceil
from typing import Final

from tinhso.dossiers.rules.changes import Extension, extended, recounted
from tinhso.dossiers.rules.moves import Move, apart, in_order
from tinhso.toolkit import day_thread, words
from tinhso.toolkit import reckoning as say
from tinhso.toolkit.clock import VN
from tinhso.toolkit.day_thread import Pause, ThreadDay, duration_text, rest_text
from tinhso.toolkit.limits import Convention, DeadlineNotCountable, Limit, Unit, conventions_from
from tinhso.toolkit.reckoning import LedgerRow, Reason
from tinhso.toolkit.time_left import TimeLeft, time_left_until
from tinhso.toolkit.working_time import WorkingCalendar, in_vietnam

__all__ = [
    "CONVENTIONS",
    "Convention",
    "DeadlineNotCountable",
    "Due",
    "LedgerRow",
    "Limit",
    "Pause",
    "Reason",
    "ThreadDay",
    "TimeLeft",
    "Unit",
    "convention_on",
    "conventions_from",
    "due",
    "ledger",
    "thread_of_days",
    "time_left",
]


_DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
_DAYS_IN_HALF_A_MONTH: Final = 15


@dataclass(frozen=True, slots=True)
class Due:
    """When a dossier is due, and why.

    `at` is None where there is no due date, or while a supplement is awaited (`paused_since` says since
    when). `original` is the due moment without any pause and never changes; `last_known` is the due
    moment by the pauses that have ended. `first_day` is the first calendar day that counts; `last_day` the
    last day of a limit in days or months, before it moves off a day of rest. `pauses` are those that moved
    or hold the due moment, in order and apart from each other.
    """

    at: datetime | None
    original: datetime | None
    rule: str
    reasons: tuple[Reason, ...]
    received: datetime
    limit: Limit
    first_day: date | None = None
    last_known: datetime | None = None
    last_day: date | None = None
    paused_since: datetime | None = None
    pauses: tuple[Pause, ...] = ()


CONVENTIONS: Final = conventions_from(
    json.loads(files("tinhso.dossiers").joinpath("data/conventions.json").read_text(encoding="utf-8"))
)


def convention_on(day: date, conventions: Sequence[Convention] = CONVENTIONS) -> Convention:
    """Return the convention in force on the day. Raises DeadlineNotCountable before the first one."""
    in_force = [convention for convention in conventions if convention.effective_from <= day]
    if not in_force:
        raise DeadlineNotCountable(f"Chưa có quy ước tính thời hạn cho ngày {words.date_text(day)}.")
    return in_force[-1]


def due(
    received: datetime,
    limit: Limit,
    calendar: WorkingCalendar,
    pauses: Iterable[Pause] = (),
    convention: Convention | None = None,
    extensions: Iterable[Extension] = (),
    recounts: Iterable[Extension] = (),
    later: WorkingCalendar | None = None,
) -> Due:
    """Return when the dossier accepted at `received` is due, with the reasons in order.

    A moment without a zone is Vietnam's. A pause is (from, to), `to` None while it lasts: then `at` is
    None, for nobody can know it yet. Pauses may come in any order and overlap; what lies before
    acceptance does not count, nor does a pause that begins at or after the due moment as it then stood,
    for nothing was left to pause. Without a convention, the one in force on the day of acceptance holds.
    An extension is (decided, new due moment); a pause after it moves it by the working time that was paused.
    A recount is the same, made because a day off was decided after acceptance: `calendar` is the one that was
    known at acceptance, `later` the one that counts from the first recount on.

    Raises DeadlineNotCountable for a pause that ends before it begins, OutsideCalendar beyond the
    calendar's years.
    """
    accepted = in_vietnam(received)
    standing = apart(pauses, accepted)
    if limit.unit == "none":
        begun = Reason(
            "start", f"Tiếp nhận lúc {say.moment(accepted)}.", "Tiếp nhận", words.weekday_date(accepted)
        )
        without = Reason("limit", "Thủ tục này không có ngày hẹn trả.", "Luật cho làm", limit.text)
        return Due(None, None, "no_due_date", (begun, without), accepted, limit)
    count = _COUNTERS[limit.unit](accepted, limit, calendar, convention or convention_on(accepted.date()))
    return _moved(accepted, limit, count, in_order(standing, extensions, recounts), calendar, later)


# -- the original due moment, by unit --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Count:
    """A due moment before pauses; `end_of` makes one of the last day of a limit in days or months."""

    first_day: date
    original: datetime
    rule: str
    reasons: tuple[Reason, ...]
    last_day: date | None = None
    end_of: Callable[[date], datetime] | None = None


def _count_hours(accepted: datetime, limit: Limit, calendar: WorkingCalendar, _: Convention) -> _Count:
    return _count_time(accepted, limit, calendar, times(HOUR, limit.value), "working_hours")


def _count_time(
    accepted: datetime, limit: Limit, calendar: WorkingCalendar, amount: timedelta, rule: str
) -> _Count:
    start = calendar.next_working_moment(accepted)
    end = calendar.add_working_time(accepted, amount)
    said = limit.text if limit.unit == "h" else f"{limit.text}, tức {duration_text(amount)} làm việc"
    reasons = (
        say.start_by_the_hour(accepted, start, "đếm giờ làm việc từ lúc này"),
        Reason("limit", f"Thời hạn là {said}.", "Luật cho làm", limit.text),
        *say.rest(calendar, start.date(), end.date()),
        say.result(end, f"đủ {duration_text(amount)} làm việc"),
    )
    return _Count(start.date(), end, rule, reasons)


def _count_working_days(
    accepted: datetime, limit: Limit, calendar: WorkingCalendar, convention: Convention
) -> _Count:
    whole, part = _whole_and_part(limit, calendar)
    if not whole:
        return _count_time(accepted, limit, calendar, part, "part_of_day")
    before_first = _before_first(accepted, convention)
    first, last = calendar.nth_working_day(before_first, 1), calendar.nth_working_day(before_first, whole)
    end = _and_part(_end_of_day(last, convention), part, calendar)
    reasons = (
        say.start_by_the_day(accepted, first, "ngày làm việc kế tiếp", convention.first_day_counts),
        Reason(
            "limit",
            f"Thời hạn là {limit.text}, đếm từ {words.weekday_date(first)}.",
            "Luật cho làm",
            limit.text,
        ),
        *say.rest(calendar, before_first + _DAY, end.date()),
        say.result(end, f"ngày làm việc thứ {whole}{say.then(part)}"),
    )
    return _Count(before_first + _DAY, end, "working_days", reasons)


def _count_days(
    accepted: datetime, limit: Limit, calendar: WorkingCalendar, convention: Convention
) -> _Count:
    whole, part = _whole_and_part(limit, calendar)
    if not whole:
        return _count_time(accepted, limit, calendar, part, "part_of_day")
    last = _before_first(accepted, convention) + whole * _DAY
    return _count_to_last_day(accepted, limit, calendar, convention, last, part, "calendar_days")


def _count_months(
    accepted: datetime, limit: Limit, calendar: WorkingCalendar, convention: Convention
) -> _Count:
    months, half = divmod(limit.value, 1)
    last = months_after(_before_first(accepted, convention), int(months))
    last += _DAYS_IN_HALF_A_MONTH * _DAY if half else timedelta()
    return _count_to_last_day(accepted, limit, calendar, convention, last, timedelta(), "calendar_months")


def _count_to_last_day(
    accepted: datetime,
    limit: Limit,
    calendar: WorkingCalendar,
    convention: Convention,
    last: date,
    part: timedelta,
    rule: str,
) -> _Count:
    def end_of(day: date) -> datetime:
        kept = calendar.working_day_from(day) if convention.moves_off_rest_days else day
        # The hours run from the last whole day, yet never end before that day's own due moment.
        return max(_end_of_day(kept, convention), _and_part(_end_of_day(day, convention), part, calendar))

    first, end = _before_first(accepted, convention) + _DAY, end_of(last)
    reasons = [
        say.start_by_the_day(accepted, first, "ngày kế tiếp", convention.first_day_counts),
        Reason("limit", f"Thời hạn là {limit.text}, đếm cả ngày nghỉ.", "Luật cho làm", limit.text),
    ]
    if convention.moves_off_rest_days and not calendar.is_working(last):
        reasons.append(say.moves_off_rest(last, calendar))
    reasons.append(say.result(end, f"hết {limit.text}"))
    return _Count(first, end, rule, tuple(reasons), last, end_of)


def _count_same_day(
    accepted: datetime, limit: Limit, calendar: WorkingCalendar, convention: Convention
) -> _Count:
    start, in_time = _office_start(accepted, calendar, convention)
    day = start.date() if in_time else calendar.nth_working_day(start.date(), 1)
    return _count_by_cutoff(accepted, limit, calendar, convention, _end_of_day(day, convention), "same_day")


def _count_handover(
    accepted: datetime, limit: Limit, calendar: WorkingCalendar, convention: Convention
) -> _Count:
    start, in_time = _office_start(accepted, calendar, convention)
    next_opening = calendar.opening(calendar.nth_working_day(start.date(), 1))
    end = _end_of_day(start.date(), convention) if in_time else next_opening
    return _count_by_cutoff(accepted, limit, calendar, convention, end, "handover")


def _count_by_cutoff(
    accepted: datetime,
    limit: Limit,
    calendar: WorkingCalendar,
    convention: Convention,
    end: datetime,
    rule: str,
) -> _Count:
    start, in_time = _office_start(accepted, calendar, convention)
    cutoff = words.clock_text(convention.cutoff)
    kept = f"Tiếp nhận trước hoặc đúng {cutoff} thì {limit.text}."
    missed = f"Tiếp nhận sau {cutoff} thì lùi sang ngày làm việc kế tiếp."
    reasons = (
        say.start_by_the_hour(accepted, start, "tính từ lúc này"),
        Reason("limit", kept if in_time else missed, "Luật cho làm", limit.text),
        *say.rest(calendar, start.date(), end.date()),
        say.result(
            end,
            "trong ngày" if in_time else "ngày làm việc kế tiếp",
            "Hạn chuyển" if rule == "handover" else "Hẹn trả",
        ),
    )
    return _Count(start.date(), end, rule, reasons)


_Counter = Callable[[datetime, Limit, WorkingCalendar, Convention], _Count]
_COUNTERS: Final[Mapping[str, _Counter]] = {
    "h": _count_hours,
    "wd": _count_working_days,
    "d": _count_days,
    "m": _count_months,
    "sameday": _count_same_day,
    "handover": _count_handover,
}


def _office_start(
    accepted: datetime, calendar: WorkingCalendar, convention: Convention
) -> tuple[datetime, bool]:
    """Return the moment from which a same-day limit counts, and whether it is by the cut-off (inclusive)."""
    start = accepted if calendar.is_office_time(accepted) else calendar.next_working_moment(accepted)
    return start, start.time() <= convention.cutoff


def _whole_and_part(limit: Limit, calendar: WorkingCalendar) -> tuple[int, timedelta]:
    whole = int(limit.value)
    return whole, times(timedelta(minutes=calendar.minutes_per_day()), limit.value - whole)


def times(unit: timedelta, value: Decimal) -> timedelta:
    return timedelta(microseconds=int(value * (unit // timedelta(microseconds=1))))


def _and_part(end: datetime, part: timedelta, calendar: WorkingCalendar) -> datetime:
    return calendar.add_working_time(end, part) if part else end


def _end_of_day(day: date, convention: Convention) -> datetime:
    return datetime.combine(day, convention.day_end, VN)


def _before_first(accepted: datetime, convention: Convention) -> date:
    return accepted.date() - _DAY if convention.first_day_counts else accepted.date()


def months_after(day: date, months: int) -> date:
    """Return the same day so many months on, or the last of a month that has no such day (article 148.3)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        raise DeadlineNotCountable("Thời hạn dài quá, không tính được.")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


# -- pauses and extensions -------------------------------------------------------------------------


def _moved(
    accepted: datetime,
    limit: Limit,
    count: _Count,
    moves: Sequence[Move],
    calendar: WorkingCalendar,
    later: WorkingCalendar | None,
) -> Due:
    at, last_day, end_of = count.original, count.last_day, count.end_of
    since: datetime | None = None
    reasons = list(count.reasons)
    kept: list[Pause] = []
    for move in moves:
        begins, ends = move.at, move.to
        if move.is_extension and ends is not None:
            at, end_of = ends, None
            reasons.append(extended(begins, at))
            continue
        if move.is_recount and ends is not None:
            at, end_of, calendar = ends, None, later or calendar
            reasons.append(recounted(begins, at))
            continue
        if begins >= at:
            reasons.append(say.pause_too_late(begins))
            continue
        kept.append((begins, ends))
        if ends is None:
            since = begins
            reasons.append(say.pause_lasts(begins))
        elif end_of is not None and last_day is not None:
            days = (ends.date() - begins.date()).days
            last_day += days * _DAY
            at = end_of(last_day)
            reasons.append(say.pause(begins, ends, f"{days} ngày"))
            if not calendar.is_working(last_day) and at.date() != last_day:
                reasons.append(say.moves_off_rest(last_day, calendar))
        else:
            paused = calendar.working_time_between(begins, ends)
            at = calendar.add_working_time(at, paused) if paused else at
            reasons.append(
                say.pause(begins, ends, f"{duration_text(paused) if paused else '0 giờ'} làm việc")
            )
    if at != count.original and since is None:
        reasons.append(say.moved(count.original, at))
    return Due(
        at=None if since else at,
        original=count.original,
        rule=count.rule,
        reasons=(*reasons, *say.unsure(accepted, at, calendar)),
        received=accepted,
        limit=limit,
        first_day=count.first_day,
        last_known=at,
        last_day=last_day,
        paused_since=since,
        pauses=tuple(kept),
    )


# -- what pages show -------------------------------------------------------------------------------


def ledger(found: Due, calendar: WorkingCalendar, basis: str = "") -> tuple[LedgerRow, ...]:
    """Return the due moment as an addition: limit, first day, days of rest, pauses, result.

    `basis` names the law that gives the limit.
    """
    rows = [
        LedgerRow(reason.term, reason.value, basis or reason.note)
        for reason in found.reasons
        if reason.kind == "limit"
    ]
    rows += [say.row(reason) for reason in found.reasons if reason.kind == "start"]
    if found.first_day is None or found.last_known is None:
        return (*rows, LedgerRow("Hẹn trả", "không có ngày hẹn", "", is_total=True))
    if found.last_day is None:
        days, named = rest_text(calendar, found.first_day, found.last_known.date())
        rows += [LedgerRow("Ngày nghỉ, không đếm", f"{days} ngày", named)] if days else []
    rows += [
        say.row(reason)
        for reason in found.reasons
        if reason.kind in ("rest", "makeup", "pause", "moved") and reason.term
    ]
    return (*rows, _total(found))


def _total(found: Due) -> LedgerRow:
    original = found.original
    if found.at is None or original is None:
        return LedgerRow("Hẹn trả", "chưa tính được", "Đang tạm dừng chờ bổ sung", is_total=True)
    note = "" if found.at == original else f"Hẹn ban đầu là {say.moment(original)}"
    return LedgerRow("Hẹn trả", say.moment(found.at), note, is_total=True)


def thread_of_days(
    found: Due, calendar: WorkingCalendar, today: date, ended: date | None = None
) -> tuple[ThreadDay, ...]:
    """Return the thread: every day from the first that counts to the due day, and on to today when late.

    While a supplement is awaited the thread stops today. Without a due date there is none. `ended` is the
    day on which the dossier ended.
    """
    if found.first_day is None or found.last_known is None:
        return ()
    by_the_day = found.rule in ("working_days", "calendar_days", "calendar_months")
    first = found.first_day
    counting: day_thread.Counting = "nothing"
    if found.last_day is not None:
        counting = "calendar days"
    elif found.rule in ("working_days", "part_of_day"):
        counting = "working days"
    return day_thread.thread_of_days(
        first=first,
        last=found.last_day or found.last_known.date(),
        due_at=found.at,
        counting=counting,
        counted_from=datetime.combine(first, time(), VN) if by_the_day else found.received,
        whole=ceil(found.limit.value),
        calendar=calendar,
        pauses=found.pauses,
        today=today,
        ended=ended,
    )


def time_left(
    found: Due, now: datetime, calendar: WorkingCalendar, ended: datetime | None = None
) -> TimeLeft:
    """Say how the dossier stands at `now`, or stood when it ended (see `time_left_until`)."""
    paused = found.paused_since is not None
    return time_left_until(now, found.at, calendar, paused=paused, received=found.received, ended=ended)
