"""Ask offices for their opinion of a plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, Office, calendar
from tinhso.journal.api import announce
from tinhso.messages.api import tell
from tinhso.plans.events.plans import OpinionsAsked
from tinhso.plans.lifecycle import PlanState, PlanVerb
from tinhso.plans.models import History, OpinionRequest, Plan
from tinhso.plans.permissions.plans import PLANS, MayPlan
from tinhso.plans.queries.plan_musts import musts_for
from tinhso.plans.queries.plan_people import people_told
from tinhso.plans.queries.plan_words import sentence
from tinhso.plans.rules.plans import open_musts
from tinhso.plans.services.take_snapshot import take_snapshot
from tinhso.toolkit.words import weekday_date
from tinhso.toolkit.working_time import in_vietnam

MOST_DAYS: Final = 60


class CannotAsk(ValueError):
    """The plan cannot be sent for opinions; the sentence says what is missing."""


@transaction.atomic
def ask_opinions(*, by: Actor, at: dt.datetime, pk: int, offices: Collection[int], days: int) -> Plan:
    """Ask the offices, until the end of the working day that is ``days`` working days away.

    The draft is kept as it is sent. An office that was asked before is asked anew; what it said stays. With no office
    named, a plan that was asked about before goes on. Raises ``NotThere`` and ``CannotAsk``.
    """
    plan = PLANS.one(by, MayPlan.ASK, pk=pk)
    today = in_vietnam(at).date()
    missing = open_musts(musts_for(plan, today), {"ask_opinions"})
    if missing:
        raise CannotAsk(_("%(what)s. Bổ sung rồi gửi.") % {"what": "; ".join(map(sentence, missing))})
    if not 1 <= days <= MOST_DAYS:
        raise CannotAsk(_("Cho từ 1 đến %(n)d ngày làm việc để góp ý.") % {"n": MOST_DAYS})
    wanted = set(offices)
    if plan.office_id in wanted:
        raise CannotAsk(_("Không hỏi ý kiến chính cơ quan soạn. Bỏ cơ quan ấy ra."))
    found = list(Office.objects.on(today).filter(pk__in=wanted).order_by("sort_key", "pk"))
    if len(found) != len(wanted) or not (found or plan.requests.exists()):
        raise CannotAsk(_("Chọn ít nhất một cơ quan để hỏi ý kiến."))
    due = calendar().nth_working_day(today, days)
    if plan.state == PlanState.DRAFT:
        plan.take(PlanVerb.ASK_OPINIONS)
        take_snapshot(plan, by=by, at=at, note=_("Bản gửi lấy ý kiến"))
    plan.opinions_due = max(due, plan.opinions_due or due) if found else plan.opinions_due
    plan.saved_at = at
    plan.save(update_fields=["state", "opinions_due", "saved_at"])
    for office in found:
        OpinionRequest.objects.update_or_create(
            plan=plan,
            office=office,
            defaults={"asked_at": at, "due": due, "answered_at": None, "answered_by": None, "agrees": False},
        )
    History.objects.record(
        plan.about,
        _("Gửi lấy ý kiến %(n)d nơi") % {"n": len(found)} if found else _("Chuyển lại lấy ý kiến"),
        by=by,
        at=at,
        after=_("Hạn trả lời %(day)s") % {"day": weekday_date(due)} if found else "",
    )
    announce(OpinionsAsked(plan.pk, tuple(one.pk for one in found), due), about=plan.about, by=by, at=at)
    people = people_told([office.pk for office in found], today)
    for office in found:
        for person in people.get(office.pk, ()):
            tell(
                person,
                title=(_("Xin ý kiến: %(title)s") % {"title": plan.title})[:200],
                body=_("Góp ý trước hết giờ làm việc %(day)s. Quá hạn mà chưa trả lời thì tính là nhất trí.")
                % {"day": weekday_date(due)},
                link=reverse("plans:plan", args=[plan.pk]),
                at=at,
            )
    return plan
