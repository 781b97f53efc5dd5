"""Say where a task stands against its due day: derived whenever somebody asks, never stored.

The classes are those by which the central office counts tasks (QĐ 42/2014/QĐ-TTg): a task that is done is on time or
late, one that is not done is in time or overdue, and either may have no due day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tinhso.plans.lifecycle import TaskState
from tinhso.toolkit.working_time import WorkingCalendar

_DAY: Final = dt.timedelta(days=1)


class Deadline(StrEnum):
    """Where a task stands against its due day."""

    NO_DUE = "no_due"
    IN_TIME = "in_time"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    ON_TIME = "on_time"
    LATE = "late"
    DONE_NO_DUE = "done_no_due"


#: What a task that is done, or not done, can be.
DONE: Final = (Deadline.ON_TIME, Deadline.LATE, Deadline.DONE_NO_DUE)
NOT_DONE: Final = (Deadline.NO_DUE, Deadline.IN_TIME, Deadline.DUE_SOON, Deadline.OVERDUE)


def deadline_of(
    state: str, due: dt.date | None, done_on: dt.date | None, today: dt.date, soon_days: int
) -> Deadline:
    """Return the class of a task on a day.

    ``due`` itself is in time; due soon: ``soon_days`` calendar days are left, or fewer. A withdrawn task owes nothing
    any more, so it has no due day. Raises ``ValueError`` for a task that is done and does not say when.
    """
    if state == TaskState.WITHDRAWN:
        return Deadline.NO_DUE
    if state == TaskState.DONE:
        if done_on is None:
            msg = "a task that is done says on which day"
            raise ValueError(msg)
        if due is None:
            return Deadline.DONE_NO_DUE
        return Deadline.ON_TIME if done_on <= due else Deadline.LATE
    if due is None:
        return Deadline.NO_DUE
    if due < today:
        return Deadline.OVERDUE
    return Deadline.DUE_SOON if (due - today).days <= soon_days else Deadline.IN_TIME


def days_late(due: dt.date, on: dt.date, calendar: WorkingCalendar) -> int:
    """Return how many working days lie after the due day, to ``on`` included; 0 when none does."""
    return calendar.working_days_between(due + _DAY, on) if on > due else 0


def days_left(due: dt.date, on: dt.date, calendar: WorkingCalendar) -> int:
    """Return how many working days lie after ``on``, to the due day included; 0 when none does."""
    return calendar.working_days_between(on + _DAY, due) if due > on else 0


@dataclass(frozen=True, slots=True)
class Moved:
    """A due day that was moved: from where, to where, and on which day this was granted."""

    due_before: dt.date
    due_after: dt.date
    granted_on: dt.date


def days_late_before(moves: list[Moved], calendar: WorkingCalendar) -> int:
    """Return the working days by which a task was already late whenever its due day was moved, all together.

    They stay told, though the task is in time by its new due day.
    """
    return sum(days_late(one.due_before, one.granted_on, calendar) for one in moves)
