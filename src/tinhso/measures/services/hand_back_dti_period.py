"""Hand a period of the Digital Transformation Index back instead of closing it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.measures.events import DtiPeriodHandedBack
from tinhso.measures.models import DtiPeriod
from tinhso.measures.permissions import PERIODS, MayScore
from tinhso.measures.services.assess_criterion import DtiRefused

__all__ = ["DtiRefused", "hand_back_dti_period"]

LONGEST_REASON = 500


@transaction.atomic
def hand_back_dti_period(*, by: Actor, at: dt.datetime, year: int, reason: str) -> DtiPeriod:
    """Let scores be given again. Raises ``DtiRefused`` where no reason is said, ``NotThere``."""
    period = PERIODS.one(by, MayScore.HAND_BACK, year=year)
    if not reason:
        raise DtiRefused(_("Ghi vì sao trả lại."))
    if len(reason) > LONGEST_REASON:
        raise DtiRefused(_("Lý do dài quá. Rút còn 500 chữ."))
    period.closing_asked_by, period.closing_asked_at, period.hand_back_reason = None, None, reason
    period.save(update_fields=["closing_asked_by", "closing_asked_at", "hand_back_reason"])
    announce(DtiPeriodHandedBack(year), about=period.about, by=by, at=at)
    return period
