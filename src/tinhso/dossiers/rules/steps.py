"""Decide when the steps of an internal process are due (pure)."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from tinhso.dossiers.rules import HOUR, Pause, times
from tinhso.dossiers.rules.moves import apart
from tinhso.toolkit.working_time import WorkingCalendar, in_vietnam


def steps_due(
    start: datetime, hours: Sequence[Decimal], calendar: WorkingCalendar, pauses: Iterable[Pause] = ()
) -> tuple[datetime | None, ...]:
    """Return when each step of the internal process is due.

    A step's working hours begin where the step before is due. A pause moves the steps
    that were not yet due when it began; while it lasts they have no due moment (None).
    """
    begins = in_vietnam(start)
    standing = apart(pauses, begins)
    ends: list[datetime | None] = []
    worked = timedelta()
    for step in hours:
        worked += times(HOUR, step)
        at: datetime | None = calendar.add_working_time(begins, worked)
        for since, until in standing:
            if at is None or since >= at:
                break
            at = (
                None
                if until is None
                else calendar.add_working_time(at, calendar.working_time_between(since, until))
            )
        ends.append(at)
    return tuple(ends)
