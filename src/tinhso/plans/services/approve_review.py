"""Approve a review under a number: it is the report of the committee, and stays as it is."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.reviews import ReviewApproved
from tinhso.plans.lifecycle import ReviewVerb
from tinhso.plans.models import History, Review
from tinhso.plans.permissions.reviews import REVIEWS, MayReview
from tinhso.plans.services.submit_review import page_of_review
from tinhso.plans.services.tell_committee import tell_account
from tinhso.toolkit.text import tidy, visible

LONGEST_NUMBER: Final = 80


class CannotApprove(ValueError):
    """The review cannot be approved like this; the sentence says what is missing."""


@transaction.atomic
def approve_review(*, by: Actor, at: dt.datetime, code: str, number: str) -> Review:
    """Approve what somebody else drafted and submitted, and tell the writer.

    Raises ``NotThere`` for others than the chair, for one's own draft and for what was not submitted, and
    ``CannotApprove``.
    """
    review = REVIEWS.one(by, MayReview.APPROVE, code=code)
    number = tidy(visible(number))
    if not number:
        raise CannotApprove(_("Ghi số báo cáo, ví dụ 15/BC-BCĐ."))
    if len(number) > LONGEST_NUMBER:
        raise CannotApprove(_("Số báo cáo dài quá %(n)d chữ. Xem lại số.") % {"n": LONGEST_NUMBER})
    if Review.objects.filter(number=number, approved_at__year=at.year).exists():
        raise CannotApprove(_("Số này đã dùng cho một báo cáo trong năm. Lấy số khác ở văn thư."))
    review.take(ReviewVerb.APPROVE)
    review.number, review.approved_by_id, review.approved_at = number, by.account_id, at
    review.save()
    History.objects.record(review.about, _("Duyệt báo cáo"), by=by, at=at, after=number)
    announce(ReviewApproved(review.code, number, review.figures_hash), about=review.about, by=by, at=at)
    tell_account(
        review.drafted_by_id,
        title=_("Báo cáo sơ kết đã được duyệt"),
        body=_("%(title)s, số %(number)s.") % {"title": review.title, "number": number},
        link=page_of_review(review),
        by=by,
        at=at,
    )
    return review
