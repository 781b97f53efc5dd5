"""The services that are online on a day: since when, and whether they may be served on level 4."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from tinhso.catalogue.models import Eligibility, Procedure, ProcedureVersion, ServiceLevel
from tinhso.catalogue.queries.catalogue import ONLINE_FROM, levels_in_force

_COLUMNS: Final = ("code", "everyday_name", "field_id", "field__name", "responsible", "executing_levels")


@dataclass(frozen=True, slots=True)
class OnlineService:
    """A listed procedure that people can file on line on a day.

    ``level`` is the one decided for the day, ``since`` the first day of the unbroken time on level 3 or higher.
    ``is_illustrative``: its level, and so its day, was set for the demo.
    """

    code: str
    name: str
    field_id: int
    field: str
    department: str
    executing_levels: tuple[str, ...]
    level: int
    since: dt.date
    is_eligible: bool
    is_illustrative: bool


def online_services(on: dt.date) -> list[OnlineService]:
    """Return the listed procedures that can be filed on line on a day, by code."""
    counting = {pk: level for pk, level in levels_in_force(on).items() if level.level >= ONLINE_FROM}
    since = _since(on)
    eligible = set(
        Eligibility.objects.filter(is_eligible=True, valid_from__lte=on)
        .exclude(valid_to__lt=on)
        .values_list("procedure_id", flat=True)
    )
    rows = (
        ProcedureVersion.objects.on(on)
        .filter(procedure__is_listed=True, can_file_online=True)
        .order_by("procedure__code")
        .values_list("procedure_id", "levels", *(f"procedure__{name}" for name in _COLUMNS))
    )
    return [
        OnlineService(
            code=code,
            name=name,
            field_id=field_id,
            field=field,
            department=department,
            executing_levels=tuple(executing or levels),
            level=counting[pk].level,
            since=since[pk],
            is_eligible=pk in eligible,
            is_illustrative=counting[pk].is_illustrative,
        )
        for pk, levels, code, name, field_id, field, department, executing in rows
        if pk in counting
    ]


def level_and_field_on(on: dt.date) -> dict[str, tuple[int, int]]:
    """Return the service level that counts on a day (0: none was decided) and the field's number, by procedure code."""
    levels = levels_in_force(on)
    rows = Procedure.objects.values_list("pk", "code", "field_id")
    return {code: (levels[pk].level if pk in levels else 0, field) for pk, code, field in rows}


def _since(on: dt.date) -> dict[int, dt.date]:
    """Return the first day of each procedure's unbroken time online up to a day, by decisions of either system."""
    rows = ServiceLevel.objects.filter(level__gte=ONLINE_FROM, valid_from__lte=on).order_by("-valid_from")
    wanted: dict[int, dt.date] = {}
    since: dict[int, dt.date] = {}
    for level in rows:
        day = wanted.get(level.procedure_id, on)
        if level.valid_to is None or level.valid_to >= day:
            since[level.procedure_id] = level.valid_from
            wanted[level.procedure_id] = level.valid_from - dt.timedelta(days=1)
    return since
