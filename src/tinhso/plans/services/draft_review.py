"""Draft the review of a period in one act: figures locked with their sources, and the words that follow from them."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.reviews import ReviewDrafted
from tinhso.plans.models import History, Review
from tinhso.plans.permissions.reviews import DRAFTERS
from tinhso.plans.rules.reviews import usual_title
from tinhso.plans.services.lock_figures import freeze
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.text import tidy
from tinhso.toolkit.working_time import in_vietnam

LONGEST_TITLE: Final = 250
#: The province's figures begin here.
FIRST_YEAR: Final = 2021
#: No review looks back over more days.
MOST_DAYS: Final = 3 * 366
#: The lock of those who give out codes of reviews.
_LOCK: Final = 0x7C


class CannotDraft(ValueError):
    """The period cannot be reviewed like this; the sentence says what to mend."""


@transaction.atomic
def draft_review(*, by: Actor, at: dt.datetime, first: dt.date, last: dt.date, title: str = "") -> Review:
    """Lock every figure of the period and write the draft; ``title`` blank: what such a review is called.

    Raises ``NotThere`` for others than the secretary, and ``CannotDraft``.
    """
    if not by.holds(*DRAFTERS) or by.account_id is None:
        raise NotThere
    _check(first, last, today=in_vietnam(at).date())
    title = tidy(title) or usual_title(first, last)
    if len(title) > LONGEST_TITLE:
        raise CannotDraft(_("Tên dài quá %(n)d chữ. Viết gọn lại.") % {"n": LONGEST_TITLE})
    review = Review.objects.create(
        code=_code(first, last),
        title=title,
        first=first,
        last=last,
        frozen_at=at,
        figures_hash="",
        drafted_by_id=by.account_id,
        drafted_at=at,
    )
    figures = freeze(review, at=at)
    History.objects.record(
        review.about,
        _("Máy soạn bản thảo 1 từ số và nhiệm vụ"),
        by=by,
        at=at,
        after=_("%(n)d con số") % {"n": len(figures)},
    )
    announce(
        ReviewDrafted(review.code, first, last, review.figures_hash, len(figures)),
        about=review.about,
        by=by,
        at=at,
    )
    return review


def _check(first: dt.date, last: dt.date, *, today: dt.date) -> None:
    if first > last:
        raise CannotDraft(_("Ngày cuối đứng trước ngày đầu. Đổi lại hai ngày."))
    if last > today:
        raise CannotDraft(_("Ngày cuối chưa tới. Chọn hôm nay hoặc một ngày đã qua."))
    if first.year < FIRST_YEAR:
        raise CannotDraft(_("Số liệu có từ năm %(year)d. Chọn kỳ từ năm ấy.") % {"year": FIRST_YEAR})
    if (last - first).days >= MOST_DAYS:
        raise CannotDraft(_("Kỳ dài quá ba năm. Chọn kỳ ngắn hơn."))


def _code(first: dt.date, last: dt.date) -> str:
    """Return the next free code of a period. One at a time: two who draft at once get two codes."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, 0)", [_LOCK])
    stem = f"sk-{first:%y%m%d}-{last:%y%m%d}-"
    codes = Review.objects.filter(code__startswith=stem).values_list("code", flat=True)
    return f"{stem}{max((int(code.removeprefix(stem)) for code in codes), default=0) + 1}"
