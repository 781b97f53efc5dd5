"""Offices of then and of now, the district that each lies in, and what the pages of figures call it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from tinhso.catalogue.api import Field, Procedure
from tinhso.directory.api import Office, OfficeKind, Succession, reference_stamp
from tinhso.measures.queries.documents import document
from tinhso.measures.queries.figures import Tally


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the pages of figures, from ``data/statistics.json``.

    ``told_from``: smaller numbers of an office or procedure are not told; ``ranked_from``: parts with a smaller
    denominator are not ranked; ``map_classes``: where the second to fourth class of a map begin, of the average rate.
    """

    told_from: int
    ranked_from: int
    map_classes: tuple[float, ...]
    longest_chart: int
    most_compared: int
    most_formulas: int
    cases_a_page: int


@cache
def limits() -> Limits:
    """Return the limits."""
    said = document("statistics")
    return Limits(
        said["told_from"],
        said["ranked_from"],
        tuple(said["map_classes_of_average"]),
        said["longest_chart"],
        said["most_compared"],
        said["most_formulas"],
        said["cases_a_page"],
    )


@dataclass(frozen=True, slots=True)
class Place:
    """An office of any time. ``district_id`` None: it belongs to the province. ``valid_to`` None: still open."""

    pk: int
    code: str
    name: str
    kind: str
    district_id: int | None
    territory: str
    sort_key: str
    valid_from: dt.date
    valid_to: dt.date | None

    @property
    def tile_name(self) -> str:
        """Return the name without what every one of its kind is called."""
        for begin in ("UBND xã ", "UBND phường ", "UBND thị trấn ", "UBND huyện ", "UBND "):
            if self.name.startswith(begin):
                return self.name.removeprefix(begin)
        return self.name


def places() -> Mapping[int, Place]:
    """Return every office that ever was, by its number."""
    return _places(reference_stamp())


@lru_cache(maxsize=2)
def _places(_stamp: dt.datetime) -> Mapping[int, Place]:
    rows = {one.pk: one for one in Office.objects.order_by("sort_key", "id")}

    def district(one: Office | None) -> int | None:
        while one is not None and one.kind != OfficeKind.DISTRICT:
            one = rows.get(one.parent_id) if one.parent_id else None
        return one.pk if one else None

    return {
        pk: Place(
            pk,
            one.code,
            one.short_name,
            one.kind,
            district(one),
            one.territory_code,
            one.sort_key,
            one.valid_from,
            one.valid_to,
        )
        for pk, one in rows.items()
    }


def place_of(code: str, opened: dt.date | None = None) -> Place | None:
    """Return the office of a code: the one that opened last, or on the day named."""
    found = [one for one in places().values() if one.code == code and opened in (None, one.valid_from)]
    return max(found, key=lambda one: one.valid_from, default=None)


def same_code(place: Place) -> list[Place]:
    """Return the other offices that had the code at other times, the oldest first."""
    others = [one for one in places().values() if one.code == place.code and one.pk != place.pk]
    return sorted(others, key=lambda one: one.valid_from)


@dataclass(frozen=True, slots=True)
class Now:
    """Offices of then in those of a day. ``split``: went on in several, so their figures stay with the office of then."""

    heir: Mapping[int, int]
    split: frozenset[int]

    def restate(self, counts: Mapping[Any, Tally]) -> dict[Any, Tally]:
        """Return the counts by the offices of the day."""
        found: dict[Any, Tally] = {}
        for pk, one in counts.items():
            heir = self.heir.get(pk, pk)
            found[heir] = found[heir].plus(one) if heir in found else one
        return found

    def of(self, pk: int) -> list[int]:
        """Return the offices whose figures an office of the day carries, itself among them."""
        return [pk, *(then for then, heir in self.heir.items() if heir == pk and then != pk)]


def now_on(day: dt.date) -> Now:
    """Return where the work of every closed office goes on on a day."""
    return _now(reference_stamp(), day)


@lru_cache(maxsize=4)
def _now(_stamp: dt.datetime, day: dt.date) -> Now:
    follows: dict[int, list[int]] = {}
    rows = Succession.objects.filter(effective_date__lte=day).order_by("predecessor_id", "successor_id")
    for then, heir in rows.values_list("predecessor_id", "successor_id"):
        follows.setdefault(then, []).append(heir)
    heirs: dict[int, int] = {}
    split: set[int] = set()
    for then in follows:
        at, seen = then, {then}
        while len(follows.get(at, ())) == 1 and follows[at][0] not in seen:
            at = follows[at][0]
            seen.add(at)
        if len(follows.get(at, ())) > 1:
            split.add(then)
        elif at != then:
            heirs[then] = at
    return Now(heirs, frozenset(split))


def by_district(counts: Mapping[Any, Tally]) -> dict[int | None, Tally]:
    """Return counts by office summed by district; None: offices of the province."""
    every = places()
    found: dict[int | None, Tally] = {}
    for pk, one in counts.items():
        district = every[pk].district_id
        found[district] = found[district].plus(one) if district in found else one
    return found


def procedure_names(codes: Iterable[str]) -> dict[str, str]:
    """Return the everyday names of procedures by code."""
    rows = Procedure.objects.filter(code__in=list(codes))
    return dict(rows.values_list("code", "everyday_name"))


def field_names() -> dict[int, str]:
    """Return the names of all fields by number, in the order of their names."""
    return _fields(reference_stamp())


@lru_cache(maxsize=2)
def _fields(_stamp: dt.datetime) -> dict[int, str]:
    return dict(Field.objects.order_by("name").values_list("pk", "name"))
