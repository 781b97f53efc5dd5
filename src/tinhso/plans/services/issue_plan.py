"""Issue a signed plan with its number, and so register it."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.plans import PlanIssued
from tinhso.plans.lifecycle import PlanVerb
from tinhso.plans.models import History, Plan
from tinhso.plans.permissions.plans import PLANS, MayPlan
from tinhso.toolkit.text import tidy

LONGEST_NUMBER: Final = 80


class CannotIssue(ValueError):
    """The plan cannot be issued like this; the sentence says what to mend."""


@transaction.atomic
def issue_plan(*, by: Actor, at: dt.datetime, pk: int, number: str) -> Plan:
    """Write the number (45/KH-SGDĐT); the moment is the moment of registration, by which the window judges.

    From now on nobody edits it; it is adjusted by a new version. Raises ``NotThere`` and ``CannotIssue``.
    """
    plan = PLANS.one(by, MayPlan.ISSUE, pk=pk)
    number = tidy(number)
    if not number or len(number) > LONGEST_NUMBER or not any(sign.isdigit() for sign in number):
        raise CannotIssue(_("Ghi số, ký hiệu văn bản, ví dụ 45/KH-SGDĐT."))
    twice = Plan.objects.filter(office_id=plan.office_id, number=number, registered_at__year=at.year)
    if twice.exists():
        raise CannotIssue(_("Số này đã dùng cho kế hoạch khác của cơ quan trong năm. Xem lại số."))
    plan.take(PlanVerb.ISSUE)
    plan.number, plan.registered_at = number, at
    plan.save(update_fields=["state", "number", "registered_at"])
    History.objects.record(plan.about, _("Ban hành và đăng ký"), by=by, at=at, after=number)
    announce(PlanIssued(plan.pk, plan.office_id, number), about=plan.about, by=by, at=at)
    return plan
