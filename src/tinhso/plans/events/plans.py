"""What windows, plans and opinions announce: codes and ids, never names or free text."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WindowOpened:
    """A registration window was opened for so many offices, until the end of its last day."""

    window: int
    first_year: int
    last_year: int
    deadline: dt.date
    offices: int


@dataclass(frozen=True, slots=True)
class OfficesReminded:
    """Offices were reminded; ``level`` blank: by a person; "5", "+1": by the rule, working days before or after."""

    about: str
    level: str
    offices: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlanDrafted:
    """A plan was begun by its office; ``adjusts``: the plan whose new version it is, None for a first one."""

    plan: int
    office: int
    first_year: int
    last_year: int
    version: int
    adjusts: int | None


@dataclass(frozen=True, slots=True)
class PlanAnnexChanged:
    """The annex of a plan was written in: ``change`` is added, changed, removed, moved, restored."""

    plan: int
    change: str
    row: int


@dataclass(frozen=True, slots=True)
class PlanDescribed:
    """Title, aim or accountable head of a plan was written."""

    plan: int


@dataclass(frozen=True, slots=True)
class OpinionsAsked:
    """Offices were asked for their opinion of a plan, until the end of a day."""

    plan: int
    offices: tuple[int, ...]
    due: dt.date


@dataclass(frozen=True, slots=True)
class OpinionGiven:
    """An asked office answered: with so many opinions, or with none and agrees."""

    plan: int
    office: int
    opinions: int


@dataclass(frozen=True, slots=True)
class OpinionAnswered:
    """An opinion was accepted or rejected."""

    plan: int
    opinion: int
    answer: str


@dataclass(frozen=True, slots=True)
class PlanSentToAppraisal:
    """A plan was sent to be appraised; ``silent``: asked offices that said nothing and count as agreeing."""

    plan: int
    silent: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlanAppraised:
    """A plan passed its appraisal."""

    plan: int


@dataclass(frozen=True, slots=True)
class PlanReturned:
    """A plan went back to its drafter from a state."""

    plan: int
    state: str


@dataclass(frozen=True, slots=True)
class PlanSigned:
    """A plan was signed, by the head or a deputy (``signed_as``)."""

    plan: int
    post: int
    signed_as: str


@dataclass(frozen=True, slots=True)
class PlanIssued:
    """A plan was issued with its number, and is thereby registered."""

    plan: int
    office: int
    number: str


@dataclass(frozen=True, slots=True)
class PlanTasksMade:
    """Rows of an issued plan became tasks."""

    plan: int
    tasks: int
