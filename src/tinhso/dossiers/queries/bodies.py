"""What each body receives by the catalogue, and which dossiers a second office really had. Numbers, nobody's name."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.db import connection

from tinhso.catalogue.api import ProcedureVersion, ProcessStep
from tinhso.directory.api import Office, OfficeKind, reference_stamp
from tinhso.dossiers.queries import find_unit, level_of
from tinhso.toolkit.text import fold

_COUNTERS: Final = (OfficeKind.COMMUNE, OfficeKind.DISTRICT, OfficeKind.DEPARTMENT)
#: Where a step lies that names no office: the dossier's own two, and whichever is asked for its opinion at need.
_NO_OFFICE_OF_ITS_OWN: Final = ("receiving", "handling", "asked")
_PASSED: Final = """
select d.receiving_office_id, count(*), count(*) filter (where
  exists (select from dossiers_steptaken s
          where s.dossier_id = d.id and s.by_office_id <> d.receiving_office_id and s.at < %(end)s)
  or exists (select from dossiers_opinion o
             where o.dossier_id = d.id and o.office_id <> d.receiving_office_id and o.asked_at < %(end)s))
from dossiers_dossier d
where d.accepted_at >= %(start)s and d.accepted_at < %(end)s
  and (d.handling_office_id <> d.receiving_office_id or d.signing_office_id <> d.receiving_office_id
       or (d.version_id, d.case_key) in (select * from unnest(%(versions)s::bigint[], %(cases)s::text[]))
       or d.id in (select dossier_id from dossiers_opinion where asked_at < %(end)s))
group by 1
"""


@dataclass(frozen=True, slots=True)
class Served:
    """How many procedures people file at an office on a day; ``interlinked`` of them pass a second office."""

    procedures: int
    interlinked: int


@dataclass(frozen=True, slots=True)
class Passed:
    """How many dossiers of interlinked procedures an office accepted, and how many a second office really had."""

    came: int
    passed: int


def served_by_bodies(on: dt.date) -> Mapping[int, Served]:
    """Return what every office with a counter by law receives on a day, by the catalogue: see ``places_for``.

    A procedure is interlinked (liên thông) at an office where another office prepares or signs, or where a case of
    it has a step that always lies at an office of its own. An opinion that is asked at need makes none.
    """
    return _served(reference_stamp(), on)


@lru_cache(maxsize=32)
def _served(_stamp: dt.datetime, on: dt.date) -> dict[int, Served]:
    with_step = {version for version, _case in _second_steps(_stamp)}
    sheets: dict[str, Counter[tuple[str, str, str, bool]]] = defaultdict(Counter)
    rows = ProcedureVersion.objects.on(on).values_list("id", "levels", "handling", "procedure__responsible")
    for pk, levels, handling, responsible in rows:
        for level in levels:
            rule = handling.get(level)
            if rule is not None:
                where = fold(responsible) if level == "province" else ""
                sheets[level][where, rule["handles"], rule["signs"], pk in with_step] += 1
    units: dict[tuple[str, int], int | None] = {}

    def unit(rule: str, office: Office) -> int | None:
        if rule == "same":
            return office.pk
        if (rule, office.pk) not in units:
            found = find_unit(rule, office, on)
            units[rule, office.pk] = found.pk if found else None
        return units[rule, office.pk]

    told: dict[int, Served] = {}
    for office in Office.objects.on(on).filter(kind__in=_COUNTERS):
        own = fold(office.name) if office.kind == OfficeKind.DEPARTMENT else ""
        procedures = interlinked = 0
        for (where, handles, signs, has_step), n in sheets[level_of(office)].items():
            if where != own:
                continue
            handling, signing = unit(handles, office), unit(signs, office)
            if handling is None or signing is None:
                continue
            procedures += n
            interlinked += n if has_step or {handling, signing} != {office.pk} else 0
        told[office.pk] = Served(procedures, interlinked)
    return told


@lru_cache(maxsize=2)
def _second_steps(_stamp: dt.datetime) -> frozenset[tuple[int, str]]:
    """Return the cases (version, key) with a step that always lies at an office of its own."""
    steps = ProcessStep.objects.exclude(office__in=_NO_OFFICE_OF_ITS_OWN)
    return frozenset(steps.values_list("case__version_id", "case__key").distinct())


def passed_second_office(start: dt.datetime, end: dt.datetime) -> dict[int, Passed]:
    """Return for each receiving office its dossiers of interlinked procedures that were accepted in a period.

    Those count too for which an opinion was asked at need. A second office had a dossier when an officer of another
    office took a step of it, or another office was asked for its opinion, before the end of the period.
    """
    steps = sorted(_second_steps(reference_stamp()))
    asked: dict[str, dt.datetime | list[int] | list[str]] = {
        "start": start,
        "end": end,
        "versions": [version for version, _case in steps],
        "cases": [case for _version, case in steps],
    }
    with connection.cursor() as cursor:
        cursor.execute(_PASSED, asked)
        return {office: Passed(came, passed) for office, came, passed in cursor}
