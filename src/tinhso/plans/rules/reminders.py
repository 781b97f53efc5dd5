"""When offices are reminded: so many working days before a deadline and after it, by a rule with dates. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

#: How many working days lie between two days, both included; 0 where the first comes after the last.
WorkingDays = Callable[[dt.date, dt.date], int]


@dataclass(frozen=True, slots=True)
class Steps:
    """The working days before a deadline (most first) and after it (fewest first) on which offices are reminded."""

    before: tuple[int, ...] = ()
    after: tuple[int, ...] = ()


def steps_on(document: Mapping[str, Any], about: str, on: dt.date) -> Steps:
    """Return the steps of ``registration`` or ``opinion`` in force on a day; none where no rule is."""
    day = on.isoformat()
    for rule in document["rules"]:
        begins, ends = rule["valid_from"], rule["valid_to"]
        if rule["about"] == about and begins <= day and (ends is None or day <= ends):
            return Steps(tuple(sorted(rule["before"], reverse=True)), tuple(sorted(rule["after"])))
    return Steps()


def days_left(on: dt.date, deadline: dt.date, between: WorkingDays) -> int:
    """Return the working days left after today, 0 on the last day, negative for days gone since."""
    if on <= deadline:
        return between(on + dt.timedelta(days=1), deadline)
    return -between(deadline + dt.timedelta(days=1), on)


def level_of(
    steps: Steps, *, on: dt.date, opened: dt.date, deadline: dt.date, between: WorkingDays
) -> str | None:
    """Return the step that the day has reached: "5" before, "+1" after the deadline; None before the first.

    One step at a time: where days were missed, only the last one reached fires. A step that had passed when it was
    opened does not fire.
    """
    left = days_left(on, deadline, between)
    if on > deadline:
        gone = [n for n in steps.after if n <= -left]
        return f"+{gone[-1]}" if gone else None
    at_first = days_left(opened, deadline, between)
    reached = [n for n in steps.before if left <= n < at_first]
    return str(reached[-1]) if reached else None
