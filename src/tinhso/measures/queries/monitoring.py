"""What the meter and the counter of page views know, and the data that tell them what to look at."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Max
from django.urls import reverse

from tinhso.catalogue.api import versions_on
from tinhso.measures.models import ProbeDay, ProbeMinute
from tinhso.measures.queries import documents
from tinhso.measures.rules.availability import (
    MINUTE,
    MINUTES_OF_A_DAY,
    Limits,
    Run,
    State,
    Tally,
    joined,
    tally,
)
from tinhso.measures.rules.visits import Kinds
from tinhso.toolkit.clock import VN

DAY: Final = dt.timedelta(days=1)
#: The strip of days, and the longer of the two periods.
STRIP_DAYS: Final = 90
MONTH_DAYS: Final = 30
_RUNS: Final = """
select service, state, min(minute), max(minute), count(*) from (
  select service, state, minute,
         minute - row_number() over (partition by service, state order by minute) * interval '1 minute' as island
  from measures_probeminute where minute >= %s and minute < %s) as one
group by service, state, island order by service, min(minute)
"""
_TIMES: Final = """
select service, avg(ms), percentile_disc(0.95) within group (order by ms) from measures_probeminute
where minute >= %s and minute < %s and state in ('up', 'slow') group by service
"""


@dataclass(frozen=True, slots=True)
class Service:
    """A public service that the meter opens, from ``data/monitoring.json``."""

    key: str
    name: str
    address: str
    query: Mapping[str, str]
    sign: str
    is_by_lot: bool
    effective_from: dt.date
    effective_to: dt.date | None

    def is_on(self, day: dt.date) -> bool:
        """Say whether it is looked at on a day."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True, slots=True)
class Target:
    """What to open now: the service, the path, the sign that must be on the page."""

    service: str
    path: str
    sign: str


@dataclass(frozen=True, slots=True)
class Period:
    """The minutes of a service in some time; ``of`` is how many there were, known or not."""

    minutes: Tally
    of: int


@dataclass(frozen=True, slots=True)
class ServiceDay:
    """One day of the strip. ``minutes`` None: nothing is known of the day."""

    day: dt.date
    minutes: Tally | None


@dataclass(frozen=True, slots=True)
class Health:
    """What is known of a service. ``since`` None: nobody looked for a day; ``is_longer``: since then at least.

    Times are those of the opened minutes of the last 24 hours, in milliseconds.
    """

    service: Service
    state: State
    since: dt.datetime | None
    is_longer: bool
    last_day: Period
    month: Period
    quarter: Period
    days: tuple[ServiceDay, ...]
    mean_ms: float | None
    p95_ms: int | None


@dataclass(frozen=True, slots=True)
class Status:
    """All services, the runs of minutes in which one was down (latest first), and the last minute that was looked at."""

    at: dt.datetime
    services: tuple[Health, ...]
    outages: tuple[Run, ...]
    looked_at: dt.datetime | None


def document(name: str = "monitoring") -> dict[str, Any]:
    """Return one of the data files of monitoring."""
    return documents.document(name)


def limits_on(day: dt.date) -> Limits:
    """Return the limits in force on a day; before the first version, the first."""
    versions = sorted(document()["versions"], key=lambda one: str(one["effective_from"]))
    said = next((one for one in reversed(versions) if one["effective_from"] <= day.isoformat()), versions[0])
    return Limits(
        said["version"],
        dt.date.fromisoformat(said["effective_from"]),
        said["slow_ms"],
        said["timeout_ms"],
        said["largest_bytes"],
        said["alarm_after"],
        tuple(said["histogram_ms"]),
        said["fewest_known_minutes"],
    )


@cache
def services() -> tuple[Service, ...]:
    """Return all services that were ever looked at."""
    return tuple(
        Service(
            one["key"],
            one["name"],
            one["address"],
            one.get("query", {}),
            one["sign"],
            one.get("by_lot", False),
            dt.date.fromisoformat(one["effective_from"]),
            dt.date.fromisoformat(one["effective_to"]) if "effective_to" in one else None,
        )
        for one in document()["services"]
    )


def kinds() -> Kinds:
    """Return how kinds of page are named."""
    said = document()["views"]
    return Kinds(said["steps"], said["of_a_procedure"])


def flush_seconds() -> float:
    """Return after how many seconds a web process writes what it has counted."""
    return float(document()["flush_seconds"])


def targets(minute: dt.datetime) -> list[Target]:
    """Return what to open in a minute; the procedure is drawn by the minute itself, so that anybody can draw it again."""
    day = minute.astimezone(VN).date()
    found = []
    for one in services():
        if not one.is_on(day):
            continue
        args: list[str] = []
        if one.is_by_lot:
            codes = [version.procedure.code for version in versions_on(day)]
            if not codes:
                continue
            args = [codes[lot(minute, len(codes))]]
        query = f"?{urlencode(one.query)}" if one.query else ""
        found.append(Target(one.key, reverse(one.address, args=args) + query, one.sign))
    return found


