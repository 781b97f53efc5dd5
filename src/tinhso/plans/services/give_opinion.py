"""Answer as an asked office: with opinions on rows or on the whole, or with none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.directory.api import Account, Actor
from tinhso.journal.api import announce
from tinhso.messages.api import tell
from tinhso.plans.events.plans import OpinionGiven
from tinhso.plans.models import History, Opinion, OpinionRequest
from tinhso.plans.permissions.plans import REQUESTS, MayOpine

LONGEST_OPINION: Final = 1000
MOST_OPINIONS: Final = 200


class CannotGiveOpinion(ValueError):
    """The opinion cannot be taken like this; the sentence says what to mend."""


@dataclass(frozen=True, slots=True)
class NewOpinion:
    """One opinion: on the row in this place, 0 for the whole plan."""

    row: int
    text: str


@transaction.atomic
def give_opinion(
    *, by: Actor, at: dt.datetime, plan: int, office: int, opinions: Sequence[NewOpinion] = ()
) -> OpinionRequest:
    """Write the office's opinions, or that it agrees where there are none; while the plan is asked about, late ones too.

    Raises ``NotThere`` where the actor's office was not asked, and ``CannotGiveOpinion``.
    """
    request = REQUESTS.one(by, MayOpine.GIVE, plan_id=plan, office_id=office)
    said = [NewOpinion(one.row, one.text.strip()) for one in opinions]
    places = set(request.plan.items.values_list("ordinal", flat=True)) | {0}
    for one in said:
        if not one.text or len(one.text) > LONGEST_OPINION:
            raise CannotGiveOpinion(_("Ghi ý kiến, tối đa %(n)d chữ.") % {"n": LONGEST_OPINION})
        if one.row not in places:
            raise CannotGiveOpinion(_("Phụ lục không có nhiệm vụ %(n)d. Chọn lại.") % {"n": one.row})
    before = request.opinions.count()
    if before + len(said) > MOST_OPINIONS:
        raise CannotGiveOpinion(_("Mỗi nơi góp tối đa %(n)d ý kiến.") % {"n": MOST_OPINIONS})
    if not said and before:
        raise CannotGiveOpinion(_("Cơ quan đã góp ý kiến, không chuyển thành nhất trí được nữa."))
    Opinion.objects.bulk_create(
        Opinion(request=request, row=one.row, text=one.text, given_at=at) for one in said
    )
    request.answered_at, request.answered_by_id, request.agrees = at, by.account_id, not said
    request.save(update_fields=["answered_at", "answered_by", "agrees"])
    History.objects.record(
        request.plan.about,
        _("Góp ý"),
        by=by,
        at=at,
        after=(
            _("%(office)s: %(n)d ý kiến") % {"office": request.office.short_name, "n": len(said)}
            if said
            else _("%(office)s: nhất trí") % {"office": request.office.short_name}
        ),
    )
    announce(OpinionGiven(plan, office, len(said)), about=request.plan.about, by=by, at=at)
    if said and request.plan.drafted_by_id:
        tell(
            Account.objects.values_list("person_id", flat=True).get(pk=request.plan.drafted_by_id),
            title=_("%(office)s góp %(n)d ý kiến") % {"office": request.office.short_name, "n": len(said)},
            body=request.plan.title,
            link=reverse("plans:plan", args=[plan]) + "#y-kien",
            at=at,
        )
    return request
