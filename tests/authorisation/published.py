"""What was published and reported in the small province, and what is sent to its pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from tests.authorisation.world import NINE, World
from tinhso.measures.models import (
    Comparison,
    Edition,
    EditionRow,
    Publication,
    PublishedCase,
    PublishedFigure,
    ReportedFigure,
)
from tinhso.measures.queries.formulas import every_formula

#: The rows of these are changed by nobody.
WRITTEN_ONCE = (
    *("measures.Publication", "measures.PublishedFigure", "measures.PublishedCase"),
    "measures.ReportedFigure",
    *("measures.Edition", "measures.EditionRow"),
)
PUBLISHED, PREPARED = "cb-220401-220430-1", "cb-220401-220430-2"
_FIRST, _LAST = dt.date(2022, 4, 1), dt.date(2022, 4, 30)
_HASH = "5ba36377daa8582ca2a4c0935fe4fce0bc5fb411abb9f1d5f8647968aab478e5"


def add_publications(world: World) -> None:
    """Let one be published, one wait for the second person, and one figure be reported."""
    made = _prepare(world, PUBLISHED, "Tháng 4 năm 2022")
    Publication.objects.filter(pk=made.pk).update(
        published_by=world.actors["figures_approver"].account_id,
        published_at=NINE,
        document_number="45/TB-UBND",
    )
    Comparison.objects.create(
        publication=made,
        at=NINE,
        figures={one.version: [9, 10] for one in every_formula().every},
        reproduced=True,
    )
    _prepare(world, PREPARED, "Tháng 4 năm 2022, bản hai")
    _report(world)
    _edition()


def _edition() -> None:
    """Let April be told to everybody."""
    made = Edition.objects.create(
        month=_FIRST,
        number=1,
        formula="strict-1",
        rule="cells-1",
        threshold=5,
        counted_at=NINE,
        made_at=NINE,
        cells=1,
        hidden=0,
        is_withheld=False,
        stretches=[[f"{_FIRST}", f"{_LAST}"]],
        facts_hash=_HASH,
    )
    EditionRow.objects.create(edition=made, part="province", key="", received=10)


def _prepare(world: World, code: str, title: str) -> Publication:
    made = Publication.objects.create(
        code=code,
        title=title,
        first=_FIRST,
        last=_LAST,
        frozen_at=NINE,
        rows_hash=_HASH,
        rows_count=1,
        prepared_by_id=world.actors["statistician"].account_id or 0,
    )
    office = world.offices["here"].pk
    PublishedCase.objects.create(
        publication=made, number="L-1", office_id=office, procedure_code="9.000001", channel="online", cls=21
    )
    for formula in every_formula().every:
        for pk in (0, office):
            PublishedFigure.objects.create(
                publication=made,
                version=formula.version,
                formula=dict(formula.document),
                office_id=pk,
                numerator=9,
                denominator=10,
                excluded={},
                groups={},
            )
    return made


def _report(world: World) -> None:
    ReportedFigure.objects.create(
        name="Hồ sơ đúng hạn",
        value=99,
        unit="phần trăm",
        first=_FIRST,
        last=_LAST,
        reported_by="Văn phòng",
        document_number="không ghi số",
        note="Số thử",
        entered_by_id=world.actors["statistician"].account_id,
        entered_at=NINE,
    )


def reported(world: World, state: str) -> tuple[list[Any], str]:
    """Return the address of the reported figure."""
    return [ReportedFigure.objects.order_by("pk")[0].pk], ""


_TYPED = {
    "name": "Hồ sơ đúng hạn",
    "value": "99,98",
    "unit": "phần trăm",
    "tu": "01/04/2022",
    "den": "30/04/2022",
    "reported_by": "Văn phòng",
    "document_number": "không ghi số",
}
#: What is sent, by address and case.
CONTENTS: dict[tuple[str, str], Callable[[World, str], dict[str, Any]]] = {
    ("measures:prepare_publication", "a month not counted"): lambda w, s: {
        "title": "Tháng 4",
        "tu": "01/04/2022",
        "den": "30/04/2022",
    },
    ("measures:publish_figures", "changed rows"): lambda w, s: {"so": "46/TB-UBND"},
    ("measures:publish_figures", ""): lambda w, s: {"so": ""},
    ("measures:publish_figures", "no such one"): lambda w, s: {"so": "46/TB-UBND"},
    ("measures:enter_reported", "a figure"): lambda w, s: dict(_TYPED),
    ("measures:enter_reported", "in place of one"): lambda w, s: {**_TYPED, "thay": reported(w, s)[0][0]},
}