def lot(minute: dt.datetime, n: int) -> int:
    """Draw a number below ``n`` from a minute."""
    text = minute.astimezone(dt.UTC).isoformat(timespec="minutes")
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) % n


def runs_between(start: dt.datetime, end: dt.datetime) -> dict[str, list[Run]]:
    """Return the runs of minutes from ``start`` to before ``end``, by service, in order. A missing minute ends a run."""
    found: dict[str, list[Run]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_RUNS, [start, end])
        for service, state, first, last, n in cursor.fetchall():
            found[service].append(Run(service, State(state), first.astimezone(VN), last.astimezone(VN), n))
    return found


def status(at: dt.datetime) -> Status:
    """Return what is known of every public service at a moment."""
    today = at.astimezone(VN).date()
    first = today - (STRIP_DAYS - 1) * DAY
    rolled: dict[str, dict[dt.date, ProbeDay]] = defaultdict(dict)
    for row in ProbeDay.objects.filter(day__range=(first, today)):
        rolled[row.service][row.day] = row
    last_rolled = max((max(days) for days in rolled.values()), default=first - DAY)
    live_from = dt.datetime.combine(max(last_rolled + DAY, first), dt.time(), VN)
    runs = runs_between(min(live_from, at - DAY), at + MINUTE)
    with connection.cursor() as cursor:
        cursor.execute(_TIMES, [at - DAY, at + MINUTE])
        times = {service: (float(mean), p95) for service, mean, p95 in cursor.fetchall()}
    healths, outages = [], []
    for one in services():
        if not one.is_on(today):
            continue
        of_one = runs.get(one.key, [])
        live = [run for run in of_one if run.last >= live_from]
        days = _days(one, first, today, rolled[one.key], live)
        state, since, is_longer = _now(of_one, at)
        healths.append(
            Health(
                one,
                state,
                since,
                is_longer,
                Period(tally(_within(of_one, at - DAY)), MINUTES_OF_A_DAY),
                _period(days[-MONTH_DAYS:], at),
                _period(days, at),
                tuple(days),
                *times.get(one.key, (None, None)),
            )
        )
        down = [run for run in of_one if run.state is State.DOWN]
        kept = [run for row in rolled[one.key].values() for run in _down_runs(row)]
        outages += joined([*kept, *_within(down, live_from)])
    outages.sort(key=lambda run: (run.first, run.service), reverse=True)
    looked_at = ProbeMinute.objects.filter(minute__lte=at).aggregate(last=Max("minute"))["last"]
    return Status(at, tuple(healths), tuple(outages), looked_at)


def _now(runs: list[Run], at: dt.datetime) -> tuple[State, dt.datetime | None, bool]:
    """Return the state now, since when, and whether that reaches beyond what was read."""
    if not runs:
        return State.UNKNOWN, None, False
    last = runs[-1]
    if at - last.end > document()["fresh_minutes"] * MINUTE:
        return State.UNKNOWN, last.end, False
    return last.state, last.first, last.first <= at - DAY + MINUTE


def _within(runs: Iterable[Run], start: dt.datetime) -> list[Run]:
    """Return runs cut to what lies at or after a moment."""
    found = []
    for run in runs:
        if run.first >= start:
            found.append(run)
        elif run.last >= start:
            whole = start.replace(second=0, microsecond=0)
            first = whole if whole == start else whole + MINUTE
            n = (run.last - first) // MINUTE + 1
            if n > 0:
                found.append(Run(run.service, run.state, first, run.last, n))
    return found


def _days(
    service: Service, first: dt.date, today: dt.date, rolled: Mapping[dt.date, ProbeDay], live: list[Run]
) -> list[ServiceDay]:
    """Return the days of the strip; a day before the service was looked at is unknown like any other."""
    sums: dict[dt.date, Tally] = {day: Tally(row.up, row.slow, row.down) for day, row in rolled.items()}
    for run in live:
        for day, part in _by_day(run):
            if day not in rolled:
                sums[day] = sums.get(day, Tally()).plus(tally([part]))
    days = (first + n * DAY for n in range((today - first).days + 1))
    return [ServiceDay(day, one if (one := sums.get(day)) and one.known else None) for day in days]


def _by_day(run: Run) -> Iterable[tuple[dt.date, Run]]:
    """Cut a run at midnight."""
    first = run.first
    while first <= run.last:
        midnight = dt.datetime.combine(first.date() + DAY, dt.time(), VN)
        last = min(run.last, midnight - MINUTE)
        yield first.date(), Run(run.service, run.state, first, last, (last - first) // MINUTE + 1)
        first = midnight


def _period(days: list[ServiceDay], at: dt.datetime) -> Period:
    whole = Tally()
    for one in days:
        whole = whole.plus(one.minutes or Tally())
    begun = dt.datetime.combine(days[0].day, dt.time(), VN)
    return Period(whole, max((at - begun) // MINUTE, whole.known))


def _down_runs(row: ProbeDay) -> Iterable[Run]:
    begun = dt.datetime.combine(row.day, dt.time(), VN)
    for first, n in row.down_runs:
        yield Run(row.service, State.DOWN, begun + first * MINUTE, begun + (first + n - 1) * MINUTE, n)
