"""Begin a new version of an issued plan."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.plans import PlanDrafted
from tinhso.plans.models import History, Plan, PlanItem
from tinhso.plans.permissions.plans import PLANS, MayPlan
from tinhso.plans.queries.annex import row_from
from tinhso.plans.services.replace_rows import write_row

LONGEST_REASON: Final = 600


class CannotAdjust(ValueError):
    """The plan cannot be adjusted like this; the sentence says what to write."""


@transaction.atomic
def adjust_plan(*, by: Actor, at: dt.datetime, pk: int, reason: str) -> Plan:
    """Copy the issued plan into a draft of the next version, with the reason; the issued one holds until that is issued.

    Raises ``NotThere``, and ``CannotAdjust`` without a reason.
    """
    old = PLANS.one(by, MayPlan.ADJUST, pk=pk)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise CannotAdjust(_("Ghi vì sao điều chỉnh, tối đa %(n)d chữ.") % {"n": LONGEST_REASON})
    new = Plan.objects.create(
        window_id=old.window_id,
        office_id=old.office_id,
        first_year=old.first_year,
        last_year=old.last_year,
        title=old.title,
        goal=old.goal,
        version=old.version + 1,
        adjusts=old,
        adjusts_reason=reason,
        head_id=old.head_id,
        drafted_by_id=by.account_id,
        drafted_at=at,
        saved_at=at,
    )
    copies = []
    for item in old.items.order_by("ordinal"):
        copy = PlanItem(plan=new, ordinal=item.ordinal)
        write_row(copy, row_from(item))
        copies.append(copy)
    PlanItem.objects.bulk_create(copies)
    History.objects.record(
        new.about,
        _("Bắt đầu điều chỉnh"),
        by=by,
        at=at,
        before=_("Bản %(n)d, số %(number)s") % {"n": old.version, "number": old.number},
        after=_("Bản %(n)d") % {"n": new.version},
        reason=reason,
    )
    announce(
        PlanDrafted(new.pk, new.office_id, new.first_year, new.last_year, new.version, old.pk),
        about=new.about,
        by=by,
        at=at,
    )
    return new
