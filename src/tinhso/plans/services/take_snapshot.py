"""Keep a draft of an annex as it is, and begin the next."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from tinhso.directory.api import Actor
from tinhso.plans.models import Plan, PlanItem, PlanSnapshot
from tinhso.plans.rules.plans import Row

LONGEST_NOTE = 300


def row_from(item: PlanItem) -> Row:
    """Return a row of the annex as a value."""
    return Row(
        group=item.group,
        sector=item.sector,
        content=item.content,
        lead=item.lead,
        lead_office=item.lead_office_id,
        partners=item.partners,
        starts=item.starts,
        ends=item.ends,
        product=item.product,
        amount=item.amount,
        source=item.source,
        note=item.note,
    )


@transaction.atomic
def take_snapshot(plan: Plan, *, by: Actor, at: dt.datetime, note: str) -> PlanSnapshot:
    """Keep the rows as draft ``plan.draft_number`` and go on with the next number; the caller holds the plan's lock.

    The rows stand in their order; a row's place is its place in the list.
    """
    kept = PlanSnapshot.objects.create(
        plan=plan,
        number=plan.draft_number,
        rows=[row_from(item).as_json() for item in plan.items.order_by("ordinal")],
        note=note[:LONGEST_NOTE],
        by_id=by.account_id,
        at=at,
    )
    plan.draft_number += 1
    plan.saved_at = at
    plan.save(update_fields=["draft_number", "saved_at"])
    return kept
