"""Make lines of money from the annex of an issued plan, in one press and never twice."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.money import BudgetLineChanged, PlanLinesTaken
from tinhso.plans.models import BudgetLine, History, Plan, PlanItem
from tinhso.plans.permissions.money import PLANS_WITH_MONEY, MayMoney
from tinhso.plans.queries.money import balance_of
from tinhso.plans.rules.money import RECURRENT, SECURITY_GROUP
from tinhso.plans.services.add_budget_line import LONGEST_NAME, add_budget_line, may_add_line
from tinhso.toolkit.text import fold
from tinhso.toolkit.words import money


@dataclass(frozen=True, slots=True)
class Taken:
    """What one press made: lines added, lines that follow an adjusted plan, rows that stay as they were.

    ``too_small``: lines of which more is allocated than the adjusted plan asks for; they stay for a person to mend.
    """

    added: tuple[BudgetLine, ...]
    changed: tuple[BudgetLine, ...]
    same: int
    too_small: tuple[BudgetLine, ...]


@transaction.atomic
def lines_of_plan(*, by: Actor, at: dt.datetime, plan_id: int) -> Taken:
    """Make one line for each row of the annex that costs something; the group "an-toan" is information security.

    A row that has its line is left alone. In an adjusted plan a row that says the same as a row of the version before
    takes over that row's line, with the new amount. The line is of the lead office, else of the plan's, in the year in
    which the row starts, and recurrent until somebody says otherwise. Of rows that other offices lead a planner makes
    none. Raises ``NotThere``.
    """
    plan = PLANS_WITH_MONEY.one(by, MayMoney.TAKE_LINES, pk=plan_id)
    earlier = _lines_before(plan)
    added: list[BudgetLine] = []
    changed: list[BudgetLine] = []
    small: list[BudgetLine] = []
    same = 0
    for item in plan.items.filter(amount__gt=0).select_related("lead_office").order_by("ordinal"):
        office = item.lead_office or plan.office
        if not may_add_line(by, office.pk):
            continue
        if item.budget_lines.exists():
            same += 1
        elif old := earlier.pop((office.pk, fold(item.content)), None):
            (changed if _follow(old, item, by=by, at=at) else small).append(old)
        else:
            added.append(
                add_budget_line(
                    by=by,
                    at=at,
                    office=office,
                    year=item.starts.year,
                    name=item.content[:LONGEST_NAME],
                    source=item.source,
                    capital=RECURRENT,
                    planned=item.amount,
                    is_security=item.group == SECURITY_GROUP,
                    plan_item=item,
                )
            )
    if added or changed:
        said = {"a": len(added), "b": len(changed)}
        what = _("Lập dòng kinh phí từ phụ lục")
        History.objects.record(
            plan.about, what, by=by, at=at, after=_("%(a)d dòng mới, %(b)d dòng đổi theo") % said
        )
        announce(PlanLinesTaken(plan.pk, len(added), len(changed)), about=plan.about, by=by, at=at)
    return Taken(tuple(added), tuple(changed), same, tuple(small))


def _lines_before(plan: Plan) -> dict[tuple[int, str], BudgetLine]:
    """Return the lines of earlier versions of the plan, by office and folded words of their row."""
    versions: list[int] = []
    before = plan.adjusts
    while before is not None:
        versions.append(before.pk)
        before = before.adjusts
    rows = (
        BudgetLine.objects.filter(plan_item__plan_id__in=versions)
        .select_for_update(of=("self",))
        .select_related("plan_item")
        .order_by("pk")
    )
    return {(line.office_id, fold(line.plan_item.content)): line for line in rows if line.plan_item}


def _follow(line: BudgetLine, item: PlanItem, *, by: Actor, at: dt.datetime) -> bool:
    """Let the line of an earlier version follow the row of this one; not below what was allocated."""
    if item.amount < balance_of(line).allocated:
        return False
    before, line.plan_item, line.planned = line.planned, item, item.amount
    line.save(update_fields=["plan_item", "planned"])
    History.objects.record(
        line.about,
        _("Số đề nghị"),
        by=by,
        at=at,
        before=money(before),
        after=money(line.planned),
        reason=_("Theo kế hoạch điều chỉnh"),
    )
    announce(BudgetLineChanged(line.pk, line.planned, line.is_security), about=line.about, by=by, at=at)
    return True
