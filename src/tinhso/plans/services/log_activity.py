"""Write down what a body did on a day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.directives import ActivityLogged
from tinhso.plans.models import BodyActivity, History, Member
from tinhso.plans.permissions.directives import BODIES, MayBody
from tinhso.toolkit.text import tidy, visible
from tinhso.toolkit.words import date_text

_LONGEST = 600
#: Hours of everybody together, in one line of the log.
MOST_HOURS: Final = Decimal(999)


class CannotLog(ValueError):
    """The line is not kept; the sentence says why."""


@transaction.atomic
def log_activity(
    *,
    by: Actor,
    at: dt.datetime,
    body: int,
    on: dt.date,
    text: str,
    hours: Decimal | None = None,
    member: int | None = None,
) -> BodyActivity:
    """Add a line to the log: the day, what was done, how many working hours it took, by whom (None: by the body).

    Raises ``NotThere`` for whoever does not write the body, and ``CannotLog`` where words are missing, the day is to
    come or before the body's first, the hours are out of bounds, or the person did not sit there on that day.
    """
    row = BODIES.one(by, MayBody.WRITE, pk=body)
    text = tidy(visible(text))
    if not text or len(text) > _LONGEST:
        raise CannotLog(_("Ghi đã làm gì, tối đa %(n)d chữ.") % {"n": _LONGEST})
    if on > at.date():
        raise CannotLog(_("Ngày ấy chưa tới. Ghi việc đã làm."))
    if on < row.valid_from:
        words = _("Làm việc từ %(day)s. Ghi việc từ ngày ấy.")
        raise CannotLog(words % {"day": date_text(row.valid_from)})
    if hours is not None and not 0 < hours <= MOST_HOURS:
        raise CannotLog(_("Số giờ từ trên 0 đến 999."))
    seat: Member | None = None
    if member is not None:
        seat = row.members.filter(pk=member, valid_from__lte=on).exclude(valid_to__lt=on).first()
        if seat is None:
            raise CannotLog(_("Người này không là thành viên vào ngày ấy. Chọn người khác."))
    line = row.activities.create(on=on, text=text, hours=hours, member=seat, by_id=by.account_id, at=at)
    History.objects.record(row.about, _("Ghi nhật ký"), by=by, at=at, after=f"{date_text(on)}: {text}"[:400])
    announce(ActivityLogged(row.pk, line.pk, on), about=row.about, by=by, at=at)
    return line
