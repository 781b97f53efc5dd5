"""Change what a target is to reach by the end of a period, with the reason."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.targets import TargetPeriodChanged
from tinhso.plans.models import History, TargetPeriod
from tinhso.plans.permissions.targets import TARGETS, MayTarget
from tinhso.plans.queries.targets import value_text
from tinhso.plans.services.add_target import CannotAddTarget, check_value
from tinhso.plans.services.reckon_targets import reckon_targets, wait_for_reckoning
from tinhso.toolkit.words import date_text

LONGEST_REASON: Final = 1000


class CannotChangeTarget(ValueError):
    """The value is not changed; the sentence says why."""


@transaction.atomic
def change_target_period(
    *, by: Actor, at: dt.datetime, pk: int, last: dt.date, value: Decimal, reason: str
) -> TargetPeriod:
    """Change the value of the period that ends on a day, or add a period with that end; the light follows at once.

    Raises ``NotThere`` for others than the committee's secretary, and ``CannotChangeTarget``.
    """
    wait_for_reckoning()
    target = TARGETS.one(by, MayTarget.CHANGE, pk=pk)
    reason = reason.strip()
    if not reason:
        raise CannotChangeTarget(_("Ghi vì sao đổi, kèm số văn bản nếu có. Lý do nằm trong lịch sử."))
    if len(reason) > LONGEST_REASON:
        raise CannotChangeTarget(_("Lý do dài quá %(n)d chữ. Viết gọn lại.") % {"n": LONGEST_REASON})
    if target.baseline_on and last <= target.baseline_on:
        raise CannotChangeTarget(_("Mốc phải sau ngày của số ban đầu."))
    try:
        check_value(value, target.unit)
    except CannotAddTarget as refused:
        raise CannotChangeTarget(str(refused)) from None
    period = target.periods.filter(last=last).first()
    if period is not None and period.value == value:
        raise CannotChangeTarget(_("Mốc này đã đúng giá trị ấy. Không có gì để đổi."))
    before = period.value if period else None
    if period is None:
        earlier = target.periods.filter(last__lt=last).order_by("-last").first()
        begins = earlier.last + dt.timedelta(days=1) if earlier else last.replace(month=1, day=1)
        period = TargetPeriod(target=target, first=begins, last=last)
    period.value = value
    period.save()
    History.objects.record(
        target.about,
        _("Giá trị phải đạt đến %(day)s") % {"day": date_text(last)},
        by=by,
        at=at,
        before=value_text(before, target.unit) if before is not None else "",
        after=value_text(value, target.unit),
        reason=reason,
    )
    announce(
        TargetPeriodChanged(target.code, last, f"{before:f}" if before is not None else None, f"{value:f}"),
        about=target.about,
        by=by,
        at=at,
    )
    reckon_targets(at=at, only=[target.pk])
    return period
