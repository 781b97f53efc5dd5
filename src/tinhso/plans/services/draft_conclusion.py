"""Begin the conclusion notice of a meeting with what the review says is to be done next."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.reviews import ConclusionDrafted
from tinhso.plans.models import Conclusion, ConclusionLine, History, Meeting
from tinhso.plans.permissions.reviews import CONCLUDERS, MEETINGS, MayMeet
from tinhso.plans.rules.drafting import NEXT
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.words import date_text
from tinhso.toolkit.working_time import in_vietnam

#: As long as a line's column.
_LONGEST = 1000


class CannotDraftConclusion(ValueError):
    """There is a conclusion already; the sentence says where."""


@transaction.atomic
def draft_conclusion(*, by: Actor, at: dt.datetime, meeting: int) -> Conclusion:
    """Draft the opening words and a line for each next task of the review; tasks that are assigned already are left out.

    Raises ``NotThere`` for others than chair and secretary, and ``CannotDraftConclusion``.
    """
    if not by.holds(*CONCLUDERS):
        raise NotThere
    row = MEETINGS.one(by, MayMeet.READ, pk=meeting)
    if Conclusion.objects.filter(meeting=row).exists():
        raise CannotDraftConclusion(_("Hội nghị này đã có kết luận. Mở kết luận để viết tiếp."))
    conclusion = Conclusion.objects.create(meeting=row, opening=_opening(row))
    ahead = row.review.lines.filter(section=NEXT).order_by("ordinal") if row.review else ()
    lines = [one for one in ahead if not one.about.startswith("task:")]
    ConclusionLine.objects.bulk_create(
        ConclusionLine(
            conclusion=conclusion,
            ordinal=place,
            text=one.text[:_LONGEST],
            lead_id=one.lead_id,
            due=one.due,
            product=one.product,
        )
        for place, one in enumerate(lines, 1)
    )
    History.objects.record(
        row.about, _("Soạn kết luận"), by=by, at=at, after=_("%(n)d việc từ báo cáo") % {"n": len(lines)}
    )
    announce(ConclusionDrafted(conclusion.pk, row.pk, len(lines)), about=row.about, by=by, at=at)
    return conclusion


def _opening(meeting: Meeting) -> str:
    starts = in_vietnam(meeting.starts_at)
    who = meeting.chair.title if meeting.chair else _("Trưởng ban")
    came = meeting.attendance.filter(came=True).count()
    present = _(" Dự họp có đại diện %(n)d cơ quan.") % {"n": came} if came else ""
    heard = _("báo cáo sơ kết và ") if meeting.review_id else ""
    return _(
        "Ngày %(day)s, tại %(place)s, %(who)s Ban Chỉ đạo chuyển đổi số tỉnh chủ trì %(title)s.%(present)s"
        " Sau khi nghe %(heard)sý kiến của các cơ quan, %(who)s kết luận như sau:"
    ) % {
        "day": date_text(starts.date()),
        "place": meeting.place,
        "who": who,
        "title": meeting.title,
        "present": present,
        "heard": heard,
    }
