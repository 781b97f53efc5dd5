"""Sign a plan, as the head of its office or as a deputy for the head."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.directory.api import Account, Actor, HeldPost, OfficeKind, Role
from tinhso.journal.api import announce
from tinhso.messages.api import tell
from tinhso.plans.events.plans import PlanSigned
from tinhso.plans.lifecycle import PlanVerb
from tinhso.plans.models import History, Plan
from tinhso.plans.permissions import CHAIR
from tinhso.plans.permissions.plans import PLANS, MayPlan
from tinhso.plans.rules.plans import DEPUTY, HEAD, signs_as
from tinhso.toolkit.policy import NotThere


@transaction.atomic
def sign_plan(*, by: Actor, at: dt.datetime, pk: int) -> Plan:
    """Sign an appraised plan that somebody else drafted; who signs by a "Phó …" post is kept as a deputy.

    The province's plan is signed by the chair. A head's post goes before a deputy's. Raises ``NotThere``.
    """
    plan = PLANS.one(by, MayPlan.SIGN, pk=pk)
    post = _signing_post(by, plan)
    plan.take(PlanVerb.SIGN)
    plan.signed_by_id, plan.signed_as, plan.signed_at = post.post_id, signs_as(post.title), at
    plan.save(update_fields=["state", "signed_by", "signed_as", "signed_at"])
    History.objects.record(
        plan.about,
        _("Ký"),
        by=by,
        at=at,
        after=post.title if plan.signed_as == HEAD else _("%(title)s ký thay") % {"title": post.title},
    )
    announce(PlanSigned(plan.pk, post.post_id, plan.signed_as), about=plan.about, by=by, at=at)
    if plan.drafted_by_id:
        tell(
            Account.objects.values_list("person_id", flat=True).get(pk=plan.drafted_by_id),
            title=(_("Đã ký: %(title)s") % {"title": plan.title})[:200],
            body=_("Ghi số văn bản để đăng ký kế hoạch."),
            link=reverse("plans:plan", args=[plan.pk]),
            at=at,
        )
    return plan


def _signing_post(by: Actor, plan: Plan) -> HeldPost:
    if plan.office.kind == OfficeKind.PROVINCE:
        held = [post for post in by.posts if post.role in CHAIR]
    else:
        held = [post for post in by.posts if post.role == Role.LEADER and post.office_id == plan.office_id]
    if not held:
        raise NotThere
    return min(
        held, key=lambda post: (signs_as(post.title) == DEPUTY, post.for_name is not None, post.post_id)
    )
