"""Who gets what of an annex as a file: what was shown is taken only from the person to whom it was shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.authorisation.steering import plans
from tinhso.plans.adapters.annex_files import annex_sheet
from tinhso.plans.forms.annex import sealed
from tinhso.plans.models import Plan
from tinhso.plans.queries.annex import rows_now, shape
from tinhso.plans.rules.plans import Row

if TYPE_CHECKING:
    from tests.authorisation.matrix import Line
    from tests.authorisation.world import World

Address = Callable[["World", str], tuple[list[Any], str]]

#: A file with one task more than the annex has; rows that the page showed to the planner.
FILE, SHOWN = "a file", "rows that the planner was shown"


def _plan(year: int) -> Plan:
    return Plan.objects.get(first_year=year, last_year=year, version=1)


def _address(year: int, *more: Any) -> Address:
    return lambda world, state: ([_plan(year).pk, *more], "")


def _rows(plan: Plan) -> list[Row]:
    day = dt.date(plan.first_year, 6, 30)
    return [*rows_now(plan), Row("the-che", "Ban hành quy chế", "Văn phòng", day, day, "Quyết định")]


def _file(world: World, state: str) -> dict[str, Any]:
    from tests.authorisation.questions import File  # noqa: PLC0415 - the questions ask their parts while they are made

    plan = _plan(plans.OWN)
    return {"tep": File(annex_sheet(plan.title, _rows(plan), shape(), made_at=plan.saved_at))}


def _shown(world: World, state: str) -> dict[str, Any]:
    plan = _plan(plans.OWN)
    return {"hang": sealed(plan.pk, world.actors["planner"].person_id, rows_now(plan), _rows(plan))}


METHODS: dict[str, tuple[str, ...]] = {}
ADDRESSES: dict[tuple[str, str], Address] = {
    ("plans:annex_import", FILE): _address(plans.OWN),
    ("plans:annex_import", SHOWN): _address(plans.OWN),
    ("plans:annex_import", "issued"): _address(plans.ISSUED),
    ("plans:annex_excel", "issued"): _address(plans.ISSUED),
    ("plans:annex_word", "issued"): _address(plans.ISSUED),
    ("plans:annex_compare", "no such draft"): _address(plans.OWN, 9_999),
}
CONTENTS: dict[tuple[str, str], Callable[[World, str], dict[str, Any]]] = {
    ("plans:annex_import", FILE): _file,
    ("plans:annex_import", SHOWN): _shown,
}
READERS: dict[str, tuple[str, ...]] = {}
NOT_PLANTED: dict[str, str] = {}
WRITTEN_ONCE: tuple[str, ...] = ()


def add(world: World) -> None:
    """Make nothing: the plans' part makes the plans."""


def plant(world: World, word: Callable[[str], str]) -> None:
    """Write nothing: the plans' part writes the drafts."""


def lines() -> tuple[Line, ...]:
    """Return the lines of the table that the plans' part has not."""
    from tests.authorisation.matrix import (  # noqa: PLC0415 - the table asks its parts while it is being made
        ALL_SIGN_IN,
        DONE,
        PAGE,
        TOLD,
        Line,
        these,
    )
    from tests.authorisation.world import AT_THE_DESK, STEERED  # noqa: PLC0415 - the same

    inside = {**ALL_SIGN_IN, **these(AT_THE_DESK, PAGE)}
    return (
        Line("plans:annex_import", "POST", {**ALL_SIGN_IN, **these(STEERED, PAGE)}, case=FILE),
        Line("plans:annex_import", "POST", {**ALL_SIGN_IN, "planner": DONE, "head": TOLD}, case=SHOWN),
        *(Line("plans:annex_import", method, ALL_SIGN_IN, case="issued") for method in ("GET", "POST")),
        *(Line(f"plans:{name}", "GET", inside, case="issued") for name in ("annex_excel", "annex_word")),
        Line("plans:annex_compare", "GET", ALL_SIGN_IN, case="no such draft"),
    )
