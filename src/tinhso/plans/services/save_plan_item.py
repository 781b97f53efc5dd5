"""Write one row of a plan's annex."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.plans import PlanAnnexChanged
from tinhso.plans.models import History, Plan, PlanItem
from tinhso.plans.permissions.plans import PLANS, MayPlan
from tinhso.plans.queries.annex import row_from
from tinhso.plans.queries.documents import labels
from tinhso.plans.rules.plans import Row
from tinhso.plans.services.replace_rows import set_order, write_row
from tinhso.toolkit.policy import NotThere

#: As wide as the columns.
LONGEST: Final = {"content": 1000, "lead": 200, "partners": 500, "product": 500, "note": 500, "sector": 60}
MOST_ROWS: Final = 5_000


class CannotSaveItem(ValueError):
    """The row cannot stand like this; ``field`` names the part that the sentence is about."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


@transaction.atomic
def save_plan_item(
    *, by: Actor, at: dt.datetime, pk: int, row: Row, ordinal: int | None = None, seen: str = ""
) -> PlanItem:
    """Write a row over the one in place ``ordinal``, or as a new one at the end of its group.

    ``seen``: the words of the row as the page showed it; where another stands there by now, nothing is written.
    Raises ``NotThere`` and ``CannotSaveItem``.
    """
    plan = PLANS.one(by, MayPlan.WRITE, pk=pk)
    _check(row)
    if ordinal is None:
        item = _add(plan, row)
        what, change, before = _("Thêm nhiệm vụ %(n)d") % {"n": item.ordinal}, "added", ""
    else:
        found = plan.items.filter(ordinal=ordinal).first()
        if found is None:
            raise NotThere
        item, before = found, found.content
        if seen and seen != item.content:
            raise CannotSaveItem(
                _("Người khác vừa đổi dòng này thành “%(now)s”. Xem lại rồi lưu.")
                % {"now": item.content[:120]}
            )
        if row_from(item) == row:
            return item
        write_row(item, row)
        item.save()
        what, change = _("Sửa nhiệm vụ %(n)d") % {"n": ordinal}, "changed"
    plan.saved_at = at
    plan.save(update_fields=["saved_at"])
    History.objects.record(
        plan.about,
        what,
        by=by,
        at=at,
        before=before[:400] if before != row.content else "",
        after=row.content[:400],
    )
    announce(PlanAnnexChanged(plan.pk, change, item.ordinal), about=plan.about, by=by, at=at)
    return item


def _add(plan: Plan, row: Row) -> PlanItem:
    """Put the row behind the last one of its group, or of the groups before it."""
    items = list(plan.items.order_by("ordinal"))
    if len(items) >= MOST_ROWS:
        raise CannotSaveItem(_("Phụ lục đã có %(n)d dòng, không thêm được nữa.") % {"n": MOST_ROWS})
    order = {key: place for place, key in enumerate(labels("groups"))}
    rank = order[row.group]
    place = max((n for n, item in enumerate(items, 1) if order.get(item.group, 0) <= rank), default=0)
    item = PlanItem(plan=plan, ordinal=max((one.ordinal for one in items), default=0) + 1)
    write_row(item, row)
    item.save()
    if place < len(items):
        set_order(plan, [*items[:place], item, *items[place:]])
    return item


def _check(row: Row) -> None:
    for name, sentence in (
        ("content", _("Ghi nội dung nhiệm vụ.")),
        ("lead", _("Ghi cơ quan hoặc phòng chủ trì.")),
        ("product", _("Ghi sản phẩm, kết quả phải có.")),
    ):
        if not getattr(row, name).strip():
            raise CannotSaveItem(sentence, name)
    for name, limit in LONGEST.items():
        if len(getattr(row, name)) > limit:
            raise CannotSaveItem(_("Dài quá, tối đa %(n)d chữ. Viết gọn lại.") % {"n": limit}, name)
    if row.group not in labels("groups"):
        raise CannotSaveItem(_("Chọn một trong tám nhóm nhiệm vụ."), "group")
    if row.ends < row.starts:
        raise CannotSaveItem(_("Ngày xong đứng trước ngày bắt đầu. Đổi lại một trong hai ngày."), "ends")
    if row.amount < 0:
        raise CannotSaveItem(_("Kinh phí phải từ 0 trở lên."), "amount")
    if row.amount and row.source not in labels("sources"):
        raise CannotSaveItem(_("Dòng có kinh phí thì chọn nguồn."), "source")
