"""Lay a period of the Digital Transformation Index before a second person to be closed."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.measures.events import DtiClosingAsked
from tinhso.measures.models import DtiPeriod
from tinhso.measures.permissions import PERIODS, MayScore
from tinhso.measures.queries.dti import board_of, undecided
from tinhso.measures.services.assess_criterion import DtiRefused

__all__ = ["DtiRefused", "ask_to_close_dti_period"]


@transaction.atomic
def ask_to_close_dti_period(*, by: Actor, at: dt.datetime, year: int) -> DtiPeriod:
    """Ask for a period to be closed: from now on it takes no score, unless it is handed back.

    Every self-assessed score must have been appraised. Raises ``DtiRefused`` with a sentence, ``NotThere``.
    """
    period = PERIODS.one(by, MayScore.ASK_TO_CLOSE, year=year)
    lines = board_of(period).lines
    if not any(line.assessment for line in lines):
        raise DtiRefused(_("Kỳ này chưa có điểm nào."))
    if waiting := undecided(lines):
        words = _("Còn %(n)s chỉ tiêu chưa thẩm định xong: %(codes)s.")
        codes = ", ".join(line.criterion.code for line in waiting[:5]) + ("…" if len(waiting) > 5 else "")
        raise DtiRefused(words % {"n": len(waiting), "codes": codes})
    period.closing_asked_by_id, period.closing_asked_at = by.account_id, at
    period.hand_back_reason = ""
    period.save(update_fields=["closing_asked_by", "closing_asked_at", "hand_back_reason"])
    unscored = sum(1 for line in lines if line.assessment is None)
    announce(DtiClosingAsked(year, unscored), about=period.about, by=by, at=at)
    return period
