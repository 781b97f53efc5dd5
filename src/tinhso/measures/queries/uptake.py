"""How the services online are used, and where people give up: counts of a period, nobody's name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tinhso.catalogue.api import OnlineService, online_services
from tinhso.dossiers.api import DraftsOf, drafts_by_step
from tinhso.measures.queries.documents import document
from tinhso.measures.queries.facts import period
from tinhso.measures.queries.figures import By, tallies
from tinhso.measures.queries.targets import counted
from tinhso.measures.rules import Received


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Limits of the page, from ``data/uptake.json``: days, drafts, lines, days."""

    untouched_days: int
    few: int
    risers: int
    riser_days: int


@lru_cache(maxsize=1)
def thresholds() -> Thresholds:
    """Return the limits."""
    said = document("uptake")
    return Thresholds(said["untouched_days"], said["few"], said["risers"], said["riser_days"])


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the page; blank is all. ``level``: who carries it out; ``field``: its number."""

    level: str = ""
    field: str = ""
    department: str = ""

    def takes(self, service: OnlineService) -> bool:
        """Say whether a service is asked for."""
        return (
            (not self.level or self.level in service.executing_levels)
            and (not self.field or self.field == str(service.field_id))
            and (not self.department or self.department == service.department)
        )


@dataclass(frozen=True, slots=True)
class Use:
    """One service online and the dossiers accepted for it in a period and in the as long one before."""

    service: OnlineService
    received: Received
    before: Received

    @property
    def rise(self) -> int:
        """Return how many more dossiers came online than in the period before."""
        return self.received.online - self.before.online


@dataclass(frozen=True, slots=True)
class Uptake:
    """The use of the services online in a period: ``services`` are all, ``every`` those that the filters leave.

    ``unused``: not one dossier by any channel; eligible for level 4 first, then online longest. ``counter_only``: not
    one online, but some at the counter or by post, most first. ``risers``: most more online than before, a few.
    ``uncounted`` days are in no figure; the risers say nothing where ``uncounted_before`` has days.
    """

    first: dt.date
    last: dt.date
    first_before: dt.date
    services: tuple[OnlineService, ...]
    every: tuple[Use, ...]
    unused: tuple[Use, ...]
    counter_only: tuple[Use, ...]
    risers: tuple[Use, ...]
    whole: Received
    counted_at: dt.datetime | None
    uncounted: tuple[dt.date, ...]
    uncounted_before: tuple[dt.date, ...]


def uptake(first: dt.date, last: dt.date, wanted: Wanted | None = None) -> Uptake:
    """Return the use of the services that were online on the last day of a period."""
    wanted = wanted or Wanted()
    last_before = first - dt.timedelta(days=1)
    first_before = first - (last - last_before)
    now, before = (
        {str(code): one.by_channel for code, one in tallies(*days, By.PROCEDURE).items()}
        for days in ((first, last), (first_before, last_before))
    )
    nothing = Received()
    services = tuple(online_services(last))
    every = tuple(
        Use(one, now.get(one.code, nothing), before.get(one.code, nothing))
        for one in services
        if wanted.takes(one)
    )
    whole = nothing
    for use in every:
        whole = whole.plus(use.received)
    counted_at, uncounted = counted(first, last)
    _moment, uncounted_before = counted(first_before, last_before)
    return Uptake(
        first,
        last,
        first_before,
        services,
        every,
        tuple(sorted((use for use in every if not use.received.whole), key=_longest_unused)),
        tuple(
            sorted(
                (use for use in every if use.received.whole and not use.received.online),
                key=lambda use: (-use.received.whole, use.service.code),
            )
        ),
        () if uncounted_before else _risers(every),
        whole,
        counted_at,
        uncounted,
        uncounted_before,
    )


def _longest_unused(use: Use) -> tuple[bool, dt.date, str]:
    return not use.service.is_eligible, use.service.since, use.service.code


def _risers(every: Iterable[Use]) -> tuple[Use, ...]:
    rising = sorted((use for use in every if use.rise > 0), key=lambda use: (-use.rise, use.service.code))
    return tuple(rising[: thresholds().risers])


def giving_up(first: dt.date, last: dt.date, at: dt.datetime, *, code: str = "") -> list[DraftsOf]:
    """Return how far the drafts came that were begun in a period, by procedure, as they stand at a moment."""
    when = period(first, last, at)
    untouched_since = at - dt.timedelta(days=thresholds().untouched_days)
    return drafts_by_step(when.start, when.end, untouched_since=untouched_since, code=code)


def fields_of(services: Sequence[OnlineService]) -> list[tuple[str, str]]:
    """Return the fields of services: number and name, by name."""
    return sorted({(str(one.field_id), one.field) for one in services}, key=lambda pair: pair[1])
