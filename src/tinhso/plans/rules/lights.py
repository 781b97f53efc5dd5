"""What a target needs by a day, its light and its forecast, by a written rule with versions (``data/lights.json``). Pure.

Every step can be redone by hand: ``needed`` says between which two marks it lies, ``forecast`` which two points it joins.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

PERCENT: Final = "percent"
_PLACES: Final = Decimal("0.0001")
_WHOLE: Final = Decimal(100)


class Light(StrEnum):
    """How a target stands, the best first."""

    MET = "met"
    ON_TRACK = "on_track"
    SLOW = "slow"
    VERY_SLOW = "very_slow"
    UNKNOWN = "unknown"


#: Worst first: the order of boards and lists.
WORST_FIRST: Final = (Light.VERY_SLOW, Light.SLOW, Light.UNKNOWN, Light.ON_TRACK, Light.MET)
#: Lights that need nobody's help.
GOOD: Final = frozenset({Light.MET, Light.ON_TRACK})


@dataclass(frozen=True, slots=True)
class LightRule:
    """One version of the rule. ``slow_within``: the share (0 to 1) of the way that may be missing and still be ``slow``."""

    version: str
    name: str
    effective_from: dt.date
    effective_to: dt.date | None
    slow_within: Decimal
    forecast_days: int
    forecast_least_points: int
    forecast_days_apart: int
    says: tuple[str, ...]
    source: str
    is_verified: bool


class RuleUnknown(LookupError):
    """A target names a version of the rule that is not written down."""


def light_rules(document: Mapping[str, Any]) -> dict[str, LightRule]:
    """Read the versions of ``data/lights.json``, by name."""
    return {
        one["version"]: LightRule(
            one["version"],
            one["name"],
            dt.date.fromisoformat(one["effective_from"]),
            dt.date.fromisoformat(one["effective_to"]) if one["effective_to"] else None,
            Decimal(one["slow_within_percent"]) / 100,
            one["forecast_days"],
            one["forecast_least_points"],
            one["forecast_days_apart"],
            tuple(one["says"]),
            one["source"],
            one["is_verified"],
        )
        for one in document["versions"]
    }


def rule_of(rules: Mapping[str, LightRule], version: str) -> LightRule:
    """Return one version. Raises ``RuleUnknown``."""
    if version not in rules:
        raise RuleUnknown(version)
    return rules[version]


def rule_on(rules: Mapping[str, LightRule], on: dt.date) -> LightRule:
    """Return the version in force on a day, before the first one the first."""
    every = sorted(rules.values(), key=lambda one: one.effective_from)
    return next((one for one in reversed(every) if one.effective_from <= on), every[0])


@dataclass(frozen=True, slots=True)
class Mark:
    """A value to be reached by the end of a day, in the target's unit (percent: 0 to 100)."""

    on: dt.date
    value: Decimal


@dataclass(frozen=True, slots=True)
class Course:
    """What a target is to reach: its marks by day, its direction, and where it began (None: nobody knows)."""

    marks: tuple[Mark, ...]
    is_up: bool = True
    is_percent: bool = True
    baseline: Mark | None = None

    def goal(self, on: dt.date) -> Mark | None:
        """Return the mark of the year: the last one of the year of the day, or the next after it, or the last of all."""
        of_year = [mark for mark in self.marks if mark.on.year == on.year]
        coming = [mark for mark in self.marks if mark.on.year > on.year]
        return next(iter([*of_year[-1:], *coming[:1], *self.marks[-1:]]), None)

    def coming(self, on: dt.date) -> Mark | None:
        """Return the mark of the period that runs on the day; after the last one the last."""
        return next((mark for mark in self.marks if mark.on >= on), self.marks[-1] if self.marks else None)

    def passed(self, on: dt.date) -> Mark | None:
        """Return the last mark before the day, or the baseline; None where nobody knows where it began."""
        return next((mark for mark in reversed(self.marks) if mark.on < on), self.baseline)


