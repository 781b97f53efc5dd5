"""Reads of the register of declarations: what stands last, what waits for a second person, what holds of a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from tinhso.directory.api import ANYBODY, Actor
from tinhso.measures.models import Declaration
from tinhso.measures.permissions import DECLARATIONS, MayDeclare
from tinhso.measures.rules.coverage import Status, System
from tinhso.toolkit.text import fold

_NEAR = ("office", "entered_by__person", "answer__answered_by__person", "replaced_by")


def last_of(office_id: int, system: str) -> Declaration | None:
    """Return the line that stands last for a body and system: the one that no other replaces."""
    return Declaration.objects.filter(office=office_id, system=system, replaced_by=None).first()


@dataclass(frozen=True, slots=True)
class Held:
    """What a body declared, as it holds of a day: nobody's name."""

    status: Status
    valid_from: dt.date
    number: str
    is_illustrative: bool


def declared(system: System, day: dt.date, *, by_moment: dt.datetime) -> dict[int, Held]:
    """Return what holds of a day for each body: its newest line that was confirmed by a moment and had begun by the day.

    A later line that begins later leaves earlier days to the line before it; one that begins as early or earlier
    corrects it.
    """
    rows = DECLARATIONS.rows(ANYBODY, MayDeclare.READ).filter(
        system=system, valid_from__lte=day, answer__answered_at__lte=by_moment
    )
    newest = rows.order_by("office_id", "-pk").distinct("office_id")
    columns = ("office_id", "status", "valid_from", "decision_number", "is_illustrative")
    return {
        office: Held(Status(status), since, number, is_illustrative)
        for office, status, since, number, is_illustrative in newest.values_list(*columns)
    }


def waiting(by: Actor) -> list[Declaration]:
    """Return the lines that nobody answered or replaced yet, the oldest first."""
    return list(_every(by).filter(answer=None, replaced_by=None).order_by("pk"))


def standing(by: Actor, name: str = "") -> list[Declaration]:
    """Return the lines that stand last and were answered, the latest first; of bodies whose name holds the words."""
    rows = _every(by).filter(answer__isnull=False, replaced_by=None)
    for word in fold(name).split():
        rows = rows.filter(office__folded__contains=word)
    return list(rows.order_by("-pk"))


def declaration_of(by: Actor, pk: int) -> tuple[Declaration, list[Declaration]]:
    """Return a line and all of the same body and system, the newest first. Raises ``NotThere``."""
    line = DECLARATIONS.look(by, MayDeclare.READ, pk=pk)
    every = list(_every(by).filter(office=line.office_id, system=line.system).order_by("-pk"))
    return next(one for one in every if one.pk == pk), every


def may_answer(by: Actor, line: Declaration) -> bool:
    """Say whether the actor may answer a line now."""
    return DECLARATIONS.holds(by, MayDeclare.ANSWER, line)


def _every(by: Actor) -> QuerySet[Declaration]:
    return DECLARATIONS.rows(by, MayDeclare.READ).select_related(*_NEAR)
