"""Write a line of a conclusion: what, who leads, who co-ordinates, by when; in the meeting it takes one press."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, Office
from tinhso.journal.api import announce
from tinhso.plans.events.reviews import ConclusionLineWritten
from tinhso.plans.models import Conclusion, ConclusionLine, History
from tinhso.plans.permissions.reviews import CONCLUSION_LINES, CONCLUSIONS, MayConclude
from tinhso.toolkit.text import tidy, visible
from tinhso.toolkit.working_time import in_vietnam

LONGEST: Final = {"text": 1000, "product": 500}
MOST_LINES: Final = 100


class CannotSaveLine(ValueError):
    """The line is not written; the sentence says why, ``field`` names the box."""

    def __init__(self, sentence: str, field: str = "text") -> None:
        """Keep the box beside the sentence."""
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a line says. ``lead`` None: it stays words and becomes no task."""

    text: str
    lead: int | None = None
    partners: tuple[int, ...] = ()
    due: dt.date | None = None
    product: str = ""


@transaction.atomic
def save_conclusion_line(
    *, by: Actor, at: dt.datetime, conclusion: int, said: Assignment, line: int | None = None
) -> ConclusionLine:
    """Add the line at the end, or write one anew.

    Raises ``NotThere`` for others than chair and secretary and once it was issued, and ``CannotSaveLine``.
    """
    whole = CONCLUSIONS.one(by, MayConclude.WRITE, pk=conclusion)
    row = (
        _new(whole)
        if line is None
        else CONCLUSION_LINES.one(by, MayConclude.WRITE, pk=line, conclusion=whole)
    )
    before = row.text
    _write(row, said, today=in_vietnam(at).date())
    row.save()
    History.objects.record(
        whole.meeting.about,
        _("Thêm việc vào kết luận") if line is None else _("Sửa việc trong kết luận"),
        by=by,
        at=at,
        before=before[:400],
        after=row.text[:400],
    )
    announce(
        ConclusionLineWritten(whole.pk, row.pk, "added" if line is None else "changed"),
        about=whole.meeting.about,
        by=by,
        at=at,
    )
    return row


def _new(whole: Conclusion) -> ConclusionLine:
    last = whole.lines.aggregate(n=Max("ordinal"))["n"] or 0
    if whole.lines.count() >= MOST_LINES:
        raise CannotSaveLine(_("Kết luận nhiều nhất %(n)d việc.") % {"n": MOST_LINES})
    return ConclusionLine(conclusion=whole, ordinal=last + 1)


def _write(row: ConclusionLine, said: Assignment, *, today: dt.date) -> None:
    kept = {"text": tidy(visible(said.text)), "product": tidy(visible(said.product))}
    if not kept["text"]:
        raise CannotSaveLine(_("Ghi việc phải làm."))
    for name, longest in LONGEST.items():
        if len(kept[name]) > longest:
            raise CannotSaveLine(_("Dài quá %(n)d chữ. Viết gọn lại.") % {"n": longest}, name)
    partners = tuple(dict.fromkeys(one for one in said.partners if one != said.lead))
    named = {*partners, *([said.lead] if said.lead is not None else [])}
    open_ones = set(Office.objects.on(today).filter(pk__in=named).values_list("pk", flat=True))
    if said.lead is not None and said.lead not in open_ones:
        raise CannotSaveLine(_("Chọn một cơ quan đang hoạt động."), "lead")
    if not set(partners) <= open_ones:
        raise CannotSaveLine(_("Cơ quan phối hợp phải đang hoạt động."), "partners")
    if partners and said.lead is None:
        raise CannotSaveLine(_("Có cơ quan phối hợp thì phải có cơ quan chủ trì."), "lead")
    if said.due is not None and said.due < today:
        raise CannotSaveLine(_("Hạn đã qua. Chọn một ngày từ hôm nay."), "due")
    row.text, row.product = kept["text"], kept["product"]
    row.lead_id, row.partners, row.due = said.lead, list(partners), said.due
