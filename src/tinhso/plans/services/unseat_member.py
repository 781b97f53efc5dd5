"""End a person's seat in a body."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.directives import MemberUnseated
from tinhso.plans.models import Body, History, Member
from tinhso.plans.permissions.directives import MEMBERS, MayBody
from tinhso.plans.queries.bodies import duty_label
from tinhso.toolkit.text import tidy, visible
from tinhso.toolkit.words import date_text


class CannotUnseat(ValueError):
    """The seat does not end so; the sentence says why."""


@transaction.atomic
def unseat_member(*, by: Actor, at: dt.datetime, member: int, valid_to: dt.date, reason: str) -> Member:
    """End a seat with a day; what the person did stays in the log.

    Raises ``NotThere`` for whoever does not write the body and for a seat that has ended, and ``CannotUnseat`` without a
    reason or where the day stands before the seat's first.
    """
    row = MEMBERS.one(by, MayBody.WRITE, pk=member)
    reason = tidy(visible(reason))[:1000]
    if not reason:
        raise CannotUnseat(_("Ghi vì sao thôi, ví dụ “Chuyển công tác, theo 12/QĐ-UBND”."))
    if valid_to < row.valid_from:
        words = _("Người này vào từ %(day)s, không thôi trước ngày ấy.")
        raise CannotUnseat(words % {"day": date_text(row.valid_from)})
    row.valid_to = valid_to
    row.save(update_fields=["valid_to"])
    body = Body.objects.get(pk=row.body_id)
    History.objects.record(
        body.about,
        _("Cho thôi thành viên"),
        by=by,
        at=at,
        before=f"{row.person.name}, {duty_label(body.kind, row.duty)}",
        after=_("đến hết %(day)s") % {"day": date_text(valid_to)},
        reason=reason,
    )
    announce(MemberUnseated(body.pk, row.pk, valid_to), about=body.about, by=by, at=at)
    return row
