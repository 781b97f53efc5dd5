"""How many procedures of the province's list are received at which level of counters, by field."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef

from tinhso.catalogue.models import ProcedureVersion, ProcessStep


@dataclass(slots=True)
class FieldCount:
    """The procedures of a field in force on a day; one filed at several levels counts at each."""

    name: str
    listed: int = 0
    with_process: int = 0
    at_level: Counter[str] = field(default_factory=Counter)


def procedures_by_field(on: dt.date) -> list[FieldCount]:
    """Return the listed procedures in force on a day, by the name of their field."""
    steps = ProcessStep.objects.filter(case__version=OuterRef("pk"))
    rows = (
        ProcedureVersion.objects.on(on)
        .filter(procedure__is_listed=True)
        .annotate(has_process=Exists(steps))
        .values_list("procedure__field__name", "levels", "has_process")
    )
    found: dict[str, FieldCount] = {}
    for name, levels, has_process in rows:
        one = found.setdefault(name, FieldCount(name))
        one.listed += 1
        one.with_process += has_process
        one.at_level.update(levels)
    return [found[name] for name in sorted(found)]
