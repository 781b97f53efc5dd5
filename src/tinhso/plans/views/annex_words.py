"""Say what differs between two annexes, field by field, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tinhso.plans.queries.annex import shape
from tinhso.plans.rules.annex import Change, Difference, Words, word_differences
from tinhso.plans.rules.plans import Row, millions
from tinhso.toolkit.words import date_text

#: The tag of each kind of change: style, word, drawing.
_TAGS = {
    Change.ADDED: ("ok", "Thêm", "plus"),
    Change.REMOVED: ("plain", "Bỏ", "minus"),
    Change.CHANGED: ("info", "Sửa", "pencil"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table of differences: whose, which part, the tag, both sides in pieces.

    ``quiet``: words for a side that has nothing there.
    """

    place: int
    task: str
    part: str
    tag: tuple[str, str, str]
    before: tuple[Words, ...]
    after: tuple[Words, ...]
    quiet: str


def lines_of(differences: Iterable[Difference]) -> list[Line]:
    """Return a line for each place that differs."""
    return [line for one in differences for line in _lines(one)]


def counted(differences: Iterable[Difference]) -> str:
    """Return 3 nhiệm vụ thêm, 1 bỏ, 8 sửa; only what there is."""
    kinds = [one.change for one in differences]
    words = (
        (Change.ADDED, _("%(n)d nhiệm vụ thêm")),
        (Change.REMOVED, _("%(n)d nhiệm vụ bỏ")),
        (Change.CHANGED, _("%(n)d nhiệm vụ sửa")),
    )
    return ", ".join(text % {"n": kinds.count(kind)} for kind, text in words if kind in kinds)


def _lines(one: Difference) -> list[Line]:
    tag = _TAGS[one.change]
    if one.before is None and one.after is not None:
        told = (Words(_whole(one.after), is_other=True),)
        return [Line(one.place_after, one.after.content, "", tag, (), told, _("Không có"))]
    if one.before is not None and one.after is None:
        told = (Words(_whole(one.before), is_other=True),)
        return [Line(one.place_before, one.before.content, "", tag, told, (), _("Bỏ cả dòng"))]
    assert one.before is not None
    assert one.after is not None
    found = []
    for key in one.keys:
        old, new = word_differences(said(key, one.before), said(key, one.after))
        label = shape().column(key).label
        found.append(
            Line(one.place_after, one.after.content, label, tag, tuple(old), tuple(new), _("Để trống"))
        )
    return found


def said(key: str, row: Row) -> str:
    """Return a field of a row as people read it."""
    value = getattr(row, key)
    if isinstance(value, dt.date):
        return date_text(value)
    if key == "amount":
        return millions(row.amount)
    if key in ("group", "source"):
        labels = shape().groups if key == "group" else shape().sources
        return labels.get(value, value)
    return str(value)


def _whole(row: Row) -> str:
    """Return the whole row in one line."""
    parts = [
        row.content,
        said("group", row),
        row.lead,
        *([_("phối hợp: %(who)s") % {"who": row.partners}] if row.partners else []),
        f"{date_text(row.starts)} – {date_text(row.ends)}",
        row.product,
        _("%(n)s triệu đồng") % {"n": millions(row.amount)} if row.amount else _("không có kinh phí"),
        *([said("source", row)] if row.source else []),
    ]
    return " · ".join(parts)
