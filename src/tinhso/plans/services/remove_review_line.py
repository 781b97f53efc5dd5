"""Take a line of words out of a draft."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.reviews import ReviewLineWritten
from tinhso.plans.models import History
from tinhso.plans.permissions.reviews import REVIEW_LINES, MayReview
from tinhso.plans.rules.drafting import LATE
from tinhso.plans.services.edit_review_line import CannotWriteLine, section_words


@transaction.atomic
def remove_review_line(*, by: Actor, at: dt.datetime, code: str, line: int) -> None:
    """Take the line out; what the machine wrote comes back when figures are locked anew. A late task is never left out.

    Raises ``NotThere`` for others than the secretary and once the review was submitted, and ``CannotWriteLine``.
    """
    row = REVIEW_LINES.one(by, MayReview.EDIT, pk=line, review__code=code)
    if row.section == LATE:
        raise CannotWriteLine(_("Nhiệm vụ trễ không bỏ ra được. Ghi nguyên nhân để người đọc hiểu."))
    review, section, text, pk = row.review, row.section, row.text, row.pk
    row.delete()
    History.objects.record(
        review.about,
        _("Bỏ một dòng mục %(section)s") % {"section": section_words(section)},
        by=by,
        at=at,
        before=text[:400],
    )
    announce(ReviewLineWritten(code, pk, section, "removed"), about=review.about, by=by, at=at)
