"""Reads of the Digital Transformation Index: sets, periods, criteria with their scores as of any moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Final

from django.db.models import QuerySet

from tinhso.directory.api import Actor
from tinhso.measures.models import (
    DtiAppraisal,
    DtiAssessment,
    DtiAssignment,
    DtiCriterion,
    DtiEvidence,
    DtiFinal,
    DtiPeriod,
)
from tinhso.measures.permissions import ASSESSMENTS, PERIODS, MayScore
from tinhso.measures.queries.documents import document
from tinhso.measures.rules.dti import (
    Badge,
    Item,
    Standing,
    Status,
    Version,
    in_force,
    needs_evidence,
    order_of,
    standing,
    versions,
)
from tinhso.toolkit.policy import NotThere

#: The three scores of a criterion, in the order in which they come about.
SCORES: Final = ("self", "appraised", "final")
WEEK: Final = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Line:
    """A criterion in a period as of a moment. ``appraisal`` is of the assessment that holds, None where it has none.

    ``was_appraised``: an earlier assessment had been appraised, so this one waits again.
    """

    criterion: DtiCriterion
    assessment: DtiAssessment | None
    evidence: tuple[DtiEvidence, ...]
    appraisal: DtiAppraisal | None
    was_appraised: bool
    assignment: DtiAssignment | None
    final: Decimal | None

    @property
    def self_score(self) -> Decimal | None:
        """Return the self-assessed score, None where there is none yet."""
        return self.assessment.score if self.assessment else None

    @property
    def appraised_score(self) -> Decimal | None:
        """Return the appraised score of the assessment that holds; None where it waits or was refused."""
        return self.appraisal.score if self.appraisal else None

    @property
    def difference(self) -> Decimal | None:
        """Return self-assessed minus appraised."""
        if self.self_score is None or self.appraised_score is None:
            return None
        return self.self_score - self.appraised_score

    @property
    def lacks_evidence(self) -> bool:
        """Say whether points were given without a paper."""
        return self.self_score is not None and needs_evidence(self.self_score, self.evidence)

    @property
    def status(self) -> Status:
        """Return the status that a person chose, the first one where nobody chose."""
        return Status(self.assignment.status) if self.assignment else Status.NOT_STARTED

    @property
    def badge(self) -> Badge:
        """Return how far the criterion is, as its scores say."""
        if self.final is not None:
            return Badge.FINAL
        if self.assessment is None:
            return Badge.UNSCORED
        if self.appraisal is not None and self.appraisal.score is None:
            return Badge.REFUSED
        if self.lacks_evidence:
            return Badge.WITHOUT_EVIDENCE
        if self.appraisal is None:
            return Badge.WAITING_AGAIN if self.was_appraised else Badge.WAITING
        return Badge.DIFFERENT if self.difference else Badge.APPRAISED

    def score(self, kind: str) -> Decimal | None:
        """Return one of the three scores, by its name in ``SCORES``."""
        return {"self": self.self_score, "appraised": self.appraised_score, "final": self.final}[kind]

    def is_late(self, today: dt.date) -> bool:
        """Say whether the deadline has passed and the criterion is not through."""
        deadline = self.assignment.deadline if self.assignment else None
        through = (Badge.APPRAISED, Badge.DIFFERENT, Badge.FINAL)
        return deadline is not None and deadline < today and self.badge not in through


@dataclass(frozen=True, slots=True)
class Board:
    """A period with its set and every criterion, in the order of the codes."""

    period: DtiPeriod
    version: Version
    lines: tuple[Line, ...]

    def standing(self, kind: str) -> Standing:
        """Return the index by one of the three scores."""
        return standing(
            self.version,
            (Item(one.criterion.group, one.criterion.max_score, one.score(kind)) for one in self.lines),
        )

    @property
    def is_illustrative(self) -> bool:
        """Say whether anything of it is invented for the demo."""
        return self.period.is_illustrative or any(one.criterion.is_illustrative for one in self.lines)


@dataclass(frozen=True, slots=True)
class History:
    """All that was said of one criterion in a period, the latest first."""

    assessments: tuple[DtiAssessment, ...]
    appraisals: tuple[DtiAppraisal, ...]
    assignments: tuple[DtiAssignment, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """Ranks of a year as another body published them; never worked out from the province's own scores.

    ``rows`` as in ``data/dti_published.json``. ``known_from``: nobody could know them earlier.
    """

    year: int
    version: str
    known_from: dt.date
    source: str
    unverified: str
    rows: tuple[dict[str, Any], ...]

    def rank_of(self, province: str) -> int | None:
        """Return the published rank of a province."""
        return next((row["rank"] for row in self.rows if row["province"] == province), None)


@cache
def index_versions() -> tuple[Version, ...]:
    """Return every version of the index, the earliest first."""
    return versions(document("dti"))


def version_of(name: str) -> Version | None:
    """Return a version by its name."""
    return next((one for one in index_versions() if one.version == name), None)


def version_on(day: dt.date) -> Version | None:
    """Return the version in force on a day."""
    return in_force(index_versions(), day)


@cache
def published() -> tuple[Published, ...]:
    """Return the published years, the latest first."""
    years = (
        Published(
            said["year"],
            said["version"],
            dt.date.fromisoformat(said["known_from"]),
            said["source"],
            said["unverified"],
            tuple(said["rows"]),
        )
        for said in document("dti_published")["years"]
    )
    return tuple(sorted(years, key=lambda one: -one.year))


@cache
def own_province() -> str:
    """Return the name under which the published ranks know this province."""
    return str(document("dti_published")["province"])


def periods() -> QuerySet[DtiPeriod]:
    """Return every period, the latest year first: years and dates are everybody's to read."""
    return DtiPeriod.objects.order_by("-year")


