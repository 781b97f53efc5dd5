"""Say that a document holds no longer, and what took its place."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.directives import DirectiveEnded
from tinhso.plans.models import Directive, History
from tinhso.plans.permissions.directives import DIRECTIVES, MayDirect
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.text import tidy, visible
from tinhso.toolkit.words import date_text


class CannotEnd(ValueError):
    """The document cannot end so; the sentence says why and what to write."""


@transaction.atomic
def end_directive(
    *,
    by: Actor,
    at: dt.datetime,
    directive: int,
    valid_to: dt.date,
    replaced_by: int | None = None,
    reason: str = "",
) -> Directive:
    """End a document with a day, for good: a later one replaces it, or ``reason`` says why it ends.

    Raises ``NotThere`` for others than chair and secretary and for what has ended, and ``CannotEnd`` where the day
    stands before the document's beginning, the replacement is unknown or older, or neither it nor a reason is given.
    """
    row = DIRECTIVES.one(by, MayDirect.END, pk=directive)
    reason = tidy(visible(reason))[:1000]
    if valid_to < row.valid_from:
        words = _("Văn bản có hiệu lực từ %(day)s, không hết trước ngày ấy.")
        raise CannotEnd(words % {"day": date_text(row.valid_from)})
    newer = None
    if replaced_by is not None:
        try:
            newer = DIRECTIVES.look(by, MayDirect.READ, pk=replaced_by)
        except NotThere:
            raise CannotEnd(_("Chưa thấy văn bản thay thế. Nhập văn bản ấy trước.")) from None
        if newer.pk == row.pk or newer.issued_on < row.issued_on:
            raise CannotEnd(_("Văn bản thay thế phải ký cùng ngày hoặc sau văn bản này."))
    elif not reason:
        raise CannotEnd(_("Chọn văn bản thay thế, hoặc ghi vì sao hết hiệu lực."))
    row.valid_to, row.replaced_by = valid_to, newer
    row.save(update_fields=["valid_to", "replaced_by"])
    History.objects.record(
        row.about,
        _("Hết hiệu lực"),
        by=by,
        at=at,
        after=date_text(valid_to) + (_(", thay bằng %(number)s") % {"number": newer.number} if newer else ""),
        reason=reason,
    )
    announce(DirectiveEnded(row.pk, valid_to, newer.pk if newer else None), about=row.about, by=by, at=at)
    return row
