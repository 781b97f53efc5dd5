"""Enter a round of inspection: in the year's plan, or on top of it."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, Office
from tinhso.journal.api import announce
from tinhso.plans.events.money import InspectionEntered
from tinhso.plans.models import History, Inspection
from tinhso.plans.permissions.money import INSPECTING
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.text import tidy
from tinhso.toolkit.words import date_text

LONGEST_NAME: Final = 250


class CannotStartInspection(ValueError):
    """The round cannot be entered like this; the sentence says what to mend."""


@transaction.atomic
def start_inspection(
    *,
    by: Actor,
    at: dt.datetime,
    name: str,
    year: int,
    lead: Office,
    office: Office,
    starts: dt.date,
    ends: dt.date,
    is_planned: bool = True,
    decision_number: str = "",
) -> Inspection:
    """Enter a round: who inspects (``lead``) whom (``office``), from a day to a day; the decision may come later.

    Raises ``NotThere`` for others than inspectors and the committee's secretary, and ``CannotStartInspection``.
    """
    if not by.holds(*INSPECTING):
        raise NotThere
    name, number = tidy(name), tidy(decision_number)
    if not name or len(name) > LONGEST_NAME:
        raise CannotStartInspection(_("Ghi tên cuộc kiểm tra, tối đa %(n)d chữ.") % {"n": LONGEST_NAME})
    if lead.pk == office.pk:
        raise CannotStartInspection(_("Cơ quan không tự kiểm tra mình. Chọn cơ quan kiểm tra khác."))
    check_round(starts=starts, ends=ends, year=year, decision_number=number)
    if not is_planned and not number:
        raise CannotStartInspection(_("Kiểm tra đột xuất phải có quyết định. Ghi số quyết định."))
    found = Inspection.objects.create(
        name=name,
        year=year,
        is_planned=is_planned,
        lead=lead,
        office=office,
        starts=starts,
        ends=ends,
        decision_number=number,
        created_by_id=by.account_id,
        created_at=at,
    )
    what = _("Đưa vào kế hoạch kiểm tra") if is_planned else _("Kiểm tra đột xuất")
    days = {"a": date_text(starts), "b": date_text(ends)}
    History.objects.record(found.about, what, by=by, at=at, after=_("%(a)s – %(b)s") % days)
    announce(
        InspectionEntered(found.pk, lead.pk, office.pk, starts, ends, is_planned),
        about=found.about,
        by=by,
        at=at,
    )
    return found


def check_round(*, starts: dt.date, ends: dt.date, year: int, decision_number: str) -> None:
    """See that a round can be held on these days. Raises ``CannotStartInspection``."""
    if ends < starts:
        raise CannotStartInspection(_("Ngày kết thúc đứng trước ngày bắt đầu. Đổi lại hai ngày."))
    if starts.year != year:
        raise CannotStartInspection(
            _("Cuộc kiểm tra của năm %(year)d phải bắt đầu trong năm ấy. Xem lại ngày.") % {"year": year}
        )
    if len(decision_number) > 80:
        raise CannotStartInspection(_("Số quyết định tối đa 80 chữ."))
