"""Change the words of a line of a draft; its figures stay as they were locked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, Office
from tinhso.journal.api import announce
from tinhso.plans.events.reviews import ReviewLineWritten
from tinhso.plans.models import History, ReviewLine
from tinhso.plans.permissions.reviews import REVIEW_LINES, MayReview
from tinhso.plans.rules.drafting import LATE, NEXT
from tinhso.toolkit.text import tidy, visible
from tinhso.toolkit.working_time import in_vietnam

LONGEST: Final = {"text": 1500, "cause": 1000, "product": 500}
#: A history keeps so much of what was written before.
_KEPT: Final = 400


class CannotWriteLine(ValueError):
    """The line is not written; the sentence says why, ``field`` names the box."""

    def __init__(self, sentence: str, field: str = "text") -> None:
        """Keep the box beside the sentence."""
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class Words:
    """What a line says. ``lead``, ``due``, ``product``: for what is to be done next."""

    text: str
    cause: str = ""
    lead: int | None = None
    due: dt.date | None = None
    product: str = ""


@transaction.atomic
def edit_review_line(*, by: Actor, at: dt.datetime, code: str, line: int, words: Words) -> ReviewLine:
    """Write the line; of a late task only the cause, for task and day were locked with the figures.

    Raises ``NotThere`` for others than the secretary and once the review was submitted, and ``CannotWriteLine``.
    """
    row = REVIEW_LINES.one(by, MayReview.EDIT, pk=line, review__code=code)
    before = row.text if row.section != LATE else row.cause
    checked = checked_words(words, row.section, today=in_vietnam(at).date())
    if row.section != LATE:
        row.text = checked.text
        row.lead_id, row.due, row.product = checked.lead, checked.due, checked.product
    row.cause = checked.cause
    row.is_automatic = False
    row.save()
    History.objects.record(
        row.review.about,
        _("Sửa mục %(section)s") % {"section": section_words(row.section)},
        by=by,
        at=at,
        before=before[:_KEPT],
        after=(row.text if row.section != LATE else row.cause)[:_KEPT],
    )
    announce(ReviewLineWritten(code, row.pk, row.section, "changed"), about=row.review.about, by=by, at=at)
    return row


def checked_words(words: Words, section: str, *, today: dt.date) -> Words:
    """Return the words tidy, and who leads only where something is to be done. Raises ``CannotWriteLine``."""
    kept = {name: tidy(visible(getattr(words, name))) for name in LONGEST}
    for name, longest in LONGEST.items():
        if len(kept[name]) > longest:
            raise CannotWriteLine(_("Dài quá %(n)d chữ. Viết gọn lại.") % {"n": longest}, name)
    if not kept["text"] and section != LATE:
        raise CannotWriteLine(_("Viết một câu, hoặc bỏ dòng này."))
    if section != NEXT:
        return Words(kept["text"], kept["cause"])
    if words.lead is not None and not Office.objects.on(today).filter(pk=words.lead).exists():
        raise CannotWriteLine(_("Chọn một cơ quan đang hoạt động."), "lead")
    if words.due is not None and words.due < today:
        raise CannotWriteLine(_("Hạn đã qua. Chọn một ngày từ hôm nay."), "due")
    return Words(kept["text"], kept["cause"], words.lead, words.due, kept["product"])


def section_words(section: str) -> str:
    """Return what people call a section."""
    return {
        "late": _("nhiệm vụ trễ"),
        "limits": _("hạn chế"),
        "next": _("việc phải làm tiếp"),
        "recommendations": _("kiến nghị"),
        "praise": _("khen thưởng"),
    }[section]
