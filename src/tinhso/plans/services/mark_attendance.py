"""Mark which invited office came to a meeting, and who sat there for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.reviews import AttendanceMarked
from tinhso.plans.models import Attendance, History, Meeting
from tinhso.plans.permissions.reviews import MEETINGS, MayMeet
from tinhso.toolkit.text import tidy, visible
from tinhso.toolkit.words import clock_text
from tinhso.toolkit.working_time import in_vietnam

LONGEST: Final = {"name": 150, "note": 200}


class CannotMark(ValueError):
    """The attendance is not marked; the sentence says why, ``office`` whose row."""

    def __init__(self, sentence: str, office: int = 0) -> None:
        """Keep the office beside the sentence."""
        super().__init__(sentence)
        self.office = office


@dataclass(frozen=True, slots=True)
class Mark:
    """Whether an office came (None: not marked), who sat there, whether that was its head."""

    office: int
    came: bool | None
    name: str = ""
    is_head: bool = False
    note: str = ""


@transaction.atomic
def mark_attendance(*, by: Actor, at: dt.datetime, meeting: int, marks: Sequence[Mark]) -> Meeting:
    """Mark the offices that are named; the others stay as they are.

    Raises ``NotThere`` for others than the secretary and once the conclusion was issued, and ``CannotMark``.
    """
    row = MEETINGS.one(by, MayMeet.KEEP, pk=meeting)
    if at < row.starts_at and any(mark.came is not None for mark in marks):
        raise CannotMark(
            _("Hội nghị bắt đầu lúc %(when)s. Điểm danh từ lúc ấy.")
            % {"when": clock_text(in_vietnam(row.starts_at))}
        )
    invited = {one.office_id: one for one in row.attendance.select_related("office")}
    for mark in marks:
        one = invited.get(mark.office)
        if one is None:
            raise CannotMark(_("Cơ quan này không có trong giấy mời."), mark.office)
        name, note = tidy(visible(mark.name)), tidy(visible(mark.note))
        if len(name) > LONGEST["name"] or len(note) > LONGEST["note"]:
            raise CannotMark(
                _("%(office)s: tên hoặc ghi chú dài quá.") % {"office": one.office.short_name}, mark.office
            )
        one.came, one.name, one.is_head, one.note = mark.came, name, mark.is_head and bool(mark.came), note
    Attendance.objects.bulk_update(invited.values(), ["came", "name", "is_head", "note"])
    came = sum(one.came is True for one in invited.values())
    History.objects.record(
        row.about,
        _("Điểm danh"),
        by=by,
        at=at,
        after=_("%(came)d trên %(n)d cơ quan có mặt") % {"came": came, "n": len(invited)},
    )
    announce(AttendanceMarked(row.pk, came, len(invited)), about=row.about, by=by, at=at)
    return row
