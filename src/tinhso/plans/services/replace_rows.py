"""Put the rows of an annex in an order, or others in their place; opinions keep pointing at their row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from tinhso.plans.models import Opinion, Plan, PlanItem
from tinhso.plans.queries.annex import row_from
from tinhso.plans.rules.annex import pairs
from tinhso.plans.rules.plans import Row

#: Out of the way of every place while rows change places.
_ASIDE: Final = 1_000_000


class RowHasMoney(ValueError):
    """A row cannot go because a line of money stands on it; the sentence says which."""


@transaction.atomic
def replace_rows(plan: Plan, rows: Sequence[Row]) -> None:
    """Make the annex be these rows, in this order; a row that goes on an earlier one stays the same record.

    The caller holds the plan's lock. Opinions on a row that is gone are about the whole from now on. Raises
    ``RowHasMoney`` where a row with lines of money would go.
    """
    items = list(plan.items.order_by("ordinal"))
    same = pairs([row_from(item) for item in items], rows)
    places: dict[int, int] = {}
    kept: list[PlanItem] = []
    new: list[PlanItem] = []
    for place, row in enumerate(rows, 1):
        item = items[same[place] - 1] if place in same else PlanItem(plan=plan)
        if item.pk:
            places[item.ordinal] = place
            kept.append(item)
        else:
            new.append(item)
        item.ordinal = place
        write_row(item, row)
    stay = {item.pk for item in kept}
    gone = [item for item in items if item.pk not in stay]
    for item in gone:
        refuse_money(item)
    PlanItem.objects.filter(pk__in=[item.pk for item in gone]).delete()
    _aside(plan)
    PlanItem.objects.bulk_update(kept, ["ordinal", *_FIELDS])
    PlanItem.objects.bulk_create(new)
    _follow(plan, places)


@transaction.atomic
def set_order(plan: Plan, items: Sequence[PlanItem]) -> None:
    """Give the rows their places from 1 in this order; rows of the annex that are not among them must be gone already.

    The caller holds the plan's lock.
    """
    places = {item.ordinal: place for place, item in enumerate(items, 1)}
    _aside(plan)
    for place, item in enumerate(items, 1):
        item.ordinal = place
    PlanItem.objects.bulk_update(items, ["ordinal"])
    _follow(plan, places)


def write_row(item: PlanItem, row: Row) -> None:
    """Set everything but the place of a row; the caller saves."""
    item.group, item.sector, item.content = row.group, row.sector, row.content
    item.lead, item.lead_office_id, item.partners = row.lead, row.lead_office, row.partners
    item.starts, item.ends, item.product = row.starts, row.ends, row.product
    item.amount, item.source, item.note = row.amount, row.source, row.note


def refuse_money(item: PlanItem) -> None:
    """Raise ``RowHasMoney`` where a line of money stands on the row."""
    if item.budget_lines.exists():
        raise RowHasMoney(
            _("Nhiệm vụ %(n)d đã có dòng kinh phí, không bỏ được. Bỏ dòng kinh phí trước.")
            % {"n": item.ordinal}
        )


_FIELDS: Final = (
    *("group", "sector", "content", "lead", "lead_office", "partners"),
    *("starts", "ends", "product", "amount", "source", "note"),
)


def _aside(plan: Plan) -> None:
    PlanItem.objects.filter(plan=plan).update(ordinal=F("ordinal") + _ASIDE)


def _follow(plan: Plan, places: Mapping[int, int]) -> None:
    """Let opinions follow their rows: old place → new place; those of rows that are gone are about the whole."""
    moved = []
    for opinion in Opinion.objects.filter(request__plan=plan, row__gt=0):
        place = places.get(opinion.row, 0)
        if place != opinion.row:
            opinion.row = place
            moved.append(opinion)
    Opinion.objects.bulk_update(moved, ["row"])
