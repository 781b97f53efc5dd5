"""Add a line of words to a draft."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.reviews import ReviewLineWritten
from tinhso.plans.models import History, ReviewLine
from tinhso.plans.permissions.reviews import REVIEWS, MayReview
from tinhso.plans.rules.drafting import LATE, SECTIONS
from tinhso.plans.services.edit_review_line import CannotWriteLine, Words, checked_words, section_words
from tinhso.toolkit.working_time import in_vietnam


@transaction.atomic
def add_review_line(*, by: Actor, at: dt.datetime, code: str, section: str, words: Words) -> ReviewLine:
    """Add the line at the end of its section; late tasks come from the tasks alone.

    Raises ``NotThere`` for others than the secretary and once the review was submitted, and ``CannotWriteLine``.
    """
    review = REVIEWS.one(by, MayReview.EDIT, code=code)
    if section not in SECTIONS or section == LATE:
        raise CannotWriteLine(_("Chọn một mục của báo cáo."), "section")
    checked = checked_words(words, section, today=in_vietnam(at).date())
    last = review.lines.filter(section=section).aggregate(n=Max("ordinal"))["n"] or 0
    row = ReviewLine.objects.create(
        review=review,
        section=section,
        ordinal=last + 1,
        text=checked.text,
        cause=checked.cause,
        lead_id=checked.lead,
        due=checked.due,
        product=checked.product,
        is_automatic=False,
    )
    History.objects.record(
        review.about,
        _("Viết thêm mục %(section)s") % {"section": section_words(section)},
        by=by,
        at=at,
        after=checked.text[:400],
    )
    announce(ReviewLineWritten(code, row.pk, section, "added"), about=review.about, by=by, at=at)
    return row
