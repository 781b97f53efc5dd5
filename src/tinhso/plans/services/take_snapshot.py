"""Keep a draft of an annex as it is, and begin the next."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from tinhso.directory.api import Actor
from tinhso.plans.models import Plan, PlanSnapshot
from tinhso.plans.queries.annex import rows_now

LONGEST_NOTE = 300


@transaction.atomic
def take_snapshot(plan: Plan, *, by: Actor, at: dt.datetime, note: str) -> PlanSnapshot:
    """Keep the rows as draft ``plan.draft_number`` and go on with the next number; the caller holds the plan's lock.

    The rows stand in their order; a row's place is its place in the list.
    """
    kept = PlanSnapshot.objects.create(
        plan=plan,
        number=plan.draft_number,
        rows=[row.as_json() for row in rows_now(plan)],
        note=note[:LONGEST_NOTE],
        by_id=by.account_id,
        at=at,
    )
    plan.draft_number += 1
    plan.saved_at = at
    plan.save(update_fields=["draft_number", "saved_at"])
    return kept
