"""Begin an office's plan in a registration window."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.plans import PlanDrafted
from tinhso.plans.models import History, Plan
from tinhso.plans.permissions.plans import WINDOWS, MayWindow, writes_for
from tinhso.plans.queries.plan_people import heads_of
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.working_time import in_vietnam

LONGEST_TITLE = 250


class CannotDraft(ValueError):
    """The plan cannot be begun; the sentence says why."""


@transaction.atomic
def draft_plan(*, by: Actor, at: dt.datetime, window: int, office: int) -> Plan:
    """Begin the plan that the window asks of the office: title of its years, its head named as accountable.

    Raises ``NotThere`` where the window does not ask the actor's office, and ``CannotDraft`` where it is begun already.
    """
    opened = WINDOWS.one(by, MayWindow.DRAFT, pk=window)
    asked = opened.requirements.filter(writes_for(by), office_id=office).select_related("office").first()
    if asked is None:
        raise NotThere
    years = {"first_year": opened.first_year, "last_year": opened.last_year}
    if Plan.objects.filter(office_id=office, **years).exists():
        raise CannotDraft(_("Cơ quan đã có kế hoạch của các năm này. Mở kế hoạch ấy để sửa."))
    heads = heads_of(asked.office, in_vietnam(at).date())
    plan = Plan.objects.create(
        window=opened,
        office_id=office,
        **years,
        title=(
            _("Kế hoạch chuyển đổi số %(years)s của %(office)s")
            % {
                "years": years_text(opened.first_year, opened.last_year),
                "office": asked.office.short_name,
            }
        )[:LONGEST_TITLE],
        head=heads[0] if heads else None,
        drafted_by_id=by.account_id,
        drafted_at=at,
        saved_at=at,
    )
    History.objects.record(plan.about, _("Bắt đầu soạn"), by=by, at=at, after=plan.title[:400])
    announce(
        PlanDrafted(plan.pk, office, opened.first_year, opened.last_year, 1, None),
        about=plan.about,
        by=by,
        at=at,
    )
    return plan


def years_text(first_year: int, last_year: int) -> str:
    """Return năm 2022 or giai đoạn 2022–2025."""
    if first_year == last_year:
        return _("năm %(year)d") % {"year": first_year}
    return _("giai đoạn %(first)d–%(last)d") % {"first": first_year, "last": last_year}
