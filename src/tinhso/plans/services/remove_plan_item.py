"""Take a row out of a plan's annex, or move it; the annex as it was is kept as a draft to go back to."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.plans import PlanAnnexChanged
from tinhso.plans.models import History, PlanSnapshot
from tinhso.plans.permissions.plans import PLANS, MayPlan
from tinhso.plans.services.replace_rows import refuse_money, set_order
from tinhso.plans.services.take_snapshot import take_snapshot
from tinhso.toolkit.policy import NotThere


@transaction.atomic
def remove_plan_item(*, by: Actor, at: dt.datetime, pk: int, ordinal: int) -> PlanSnapshot:
    """Take the row out and return the draft that still has it.

    Raises ``NotThere``, and ``RowHasMoney`` where a line of money stands on the row.
    """
    plan = PLANS.one(by, MayPlan.WRITE, pk=pk)
    items = list(plan.items.order_by("ordinal"))
    gone = next((item for item in items if item.ordinal == ordinal), None)
    if gone is None:
        raise NotThere
    refuse_money(gone)
    kept = take_snapshot(plan, by=by, at=at, note=_("Trước khi bỏ nhiệm vụ %(n)d") % {"n": ordinal})
    left = [item for item in items if item.pk != gone.pk]
    before = gone.content
    gone.delete()
    set_order(plan, left)
    History.objects.record(
        plan.about, _("Bỏ nhiệm vụ %(n)d") % {"n": ordinal}, by=by, at=at, before=before[:400]
    )
    announce(PlanAnnexChanged(plan.pk, "removed", ordinal), about=plan.about, by=by, at=at)
    return kept


@transaction.atomic
def move_plan_item(*, by: Actor, at: dt.datetime, pk: int, ordinal: int, step: int) -> int:
    """Move the row so many places up (negative) or down, and return its new place. Raises ``NotThere``."""
    plan = PLANS.one(by, MayPlan.WRITE, pk=pk)
    items = list(plan.items.order_by("ordinal"))
    places = [item.ordinal for item in items]
    if ordinal not in places:
        raise NotThere
    here = places.index(ordinal)
    there = min(max(here + step, 0), len(items) - 1)
    if here == there:
        return ordinal
    items.insert(there, items.pop(here))
    set_order(plan, items)
    plan.saved_at = at
    plan.save(update_fields=["saved_at"])
    moved = items[there]
    History.objects.record(
        plan.about,
        _("Chuyển nhiệm vụ %(old)d thành %(new)d") % {"old": ordinal, "new": moved.ordinal},
        by=by,
        at=at,
        after=moved.content[:400],
    )
    announce(PlanAnnexChanged(plan.pk, "moved", moved.ordinal), about=plan.about, by=by, at=at)
    return moved.ordinal
