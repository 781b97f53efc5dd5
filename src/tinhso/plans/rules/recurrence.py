"""Say when a task that recurs is due the next time."""

from __future__ import annotations

import calendar
import datetime as dt
from enum import StrEnum
from typing import Final


class Recurrence(StrEnum):
    """How often a task recurs."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


MONTHS: Final = {Recurrence.MONTHLY: 1, Recurrence.QUARTERLY: 3, Recurrence.YEARLY: 12}


def months_after(day: dt.date, months: int, anchor: int | None = None) -> dt.date:
    """Return the same day so many months later; the month's last day where it has no such day.

    ``anchor``: the day of the month that is meant (31 for "the last day"), where ``day`` itself was cut short.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(anchor or day.day, last))


def next_due(
    due: dt.date, recurrence: Recurrence, until: dt.date, anchor: int | None = None
) -> dt.date | None:
    """Return when the task is due the next time, or None once that lies after ``until``."""
    following = months_after(due, MONTHS[recurrence], anchor)
    return following if following <= until else None
