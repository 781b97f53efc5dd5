"""Write a plan's title, its general aim and its accountable head."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.plans import PlanDescribed
from tinhso.plans.models import History, Plan
from tinhso.plans.permissions.plans import PLANS, MayPlan
from tinhso.plans.queries.plan_people import heads_of
from tinhso.toolkit.text import tidy
from tinhso.toolkit.working_time import in_vietnam

LONGEST_TITLE = 250
LONGEST_GOAL = 5_000


class CannotDescribe(ValueError):
    """What was written cannot stand; the sentence says what to mend."""


@transaction.atomic
def describe_plan(*, by: Actor, at: dt.datetime, pk: int, title: str, goal: str, head: int | None) -> Plan:
    """Write title, aim and head (the id of a post that leads the office) of an open plan.

    Raises ``NotThere`` and ``CannotDescribe``.
    """
    plan = PLANS.one(by, MayPlan.WRITE, pk=pk)
    title, goal = tidy(title), goal.strip()
    if not title or len(title) > LONGEST_TITLE:
        raise CannotDescribe(_("Ghi tên kế hoạch, tối đa %(n)d chữ.") % {"n": LONGEST_TITLE})
    if len(goal) > LONGEST_GOAL:
        raise CannotDescribe(_("Mục tiêu chung tối đa %(n)d chữ. Viết gọn lại.") % {"n": LONGEST_GOAL})
    if head is not None and head not in {post.pk for post in heads_of(plan.office, in_vietnam(at).date())}:
        raise CannotDescribe(_("Chọn người đứng đầu trong danh sách lãnh đạo của cơ quan."))
    before = plan.title
    changed = [
        name
        for name, old, new in (
            (_("tên"), plan.title, title),
            (_("mục tiêu chung"), plan.goal, goal),
            (_("người chịu trách nhiệm"), plan.head_id, head),
        )
        if old != new
    ]
    if not changed:
        return plan
    plan.title, plan.goal, plan.head_id, plan.saved_at = title, goal, head, at
    plan.save(update_fields=["title", "goal", "head", "saved_at"])
    History.objects.record(
        plan.about,
        _("Sửa phần chung: %(what)s") % {"what": ", ".join(changed)},
        by=by,
        at=at,
        before=before[:400] if before != title else "",
        after=title[:400] if before != title else "",
    )
    announce(PlanDescribed(plan.pk), about=plan.about, by=by, at=at)
    return plan
