"""Lay a review before the chair: from now on no figure moves."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.reviews import ReviewSubmitted
from tinhso.plans.lifecycle import ReviewVerb
from tinhso.plans.models import History, Review
from tinhso.plans.permissions import CHAIR
from tinhso.plans.permissions.reviews import REVIEWS, MayReview
from tinhso.plans.queries.reviews import figures_hash
from tinhso.plans.services.tell_committee import tell_role


class CannotSubmit(ValueError):
    """The review cannot be submitted; the sentence says what to do first."""


@transaction.atomic
def submit_review(*, by: Actor, at: dt.datetime, code: str) -> Review:
    """Submit the draft, and tell the chair.

    Raises ``NotThere`` for others than the secretary, and ``CannotSubmit`` where the figures are not those that were
    locked.
    """
    review = REVIEWS.one(by, MayReview.SUBMIT, code=code)
    if figures_hash(review.figures.order_by("ordinal")) != review.figures_hash:
        raise CannotSubmit(_("Số không khớp dãy khóa. Khóa lại số rồi trình."))
    review.take(ReviewVerb.SUBMIT)
    review.submitted_at = at
    review.save()
    History.objects.record(
        review.about, _("Trình Trưởng ban bản thảo %(n)d") % {"n": review.draft_number}, by=by, at=at
    )
    announce(ReviewSubmitted(review.code, review.figures_hash), about=review.about, by=by, at=at)
    tell_role(
        CHAIR,
        title=_("Có báo cáo sơ kết chờ duyệt"),
        body=_("%(title)s, bản thảo %(n)d.") % {"title": review.title, "n": review.draft_number},
        link=page_of_review(review),
        by=by,
        at=at,
    )
    return review


def page_of_review(review: Review) -> str:
    """Return the path of a review's page."""
    return f"/ban-chi-dao/so-ket/{review.code}/"
