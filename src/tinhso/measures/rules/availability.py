"""What one look at a public service says, and what many minutes of it add up to. Pure.

A minute in which nobody looked is unknown: it is never counted as up or as down.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

MINUTE: Final = dt.timedelta(minutes=1)
MINUTES_OF_A_DAY: Final = 1440


class State(StrEnum):
    """What is known of a service in a minute."""

    UP = "up"
    SLOW = "slow"
    DOWN = "down"
    UNKNOWN = "unknown"


class Why(StrEnum):
    """Why a minute is not up."""

    NOTHING = ""
    SLOW = "slow"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    BROKEN = "broken"
    STATUS = "status"
    SIGN = "sign"
    NO_NETWORK = "no_network"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: milliseconds, status, whether the expected sign was on the page; or what went wrong instead."""

    ms: int | None = None
    status: int | None = None
    has_sign: bool = False
    trouble: Why = Why.NOTHING


@dataclass(frozen=True, slots=True)
class Limits:
    """One version of the meter's limits, from ``data/monitoring.json``; times in milliseconds."""

    version: str
    effective_from: dt.date
    slow_ms: int
    timeout_ms: int
    largest_bytes: int
    alarm_after: Mapping[str, int]
    histogram_ms: tuple[int, ...]
    fewest_known_minutes: int


@dataclass(frozen=True, slots=True)
class Run:
    """Minutes in a row of one state of one service; ``last`` is the last of them."""

    service: str
    state: State
    first: dt.datetime
    last: dt.datetime
    minutes: int

    @property
    def end(self) -> dt.datetime:
        """Return the moment at which the last of the minutes is over."""
        return self.last + MINUTE


@dataclass(frozen=True, slots=True)
class Tally:
    """Minutes by state; ``known`` is the denominator of availability."""

    up: int = 0
    slow: int = 0
    down: int = 0

    @property
    def opened(self) -> int:
        """Return the minutes in which the service opened, slowly or not."""
        return self.up + self.slow

    @property
    def known(self) -> int:
        """Return the minutes of which something is known."""
        return self.opened + self.down

    @property
    def availability(self) -> Fraction | None:
        """Return the share of known minutes in which the service opened, in percent; None where none is known."""
        return Fraction(100 * self.opened, self.known) if self.known else None

    def plus(self, other: Tally) -> Tally:
        """Add another tally."""
        return Tally(self.up + other.up, self.slow + other.slow, self.down + other.down)


def judge(answer: Answer, limits: Limits) -> tuple[State, Why]:
    """Return the state of a service after one look, and why."""
    if answer.trouble is Why.NO_NETWORK:
        return State.UNKNOWN, Why.NO_NETWORK
    if answer.trouble:
        return State.DOWN, answer.trouble
    if answer.status != 200:
        return State.DOWN, Why.STATUS
    if not answer.has_sign:
        return State.DOWN, Why.SIGN
    if answer.ms is not None and answer.ms > limits.slow_ms:
        return State.SLOW, Why.SLOW
    return State.UP, Why.NOTHING


def tally(runs: Iterable[Run]) -> Tally:
    """Add up the minutes of runs; unknown ones are in no number."""
    sums = dict.fromkeys(State, 0)
    for run in runs:
        sums[run.state] += run.minutes
    return Tally(sums[State.UP], sums[State.SLOW], sums[State.DOWN])


def runs(service: str, minutes: Iterable[tuple[dt.datetime, State]]) -> list[Run]:
    """Return the runs of one service's minutes, which come in order. A missing minute ends a run."""
    found: list[Run] = []
    for minute, state in minutes:
        if found and found[-1].state is state and found[-1].end == minute:
            found[-1] = Run(service, state, found[-1].first, minute, found[-1].minutes + 1)
        else:
            found.append(Run(service, state, minute, minute, 1))
    return found


def joined(given: Iterable[Run]) -> list[Run]:
    """Join runs of one service that follow each other without a gap, as those of two days do."""
    found: list[Run] = []
    for run in sorted(given, key=lambda one: one.first):
        before = found[-1] if found else None
        if before and before.state is run.state and before.end == run.first:
            found[-1] = Run(run.service, run.state, before.first, run.last, before.minutes + run.minutes)
        else:
            found.append(run)
    return found


def histogram(times: Iterable[int], bounds: Sequence[int]) -> list[int]:
    """Count times (ms) by the first bound that is not below them; the last number counts those beyond all."""
    counts = [0] * (len(bounds) + 1)
    for ms in times:
        counts[next((place for place, bound in enumerate(bounds) if ms <= bound), len(bounds))] += 1
    return counts


def percentile(counts: Sequence[int], bounds: Sequence[int], share: float) -> int | None:
    """Return the bound (ms) within which that share of all lies; None where there is nothing, or it lies beyond all."""
    whole, seen = sum(counts), 0
    for count, bound in zip(counts, bounds, strict=False):
        seen += count
        if seen and seen >= share * whole:
            return bound
    return None
