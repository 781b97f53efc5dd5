"""What the measures share: days and their bounds, channels, targets and what became of them. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from tinhso.toolkit.clock import VN


def bounds(day: dt.date, at: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """Return the first moment of a day and its end; today ends now."""
    start = dt.datetime.combine(day, dt.time(), VN)
    return start, min(start + dt.timedelta(days=1), max(at, start))


@dataclass(frozen=True, slots=True)
class Received:
    """Dossiers accepted in a period, by the channel they came by."""

    online: int = 0
    counter: int = 0
    post: int = 0

    @property
    def whole(self) -> int:
        """Return the dossiers of all channels."""
        return self.online + self.counter + self.post

    def plus(self, other: Received) -> Received:
        """Return both together."""
        return Received(self.online + other.online, self.counter + other.counter, self.post + other.post)


@dataclass(frozen=True, slots=True)
class Reached:
    """What became of one number that a target names. ``done`` NULL: there is nothing to divide by yet.

    ``target``, ``done`` and ``short`` (done less target; below zero is what is missing) are dossiers, or percent and
    percentage points. ``percent`` is done of the target.
    """

    target: Decimal
    done: Decimal | None

    @property
    def short(self) -> Decimal | None:
        """Return the difference to the target."""
        return None if self.done is None else self.done - self.target

    @property
    def percent(self) -> float | None:
        """Return which part of the target is done, in percent."""
        return None if self.done is None else float(100 * self.done / self.target)

    @property
    def is_reached(self) -> bool:
        """Say whether the target is reached."""
        return self.done is not None and self.done >= self.target


def reached_count(target: int | None, received: Received) -> Reached | None:
    """Compare a target number of dossiers online with those accepted; None where there is no such target."""
    return None if target is None else Reached(Decimal(target), Decimal(received.online))


def reached_share(target: Decimal | None, received: Received) -> Reached | None:
    """Compare a target share, in percent, with that of the dossiers online among all accepted."""
    if target is None:
        return None
    done = 100 * Decimal(received.online) / received.whole if received.whole else None
    return Reached(target, done)


def month_after(month: dt.date) -> dt.date:
    """Return the first day of the month that follows."""
    return (month.replace(day=28) + dt.timedelta(days=4)).replace(day=1)


def last_day_of(month: dt.date) -> dt.date:
    """Return the last day of the month."""
    return month_after(month) - dt.timedelta(days=1)


def split(first: dt.date, last: dt.date, whole: frozenset[dt.date]) -> tuple[list[dt.date], list[dt.date]]:
    """Return the months that lie in the period and are among ``whole``, and the single days that are left."""
    months: list[dt.date] = []
    days: list[dt.date] = []
    day = first
    while day <= last:
        if day.day == 1 and day in whole and last_day_of(day) <= last:
            months.append(day)
            day = month_after(day)
        else:
            days.append(day)
            day += dt.timedelta(days=1)
    return months, days


def each_day(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Yield every day of a period."""
    for n in range((last - first).days + 1):
        yield first + dt.timedelta(days=n)
