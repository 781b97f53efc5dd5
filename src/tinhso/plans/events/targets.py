"""What is announced of targets: codes, days and values, never a name or a word that somebody typed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TargetAdded:
    """A target was set; ``counter`` blank: reported, or the sum of its children."""

    code: str
    parent: str | None
    counter: str
    office: int | None


@dataclass(frozen=True, slots=True)
class TargetPeriodChanged:
    """What a target is to reach by a day changed; values as decimals in words, ``before`` None: there was none."""

    code: str
    last: dt.date
    before: str | None
    after: str


@dataclass(frozen=True, slots=True)
class TargetReported:
    """An office reported what was reached by a day; it counts once somebody else confirmed it."""

    code: str
    report: int
    office: int
    on: dt.date


@dataclass(frozen=True, slots=True)
class TargetReportAnswered:
    """A report was confirmed or returned."""

    code: str
    report: int
    answer: str


@dataclass(frozen=True, slots=True)
class TargetLightChanged:
    """The light of a target changed; ``version`` names the rule, ``value`` the value it was given for."""

    code: str
    on: dt.date
    before: str
    after: str
    value: str
    version: str


@dataclass(frozen=True, slots=True)
class TargetSolutionLinked:
    """A solution was linked to a target, or no longer (``is_linked`` False)."""

    code: str
    solution: int
    is_linked: bool
