"""Accept an opinion, or reject it with a reason."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.plans import OpinionAnswered
from tinhso.plans.models import History, Opinion
from tinhso.plans.permissions.plans import OPINIONS, MayOpine

ACCEPTED: Final = "accepted"
REJECTED: Final = "rejected"
LONGEST_ANSWER: Final = 1000


class CannotAnswerOpinion(ValueError):
    """The opinion cannot be answered like this; the sentence says what to write."""


@transaction.atomic
def answer_opinion(*, by: Actor, at: dt.datetime, pk: int, accepts: bool, text: str = "") -> Opinion:
    """Accept or reject, as those who write the plan; an answer may be given anew while the annex is open.

    Raises ``NotThere``, and ``CannotAnswerOpinion`` for a rejection without a reason.
    """
    opinion = OPINIONS.one(by, MayOpine.ANSWER, pk=pk)
    text = text.strip()
    if not accepts and not text:
        raise CannotAnswerOpinion(_("Ghi lý do không tiếp thu, để nơi góp ý biết."))
    if len(text) > LONGEST_ANSWER:
        raise CannotAnswerOpinion(_("Ghi gọn lại, tối đa %(n)d chữ.") % {"n": LONGEST_ANSWER})
    answer = ACCEPTED if accepts else REJECTED
    if (opinion.answer, opinion.answer_text) == (answer, text):
        return opinion
    before = opinion.answer
    opinion.answer, opinion.answer_text = answer, text
    opinion.answered_by_id, opinion.answered_at = by.account_id, at
    opinion.save(update_fields=["answer", "answer_text", "answered_by", "answered_at"])
    plan = opinion.request.plan
    words = {ACCEPTED: _("Tiếp thu"), REJECTED: _("Không tiếp thu"), "": ""}
    History.objects.record(
        plan.about,
        _("Trả lời góp ý"),
        by=by,
        at=at,
        before=words[before],
        after=_("%(answer)s ý kiến của %(office)s")
        % {"answer": words[answer], "office": opinion.request.office.short_name},
        reason=text,
    )
    announce(OpinionAnswered(plan.pk, opinion.pk, answer), about=plan.about, by=by, at=at)
    return opinion
