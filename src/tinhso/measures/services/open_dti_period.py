"""Open a year to be scored by a set of the Digital Transformation Index."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.measures.events import DtiPeriodOpened
from tinhso.measures.models import DtiAssignment, DtiPeriod
from tinhso.measures.permissions import ASSESSORS
from tinhso.measures.queries.dti import board_of, version_of
from tinhso.measures.rules.dti import Status
from tinhso.measures.services.assess_criterion import DtiRefused
from tinhso.toolkit.policy import NotThere

__all__ = ["DtiRefused", "open_dti_period"]

#: The index was first published for this year.
FIRST_YEAR: Final = 2020


@transaction.atomic
def open_dti_period(*, by: Actor, at: dt.datetime, year: int, version: str) -> DtiPeriod:
    """Open a year. Of the year before only who looks after what is carried over: no score, no paper, no deadline.

    Raises ``DtiRefused`` with a sentence, ``NotThere`` for others than those who give scores.
    """
    if not by.holds(*ASSESSORS):
        raise NotThere
    known = version_of(version)
    if known is None or known.weights is None:
        raise DtiRefused(_("Bộ chỉ số này chưa có trọng số nên chưa chấm được. Chọn bộ khác."))
    if not FIRST_YEAR <= year <= at.year:
        words = _("Năm từ %(first)s đến %(last)s.")
        raise DtiRefused(words % {"first": FIRST_YEAR, "last": at.year})
    try:
        with transaction.atomic():
            period = DtiPeriod.objects.create(
                year=year, version=version, opened_by_id=by.account_id, opened_at=at
            )
    except IntegrityError:
        raise DtiRefused(_("Năm %(year)s đã mở kỳ chấm.") % {"year": year}) from None
    _carry_over(period, by, at)
    announce(DtiPeriodOpened(year, version), about=period.about, by=by, at=at)
    return period


def _carry_over(period: DtiPeriod, by: Actor, at: dt.datetime) -> None:
    before = DtiPeriod.objects.filter(version=period.version, year__lt=period.year).order_by("-year").first()
    if before is None:
        return
    DtiAssignment.objects.bulk_create(
        DtiAssignment(
            criterion=line.criterion,
            period=period,
            office=line.assignment.office,
            status=Status.NOT_STARTED,
            assigned_by_id=by.account_id,
            assigned_at=at,
        )
        for line in board_of(before).lines
        if line.assignment is not None and line.assignment.office is not None
    )
