"""Return a review to its writer: it is a draft again."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.reviews import ReviewReturned
from tinhso.plans.lifecycle import ReviewVerb
from tinhso.plans.models import History, Review
from tinhso.plans.permissions.reviews import REVIEWS, MayReview
from tinhso.plans.services.submit_review import page_of_review
from tinhso.plans.services.tell_committee import tell_account
from tinhso.toolkit.text import tidy, visible

LONGEST_REASON: Final = 1000


class CannotReturn(ValueError):
    """The review cannot be returned like this; the sentence says what is missing."""


@transaction.atomic
def return_review(*, by: Actor, at: dt.datetime, code: str, reason: str) -> Review:
    """Return the review with the reason, and tell its writer.

    Raises ``NotThere`` for others than the chair, for one's own draft and for what was not submitted, and
    ``CannotReturn``.
    """
    review = REVIEWS.one(by, MayReview.RETURN, code=code)
    reason = tidy(visible(reason))
    if not reason:
        raise CannotReturn(_("Ghi vì sao trả lại, để người soạn sửa được."))
    if len(reason) > LONGEST_REASON:
        raise CannotReturn(_("Dài quá %(n)d chữ. Viết gọn lại.") % {"n": LONGEST_REASON})
    review.take(ReviewVerb.RETURN)
    review.submitted_at = None
    review.save()
    History.objects.record(review.about, _("Trả lại để sửa"), by=by, at=at, reason=reason)
    announce(ReviewReturned(review.code), about=review.about, by=by, at=at)
    tell_account(
        review.drafted_by_id,
        title=_("Báo cáo sơ kết được trả lại"),
        body=_("%(title)s: xem lý do ở phần Người viết.") % {"title": review.title},
        link=page_of_review(review),
        by=by,
        at=at,
    )
    return review
