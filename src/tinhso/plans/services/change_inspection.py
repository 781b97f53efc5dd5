"""Move a round of inspection, or write down the decision that orders it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.money import InspectionChanged
from tinhso.plans.models import History, Inspection
from tinhso.plans.permissions.money import INSPECTIONS, MayInspect
from tinhso.plans.services.start_inspection import CannotStartInspection, check_round
from tinhso.toolkit.text import tidy
from tinhso.toolkit.words import date_text


class CannotChangeInspection(ValueError):
    """The round cannot be changed like this; the sentence says what to mend."""


@transaction.atomic
def change_inspection(
    *,
    by: Actor,
    at: dt.datetime,
    inspection_id: int,
    starts: dt.date,
    ends: dt.date,
    decision_number: str,
    reason: str = "",
) -> Inspection:
    """Set the days and the decision of a round that is not concluded; other days need a reason.

    Raises ``NotThere``, ``CannotChangeInspection``.
    """
    found = INSPECTIONS.one(by, MayInspect.CHANGE, pk=inspection_id)
    number, reason = tidy(decision_number), tidy(reason)
    try:
        check_round(starts=starts, ends=ends, year=found.year, decision_number=number)
    except CannotStartInspection as refused:
        raise CannotChangeInspection(str(refused)) from None
    moved = (starts, ends) != (found.starts, found.ends)
    if moved and not reason:
        raise CannotChangeInspection(_("Đổi ngày kiểm tra thì ghi lý do."))
    if len(reason) > 1000:
        raise CannotChangeInspection(_("Lý do tối đa 1000 chữ. Viết gọn lại."))
    if not moved and number == found.decision_number:
        raise CannotChangeInspection(_("Chưa đổi gì so với đang ghi. Sửa một ô rồi lưu."))
    if found.decision_number and not number:
        raise CannotChangeInspection(_("Quyết định đã có số. Ghi số khác, không để trống."))
    before = (_days(found.starts, found.ends), found.decision_number)
    found.starts, found.ends, found.decision_number = starts, ends, number
    found.save(update_fields=["starts", "ends", "decision_number"])
    for what, old, new in (
        (_("Ngày kiểm tra"), before[0], _days(starts, ends)),
        (_("Quyết định"), before[1], number),
    ):
        if old != new:
            History.objects.record(found.about, what, by=by, at=at, before=old, after=new, reason=reason)
    announce(InspectionChanged(found.pk, starts, ends), about=found.about, by=by, at=at)
    return found


def _days(first: dt.date, last: dt.date) -> str:
    return f"{date_text(first)} – {date_text(last)}"
