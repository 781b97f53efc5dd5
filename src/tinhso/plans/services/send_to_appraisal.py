"""Send a plan to be appraised, once its opinions are dealt with."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, Post
from tinhso.journal.api import announce
from tinhso.messages.api import tell
from tinhso.plans.events.plans import PlanSentToAppraisal
from tinhso.plans.lifecycle import PlanVerb
from tinhso.plans.models import History, Plan
from tinhso.plans.permissions import APPRAISER
from tinhso.plans.permissions.plans import PLANS, MayPlan
from tinhso.plans.queries.plan_musts import musts_for
from tinhso.plans.queries.plan_words import sentence
from tinhso.plans.rules.plans import open_musts
from tinhso.plans.services.take_snapshot import take_snapshot
from tinhso.toolkit.working_time import in_vietnam


class CannotSendToAppraisal(ValueError):
    """The plan cannot be appraised yet; the sentence says what is missing."""


@transaction.atomic
def send_to_appraisal(*, by: Actor, at: dt.datetime, pk: int) -> Plan:
    """Send it on. Offices whose time is over and that said nothing agree by the rule; the history says which.

    Raises ``NotThere``, and ``CannotSendToAppraisal`` while a must is open.
    """
    plan = PLANS.one(by, MayPlan.SEND, pk=pk)
    today = in_vietnam(at).date()
    missing = open_musts(musts_for(plan, today), {"ask_opinions", "send_to_appraisal"})
    if missing:
        raise CannotSendToAppraisal(
            _("%(what)s. Làm xong rồi gửi.") % {"what": "; ".join(map(sentence, missing))}
        )
    plan.take(PlanVerb.SEND_TO_APPRAISAL)
    silent = list(
        plan.requests.filter(answered_at=None).select_related("office").order_by("office__sort_key")
    )
    take_snapshot(plan, by=by, at=at, note=_("Bản gửi thẩm định"))
    plan.appraisal_note = ""
    plan.save(update_fields=["state", "appraisal_note"])
    names = ", ".join(request.office.short_name for request in silent)
    History.objects.record(
        plan.about,
        _("Gửi thẩm định"),
        by=by,
        at=at,
        reason=(_("Quá hạn không trả lời, tính là nhất trí: %(names)s") % {"names": names})[:1000]
        if silent
        else "",
    )
    announce(
        PlanSentToAppraisal(plan.pk, tuple(request.office_id for request in silent)),
        about=plan.about,
        by=by,
        at=at,
    )
    for person in _appraisers(plan, today):
        tell(
            person,
            title=(_("Thẩm định: %(title)s") % {"title": plan.title})[:200],
            body=_("Kế hoạch đã xử lý xong góp ý, chờ thẩm định."),
            link=reverse("plans:plan", args=[plan.pk]),
            at=at,
        )
    return plan


def _appraisers(plan: Plan, on: dt.date) -> list[int]:
    posts = Post.objects.filter(role__in=list(APPRAISER), valid_from__lte=on).exclude(valid_to__lt=on)
    others = posts.exclude(person__account=plan.drafted_by_id) if plan.drafted_by_id else posts
    return list(dict.fromkeys(others.order_by("id").values_list("person_id", flat=True)))
