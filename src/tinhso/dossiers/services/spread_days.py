"""Say how busy each day of the demo's past was: by weekday and month, less before Tết, more after."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tinhso.toolkit.working_time import WorkingCalendar


def spread_days(
    plan: dict[str, Any], days_off: WorkingCalendar, first: dt.date, last: dt.date
) -> tuple[list[dt.date], list[float]]:
    """Return the days and the weight of each. ``plan``: ``weekdays``, ``new_year``, and ``months`` where it has any."""
    feast = dt.date.fromisoformat(plan["new_year"]["day"])
    days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    weights = []
    for day in days:
        weight = plan["weekdays"][day.weekday()] if days_off.is_working(day) else plan["weekdays"][6]
        for (reach, factor), distance in (
            (plan["new_year"]["before"], (feast - day).days),
            (plan["new_year"]["after"], (day - feast).days),
        ):
            weight *= factor if 0 < distance <= reach else 1
        weights.append(weight * plan["months"][day.month - 1] if "months" in plan else weight)
    return days, weights
