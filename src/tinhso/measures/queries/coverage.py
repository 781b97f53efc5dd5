"""Which bodies run the one-stop, the interlinked one-stop and official signatures on a day, by the bodies of then."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from django.db.models import Count, Q

from tinhso.directory.api import Office, OfficeKind, Post, Role, reference_stamp
from tinhso.dossiers.api import Passed, Served, passed_second_office, served_by_bodies
from tinhso.measures.queries.declarations import Held, declared
from tinhso.measures.queries.documents import document
from tinhso.measures.queries.figures import By, counting, tallies
from tinhso.measures.rules import bounds
from tinhso.measures.rules.coverage import (
    LEVEL_OF,
    Body,
    Coverage,
    Definition,
    Evidence,
    Judged,
    Level,
    System,
    definition_on,
    definitions,
    judge,
    tally,
)
from tinhso.signatures.api import InForce, in_force_by_office

#: Offices whose names say only together with their parent's which one is meant.
_FULL_NAMES = (OfficeKind.DEPARTMENT, OfficeKind.DIVISION)


@cache
def every_definition() -> tuple[Definition, ...]:
    """Return every version of every definition, from ``data/coverage.json``."""
    return definitions(document("coverage"))


@dataclass(frozen=True, slots=True)
class Covered:
    """The coverage of one system on a day: every body that the directory knows, judged or left out.

    ``until``: the moment up to which evidence counts, the end of the day or now. ``lines``: what holds in the register
    of declarations, by body.
    """

    definition: Definition
    on: dt.date
    until: dt.datetime
    rows: tuple[Judged, ...]
    whole: Coverage
    lines: Mapping[int, Held]


def coverage(system: System, on: dt.date, at: dt.datetime) -> Covered | None:
    """Return the coverage of a system on a day, reckoned at a moment; None where no definition was in force then."""
    definition = definition_on(every_definition(), system, on)
    if definition is None:
        return None
    until = bounds(on, at)[1]
    bodies = _bodies(reference_stamp())
    known = _evidence(definition, on, until)
    lines = declared(system, on, by_moment=at)
    nothing = Evidence()
    rows = tuple(
        judge(
            body,
            known.get(body.office_id, nothing),
            definition,
            on,
            lines[body.office_id].status if body.office_id in lines else None,
        )
        for body in bodies
    )
    return Covered(definition, on, until, rows, tally(rows), lines)


def month_ends(on: dt.date, months: int) -> list[dt.date]:
    """Return the last days of the months before the one of ``on``, as many as asked, the earliest first."""
    found, day = [], on
    for _month in range(months):
        day = day.replace(day=1) - dt.timedelta(days=1)
        found.append(day)
    return found[::-1]


@lru_cache(maxsize=2)
def _bodies(_stamp: dt.datetime) -> tuple[Body, ...]:
    """Return every office ever, by level and name; an office below another is of the level it belongs to."""
    rows = list(Office.objects.order_by("sort_key", "pk"))
    by_pk = {row.pk: row for row in rows}

    def level(row: Office) -> Level:
        while row.kind not in LEVEL_OF and row.parent_id is not None:
            row = by_pk[row.parent_id]
        return LEVEL_OF.get(row.kind, Level.PROVINCE)

    found = [
        Body(
            row.pk,
            row.code,
            row.name if row.kind in _FULL_NAMES else row.short_name,
            row.kind,
            level(row),
            row.valid_from,
            row.valid_to,
        )
        for row in rows
    ]
    order = list(Level)
    return tuple(sorted(found, key=lambda body: order.index(body.level)))


def _evidence(definition: Definition, on: dt.date, until: dt.datetime) -> dict[int, Evidence]:
    """Return what is known of each office; only what the system is judged by is looked up."""
    if definition.system is System.SIGNATURES:
        return _certificates(until)
    served = served_by_bodies(on)
    if definition.system is System.INTERLINKED:
        start, _end = bounds(definition.since(on), until)
        return _interlinked(served, passed_second_office(start, until))
    posts, counters = _posts(on)
    received = _received(definition.since(on), on)
    nothing = Served(0, 0)
    return {
        office: Evidence(
            procedures=served.get(office, nothing).procedures,
            posts=posts[office],
            counters=counters[office],
            received=None if received is None else received[office],
        )
        for office in {*served, *posts}
    }


def _interlinked(served: Mapping[int, Served], had: Mapping[int, Passed]) -> dict[int, Evidence]:
    none = Passed(0, 0)
    return {
        office: Evidence(
            procedures=one.procedures,
            interlinked=one.interlinked,
            came=had.get(office, none).came,
            passed=had.get(office, none).passed,
        )
        for office, one in served.items()
    }


def _posts(on: dt.date) -> tuple[Counter[int], Counter[int]]:
    """Return how many posts are held at each office on a day, and how many of them at the counter."""
    rows = Post.objects.filter(valid_from__lte=on).exclude(valid_to__lt=on).values_list("office_id")
    found = list(rows.annotate(n=Count("pk"), at_counter=Count("pk", filter=Q(role=Role.COUNTER_CLERK))))
    return Counter({office: n for office, n, _at in found}), Counter({office: at for office, _n, at in found})


def _received(first: dt.date, last: dt.date) -> Counter[int] | None:
    """Return how many dossiers each office accepted in these days; None where one of them was not counted."""
    if counting(first, last).uncounted:
        return None
    found = tallies(first, last, By.OFFICE)
    return Counter({office: one.received.total() for office, one in found.items()})


def _certificates(until: dt.datetime) -> dict[int, Evidence]:
    """Return the certificates in force at the last moment before ``until``, for every office there is."""
    at = until - dt.timedelta(microseconds=1)
    registry = in_force_by_office(at)
    held = set(
        Post.objects.filter(valid_from__lte=at.date())
        .exclude(valid_to__lt=at.date())
        .values_list("office_id", "person_id", "title")
    )
    nothing = InForce()
    return {
        office: Evidence(
            officers=len(one.holders),
            seals=one.seals,
            gone=sum((office, *holder) not in held for holder in one.holders),
            has_registry=bool(registry),
        )
        for office in (body.office_id for body in _bodies(reference_stamp()))
        for one in (registry.get(office, nothing),)
    }
