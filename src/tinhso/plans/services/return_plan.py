"""Send a plan back to its drafter."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.directory.api import Account, Actor
from tinhso.journal.api import announce
from tinhso.messages.api import tell
from tinhso.plans.events.plans import PlanReturned
from tinhso.plans.lifecycle import PlanState, PlanVerb
from tinhso.plans.models import History, Plan
from tinhso.plans.permissions.plans import PLANS, MayPlan

LONGEST_REASON: Final = 1000


class CannotReturn(ValueError):
    """The plan cannot be sent back like this; the sentence says what to write."""


@transaction.atomic
def return_plan(*, by: Actor, at: dt.datetime, pk: int, reason: str) -> Plan:
    """Send it back, as appraiser or signer, or take it back, as who writes it; an appraisal that was given is void.

    Raises ``NotThere``, and ``CannotReturn`` without a reason.
    """
    plan = PLANS.one(by, MayPlan.RETURN, pk=pk)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise CannotReturn(_("Ghi vì sao trả lại, tối đa %(n)d chữ.") % {"n": LONGEST_REASON})
    before = plan.state
    plan.take(PlanVerb.RETURN)
    plan.appraised_by, plan.appraised_at = None, None
    plan.appraisal_note = reason if before == PlanState.APPRAISAL else ""
    plan.save(update_fields=["state", "appraised_by", "appraised_at", "appraisal_note"])
    History.objects.record(plan.about, _("Trả lại để soạn tiếp"), by=by, at=at, reason=reason)
    announce(PlanReturned(plan.pk, before), about=plan.about, by=by, at=at)
    if plan.drafted_by_id and plan.drafted_by_id != by.account_id:
        tell(
            Account.objects.values_list("person_id", flat=True).get(pk=plan.drafted_by_id),
            title=(_("Trả lại: %(title)s") % {"title": plan.title})[:200],
            body=reason,
            link=reverse("plans:plan", args=[plan.pk]),
            at=at,
        )
    return plan
