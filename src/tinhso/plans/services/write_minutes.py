"""Write the minutes of a meeting."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.reviews import MinutesWritten
from tinhso.plans.models import History, Meeting
from tinhso.plans.permissions.reviews import MEETINGS, MayMeet
from tinhso.toolkit.text import visible
from tinhso.toolkit.words import number

LONGEST: Final = 40_000


class CannotWriteMinutes(ValueError):
    """The minutes are not written; the sentence says why."""


@transaction.atomic
def write_minutes(*, by: Actor, at: dt.datetime, meeting: int, text: str) -> Meeting:
    """Write the minutes anew.

    Raises ``NotThere`` for others than the secretary and once the conclusion was issued, and ``CannotWriteMinutes``.
    """
    row = MEETINGS.one(by, MayMeet.KEEP, pk=meeting)
    kept = "\n".join(visible(line).rstrip() for line in text.splitlines()).strip()
    if not kept:
        raise CannotWriteMinutes(_("Biên bản chưa có chữ nào."))
    if len(kept) > LONGEST:
        raise CannotWriteMinutes(_("Biên bản dài quá %(n)s chữ.") % {"n": number(LONGEST)})
    before = len(row.minutes)
    row.minutes = kept
    row.save(update_fields=["minutes"])
    History.objects.record(
        row.about,
        _("Ghi biên bản"),
        by=by,
        at=at,
        before=_("%(n)s chữ cái") % {"n": number(before)} if before else "",
        after=_("%(n)s chữ cái") % {"n": number(len(kept))},
    )
    announce(MinutesWritten(row.pk), about=row.about, by=by, at=at)
    return row
