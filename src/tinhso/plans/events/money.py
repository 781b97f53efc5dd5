"""What is announced of money, inspections and commendations: ids, amounts and days, never names or words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BudgetLineAdded:
    """A line of money was asked for, in VND; ``plan_item`` None: not from a plan's annex."""

    line: int
    office: int
    year: int
    planned: int
    plan_item: int | None


@dataclass(frozen=True, slots=True)
class BudgetLineChanged:
    """What is asked for on a line, its source, capital or mark of security changed."""

    line: int
    planned: int
    is_security: bool


@dataclass(frozen=True, slots=True)
class MoneyEntered:
    """Money was allocated or spent on a line, in VND."""

    line: int
    entry: int
    kind: str
    amount: int
    on: dt.date


@dataclass(frozen=True, slots=True)
class MoneyReversed:
    """A wrong entry was taken back by a negative one."""

    line: int
    entry: int
    reverses: int


@dataclass(frozen=True, slots=True)
class PlanLinesTaken:
    """The annex of an issued plan was made into lines of money."""

    plan: int
    added: int
    changed: int


@dataclass(frozen=True, slots=True)
class InspectionEntered:
    """A round of inspection entered the year's plan, or came on top of it."""

    inspection: int
    lead: int
    office: int
    starts: dt.date
    ends: dt.date
    is_planned: bool


@dataclass(frozen=True, slots=True)
class InspectionChanged:
    """The days or the decision of a round changed."""

    inspection: int
    starts: dt.date
    ends: dt.date


@dataclass(frozen=True, slots=True)
class FindingAdded:
    """An inspection found something that must be remedied by a day."""

    finding: int
    inspection: int
    is_violation: bool
    due: dt.date


@dataclass(frozen=True, slots=True)
class InspectionConcluded:
    """A round was concluded, with so many findings."""

    inspection: int
    findings: int


@dataclass(frozen=True, slots=True)
class RemedyReported:
    """The inspected office reported that a finding is remedied."""

    finding: int
    office: int


@dataclass(frozen=True, slots=True)
class RemedyAnswered:
    """A reported remedy was taken (``close``) or returned (``return``)."""

    finding: int
    outcome: str


@dataclass(frozen=True, slots=True)
class FindingReminded:
    """An office was reminded of a finding by a step of the rule."""

    finding: int
    office: int
    level: str


@dataclass(frozen=True, slots=True)
class OfficeCommended:
    """An office, or a person in it, was commended by a decision."""

    commendation: int
    office: int
    of_person: bool
