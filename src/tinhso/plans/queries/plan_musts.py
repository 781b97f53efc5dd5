"""What must hold before a plan goes on, looked up for one plan."""

from __future__ import annotations

import datetime as dt

from tinhso.plans.models import Opinion, Plan
from tinhso.plans.queries.documents import document, labels
from tinhso.plans.rules.plans import Asked, Facts, Found, musts_of


def facts_of(plan: Plan, on: dt.date) -> Facts:
    """Return what the musts look at, as it stands now."""
    opinions = list(Opinion.objects.filter(request__plan=plan).values_list("answer", flat=True))
    requests = plan.requests.select_related("office").order_by("office__sort_key", "pk")
    return Facts(
        rows=list(plan.items.order_by("ordinal")),
        groups=labels("groups"),
        first_year=plan.first_year,
        last_year=plan.last_year,
        has_head=plan.head_id is not None,
        has_goal=bool(plan.goal.strip()),
        opinions=len(opinions),
        unanswered=opinions.count(""),
        asked=[Asked(one.office.short_name, one.due, one.answered_at is not None) for one in requests],
        on=on,
    )


def musts_for(plan: Plan, on: dt.date) -> list[Found]:
    """Return how every must in force stands for the plan."""
    return musts_of(facts_of(plan, on), document("plan_musts"))
