"""Seat an officer in a body, with a duty, hours and skills, by a decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.directives import MemberSeated
from tinhso.plans.models import Body, History, Member
from tinhso.plans.permissions.directives import BODIES, MayBody
from tinhso.plans.queries.bodies import duty_label, officers_for
from tinhso.plans.queries.documents import labels
from tinhso.toolkit.text import tidy, visible
from tinhso.toolkit.words import date_text

#: A working week, in hours.
MOST_HOURS: Final = Decimal(40)
_LONGEST_NUMBER = 80
_LONGEST_TITLE = 150


class CannotSeat(ValueError):
    """The officer is not seated; the sentence says why and what to do first."""


@transaction.atomic
def seat_member(
    *,
    by: Actor,
    at: dt.datetime,
    body: int,
    post: int,
    duty: str,
    valid_from: dt.date,
    hours_per_week: Decimal | None = None,
    skills: Sequence[str] = (),
    decision_number: str = "",
) -> Member:
    """Seat the holder of a post of the body's office, or of an office right under it.

    ``hours_per_week``: working hours promised, None: not said. Raises ``NotThere`` for whoever does not write the body,
    and ``CannotSeat`` where the officer is not of the office, sits there already, the head's seat is taken, or a value
    is out of bounds.
    """
    row = BODIES.one(by, MayBody.WRITE, pk=body)
    found = officers_for(row, at.date()).filter(pk=post).first()
    if found is None:
        raise CannotSeat(_("Chọn một người trong danh sách tìm được."))
    if duty not in labels("duties"):
        raise CannotSeat(_("Chọn chức danh trong ban."))
    if hours_per_week is not None and not 0 < hours_per_week <= MOST_HOURS:
        raise CannotSeat(_("Số giờ mỗi tuần từ trên 0 đến 40."))
    if unknown := set(skills) - set(labels("skills")):
        raise CannotSeat(_("Chọn kỹ năng trong danh sách, bỏ “%(key)s”.") % {"key": min(unknown)})
    if valid_from < row.valid_from:
        words = _("Làm việc từ %(day)s, không nhận thành viên trước ngày ấy.")
        raise CannotSeat(words % {"day": date_text(row.valid_from)})
    decision_number = tidy(visible(decision_number))[:_LONGEST_NUMBER]
    _check_free(row, found.person_id, found.person.name, duty)
    title = f"{found.title}, {found.office.short_name}"[:_LONGEST_TITLE]
    member = row.members.create(
        person_id=found.person_id,
        post_title=title,
        duty=duty,
        hours_per_week=hours_per_week,
        skills=[key for key in labels("skills") if key in skills],
        decision_number=decision_number,
        valid_from=valid_from,
    )
    History.objects.record(
        row.about,
        _("Thêm thành viên"),
        by=by,
        at=at,
        after=f"{found.person.name}, {duty_label(row.kind, duty)}",
        reason=decision_number,
    )
    announce(MemberSeated(row.pk, member.pk, duty), about=row.about, by=by, at=at)
    return member


def _check_free(body: Body, person_id: int, name: str, duty: str) -> None:
    seats = body.members.filter(valid_to=None)
    if seats.filter(person_id=person_id).exists():
        raise CannotSeat(_("%(name)s đang là thành viên. Cho thôi rồi mới đổi chức danh.") % {"name": name})
    head = seats.filter(duty="head").select_related("person").first()
    if duty == "head" and head is not None:
        words = _("%(title)s đang là %(name)s. Cho thôi rồi mới thay người.")
        raise CannotSeat(words % {"title": duty_label(body.kind, "head"), "name": head.person.name})
