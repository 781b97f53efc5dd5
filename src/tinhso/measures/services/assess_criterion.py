"""Give a criterion of the Digital Transformation Index a self-assessed score, with the papers it rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.measures.events import DtiCriterionAssessed
from tinhso.measures.models import DtiAssessment, DtiCriterion, DtiEvidence, DtiPeriod
from tinhso.measures.permissions import PERIODS, MayScore
from tinhso.measures.rules.dti import needs_evidence
from tinhso.measures.rules.dti_sheet import Evidence
from tinhso.toolkit.policy import NotThere

MOST_PAPERS = 20
LONGEST_LINK = 300
_is_link = URLValidator(schemes=["http", "https"])


class DtiRefused(ValueError):
    """It cannot be done so; the sentence says why."""


class DtiChanged(Exception):
    """Somebody else was first; what holds by now must be seen before it is replaced."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """A score and what it rests on."""

    score: Decimal
    evidence: tuple[Evidence, ...] = ()
    link: str = ""


@transaction.atomic
def assess_criterion(
    *, by: Actor, at: dt.datetime, year: int, criterion: int, said: Assessment, seen: int | None
) -> DtiAssessment:
    """Replace the self-assessed score of a criterion; ``seen`` is the assessment that was seen to hold, None: none.

    More than 0 points want a paper. Raises ``DtiRefused`` with a sentence, ``DtiChanged``, ``NotThere``.
    """
    period = PERIODS.one(by, MayScore.ASSESS, year=year)
    found = criterion_of(period, criterion)
    check_score(said.score, found)
    if needs_evidence(said.score, said.evidence):
        raise DtiRefused(_("Điểm lớn hơn 0 cần ít nhất một minh chứng."))
    _check_papers(said, on=at.date())
    return write_assessment(by=by, at=at, period=period, criterion=found, said=said, seen=seen)


def write_assessment(
    *,
    by: Actor,
    at: dt.datetime,
    period: DtiPeriod,
    criterion: DtiCriterion,
    said: Assessment,
    seen: int | None,
) -> DtiAssessment:
    """Write an assessment that was checked, in a period that is locked. Raises ``DtiChanged``."""
    held = DtiAssessment.objects.filter(period=period, criterion=criterion).order_by("-pk").first()
    if (held.pk if held else None) != seen:
        raise DtiChanged
    one = DtiAssessment(
        criterion=criterion,
        period=period,
        score=said.score,
        link=said.link,
        replaces=held,
        assessed_by_id=by.account_id,
        assessed_at=at,
    )
    try:
        with transaction.atomic():
            one.save()
    except IntegrityError:
        raise DtiChanged from None
    DtiEvidence.objects.bulk_create(
        DtiEvidence(assessment=one, place=place, number=paper.number, date=paper.date, content=paper.content)
        for place, paper in enumerate(said.evidence, 1)
    )
    announce(
        DtiCriterionAssessed(period.year, criterion.code, one.pk, seen, said.score),
        about=about(period, criterion),
        by=by,
        at=at,
    )
    return one


def criterion_of(period: DtiPeriod, pk: int) -> DtiCriterion:
    """Return a criterion of the period's set, locked: it is not mended while it is scored. Raises ``NotThere``."""
    found = DtiCriterion.objects.select_for_update().filter(pk=pk, version=period.version).first()
    if found is None:
        raise NotThere
    return found


def about(period: DtiPeriod, criterion: DtiCriterion) -> str:
    """Return the name of a criterion in a period in the journal."""
    return f"dti-criterion:{period.year}:{criterion.code}"


def check_score(score: Decimal, criterion: DtiCriterion) -> None:
    """See that a score lies between 0 and the maximum, with two decimals at most. Raises ``DtiRefused``."""
    if not 0 <= score <= criterion.max_score:
        words = _("Điểm từ 0 đến %(most)s.")
        most = f"{criterion.max_score:.2f}".replace(".", ",")
        raise DtiRefused(words % {"most": most})
    if score != round(score, 2):
        raise DtiRefused(_("Điểm có nhiều nhất hai số lẻ."))


def _check_papers(said: Assessment, *, on: dt.date) -> None:
    if len(said.evidence) > MOST_PAPERS:
        raise DtiRefused(_("Ghi nhiều nhất 20 minh chứng."))
    if late := next((one for one in said.evidence if one.date > on), None):
        raise DtiRefused(_("Minh chứng %(number)s có ngày chưa tới.") % {"number": late.number})
    if said.link:
        try:
            _is_link(said.link)
        except ValidationError:
            raise DtiRefused(_("Đường dẫn viết như https://namdinh.gov.vn/van-ban.")) from None
        if len(said.link) > LONGEST_LINK:
            raise DtiRefused(_("Đường dẫn dài quá 300 chữ."))


def papers_of(evidence: Sequence[DtiEvidence]) -> tuple[Evidence, ...]:
    """Return stored papers as they were said."""
    return tuple(Evidence(one.number, one.date, one.content) for one in evidence)
