"""Lay tasks out along weeks: where each begins, is due, and stands today. Geometry in half days; the page draws it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from tinhso.plans.lifecycle import TaskState
from tinhso.plans.queries.tasks import TaskRow
from tinhso.plans.rules.deadlines import Deadline
from tinhso.toolkit.words import date_text

#: How many weeks a page shows, and how many of them lie before this one.
WEEKS: Final = 26
WEEKS_BEFORE: Final = 8
DAYS: Final = 7 * WEEKS
#: Half days, so that the middle of a day is a whole number.
_DAY_WIDTH: Final = 2
WIDTH: Final = _DAY_WIDTH * DAYS
_DAY: Final = dt.timedelta(days=1)
_WEEK: Final = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Week:
    """A week of the line: its Monday, where it begins, and the month's name where a month begins in it."""

    monday: dt.date
    x: int
    month: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A task along the line, in half days from the first Monday.

    ``x``, ``width``: from its beginning to its due day (or to the day it was done, or today, whichever is last).
    ``over``: where the part past the due day begins, ``over_width`` its half days, 0 without one.
    ``due``: the middle of the due day, None outside the line or without one. ``begins_before``, ``ends_after``: it
    reaches out of the line.
    """

    row: TaskRow
    x: int
    width: int
    over: int
    over_width: int
    due: int | None
    begins_before: bool
    ends_after: bool
    words: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """A line of time. ``today``: the middle of today, None outside the line. ``unseen``: tasks that lie outside it."""

    first: dt.date
    last: dt.date
    weeks: Sequence[Week]
    bars: Sequence[Bar]
    today: int | None
    unseen: int

    @property
    def before(self) -> dt.date:
        """Return the Monday of the line before this one."""
        return self.first - WEEKS // 2 * _WEEK

    @property
    def after(self) -> dt.date:
        """Return the Monday of the line after this one."""
        return self.first + WEEKS // 2 * _WEEK


def monday_of(day: dt.date) -> dt.date:
    """Return the Monday of the day's week."""
    return day - day.weekday() * _DAY


def timeline(rows: Iterable[TaskRow], on: dt.date, first: dt.date | None = None) -> Timeline:
    """Lay tasks out; the line begins some weeks before today unless ``first`` says otherwise.

    A task without due day reaches to today, or to the day on which it was done.
    """
    begin = monday_of(first) if first else monday_of(on) - WEEKS_BEFORE * _WEEK
    last = begin + (DAYS - 1) * _DAY
    bars, unseen = [], 0
    for row in rows:
        bar = _bar(row, begin, last, on)
        if bar is None:
            unseen += 1
        else:
            bars.append(bar)
    return Timeline(
        first=begin,
        last=last,
        weeks=_weeks(begin),
        bars=bars,
        today=_DAY_WIDTH * (on - begin).days + 1 if begin <= on <= last else None,
        unseen=unseen,
    )


def _weeks(first: dt.date) -> list[Week]:
    found = []
    for n in range(WEEKS):
        monday = first + n * _WEEK
        begins = next((day for day in (monday + i * _DAY for i in range(7)) if day.day == 1), None)
        month = begins or (monday if n == 0 else None)
        found.append(Week(monday, 7 * _DAY_WIDTH * n, f"{month.month}/{month.year}" if month else ""))
    return found


def _bar(row: TaskRow, first: dt.date, last: dt.date, on: dt.date) -> Bar | None:
    task = row.task
    reach = task.done_on if task.state == TaskState.DONE and task.done_on else on
    is_over = row.deadline in (Deadline.OVERDUE, Deadline.LATE)
    end = max(task.due or reach, reach if is_over else task.due or reach, task.starts)
    if task.starts > last or end < first:
        return None
    shown_first, shown_last = max(task.starts, first), min(end, last)
    over = over_width = 0
    if is_over and task.due is not None and shown_last > task.due:
        since = max(task.due + _DAY, first)
        over = _DAY_WIDTH * (since - first).days
        over_width = _DAY_WIDTH * ((shown_last - since).days + 1)
    return Bar(
        row=row,
        x=_DAY_WIDTH * (shown_first - first).days,
        width=_DAY_WIDTH * ((shown_last - shown_first).days + 1) - over_width,
        over=over,
        over_width=over_width,
        due=_DAY_WIDTH * (task.due - first).days + 1 if task.due and first <= task.due <= last else None,
        begins_before=task.starts < first,
        ends_after=end > last,
        words=_("Từ %(starts)s đến %(due)s") % {"starts": date_text(task.starts), "due": date_text(task.due)}
        if task.due
        else _("Từ %(starts)s, không hạn") % {"starts": date_text(task.starts)},
    )
