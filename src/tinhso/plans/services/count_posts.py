"""Count the posts for digital transformation that an office has, as of a day."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, Office
from tinhso.journal.api import announce
from tinhso.plans.events.directives import PostsCounted
from tinhso.plans.models import Establishment, History
from tinhso.plans.permissions.directives import may_write_for
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.text import tidy, visible

MOST_POSTS: Final = 9_999
_LONGEST_SOURCE = 200


class CannotCount(ValueError):
    """The count is not kept; the sentence says why."""


@transaction.atomic
def count_posts(
    *, by: Actor, at: dt.datetime, office: Office, on: dt.date, planned: int, filled: int, source: str
) -> Establishment:
    """Keep how many posts are planned and filled; a second count of the same day takes the place of the first.

    Raises ``NotThere`` for whoever does not write for the office, and ``CannotCount`` where more posts are filled than
    planned, the day is to come, or no document is named.
    """
    if not may_write_for(by, office.pk):
        raise NotThere
    source = tidy(visible(source))[:_LONGEST_SOURCE]
    if not 0 <= planned <= MOST_POSTS or filled < 0:
        raise CannotCount(_("Số biên chế từ 0 đến 9.999."))
    if filled > planned:
        words = _("Có mặt %(filled)d mà biên chế chỉ %(planned)d. Xem lại hai số.")
        raise CannotCount(words % {"filled": filled, "planned": planned})
    if on > at.date():
        raise CannotCount(_("Ngày ấy chưa tới. Ghi số đến hôm nay."))
    if not source:
        raise CannotCount(_("Ghi số lấy từ văn bản nào, ví dụ 35/QĐ-SNV."))
    before = Establishment.objects.filter(office=office, on=on).first()
    row, _made = Establishment.objects.update_or_create(
        office=office,
        on=on,
        defaults={
            "planned": planned,
            "filled": filled,
            "source": source,
            "by_id": by.account_id,
            "at": at,
        },
    )
    about = f"posts:{office.pk}"
    History.objects.record(
        about,
        _("Đếm biên chế chuyển đổi số"),
        by=by,
        at=at,
        before=_words(before) if before else "",
        after=_words(row),
        reason=source,
    )
    announce(PostsCounted(office.pk, on, planned, filled), about=about, by=by, at=at)
    return row


def _words(row: Establishment) -> str:
    return _("%(filled)d trên %(planned)d biên chế") % {"filled": row.filled, "planned": row.planned}
