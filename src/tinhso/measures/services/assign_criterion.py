"""Say who looks after a criterion of the Digital Transformation Index, until when, and how far it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, Office
from tinhso.journal.api import announce
from tinhso.measures.events import DtiCriterionAssigned
from tinhso.measures.models import DtiAssignment, DtiCriterion, DtiPeriod
from tinhso.measures.permissions import PERIODS, MayScore
from tinhso.measures.rules.dti import Status
from tinhso.measures.services.assess_criterion import DtiChanged, DtiRefused, about, criterion_of

__all__ = ["Assignment", "DtiChanged", "DtiRefused", "assign_criterion", "write_assignment"]

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who, until when, how far; None: nobody yet, no deadline."""

    office_id: int | None
    deadline: dt.date | None
    status: Status
    note: str = ""


@transaction.atomic
def assign_criterion(
    *, by: Actor, at: dt.datetime, year: int, criterion: int, said: Assignment, seen: int | None
) -> DtiAssignment:
    """Replace who looks after a criterion; ``seen`` is the assignment that was seen to hold, None: none.

    Raises ``DtiRefused`` with a sentence, ``DtiChanged``, ``NotThere``.
    """
    period = PERIODS.one(by, MayScore.ASSESS, year=year)
    found = criterion_of(period, criterion)
    if said.office_id and not Office.objects.on(at.date()).filter(pk=said.office_id).exists():
        raise DtiRefused(_("Không thấy cơ quan này. Chọn lại trong danh sách."))
    if len(said.note) > LONGEST_NOTE:
        raise DtiRefused(_("Ghi chú dài quá. Rút còn 500 chữ."))
    return write_assignment(by=by, at=at, period=period, criterion=found, said=said, seen=seen)


def write_assignment(
    *,
    by: Actor,
    at: dt.datetime,
    period: DtiPeriod,
    criterion: DtiCriterion,
    said: Assignment,
    seen: int | None,
) -> DtiAssignment:
    """Write an assignment that was checked, in a period that is locked. Raises ``DtiChanged``."""
    held = DtiAssignment.objects.filter(period=period, criterion=criterion).order_by("-pk").first()
    if (held.pk if held else None) != seen:
        raise DtiChanged
    one = DtiAssignment(
        criterion=criterion,
        period=period,
        office_id=said.office_id,
        deadline=said.deadline,
        status=said.status,
        note=said.note,
        replaces=held,
        assigned_by_id=by.account_id,
        assigned_at=at,
    )
    try:
        with transaction.atomic():
            one.save()
    except IntegrityError:
        raise DtiChanged from None
    announce(
        DtiCriterionAssigned(period.year, criterion.code, said.office_id, said.deadline, said.status.value),
        about=about(period, criterion),
        by=by,
        at=at,
    )
    return one
