"""Find a procedure without typing: by an event of life, by field."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.db.models import Count, Exists, OuterRef, QuerySet

from tinhso.catalogue.models import Field, Procedure, ProcedureVersion
from tinhso.catalogue.queries.catalogue import levels_on
from tinhso.toolkit.text import fold, sort_key

_EVENTS = Path(__file__).parents[1] / "data" / "life_events.json"


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """An event of life (việc trong đời): its tile, and which procedures are wanted then.

    ``first`` are codes shown first; ``words`` stand in names without marks, ``but_not`` do not; ``fields`` take all of
    a field.
    """

    key: str
    title: str
    more: str
    icon: str
    first: tuple[str, ...]
    words: tuple[str, ...]
    but_not: tuple[str, ...]
    fields: frozenset[str]

    def takes(self, procedure: Procedure) -> bool:
        """Say whether a procedure belongs to this event."""
        if procedure.code in self.first:
            return True
        name = f" {fold(procedure.legal_name)} "
        if any(word in name for word in self.but_not):
            return False
        return procedure.field.name in self.fields or any(f" {word} " in name for word in self.words)


@lru_cache(maxsize=1)
def life_events() -> tuple[LifeEvent, ...]:
    """Return the twelve events of life; the first eight are tiles of the front page."""
    return tuple(
        LifeEvent(
            said["key"],
            said["title"],
            said["more"],
            said["icon"],
            tuple(said["first"]),
            tuple(fold(word) for word in said["words"]),
            tuple(fold(word) for word in said["not"]),
            frozenset(said["fields"]),
        )
        for said in json.loads(_EVENTS.read_text("utf-8"))
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One procedure in a list; ``level`` 0 where no level was decided."""

    code: str
    title: str
    field: str
    level: int

    @property
    def is_online(self) -> bool:
        """Say whether it is filed on line."""
        return self.level >= 3


def _listed(on: dt.date) -> QuerySet[Procedure]:
    in_force = ProcedureVersion.objects.on(on).filter(procedure=OuterRef("pk"))
    return Procedure.objects.filter(Exists(in_force), is_listed=True)


def _lines(rows: QuerySet[Procedure], on: dt.date, first: tuple[str, ...] = ()) -> list[Line]:
    """Return lines: those named first in their order, then what communes do, then districts, then departments."""
    levels = levels_on(on)
    nearest = {"commune": 0, "district": 1, "province": 2}

    def place(procedure: Procedure) -> tuple[int, int, str]:
        own = first.index(procedure.code) if procedure.code in first else len(first)
        near = min((nearest.get(level, 3) for level in procedure.executing_levels), default=3)
        return own, near, sort_key(procedure.everyday_name)

    return [
        Line(p.code, p.everyday_name, p.field.name, levels[p.pk].level if p.pk in levels else 0)
        for p in sorted(rows.select_related("field"), key=place)
    ]


def of_life_event(event: LifeEvent, on: dt.date) -> list[Line]:
    """Return the procedures of an event, nearest to people first."""
    return _lines(_listed(on).filter(life_events__contains=[event.key]), on, event.first)


def fields_on(on: dt.date) -> list[tuple[Field, int]]:
    """Return every field with how many listed procedures it has, in alphabetical order."""
    rows = _listed(on).values("field").annotate(n=Count("id")).values_list("field", "n")
    names = Field.objects.in_bulk([pk for pk, _n in rows])
    return sorted(((names[pk], n) for pk, n in rows), key=lambda pair: sort_key(pair[0].name))


def of_field(field: Field, on: dt.date) -> list[Line]:
    """Return the procedures of a field."""
    return _lines(_listed(on).filter(field=field), on)
