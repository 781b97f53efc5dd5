"""Hold what every look needs: the two clocks, what was seen last, the samples kept so far."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Final

from tinhso.config.operations import folder
from tinhso.config.operations.parts import Limit, Seen, State, limit
from tinhso.toolkit import clock

#: One row a minute for about a week, and one an hour for about a year, each at most twice this size in bytes.
MINUTES: Final = "samples.jsonl"
HOURS: Final = "samples-hours.jsonl"
MOST_MINUTES: Final = 6_000_000
MOST_HOURS: Final = 6_000_000
#: The least and the longest stretch from which growth is told.
_LEAST: Final = dt.timedelta(hours=1)
_LONGEST: Final = dt.timedelta(days=14)


@dataclass(frozen=True)
class Look:
    """One look at the house. ``at`` is the machine's moment, ``business`` the platform's."""

    at: dt.datetime
    business: dt.datetime
    before: Seen = field(default_factory=Seen)
    minutes: list[dict[str, Any]] = field(default_factory=list)
    hours: list[dict[str, Any]] = field(default_factory=list)

    def limit(self, name: str) -> Limit:
        """Return a limit of the day."""
        return limit(name, self.at.date())

    def grade(self, key: str, name: str, value: float) -> State:
        """Return the state of part ``key`` at a value, by the limit ``name`` and by how it stood before."""
        return self.limit(name).grade(value, self.before.state(key))

    def growth(self, name: str, now: float) -> float | None:
        """Return by how much the sample ``name`` grows a day, or None while it was not seen for long enough."""
        for row in self.hours:
            at = folder.moment(row.get("at"))
            if at is None or name not in row or self.at - at > _LONGEST:
                continue
            span = self.at - at
            return (now - row[name]) * 86_400 / span.total_seconds() if span >= _LEAST else None
        return None

    def minute_before(self, minutes: float) -> dict[str, Any] | None:
        """Return the oldest sample of the last so many minutes."""
        since = self.at - dt.timedelta(minutes=minutes)
        for row in self.minutes:
            at = folder.moment(row.get("at"))
            if at is not None and at >= since:
                return row
        return None


def look() -> Look:
    """Begin a look."""
    return Look(
        folder.now(),
        clock.now(),
        Seen.of(folder.read(folder.HEALTH)),
        folder.lines(MINUTES, last=60),
        folder.lines(HOURS, last=24 * 15),
    )
