"""The annex of a plan as values: its rows now and in kept drafts, what a sheet says, what differs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from tinhso.directory.api import Actor
from tinhso.plans.models import Opinion, Plan, PlanItem, PlanSnapshot
from tinhso.plans.permissions.plans import PLANS, MayPlan
from tinhso.plans.queries.documents import document, labels
from tinhso.plans.queries.plan_people import offices_by_name
from tinhso.plans.rules.annex import Difference, differences, pairs
from tinhso.plans.rules.annex_columns import Shape, shape_of
from tinhso.plans.rules.annex_reading import Reading, read_annex
from tinhso.plans.rules.plans import Row, row_of
from tinhso.plans.rules.sheet_cells import Cell
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.text import fold


@cache
def shape() -> Shape:
    """Return what the table of an annex looks like."""
    return shape_of(document("annex_columns"), labels("groups"), labels("sources"))


def row_from(item: PlanItem) -> Row:
    """Return a row of the annex as a value."""
    return Row(
        group=item.group,
        sector=item.sector,
        content=item.content,
        lead=item.lead,
        lead_office=item.lead_office_id,
        partners=item.partners,
        starts=item.starts,
        ends=item.ends,
        product=item.product,
        amount=item.amount,
        source=item.source,
        note=item.note,
    )


def rows_now(plan: Plan) -> list[Row]:
    """Return the rows of the annex as they stand, in their order."""
    return [row_from(item) for item in plan.items.order_by("ordinal")]


def plan_for(by: Actor, may: MayPlan, pk: int) -> Plan:
    """Return a plan to read, with its office and head. Raises ``NotThere``."""
    plan = (
        PLANS.rows(by, may)
        .select_related("office__parent", "head__person", "signed_by__person")
        .filter(pk=pk)
    )
    found = plan.first()
    if found is None:
        raise NotThere
    return found


def sheet_reading(plan: Plan, cells: Sequence[Sequence[Cell]], on: dt.date) -> Reading:
    """Return what a sheet says for the plan: rows, or faults by cell. Raises ``NoTable``.

    A lead that is written as now means the same office as now, whatever other office bears the name.
    """
    means = dict(offices_by_name(on))
    for lead, office in plan.items.order_by("ordinal").values_list("lead", "lead_office_id"):
        if office:
            means[fold(lead)] = office
        else:
            means.pop(fold(lead), None)
    return read_annex(cells, shape(), means)


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft to compare: ``number``, its rows, when it was kept and why; ``kept`` None: as it stands now."""

    number: int
    rows: tuple[Row, ...]
    kept: PlanSnapshot | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two drafts of one plan and what differs; ``numbers``: every draft that can be chosen, latest first."""

    before: Draft
    after: Draft
    differences: tuple[Difference, ...]
    numbers: tuple[int, ...]

    @property
    def places(self) -> int:
        """Return how many places differ."""
        return sum(one.places for one in self.differences)


def comparison(plan: Plan, before: int, after: int | None) -> Comparison:
    """Return what differs between a draft and another one, None: the annex as it stands.

    Raises ``NotThere`` for a draft that is none.
    """
    kept = {one.number: one for one in plan.snapshots.order_by("number")}
    now = plan.draft_number
    sides = [_draft(plan, kept, number) for number in (before, now if after is None else after)]
    numbers = (now, *sorted((n for n in kept if n != now), reverse=True))
    return Comparison(sides[0], sides[1], tuple(differences(sides[0].rows, sides[1].rows)), numbers)


def _draft(plan: Plan, kept: dict[int, PlanSnapshot], number: int) -> Draft:
    if number == plan.draft_number:
        return Draft(number, tuple(rows_now(plan)), None)
    if number not in kept:
        raise NotThere
    return Draft(number, tuple(row_of(one) for one in kept[number].rows), kept[number])


def opinions_adrift(plan: Plan, before: Sequence[Row], after: Sequence[Row]) -> int:
    """Return how many opinions are about rows that go: they are about the whole plan from then on."""
    stay = set(pairs(before, after).values())
    rows = Opinion.objects.filter(request__plan=plan, row__gt=0).values_list("row", flat=True)
    return sum(row not in stay for row in rows)
