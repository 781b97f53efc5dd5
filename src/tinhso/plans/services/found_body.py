"""Set up a steering body, task force or core team of an office, by a decision; and end one."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, Office
from tinhso.journal.api import announce
from tinhso.plans.events.directives import BodyEnded, BodyFounded
from tinhso.plans.models import Body, History
from tinhso.plans.permissions.directives import BODIES, MayBody, may_write_for
from tinhso.plans.queries.documents import labels
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.text import tidy, visible
from tinhso.toolkit.words import date_text

_LONGEST_NAME = 200
_LONGEST_NUMBER = 80


class CannotFound(ValueError):
    """The body is not set up or not ended; the sentence says why and what to write."""


@transaction.atomic
def found_body(
    *,
    by: Actor,
    at: dt.datetime,
    kind: str,
    office: Office,
    name: str,
    decision_number: str,
    decision_date: dt.date,
    valid_from: dt.date,
) -> Body:
    """Set up a body of an office; an office has one of a kind at a time.

    Raises ``NotThere`` for whoever does not write for the office, and ``CannotFound`` where a word is missing, the
    days contradict one another, or the office has such a body.
    """
    if not may_write_for(by, office.pk):
        raise NotThere
    name, decision_number = tidy(visible(name))[:_LONGEST_NAME], tidy(visible(decision_number))
    kinds = labels("bodies")
    if kind not in kinds:
        raise CannotFound(_("Chọn ban chỉ đạo, tổ công tác hoặc đội nòng cốt."))
    if not name:
        raise CannotFound(_("Ghi tên như trong quyết định thành lập."))
    if not decision_number or len(decision_number) > _LONGEST_NUMBER:
        raise CannotFound(_("Ghi số quyết định thành lập, ví dụ 45/QĐ-SGDĐT."))
    if decision_date > at.date():
        raise CannotFound(_("Ngày ký quyết định chưa tới. Xem lại ngày."))
    if valid_from < decision_date:
        raise CannotFound(_("Không làm việc trước ngày ký quyết định. Xem lại hai ngày."))
    if Body.objects.filter(office=office, kind=kind, valid_to=None).exists():
        words = _("%(office)s đã có %(kind)s. Cho thôi hoạt động rồi mới lập mới.")
        raise CannotFound(words % {"office": office.short_name, "kind": kinds[kind]})
    body = Body.objects.create(
        kind=kind,
        office=office,
        name=name,
        decision_number=decision_number,
        decision_date=decision_date,
        valid_from=valid_from,
    )
    History.objects.record(
        body.about, _("Thành lập"), by=by, at=at, after=f"{decision_number}, {date_text(decision_date)}"
    )
    announce(BodyFounded(body.pk, kind, office.pk, valid_from), about=body.about, by=by, at=at)
    return body


@transaction.atomic
def end_body(*, by: Actor, at: dt.datetime, body: int, valid_to: dt.date, reason: str) -> Body:
    """End a body with a day; everybody who sits in it leaves with it.

    Raises ``NotThere`` for whoever does not write it and for what has ended, and ``CannotFound`` without a reason, or
    where the day stands before the body's or a member's first.
    """
    row = BODIES.one(by, MayBody.WRITE, pk=body)
    reason = tidy(visible(reason))[:1000]
    if not reason:
        raise CannotFound(_("Ghi vì sao thôi hoạt động, kèm số quyết định nếu có."))
    seats = row.members.filter(valid_to=None)
    first = max([row.valid_from, *seats.values_list("valid_from", flat=True)])
    if valid_to < first:
        words = _("Ban và thành viên làm việc từ %(day)s, không thôi trước ngày ấy.")
        raise CannotFound(words % {"day": date_text(first)})
    seats.update(valid_to=valid_to)
    row.valid_to = valid_to
    row.save(update_fields=["valid_to"])
    History.objects.record(
        row.about, _("Thôi hoạt động"), by=by, at=at, after=date_text(valid_to), reason=reason
    )
    announce(BodyEnded(row.pk, valid_to), about=row.about, by=by, at=at)
    return row
