"""Decide whether a procedure may be served on level 4 (đủ điều kiện mức độ 4), from a day on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.catalogue.events import EligibilityDecided
from tinhso.catalogue.models import Eligibility, ServiceLevel
from tinhso.catalogue.permissions import PROCEDURES, MayProcedure
from tinhso.catalogue.queries.level_worklist import HIGHEST, is_within, level_within
from tinhso.catalogue.services.decide_level import (
    ONE_DAY,
    DecidedMeanwhile,
    check_reason,
    refuse_ministry,
    who_decided,
)
from tinhso.catalogue.services.write_draft import OfficeRefused
from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.toolkit.words import date_text

_LONGEST_BASIS = 250


@dataclass(frozen=True, slots=True)
class EligibilityDecision:
    """What was decided: yes or no from a day on, why, and by which text.

    ``seen``: number of the last such decision of the procedure that the person saw, 0 for none.
    """

    is_eligible: bool
    valid_from: dt.date
    reason: str
    basis: str
    seen: int


@transaction.atomic
def decide_eligibility(
    *, by: Actor, at: dt.datetime, code: str, decision: EligibilityDecision
) -> Eligibility:
    """Close the open decision on the day before, and open the next one.

    Raises ``NotThere``, ``DecidedMeanwhile`` and ``OfficeRefused``.
    """
    procedure = PROCEDURES.one(by, MayProcedure.DECIDE, code=code)
    known = list(Eligibility.objects.filter(procedure=procedure))
    if max((one.pk for one in known), default=0) != decision.seen:
        raise DecidedMeanwhile(who_decided(code, "EligibilityDecided"))
    refuse_ministry(procedure)
    reason, basis = check_reason(decision.reason), decision.basis.strip()
    if not basis:
        raise OfficeRefused(_("Ghi căn cứ, ví dụ số văn bản hoặc biên bản rà soát."))
    if len(basis) > _LONGEST_BASIS:
        raise OfficeRefused(_("Căn cứ dài quá. Rút còn 250 chữ cái."))
    before = max(known, key=lambda one: one.valid_from, default=None)
    _refuse_day(decision, before)
    if not decision.is_eligible:
        _refuse_on_highest(list(procedure.service_levels.all()), decision.valid_from)
    if before is not None and before.valid_to is None:
        before.valid_to = decision.valid_from - ONE_DAY
        before.save(update_fields=["valid_to"])
    opened = Eligibility.objects.create(
        procedure=procedure,
        is_eligible=decision.is_eligible,
        reason=reason,
        basis=basis,
        valid_from=decision.valid_from,
        is_illustrative=False,
    )
    announce(
        EligibilityDecided(code, decision.is_eligible, decision.valid_from),
        about=f"procedure:{code}",
        by=by,
        at=at,
    )
    return opened


def _refuse_day(decision: EligibilityDecision, before: Eligibility | None) -> None:
    if before is None:
        return
    if before.valid_from >= decision.valid_from:
        words = _("Lần xét trước áp dụng từ %(day)s. Ngày áp dụng mới phải sau ngày đó.")
        raise OfficeRefused(words % {"day": date_text(before.valid_from)})
    if before.valid_to is not None and before.valid_to >= decision.valid_from:
        words = _("Lần xét trước đã định đến hết %(day)s. Ngày áp dụng mới phải sau ngày đó.")
        raise OfficeRefused(words % {"day": date_text(before.valid_to)})


def _refuse_on_highest(levels: list[ServiceLevel], day: dt.date) -> None:
    """Refuse "not eligible" while the procedure is on level 4 on the day, or will be later."""
    now = level_within(levels, day)
    on_highest = now if now is not None and now.level == HIGHEST else None
    later = [one for one in levels if one.level == HIGHEST and one.valid_from > day]
    found = on_highest or next(iter(later), None)
    if found is not None:
        first = day if is_within(found, day) else found.valid_from
        words = _("Ngày %(day)s thủ tục ở mức độ 4 hoặc toàn trình. Quyết định hạ mức độ trước.")
        raise OfficeRefused(words % {"day": date_text(first)})
