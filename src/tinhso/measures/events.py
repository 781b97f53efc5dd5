"""What the measures announce."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class UseTargetSet:
    """A target of use was set by a decision; ``replaces`` is the one that no longer holds, None for the first.

    ``office_id`` None: the whole province; ``procedure_code`` blank: all procedures.
    """

    target: int
    month: dt.date
    office_id: int | None
    procedure_code: str
    replaces: int | None
    decision_number: str
    decision_date: dt.date


@dataclass(frozen=True, slots=True)
class DtiPeriodOpened:
    """A year was opened to be scored by a set of the Digital Transformation Index."""

    year: int
    version: str


@dataclass(frozen=True, slots=True)
class DtiCriteriaImported:
    """A table of criteria was read: how many are new, were mended, and got a score; ``skipped`` lines were wrong."""

    year: int
    version: str
    new: int
    mended: int
    scored: int
    skipped: int


@dataclass(frozen=True, slots=True)
class DtiCriterionAssessed:
    """A self-assessed score was given; ``replaces`` is the assessment that no longer holds, None for the first."""

    year: int
    code: str
    assessment: int
    replaces: int | None
    score: Decimal


@dataclass(frozen=True, slots=True)
class DtiCriterionAppraised:
    """An assessment was appraised; ``score`` None: it was refused."""

    year: int
    code: str
    assessment: int
    appraisal: int
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class DtiCriterionAssigned:
    """Who looks after a criterion was set, with deadline and status; ``office_id`` None: nobody."""

    year: int
    code: str
    office_id: int | None
    deadline: dt.date | None
    status: str


@dataclass(frozen=True, slots=True)
class DtiClosingAsked:
    """A period was laid before a second person to be closed; ``unscored`` criteria have no score."""

    year: int
    unscored: int


@dataclass(frozen=True, slots=True)
class DtiPeriodHandedBack:
    """A period was handed back instead of closed: scores are given again."""

    year: int


@dataclass(frozen=True, slots=True)
class DtiPeriodClosed:
    """A period was closed: ``scored`` final scores were fixed. ``value`` None: a score is missing."""

    year: int
    version: str
    scored: int
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class PublicServiceDown:
    """A public service did not open, or was slow (``how`` down or slow), for so many minutes in a row."""

    service: str
    how: str
    since: dt.datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class PublicServiceBack:
    """A public service opens well again; ``since`` and ``minutes`` are those of the run that raised the alarm."""

    service: str
    since: dt.datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class PublicationPrepared:
    """Figures of a period were frozen with their rows: ``rows_hash`` is their SHA-256, ``rows_count`` how many."""

    code: str
    first: dt.date
    last: dt.date
    rows_hash: str
    rows_count: int


@dataclass(frozen=True, slots=True)
class PublicationDiscarded:
    """A prepared publication that nobody had published was thrown away."""

    code: str


@dataclass(frozen=True, slots=True)
class FiguresPublished:
    """Frozen figures were published by a document."""

    code: str
    rows_hash: str
    document_number: str


@dataclass(frozen=True, slots=True)
class FigureReported:
    """A figure that somebody reported was entered; ``replaces`` is the record it stands for, None for a new one."""

    figure: int
    document_number: str
    replaces: int | None


@dataclass(frozen=True, slots=True)
class StatusDeclared:
    """A body's line was entered in the register of declarations; ``replaces`` is the one before, None for the first.

    It holds once a second person has confirmed it.
    """

    declaration: int
    office_id: int
    system: str
    status: str
    valid_from: dt.date
    replaces: int | None
    decision_number: str
    decision_date: dt.date


@dataclass(frozen=True, slots=True)
class DeclarationAnswered:
    """A second person confirmed a declaration, or returned it."""

    declaration: int
    office_id: int
    system: str
    outcome: str


@dataclass(frozen=True, slots=True)
class EditionMade:
    """A closed month was made public: so many numbers above zero, of which some stay away."""

    month: dt.date
    number: int
    cells: int
    hidden: int
