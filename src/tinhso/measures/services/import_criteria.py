"""Take the good lines of a table of criteria into a period, as they were previewed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.measures.events import DtiCriteriaImported
from tinhso.measures.models import DtiCriterion, DtiPeriod
from tinhso.measures.permissions import PERIODS, MayScore
from tinhso.measures.queries.dti_import import Planned, import_plan
from tinhso.measures.rules.dti import Status
from tinhso.measures.services.assess_criterion import (
    Assessment,
    DtiChanged,
    papers_of,
    write_assessment,
)
from tinhso.measures.services.assign_criterion import Assignment, write_assignment

__all__ = ["DtiChanged", "Imported", "import_criteria"]


@dataclass(frozen=True, slots=True)
class Imported:
    """How many criteria are new, were mended and got a score, and how many lines were left out as wrong."""

    new: int
    mended: int
    scored: int
    skipped: int


@transaction.atomic
def import_criteria(*, by: Actor, at: dt.datetime, year: int, text: str, seen: str) -> Imported:
    """Import a table; ``seen`` is the hash of the preview. An appraised score in it is not taken: another appraises.

    A score without evidence is taken and marked so. Raises ``DtiChanged`` where the preview no longer holds,
    ``SheetUnreadable``, ``NotThere``.
    """
    period = PERIODS.one(by, MayScore.ASSESS, year=year)
    plan = import_plan(period, text, at.date())
    if plan.seen != seen:
        raise DtiChanged
    for one in plan.good:
        _take(one, period, by, at)
    done = Imported(
        sum(one.is_new for one in plan.good),
        sum(one.is_mended for one in plan.good),
        sum(one.is_scored for one in plan.good),
        len(plan.bad),
    )
    announce(
        DtiCriteriaImported(year, period.version, done.new, done.mended, done.scored, done.skipped),
        about=period.about,
        by=by,
        at=at,
    )
    return done


def _take(one: Planned, period: DtiPeriod, by: Actor, at: dt.datetime) -> None:
    row, line = one.row, one.line
    criterion = _criterion(one, period, by, at)
    if one.is_scored and row.score is not None:
        held = line.assessment if line else None
        evidence = row.evidence or (papers_of(line.evidence) if line and row.score == line.self_score else ())
        write_assessment(
            by=by,
            at=at,
            period=period,
            criterion=criterion,
            said=Assessment(row.score, evidence, held.link if held and row.score == held.score else ""),
            seen=held.pk if held else None,
        )
    if one.is_assigned:
        was = line.assignment if line else None
        status = row.status or (line.status if line else Status.NOT_STARTED)
        write_assignment(
            by=by,
            at=at,
            period=period,
            criterion=criterion,
            said=Assignment(
                one.office_id,
                row.deadline or (was.deadline if was else None),
                status,
                row.note or (was.note if was else ""),
            ),
            seen=was.pk if was else None,
        )


def _criterion(one: Planned, period: DtiPeriod, by: Actor, at: dt.datetime) -> DtiCriterion:
    row = one.row
    if one.line is None:
        return DtiCriterion.objects.create(
            version=period.version,
            code=row.code,
            name=row.name,
            group=row.group,
            max_score=row.maximum,
            added_by_id=by.account_id,
            added_at=at,
        )
    criterion = one.line.criterion
    if one.is_mended:
        criterion.name, criterion.group, criterion.max_score = row.name, row.group, row.maximum
        criterion.save(update_fields=["name", "group", "max_score"])
    return criterion
