"""Say which step of the rule of reminders of tasks holds on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tinhso.toolkit.working_time import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Step:
    """A step: so many calendar days ``before`` the due day, or working days ``after`` it; to the head too, or not."""

    level: str
    before: int | None
    after: int | None
    to_head: bool

    def day(self, due: dt.date, calendar: WorkingCalendar) -> dt.date:
        """Return the day from which this step holds."""
        if self.after:
            return calendar.nth_working_day(due, self.after)
        return due - dt.timedelta(days=self.before or 0)


def steps_from(rows: Iterable[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Return the steps of a data file."""
    return tuple(
        Step(
            row["level"], row.get("calendar_days_before"), row.get("working_days_after"), "head" in row["to"]
        )
        for row in rows
    )


def step_on(due: dt.date, today: dt.date, steps: Sequence[Step], calendar: WorkingCalendar) -> Step | None:
    """Return the last step whose day has come, or None before the first."""
    come = [(step.day(due, calendar), place) for place, step in enumerate(steps)]
    held = [(day, place) for day, place in come if day <= today]
    return steps[max(held)[1]] if held else None
