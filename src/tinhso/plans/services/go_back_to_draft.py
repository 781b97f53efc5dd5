"""Go back to a kept draft of a plan's annex, or keep the draft as it is."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.plans import PlanAnnexChanged
from tinhso.plans.models import History, Plan, PlanSnapshot
from tinhso.plans.permissions.plans import PLANS, MayPlan
from tinhso.plans.rules.plans import row_of
from tinhso.plans.services.replace_rows import replace_rows
from tinhso.plans.services.take_snapshot import take_snapshot
from tinhso.toolkit.policy import NotThere


@transaction.atomic
def go_back_to_draft(*, by: Actor, at: dt.datetime, pk: int, number: int) -> Plan:
    """Make the annex be what it was in draft ``number``; what it is now is kept first, so that nothing is lost.

    Raises ``NotThere``, and ``RowHasMoney`` where a row with a line of money would go.
    """
    plan = PLANS.one(by, MayPlan.WRITE, pk=pk)
    wanted = plan.snapshots.filter(number=number).first()
    if wanted is None:
        raise NotThere
    take_snapshot(plan, by=by, at=at, note=_("Trước khi quay lại bản %(n)d") % {"n": number})
    replace_rows(plan, [row_of(kept) for kept in wanted.rows])
    History.objects.record(plan.about, _("Quay lại bản nháp %(n)d") % {"n": number}, by=by, at=at)
    announce(PlanAnnexChanged(plan.pk, "restored", 0), about=plan.about, by=by, at=at)
    return plan


@transaction.atomic
def keep_draft(*, by: Actor, at: dt.datetime, pk: int, note: str) -> PlanSnapshot:
    """Keep the annex as it is, to compare with and to go back to. Raises ``NotThere``."""
    plan = PLANS.one(by, MayPlan.WRITE, pk=pk)
    kept = take_snapshot(plan, by=by, at=at, note=note or _("Giữ lại bản nháp"))
    History.objects.record(
        plan.about, _("Giữ bản nháp %(n)d") % {"n": kept.number}, by=by, at=at, after=note[:400]
    )
    announce(PlanAnnexChanged(plan.pk, "kept", 0), about=plan.about, by=by, at=at)
    return kept
