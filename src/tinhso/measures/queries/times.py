"""How long things take: medians and p90 by procedure and office, against the limit, waits for the citizen apart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from django.db.models import Sum

from tinhso.measures.models import PartTime, TimeStat
from tinhso.measures.queries.figures import By, Part, Wanted, tally
from tinhso.measures.rules import last_day_of
from tinhso.measures.rules.classes import unpack

_PARTS = {By.OFFICE: Part.OFFICE, By.PROCEDURE: Part.PROCEDURE}


@dataclass(frozen=True, slots=True)
class Distribution:
    """The working time of the cases of one part that ended in whole months; withdrawn ones are not in it.

    ``bars``: (working minutes, cases), ascending. ``given`` is the median of the law's limit in working minutes, None:
    no case had one; ``within`` of the ``limited`` cases took no more. ``waits`` cases waited for the citizen, together
    ``waited`` working minutes. ``median`` and ``p90`` None: no case.
    """

    months: tuple[dt.date, ...]
    bars: tuple[tuple[int, int], ...]
    given: int | None
    limited: int
    within: int
    waits: int
    waited: int

    @property
    def n(self) -> int:
        """Return how many cases ended."""
        return sum(n for _minutes, n in self.bars)

    @property
    def median(self) -> int | None:
        """Return the working minutes within which half of the cases were done."""
        return self.within_which(1, 2)

    @property
    def p90(self) -> int | None:
        """Return the working minutes within which nine of ten cases were done."""
        return self.within_which(9, 10)

    def within_which(self, part: int, of: int) -> int | None:
        """Return the least working minutes within which ``part`` of ``of`` cases were done."""
        upto = accumulate(n for _minutes, n in self.bars)
        places = zip(self.bars, upto, strict=True)
        return next((minutes for (minutes, _n), so_far in places if of * so_far >= part * self.n), None)


@dataclass(frozen=True, slots=True)
class Supplements:
    """How often the citizen was asked for papers after acceptance, of the cases that ended in a period."""

    ended: int
    never: int
    once: int
    more: int


def distribution(by: By, key: str, months: Sequence[dt.date]) -> Distribution:
    """Return the times of one office (its id) or procedure (its code) in whole months that are over."""
    rows = list(
        PartTime.objects.filter(part=_PARTS[by], key=key, first__in=months)
        .values_list("minutes", "given")
        .annotate(n=Sum("n"), waits=Sum("waits"), waited=Sum("waited"))
        .order_by("minutes", "given")
    )
    bars: dict[int, int] = {}
    limits: dict[int, int] = {}
    for minutes, given, n, _waits, _waited in rows:
        bars[minutes] = bars.get(minutes, 0) + n
        if given:
            limits[given] = limits.get(given, 0) + n
    return Distribution(
        tuple(months),
        tuple(sorted(bars.items())),
        _median(limits),
        sum(limits.values()),
        sum(n for minutes, given, n, _waits, _waited in rows if given and minutes <= given),
        sum(row[3] for row in rows),
        sum(row[4] for row in rows),
    )


def of_month(by: By, month: dt.date) -> list[TimeStat]:
    """Return the times of every office or procedure in a month that is over, by key."""
    return list(TimeStat.objects.filter(part=_PARTS[by], first=month).order_by("key"))


def by_month(by: By, key: str) -> dict[dt.date, TimeStat]:
    """Return the times of one office or procedure in each month that is over, by its first day."""
    return {one.first: one for one in TimeStat.objects.filter(part=_PARTS[by], key=key)}


def months_with_times() -> list[dt.date]:
    """Return the months whose times are summed, the latest first."""
    rows = TimeStat.objects.filter(part=Part.PROCEDURE).values_list("first", flat=True)
    return list(rows.order_by("-first").distinct())


def supplements(months: Sequence[dt.date], wanted: Wanted) -> Supplements:
    """Return how often papers were asked for in the cases that ended in whole months."""
    asked = {"never": 0, "once": 0, "more": 0}
    for month in months:
        for cls, n in tally(month, last_day_of(month), wanted).ended.items():
            if unpack(cls).how != "withdrawn":
                asked[unpack(cls).asked] += n
    return Supplements(sum(asked.values()), **asked)


def _median(counts: dict[int, int]) -> int | None:
    whole, so_far = sum(counts.values()), 0
    for value, n in sorted(counts.items()):
        so_far += n
        if 2 * so_far >= whole:
            return value
    return None
