"""Write the opening words of a conclusion."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.reviews import ConclusionOpened
from tinhso.plans.models import Conclusion, History
from tinhso.plans.permissions.reviews import CONCLUSIONS, MayConclude
from tinhso.toolkit.text import tidy, visible

LONGEST: Final = 4000


class CannotOpen(ValueError):
    """The opening words are not written; the sentence says why."""


@transaction.atomic
def write_opening(*, by: Actor, at: dt.datetime, conclusion: int, text: str) -> Conclusion:
    """Write the opening words.

    Raises ``NotThere`` for others than chair and secretary and once it was issued, and ``CannotOpen``.
    """
    row = CONCLUSIONS.one(by, MayConclude.WRITE, pk=conclusion)
    kept = tidy(visible(text))
    if not kept:
        raise CannotOpen(_("Viết lời mở đầu: họp ngày nào, ai chủ trì."))
    if len(kept) > LONGEST:
        raise CannotOpen(_("Dài quá %(n)d chữ. Viết gọn lại.") % {"n": LONGEST})
    before, row.opening = row.opening, kept
    row.save(update_fields=["opening"])
    History.objects.record(
        row.meeting.about,
        _("Sửa lời mở đầu kết luận"),
        by=by,
        at=at,
        before=before[:400],
        after=kept[:400],
    )
    announce(ConclusionOpened(row.pk), about=row.meeting.about, by=by, at=at)
    return row
