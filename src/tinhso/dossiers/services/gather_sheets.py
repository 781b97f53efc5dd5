"""Gather what lives are imagined from: published versions with their terms, desks, defects and places."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from django.db.models import Prefetch, QuerySet

from tinhso.catalogue.api import Case, Defect, ProcedureVersion, ProcessStep
from tinhso.directory.api import Office
from tinhso.dossiers.queries import Route, level_of, places_for, route
from tinhso.dossiers.rules import Limit, Unit
from tinhso.dossiers.services.imagine_life import Desk, Terms

#: What the default form calls the name of who files.
_NAME_FIELD = "requester_name"
_LONGEST_SUMMARY = 250


@dataclass(frozen=True, slots=True)
class Sheet:
    """One published version with what lives need of it. ``by_channel``: terms and how often each is drawn."""

    id: int
    code: str
    summary: str
    version: ProcedureVersion
    name_field: str
    by_channel: dict[str, tuple[list[Terms], list[float]]]
    defects: dict[str, list[tuple[str, str]]]
    places: list[Office]


def gather_sheets(
    versions: QuerySet[ProcedureVersion], on: dt.date, name_fields: Mapping[str, str]
) -> list[Sheet]:
    """Return the sheets in the order of the versions. ``name_fields``: by code, where the name of the owner stands."""
    steps = ProcessStep.objects.filter(is_parallel=False).exclude(desk="opinion").order_by("order")
    cases = Case.objects.filter(is_chosen_by_officer=False).order_by("order")
    found = versions.select_related("procedure").prefetch_related(
        Prefetch("cases", cases.prefetch_related(Prefetch("steps", steps), "terms")),
        Prefetch("defects", Defect.objects.order_by("order")),
    )
    places: dict[tuple[str, ...], list[Office]] = {}
    sheets = []
    for version in found:
        key = (version.procedure.responsible, *version.levels)
        if key not in places:
            places[key] = places_for(version, on)
        sheets.append(_sheet(version, name_fields, places[key]))
    return sheets


def _sheet(version: ProcedureVersion, name_fields: Mapping[str, str], places: list[Office]) -> Sheet:
    by_channel: dict[str, tuple[list[Terms], list[float]]] = {}
    cases = list(version.cases.all())
    for n, case in enumerate(cases):
        desks = tuple(Desk(row.order, row.desk, int(row.hours * 60)) for row in case.steps.all())
        for term in case.terms.all():
            limit = Limit(term.limit_value, cast(Unit, term.limit_unit))
            terms, weights = by_channel.setdefault(term.channel, ([], []))
            terms.append(Terms(case.key, term.channel, limit, term.fee_vnd, desks))
            weights.append(1.0 if n == len(cases) - 1 else 0.06)
    defects: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for defect in version.defects.all():
        defects[defect.kind].append((defect.code, defect.text))
    code = version.procedure.code
    return Sheet(
        version.pk,
        code,
        version.procedure.everyday_name[:_LONGEST_SUMMARY],
        version,
        name_fields.get(code, _NAME_FIELD),
        by_channel,
        dict(defects),
        places,
    )


class Routes:
    """Who receives, prepares and signs: asked once for each office and rule of the sheets."""

    def __init__(self, on: dt.date) -> None:
        """Know nothing yet."""
        self._on = on
        self._known: dict[tuple[int, str, str], Route] = {}

    def of(self, sheet: Sheet, office: Office) -> Route:
        """Return the three offices of a dossier."""
        rule = sheet.version.handling[level_of(office)]
        key = office.pk, rule["handles"], rule["signs"]
        if key not in self._known:
            self._known[key] = route(sheet.version, office, self._on)
        return self._known[key]
