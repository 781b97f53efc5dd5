"""Reads of the targets of use, and what became of them: counted from the day counts, never typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from tinhso.catalogue.api import Procedure
from tinhso.directory.api import Actor
from tinhso.measures.models import UseTarget
from tinhso.measures.permissions import TARGETS, MayTarget
from tinhso.measures.queries.figures import Wanted, counting, tally
from tinhso.measures.rules import (
    Reached,
    Received,
    last_day_of,
    month_after,
    reached_count,
    reached_share,
)

_NEAR = ("office", "set_by__person")


@dataclass(frozen=True, slots=True)
class Result:
    """A target beside what became of it. ``procedure`` is the name of its procedure, blank for all."""

    target: UseTarget
    procedure: str
    received: Received
    count: Reached | None
    share: Reached | None

    @property
    def is_reached(self) -> bool:
        """Say whether all that the target names is reached."""
        return all(one.is_reached for one in (self.count, self.share) if one is not None)


@dataclass(frozen=True, slots=True)
class MonthOfTargets:
    """The targets of a month with their results, counted up to ``until``; ``uncounted`` days are not in them."""

    month: dt.date
    until: dt.date
    results: tuple[Result, ...]
    counted_at: dt.datetime | None
    uncounted: tuple[dt.date, ...]

    has_begun: bool

    @property
    def is_over(self) -> bool:
        """Say whether the month has ended."""
        return self.until == last_day_of(self.month)


@dataclass(frozen=True, slots=True)
class CopyPlan:
    """What copying a month to the next would do: set ``new`` for ``month``, keep what it has for ``kept``."""

    month: dt.date
    new: tuple[UseTarget, ...]
    kept: tuple[UseTarget, ...]


def holding(month: dt.date, office_id: int | None, procedure_code: str) -> UseTarget | None:
    """Return the target that holds for a key: the one that no other replaces."""
    place = Q(office=None) if office_id is None else Q(office=office_id)
    rows = UseTarget.objects.filter(place, month=month, procedure_code=procedure_code)
    return rows.filter(replaced_by=None).first()


def months_with_targets(by: Actor) -> list[dt.date]:
    """Return the months for which targets were set, the latest first."""
    rows = TARGETS.rows(by, MayTarget.READ).values_list("month", flat=True)
    return list(rows.order_by("-month").distinct())


def targets_of(by: Actor, month: dt.date, on: dt.date) -> MonthOfTargets:
    """Return the targets of a month with what became of them up to a day: whole province first, then by office."""
    until = max(month, min(on, last_day_of(month)))
    found = list(_holding_rows(by, month))
    return MonthOfTargets(
        month,
        until,
        _results(found, month, until),
        *counted(month, until if on >= month else None),
        on >= month,
    )


def target_of(by: Actor, pk: int, on: dt.date) -> tuple[Result, list[UseTarget]]:
    """Return the target that holds for the key of one, and all of that key, the latest first. Raises ``NotThere``."""
    asked = TARGETS.look(by, MayTarget.READ, pk=pk)
    rows = TARGETS.rows(by, MayTarget.READ).filter(month=asked.month, procedure_code=asked.procedure_code)
    rows = rows.filter(office=None) if asked.office_id is None else rows.filter(office=asked.office_id)
    every = list(rows.select_related(*_NEAR, "replaced_by").order_by("-pk"))
    (held,) = [one for one in every if not hasattr(one, "replaced_by")]
    until = max(held.month, min(on, last_day_of(held.month)))
    (result,) = _results([held], held.month, until)
    return result, every


def copy_plan(by: Actor, month: dt.date) -> CopyPlan:
    """Return what copying the targets of a month to the next would do."""
    following = month_after(month)
    taken = {(one.office_id, one.procedure_code) for one in _holding_rows(by, following)}
    new: list[UseTarget] = []
    kept: list[UseTarget] = []
    for one in _holding_rows(by, month):
        (kept if (one.office_id, one.procedure_code) in taken else new).append(one)
    return CopyPlan(following, tuple(new), tuple(kept))


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Return the everyday names of procedures by code."""
    wanted = {code for code in codes if code}
    return dict(Procedure.objects.filter(code__in=wanted).values_list("code", "everyday_name"))


def counted(first: dt.date, last: dt.date | None) -> tuple[dt.datetime | None, tuple[dt.date, ...]]:
    """Return when the last of the days was counted, and those that never were. ``last`` None: no day has come."""
    if last is None:
        return None, ()
    found = counting(first, last)
    return found.counted_at, found.uncounted


def _holding_rows(by: Actor, month: dt.date) -> QuerySet[UseTarget]:
    """Return the targets that hold in a month: the whole province's first, then by office."""
    rows = TARGETS.rows(by, MayTarget.READ).filter(month=month, replaced_by=None)
    place = (F("office__sort_key").asc(nulls_first=True), "office_id", "procedure_code", "pk")
    return rows.select_related(*_NEAR).order_by(*place)


def _results(targets: Iterable[UseTarget], month: dt.date, until: dt.date) -> tuple[Result, ...]:
    found = list(targets)
    sums = {
        (one.office_id, one.procedure_code): tally(
            month, until, Wanted(office_id=one.office_id, procedure_code=one.procedure_code)
        ).by_channel
        for one in found
    }
    names = names_of(one.procedure_code for one in found)
    results = []
    for one in found:
        received = sums[one.office_id, one.procedure_code]
        results.append(
            Result(
                one,
                names.get(one.procedure_code, one.procedure_code),
                received,
                reached_count(one.online_count, received),
                reached_share(one.online_share, received),
            )
        )
    return tuple(results)