def board_of(period: DtiPeriod, until: dt.datetime | None = None) -> Board:
    """Return a period's criteria with their scores, as of a moment where one is given."""
    version = version_of(period.version)
    if version is None:
        raise NotThere
    criteria = DtiCriterion.objects.filter(version=period.version)
    if until is not None:
        criteria = criteria.filter(added_at__lte=until)
    assessments = _holding(DtiAssessment.objects.filter(period=period), "assessed_at", until)
    appraisals = _appraisals(period, until)
    assignments = _holding(
        DtiAssignment.objects.filter(period=period).select_related("office"), "assigned_at", until
    )
    evidence = _evidence([one.pk for one in assessments.values()])
    is_closed = period.closed_at is not None and (until is None or period.closed_at <= until)
    finals = dict(period.finals.values_list("criterion_id", "score")) if is_closed else {}
    lines = []
    for criterion in sorted(criteria, key=lambda one: order_of(one.code)):
        held = assessments.get(criterion.pk)
        lines.append(
            Line(
                criterion,
                held,
                evidence.get(held.pk, ()) if held else (),
                appraisals.get(held.pk) if held else None,
                any(one.assessment.criterion_id == criterion.pk for one in appraisals.values()),
                assignments.get(criterion.pk),
                finals.get(criterion.pk),
            )
        )
    return Board(period, version, tuple(lines))


def board(by: Actor, year: int) -> Board:
    """Return the board of a year to whoever may read scores. Raises ``NotThere``."""
    return board_of(PERIODS.look(by, MayScore.READ, year=year))


def line_of(by: Actor, year: int, criterion: int) -> tuple[Board, Line, History]:
    """Return one criterion of a year with all that was said of it. Raises ``NotThere``."""
    found = board(by, year)
    line = next((one for one in found.lines if one.criterion.pk == criterion), None)
    if line is None:
        raise NotThere
    of = {"period": found.period, "criterion": criterion}
    return (
        found,
        line,
        History(
            tuple(
                DtiAssessment.objects.filter(**of)
                .select_related("assessed_by__person")
                .prefetch_related("evidence")
                .order_by("-pk")
            ),
            tuple(
                DtiAppraisal.objects.filter(assessment__period=found.period, assessment__criterion=criterion)
                .select_related("appraised_by__person", "assessment")
                .order_by("-pk")
            ),
            tuple(
                DtiAssignment.objects.filter(**of)
                .select_related("assigned_by__person", "office")
                .order_by("-pk")
            ),
        ),
    )


def may(by: Actor, what: MayScore, period: DtiPeriod) -> bool:
    """Say whether somebody may act on a period."""
    return PERIODS.holds(by, what, period)


def may_appraise(by: Actor, assessment: DtiAssessment | None) -> bool:
    """Say whether somebody may appraise an assessment."""
    return assessment is not None and ASSESSMENTS.holds(by, MayScore.APPRAISE, assessment)


def undecided(lines: Iterable[Line]) -> list[Line]:
    """Return the criteria that have a self-assessed score and no appraised one: they stand in the way of closing."""
    return [one for one in lines if one.assessment is not None and one.appraised_score is None]


def scores_since(board: Board, before: Board) -> dict[int, Decimal]:
    """Return the change of self-assessed points by criterion, of those that changed."""
    earlier = {one.criterion.pk: one.self_score or Decimal(0) for one in before.lines}
    changes = {
        one.criterion.pk: (one.self_score or Decimal(0)) - earlier.get(one.criterion.pk, Decimal(0))
        for one in board.lines
    }
    return {pk: change for pk, change in changes.items() if change}


def finals_of(lines: Sequence[Line], period: DtiPeriod) -> list[DtiFinal]:
    """Return the final scores that closing a period fixes: the appraised ones."""
    return [
        DtiFinal(period=period, criterion=one.criterion, score=one.appraised_score)
        for one in lines
        if one.appraised_score is not None
    ]


def _holding(rows: QuerySet[Any], moment: str, until: dt.datetime | None) -> dict[int, Any]:
    """Return the row that holds for each criterion as of a moment: the last one written by then."""
    if until is not None:
        rows = rows.filter(**{f"{moment}__lte": until})
    return {one.criterion_id: one for one in rows.order_by("pk")}


def _appraisals(period: DtiPeriod, until: dt.datetime | None) -> dict[int, DtiAppraisal]:
    rows = DtiAppraisal.objects.filter(assessment__period=period).select_related("assessment")
    if until is not None:
        rows = rows.filter(appraised_at__lte=until)
    return {one.assessment_id: one for one in rows.order_by("pk")}


def _evidence(assessments: Sequence[int]) -> dict[int, tuple[DtiEvidence, ...]]:
    found: dict[int, tuple[DtiEvidence, ...]] = {}
    for one in DtiEvidence.objects.filter(assessment__in=assessments).order_by("assessment_id", "place"):
        found[one.assessment_id] = (*found.get(one.assessment_id, ()), one)
    return found