def course(
    marks: Iterable[tuple[dt.date, Decimal]],
    *,
    is_up: bool = True,
    is_percent: bool = True,
    baseline: Decimal | None = None,
    baseline_on: dt.date | None = None,
) -> Course:
    """Return a course with its marks in order; a baseline counts from the day on which it held."""
    ordered = tuple(sorted((Mark(on, value) for on, value in marks), key=lambda mark: mark.on))
    began = Mark(baseline_on, baseline) if baseline is not None and baseline_on is not None else None
    return Course(ordered, is_up, is_percent, began)


@dataclass(frozen=True, slots=True)
class Needed:
    """What is needed by a day, as an addition: ``since.value`` + ``gone`` of ``days`` of the way to ``until.value``.

    ``since`` None: nobody knows where it began, the value of the period is needed all the time.
    """

    value: Decimal
    since: Mark | None
    until: Mark
    gone: int
    days: int


def needed(one: Course, on: dt.date) -> Needed | None:
    """Return what the target needs by the end of a day; None where it has no mark."""
    until = one.coming(on)
    if until is None:
        return None
    since = one.passed(on)
    if since is None or since.on >= until.on or on >= until.on:
        return Needed(until.value, None if since is None or since.on >= until.on else since, until, 0, 0)
    days = (until.on - since.on).days
    gone = max(0, (on - since.on).days)
    value = since.value + (until.value - since.value) * gone / days
    return Needed(value.quantize(_PLACES), since, until, gone, days)


def light(one: Course, value: Decimal | None, on: dt.date, rule: LightRule) -> Light:
    """Return the light of a value on a day: see ``says`` of the rule."""
    need, goal = needed(one, on), one.goal(on)
    if value is None or need is None or goal is None:
        return Light.UNKNOWN
    if _missing(one, value, goal.value) <= 0:
        return Light.MET
    missing = _missing(one, value, need.value)
    if missing <= 0:
        return Light.ON_TRACK
    return Light.SLOW if missing <= rule.slow_within * way(one, need.value) else Light.VERY_SLOW


def way(one: Course, value: Decimal) -> Decimal:
    """Return how far it is from the baseline, or from nothing, to a value."""
    return abs(value - (one.baseline.value if one.baseline else Decimal(0)))


def _missing(one: Course, value: Decimal, wanted: Decimal) -> Decimal:
    return wanted - value if one.is_up else value - wanted


@dataclass(frozen=True, slots=True)
class Point:
    """A value that was reached on a day."""

    on: dt.date
    value: Decimal


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where the line through ``first`` and ``last`` stands on ``until``; ``is_clamped``: the line left the scale."""

    value: Decimal
    first: Point
    last: Point
    until: dt.date
    is_clamped: bool

    @property
    def a_day(self) -> Decimal:
        """Return the change a day."""
        return (self.last.value - self.first.value) / (self.last.on - self.first.on).days


def forecast(one: Course, points: Sequence[Point], on: dt.date, rule: LightRule) -> Forecast | None:
    """Return the forecast for the end of the period that runs; None: too little is known, or no period runs.

    Taken are the points of the rule's last days up to the day; the first and the last of them lie far enough apart.
    """
    until = one.coming(on)
    since = on - dt.timedelta(days=rule.forecast_days)
    known = sorted((p for p in points if since <= p.on <= on), key=lambda p: p.on)
    if until is None or until.on < on or len(known) < max(2, rule.forecast_least_points):
        return None
    first, last = known[0], known[-1]
    apart = (last.on - first.on).days
    if apart < rule.forecast_days_apart:
        return None
    value = last.value + (last.value - first.value) * (until.on - last.on).days / apart
    held = max(Decimal(0), min(value, _WHOLE) if one.is_percent else value)
    return Forecast(held.quantize(_PLACES), first, last, until.on, held != value)
