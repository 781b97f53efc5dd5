"""Turn rows of an issued plan into tasks."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.plans import PlanTasksMade
from tinhso.plans.models import History, Plan, PlanItem, Task
from tinhso.plans.permissions import SECRETARY, own_offices
from tinhso.plans.permissions.plans import PLANS, MayPlan
from tinhso.plans.services.assign_task import place_task
from tinhso.toolkit.working_time import in_vietnam

LONGEST_TITLE: Final = 300


@transaction.atomic
def make_plan_tasks(*, by: Actor, at: dt.datetime, pk: int) -> int:
    """Make a task of every row that names an office as lead, is not over and has none yet; return how many.

    The secretary gives them to every office; a planner only to the own office. Once per row: asked again, it makes
    only what is missing. Raises ``NotThere``, and ``CannotAssign`` where a row cannot be a task.
    """
    plan = PLANS.one(by, MayPlan.ASSIGN, pk=pk)
    made = 0
    for item in rows_to_assign(plan, by, in_vietnam(at).date()):
        lead = item.lead_office
        if lead is None:
            continue
        is_long = len(item.content) > LONGEST_TITLE
        place_task(
            by=by,
            at=at,
            lead=lead,
            partners=(),
            what=_("Giao theo kế hoạch"),
            task=Task(
                title=item.content[: LONGEST_TITLE - 1] + "…" if is_long else item.content,
                description=item.content if is_long else "",
                starts=item.starts,
                due=item.ends,
                product=item.product,
                group=item.group,
                plan_item=item,
                tags=[],
            ),
        )
        made += 1
    if made:
        History.objects.record(
            plan.about, _("Giao nhiệm vụ của phụ lục"), by=by, at=at, after=_("%(n)d nhiệm vụ") % {"n": made}
        )
        announce(PlanTasksMade(plan.pk, made), about=plan.about, by=by, at=at)
    return made


def rows_to_assign(plan: Plan, by: Actor, on: dt.date) -> list[PlanItem]:
    """Return the rows that the actor may make tasks of: led by an office, due today or later, without a task."""
    rows = plan.items.filter(lead_office__isnull=False, ends__gte=on, tasks=None)
    if not by.holds(*SECRETARY):
        rows = rows.filter(lead_office_id__in=own_offices(by))
    return list(rows.select_related("lead_office").order_by("ordinal"))
