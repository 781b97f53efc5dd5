"""Take a line out of a conclusion that is not issued."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.reviews import ConclusionLineWritten
from tinhso.plans.models import Conclusion, History
from tinhso.plans.permissions.reviews import CONCLUSION_LINES, MayConclude


@transaction.atomic
def remove_conclusion_line(*, by: Actor, at: dt.datetime, conclusion: int, line: int) -> Conclusion:
    """Take the line out. Raises ``NotThere`` for others than chair and secretary, and once it was issued."""
    row = CONCLUSION_LINES.one(by, MayConclude.WRITE, pk=line, conclusion=conclusion)
    whole, text, pk = row.conclusion, row.text, row.pk
    row.delete()
    History.objects.record(whole.meeting.about, _("Bỏ việc khỏi kết luận"), by=by, at=at, before=text[:400])
    announce(ConclusionLineWritten(whole.pk, pk, "removed"), about=whole.meeting.about, by=by, at=at)
    return whole
