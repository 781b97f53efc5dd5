"""Copy the targets of a month to the next, as they were previewed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from tinhso.directory.api import Actor
from tinhso.measures.models import UseTarget
from tinhso.measures.permissions import PROMOTERS
from tinhso.measures.queries.targets import copy_plan
from tinhso.measures.services.set_target import (
    Aim,
    Decision,
    TargetChanged,
    TargetRefused,
    check_decision,
    set_target,
)
from tinhso.toolkit.policy import NotThere

__all__ = ["TargetChanged", "TargetRefused", "copy_targets"]


@transaction.atomic
def copy_targets(
    *, by: Actor, at: dt.datetime, month: dt.date, decision: Decision, seen: Sequence[int]
) -> list[UseTarget]:
    """Set the targets of ``month`` for the month after it, by a decision; those that the next month has are kept.

    ``seen`` are the targets that the preview showed to be copied. All or none. Raises ``TargetRefused`` with a
    sentence, ``TargetChanged`` where the preview no longer holds, ``NotThere`` for others than those who promote use.
    """
    if not by.holds(*PROMOTERS):
        raise NotThere
    check_decision(decision, None, on=at.date())
    plan = copy_plan(by, month)
    if sorted(target.pk for target in plan.new) != sorted(seen):
        raise TargetChanged
    return [
        set_target(
            by=by,
            at=at,
            aim=Aim(
                plan.month,
                target.office_id,
                target.procedure_code,
                target.online_count,
                target.online_share,
            ),
            decision=decision,
        )
        for target in plan.new
    ]
