"""Let a plan pass its appraisal."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.messages.api import tell
from tinhso.plans.events.plans import PlanAppraised
from tinhso.plans.lifecycle import PlanVerb
from tinhso.plans.models import History, Plan
from tinhso.plans.permissions.plans import PLANS, MayPlan
from tinhso.plans.queries.plan_people import heads_of
from tinhso.plans.rules.plans import HEAD, signs_as
from tinhso.toolkit.working_time import in_vietnam

LONGEST_NOTE: Final = 1000


class CannotAppraise(ValueError):
    """The appraisal cannot be written like this; the sentence says what to mend."""


@transaction.atomic
def appraise_plan(*, by: Actor, at: dt.datetime, pk: int, note: str = "") -> Plan:
    """Write that the plan passes, as an appraiser who did not draft it; the head of the office is told to sign.

    Sending it back is ``return_plan``. Raises ``NotThere`` and ``CannotAppraise``.
    """
    plan = PLANS.one(by, MayPlan.APPRAISE, pk=pk)
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise CannotAppraise(_("Nhận xét tối đa %(n)d chữ. Viết gọn lại.") % {"n": LONGEST_NOTE})
    plan.take(PlanVerb.PASS)
    plan.appraised_by_id, plan.appraised_at, plan.appraisal_note = by.account_id, at, note
    plan.save(update_fields=["state", "appraised_by", "appraised_at", "appraisal_note"])
    History.objects.record(plan.about, _("Thẩm định đạt"), by=by, at=at, reason=note)
    announce(PlanAppraised(plan.pk), about=plan.about, by=by, at=at)
    for post in heads_of(plan.office, in_vietnam(at).date()):
        if signs_as(post.title) == HEAD:
            tell(
                post.person_id,
                title=(_("Chờ ký: %(title)s") % {"title": plan.title})[:200],
                body=_("Kế hoạch đã thẩm định đạt, chờ người đứng đầu ký."),
                link=reverse("plans:plan", args=[plan.pk]),
                at=at,
            )
    return plan
