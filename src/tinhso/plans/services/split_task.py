"""Give a part of a task to an office (việc con)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, Office
from tinhso.plans.models import History, Task
from tinhso.plans.permissions import COMMITTEE
from tinhso.plans.permissions.tasks import TASKS, MayTask
from tinhso.plans.queries.task_parts import pieces_left
from tinhso.plans.queries.tasks import state_words
from tinhso.plans.rules.tasks import SPLITTABLE
from tinhso.plans.services.assign_task import CannotAssign, check_due, place_task
from tinhso.toolkit.words import date_text
from tinhso.toolkit.working_time import in_vietnam


@transaction.atomic
def split_task(
    *,
    by: Actor,
    at: dt.datetime,
    code: str,
    title: str,
    lead: Office,
    due: dt.date | None,
    product: str = "",
    quantity: int | None = None,
    partners: Sequence[Office] = (),
) -> Task:
    """Give a part of a task to an office, which then co-ordinates in the whole; pieces have the unit of the whole.

    The committee gives parts to any office; the lead office to itself and to those that co-ordinate. A part has no
    parts. Raises ``NotThere``, ``CannotAssign``.
    """
    whole = TASKS.one(by, MayTask.SPLIT, code=code)
    if whole.parent_id is not None:
        raise CannotAssign(_("Việc con không chia tiếp được. Chia từ nhiệm vụ chung."))
    if whole.state not in SPLITTABLE:
        raise CannotAssign(
            _("Nhiệm vụ đang ở trạng thái “%(state)s” nên không chia việc con được.")
            % {"state": state_words(whole.state)}
        )
    is_of_whole = lead.pk == whole.lead_id or whole.partners.filter(office=lead).exists()
    if not is_of_whole and not by.holds(*COMMITTEE):
        raise CannotAssign(
            _("%(office)s chưa phối hợp trong nhiệm vụ này. Nhờ thư ký Ban Chỉ đạo giao việc con ấy.")
            % {"office": lead.short_name}
        )
    check_due(due, at=at)
    if whole.due is not None and (due is None or due > whole.due):
        raise CannotAssign(
            _("Việc con phải xong trong hạn %(due)s của nhiệm vụ chung.") % {"due": date_text(whole.due)}
        )
    if quantity is not None and quantity > pieces_left(whole):
        raise CannotAssign(
            _("Nhiệm vụ chung chỉ còn %(n)d %(unit)s chưa giao và chưa báo. Ghi số nhỏ hơn.")
            % {"n": pieces_left(whole), "unit": whole.unit}
        )
    if not is_of_whole:
        whole.partners.create(office=lead)
    today = in_vietnam(at).date()
    part = place_task(
        by=by,
        at=at,
        lead=lead,
        partners=partners,
        task=Task(
            title=title,
            due=due,
            starts=today,
            product=product,
            group=whole.group,
            target_id=whole.target_id,
            directive_item_id=whole.directive_item_id,
            plan_item_id=whole.plan_item_id,
            parent=whole,
            tags=list(whole.tags),
            quantity=quantity,
            unit=whole.unit if quantity is not None else "",
            is_priority=whole.is_priority,
        ),
        what=_("Giao việc con"),
    )
    History.objects.record(
        whole.about, _("Chia việc con"), by=by, at=at, after=f"{part.code}, {lead.short_name}"[:400]
    )
    return part
