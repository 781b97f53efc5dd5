"""The days of a task as a thread: which were worked, which were days of rest, by how many working days it is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from tinhso.design.thread import Day, Kind
from tinhso.directory.api import calendar
from tinhso.plans.lifecycle import TaskState
from tinhso.plans.models import Task
from tinhso.plans.rules.deadlines import days_late, days_left
from tinhso.toolkit.words import weekday
from tinhso.toolkit.working_time import WorkingCalendar

#: A longer task is shown around today only.
MOST_WEEKS: Final = 9
_WEEKS_BEFORE: Final = 4
_DAY: Final = dt.timedelta(days=1)
_SHORT: Final = {"nghỉ lễ": "lễ", "nghỉ Tết": "Tết", "nghỉ bù": "bù", "nghỉ hoán đổi": "đổi"}

Line = tuple[str, str]


@dataclass(frozen=True, slots=True)
class TaskDays:
    """The thread and the addition beneath it. ``days`` blank: the task has no due day. ``is_cut``: only a part is shown."""

    days: Sequence[Day]
    lines: Sequence[Line]
    total: Line | None
    is_cut: bool


def task_days(task: Task, on: dt.date) -> TaskDays:
    """Return the days from the task's beginning to its due day, and on to today, or to the day it was done."""
    if task.due is None:
        return TaskDays((), (), None, is_cut=False)
    worked = calendar()
    reach = task.done_on if task.state == TaskState.DONE and task.done_on else on
    last = max(task.due, reach)
    first, shown_last = _window(task.starts, last, on)
    given = worked.working_days_between(task.starts, task.due)
    span = (last - task.starts).days + 1
    return TaskDays(
        days=_days(task, first, shown_last, reach, on, worked),
        lines=[
            (
                _("Giao từ %(day)s") % {"day": f"{weekday(task.starts)}, {task.starts:%d/%m}"},
                _("%(n)d ngày làm việc") % {"n": given},
            ),
            (
                _("Ngày nghỉ, không đếm"),
                _("%(n)d ngày") % {"n": span - worked.working_days_between(task.starts, last)},
            ),
        ],
        total=_total(task, reach, on, worked),
        is_cut=first > task.starts or shown_last < last,
    )


def _window(starts: dt.date, last: dt.date, on: dt.date) -> tuple[dt.date, dt.date]:
    """Return which days are shown: all, or some weeks before today and the weeks after, as many as fit."""
    weeks = dt.timedelta(weeks=MOST_WEEKS)
    if last - starts < weeks:
        return starts, last
    near = min(max(on, starts), last)
    first = max(starts, near - near.weekday() * _DAY - dt.timedelta(weeks=_WEEKS_BEFORE))
    shown_last = min(last, first + weeks - _DAY)
    return max(starts, shown_last - weeks + _DAY), shown_last


def _days(
    task: Task, first: dt.date, last: dt.date, reach: dt.date, on: dt.date, worked: WorkingCalendar
) -> list[Day]:
    assert task.due is not None
    number = worked.working_days_between(task.starts, first - _DAY) if first > task.starts else 0
    over = days_late(task.due, first - _DAY, worked)
    found = []
    for offset in range((last - first).days + 1):
        day = first + offset * _DAY
        is_due = day == task.due
        if not worked.is_working(day):
            found.append(Day(day, "rest", label=_SHORT.get(worked.label_of(day)), is_due=is_due))
        elif day > task.due:
            over += 1
            found.append(Day(day, "over", number=over))
        else:
            number += 1
            is_today = day == on and task.state != TaskState.DONE
            kind: Kind = "today" if is_today else "passed" if day <= reach else "left"
            found.append(Day(day, kind, number=number, is_due=is_due))
    return found


def _total(task: Task, reach: dt.date, on: dt.date, worked: WorkingCalendar) -> Line:
    assert task.due is not None
    late, left = days_late(task.due, reach, worked), days_left(task.due, reach, worked)
    if task.state == TaskState.DONE:
        if reach > task.due:
            return _("Xong trễ"), _("%(n)d ngày làm việc") % {"n": late}
        return _("Xong trước hạn"), _("%(n)d ngày làm việc") % {"n": left}
    if on > task.due:
        return _("Quá hạn đến hôm nay"), _("%(n)d ngày làm việc") % {"n": late}
    return _("Còn lại sau hôm nay"), _("%(n)d ngày làm việc") % {"n": left}
