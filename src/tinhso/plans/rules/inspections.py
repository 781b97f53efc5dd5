"""Where a finding stands on a day, how late it is in working days, and which reminder is due. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tinhso.toolkit.working_time import WorkingCalendar


class Standing(StrEnum):
    """Where a finding stands on a day: derived, never stored."""

    OVERDUE = "overdue"
    OPEN = "open"
    REPORTED = "reported"
    REPORTED_LATE = "reported_late"
    CLOSED = "closed"
    CLOSED_LATE = "closed_late"


#: Not remedied in time and not closed.
LATE = (Standing.OVERDUE, Standing.REPORTED_LATE)
CLOSED = (Standing.CLOSED, Standing.CLOSED_LATE)
WAITING = (Standing.REPORTED, Standing.REPORTED_LATE)


def standing_of(
    due: dt.date, fixed_on: dt.date | None, closed_on: dt.date | None, on: dt.date, *, is_reported: bool
) -> Standing:
    """Return where a finding stands on a day.

    ``is_reported``: a remedy waits for an answer or was taken; a returned one is open again. A remedy is in time by
    the day on which it was reported, not by the day on which somebody looked at it.
    """
    if closed_on is not None and closed_on <= on and fixed_on is not None:
        return Standing.CLOSED if fixed_on <= due else Standing.CLOSED_LATE
    if is_reported and fixed_on is not None and fixed_on <= on:
        return Standing.REPORTED if fixed_on <= due else Standing.REPORTED_LATE
    return Standing.OVERDUE if on > due else Standing.OPEN


def days_late(due: dt.date, on: dt.date, calendar: WorkingCalendar) -> int:
    """Return by how many working days a day is past the due day; 0 up to the due day.

    A due day on a day off is over at its end; the first working day after it is the first late one.
    """
    return calendar.working_days_between(due + dt.timedelta(days=1), on) if on > due else 0


def days_left(due: dt.date, on: dt.date, calendar: WorkingCalendar) -> int:
    """Return how many working days are left after a day until the due day; 0 on the due day and after it."""
    return calendar.working_days_between(on + dt.timedelta(days=1), due) if on < due else 0


@dataclass(frozen=True, slots=True)
class Level:
    """One step of the reminders. ``tells``: the roles of the office that are told. ``is_late``: the due day is over."""

    key: str
    working_days: int
    tells: tuple[str, ...]
    is_late: bool


def levels_of(document: Mapping[str, Any]) -> tuple[Level, ...]:
    """Read the steps of a reminder file, the mildest first."""

    def read(rows: Sequence[Mapping[str, Any]], *, is_late: bool) -> list[Level]:
        return [Level(one["level"], one["working_days"], tuple(one["tells"]), is_late) for one in rows]

    before = sorted(read(document["before"], is_late=False), key=lambda one: -one.working_days)
    late = sorted(read(document["late"], is_late=True), key=lambda one: one.working_days)
    return (*before, *late)


def level_due(levels: Sequence[Level], due: dt.date, on: dt.date, calendar: WorkingCalendar) -> Level | None:
    """Return the furthest step that a finding has reached on a day; None while it is too early.

    Steps that were passed over (the software stood still) are not caught up with one by one.
    """
    left, late = days_left(due, on, calendar), days_late(due, on, calendar)
    reached = [
        one
        for one in levels
        if (one.is_late and late >= one.working_days)
        or (not one.is_late and on <= due and left <= one.working_days)
    ]
    return reached[-1] if reached else None
