"""Load what the demo's bodies declared, all marked illustrative. Not announced: nobody entered it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from tinhso.directory.api import Office
from tinhso.measures.models import Declaration, DeclarationAnswer
from tinhso.measures.queries.documents import document
from tinhso.measures.services.answer_declaration import CONFIRMED


@transaction.atomic
def load_declarations(*, until: dt.datetime) -> int:
    """Load the lines confirmed up to a moment, once; return how many, 0 where there are some already."""
    said = document("coverage_declared")
    entered_at, answered_at = (
        dt.datetime.fromisoformat(said[name]) for name in ("entered_at", "answered_at")
    )
    if Declaration.objects.exists() or answered_at > until:
        return 0
    rows: list[tuple[Declaration, bool]] = []
    for one in said["declarations"]:
        line = {
            "system": one["system"],
            "status": one["status"],
            "valid_from": dt.date.fromisoformat(one["valid_from"]),
            "decision_number": one["number"],
            "decision_date": dt.date.fromisoformat(one["date"]),
        }
        rows += (
            (
                Declaration(office=office, is_illustrative=True, entered_at=entered_at, **line),
                bool(one.get("is_waiting")),
            )
            for office in _named(one, until.date())
        )
    Declaration.objects.bulk_create(line for line, _waits in rows)
    DeclarationAnswer.objects.bulk_create(
        DeclarationAnswer(declaration=line, outcome=CONFIRMED, answered_at=answered_at)
        for line, waits in rows
        if not waits
    )
    return len(rows)


def _named(one: Mapping[str, Any], on: dt.date) -> list[Office]:
    offices = Office.objects.on(on).order_by("pk")
    if "office" in one:
        return list(offices.filter(name__endswith=one["office"])[:1])
    found = offices.filter(kind__in=one["kinds"])
    return list(found.exclude(name__endswith=one["but"]) if "but" in one else found)
