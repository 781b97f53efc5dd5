"""Write the agenda of a meeting: points in order, who speaks, how long, with which paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.documents.api import Upload
from tinhso.journal.api import announce
from tinhso.plans.events.reviews import AgendaChanged
from tinhso.plans.models import AgendaItem, History, Meeting
from tinhso.plans.permissions.reviews import MEETINGS, MayMeet
from tinhso.toolkit.text import tidy, visible

LONGEST: Final = {"text": 500, "speaker": 200}
MOST_POINTS: Final = 40
#: No point of an agenda takes longer than a day of work, in minutes.
MOST_MINUTES: Final = 480


class CannotWriteAgenda(ValueError):
    """The agenda is not written; the sentence says why, ``place`` which point, from 1 on."""

    def __init__(self, sentence: str, place: int = 0) -> None:
        """Keep the place of the point beside the sentence."""
        super().__init__(sentence)
        self.place = place


@dataclass(frozen=True, slots=True)
class Point:
    """A point of an agenda. ``keeps``: the point whose paper it keeps; ``upload``: a new paper."""

    text: str
    speaker: str = ""
    minutes: int | None = None
    keeps: int | None = None
    upload: Upload | None = None


@transaction.atomic
def edit_agenda(*, by: Actor, at: dt.datetime, meeting: int, points: Sequence[Point]) -> Meeting:
    """Replace the agenda by these points.

    Raises ``NotThere`` for others than the secretary and once the conclusion was issued, and ``CannotWriteAgenda``.
    """
    row = MEETINGS.one(by, MayMeet.KEEP, pk=meeting)
    if len(points) > MOST_POINTS:
        raise CannotWriteAgenda(_("Chương trình nhiều nhất %(n)d mục.") % {"n": MOST_POINTS})
    before = {one.pk: one for one in row.agenda.all()}
    made = [_item(row, place, point, before) for place, point in enumerate(points, 1)]
    row.agenda.all().delete()
    AgendaItem.objects.bulk_create(made)
    History.objects.record(
        row.about,
        _("Sửa chương trình"),
        by=by,
        at=at,
        before=_("%(n)d mục") % {"n": len(before)},
        after=_("%(n)d mục") % {"n": len(made)},
    )
    announce(AgendaChanged(row.pk, len(made)), about=row.about, by=by, at=at)
    return row


def _item(meeting: Meeting, place: int, point: Point, before: dict[int, AgendaItem]) -> AgendaItem:
    text, speaker = tidy(visible(point.text)), tidy(visible(point.speaker))
    if not text:
        raise CannotWriteAgenda(_("Mục %(n)d chưa có nội dung.") % {"n": place}, place)
    if len(text) > LONGEST["text"] or len(speaker) > LONGEST["speaker"]:
        raise CannotWriteAgenda(_("Mục %(n)d dài quá. Viết gọn lại.") % {"n": place}, place)
    if point.minutes is not None and not 0 < point.minutes <= MOST_MINUTES:
        raise CannotWriteAgenda(
            _("Mục %(n)d: số phút từ 1 đến %(most)d.") % {"n": place, "most": MOST_MINUTES}, place
        )
    kept = before.get(point.keeps or 0)
    item = AgendaItem(meeting=meeting, ordinal=place, text=text, speaker=speaker, minutes=point.minutes)
    if point.upload is not None:
        item.file, item.file_name = point.upload.file, point.upload.name[:200]
    elif kept is not None:
        item.file_id, item.file_name = kept.file_id, kept.file_name
    return item
