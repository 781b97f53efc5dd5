"""The thread of days: what became of every day between receiving a dossier and its due date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tinhso.toolkit import words

Kind = Literal["passed", "today", "left", "over", "paused", "rest"]

COUNTED: Final = ("passed", "today", "left")
WEEKS_AFTER: Final = 35
ROW_FOLDS_AFTER: Final = 15
_STRAND: Final[dict[str, str]] = {
    "passed": "done",
    "today": "today",
    "left": "left",
    "over": "over",
    "paused": "hold",
    "rest": "off",
}
_MINI: Final[dict[str, str]] = {"passed": "d", "today": "t", "left": "", "over": "o", "paused": "h"}


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a thread.

    ``kind``: "passed" counted and gone, "today", "left" counted and to come, "over" a working day past the
    due date, "paused" not counted while waiting, "rest" not worked. ``number`` is the place in the count (1
    is the first day counted; for "over" the number of days late). ``label`` is the short word above a day
    that does not count ("lễ", "bù", "dừng"). ``is_due`` marks the due date.
    """

    date: date
    kind: Kind
    number: int | None = None
    label: str | None = None
    is_due: bool = False

    @property
    def strand(self) -> str:
        """Name the style of the strand."""
        return _STRAND[self.kind] + (" due" if self.is_due else "")

    @property
    def column(self) -> int:
        """Return the column of the week, 1 for Monday to 7 for Sunday."""
        return self.date.isoweekday()

    @property
    def weekday(self) -> str:
        """Return the short weekday: T2 to CN."""
        return words.short_weekday(self.date)

    @property
    def short_date(self) -> str:
        """Return day and month as 16/5."""
        return f"{self.date.day}/{self.date.month}"

    @property
    def mark(self) -> str:
        """Return what stands above the strand: the count, the days late, or the word for a day left out."""
        if self.kind == "over":
            return f"+{self.number}" if self.number else ""
        if self.kind == "rest":
            return self.label or ""
        if self.kind == "paused":
            return self.label or _("dừng")
        return str(self.number) if self.number else ""

    @property
    def spoken(self) -> str:
        """Return the sentence a screen reader says after the date."""
        parts = [words.weekday(self.date)]
        if self.kind == "rest":
            named = {"lễ": _("nghỉ lễ"), "bù": _("nghỉ bù"), "Tết": _("nghỉ Tết")}
            parts += [named.get(self.label or "", _("nghỉ")), _("không tính")]
        elif self.kind == "paused":
            parts += [_("tạm dừng"), _("không tính")]
        elif self.kind == "over":
            parts.append(_("quá hạn %(days)s ngày") % {"days": self.number} if self.number else _("quá hạn"))
        else:
            if self.kind == "today":
                parts.append(_("hôm nay"))
            parts.append(_("ngày thứ %(number)s") % {"number": self.number} if self.number else _("chưa đếm"))
            if self.kind == "passed":
                parts.append(_("đã qua"))
        if self.is_due:
            parts.append(_("ngày hẹn"))
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Mini:
    """A thread at row height: the styles of its strands in order, and the sentence that says the same."""

    strands: tuple[str, ...]
    title: str
    many: bool


def mini(days: Iterable[Day]) -> Mini:
    """Reduce ``days`` to the strands that count, pauses and days late; days of rest are left out."""
    kept = [day for day in days if day.kind in _MINI and (day.kind not in COUNTED or day.number)]
    counted = [day for day in kept if day.kind in COUNTED]
    used = sum(day.kind != "left" for day in counted)
    late = sum(day.kind == "over" for day in kept)
    title = _("Đã dùng %(used)s trên %(all)s ngày") % {"used": used, "all": len(counted)}
    if late:
        title += ", " + ngettext("quá %(days)s ngày", "quá %(days)s ngày", late) % {"days": late}
    if paused_now(kept):
        title += ", " + _("đang tạm dừng")
    return Mini(tuple(_MINI[day.kind] for day in kept), title, len(counted) > ROW_FOLDS_AFTER)


def paused_now(days: Sequence[Day]) -> bool:
    """Tell whether the clock stands still: the last day that is not still to come is a pause."""
    gone = [day for day in days if day.kind != "left"]
    return bool(gone) and gone[-1].kind == "paused"


def keys(days: Iterable[Day]) -> list[tuple[str, str]]:
    """Return the strands to explain under a thread as (style, word), in fixed order, only those present."""
    present = {day.kind for day in days}
    legend: tuple[tuple[Kind, str], ...] = (
        ("passed", _("đã qua")),
        ("today", _("hôm nay")),
        ("left", _("còn lại")),
        ("over", _("quá hạn")),
        ("paused", _("tạm dừng")),
        ("rest", _("ngày nghỉ")),
    )
    return [(_STRAND[kind], word) for kind, word in legend if kind in present]
