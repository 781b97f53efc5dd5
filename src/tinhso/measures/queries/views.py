"""How pages are used: sums of views by kind, and the way from the search to the sent dossier."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Sum

from tinhso.measures.models import PageViews
from tinhso.measures.queries.monitoring import document
from tinhso.measures.rules.visits import Outcome


@dataclass(frozen=True, slots=True)
class KindOfPage:
    """The views of one kind of page in a period."""

    kind: str
    opened: int
    from_inside: int
    refused: int
    failed: int


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One step of the way, and how many pages of it were opened."""

    name: str
    opened: int


@dataclass(frozen=True, slots=True)
class Views:
    """The views of a period; ``metered`` are its days of which anything was written, ``days`` how many it has."""

    kinds: tuple[KindOfPage, ...]
    funnel: tuple[FunnelStep, ...]
    metered: int
    days: int
    opened: int


def views(first: dt.date, last: dt.date) -> Views:
    """Return the views of a period by kind of page, most opened first."""
    rows = PageViews.objects.filter(day__range=(first, last))
    sums: dict[str, dict[str, int]] = {}
    for kind, outcome, is_inside, n in rows.values_list("kind", "outcome", "is_inside").annotate(n=Sum("n")):
        one = sums.setdefault(kind, {"ok": 0, "inside": 0, "refused": 0, "failed": 0})
        one[outcome] += n
        one["inside"] += n if is_inside and outcome == Outcome.OK else 0
    kinds = sorted(
        (KindOfPage(kind, n["ok"], n["inside"], n["refused"], n["failed"]) for kind, n in sums.items()),
        key=lambda one: (-one.opened, one.kind),
    )
    opened = {one.kind: one.opened for one in kinds}
    funnel = tuple(
        FunnelStep(step["name"], sum(opened.get(kind, 0) for kind in step["kinds"]))
        for step in document()["funnel"]
    )
    metered = rows.values("day").distinct().count()
    return Views(tuple(kinds), funnel, metered, (last - first).days + 1, sum(opened.values()))


def service_views(first: dt.date, last: dt.date) -> dict[tuple[dt.date, str], int]:
    """Return how often the page of each procedure was opened on each day."""
    rows = PageViews.objects.filter(
        day__range=(first, last), kind="portal:service", outcome=Outcome.OK
    ).exclude(procedure_code="")
    return {(day, code): n for day, code, n in rows.values_list("day", "procedure_code").annotate(n=Sum("n"))}


def metered_days(first: dt.date, last: dt.date) -> set[dt.date]:
    """Return the days of a period of which any view was written: on the others nothing is known."""
    return set(PageViews.objects.filter(day__range=(first, last)).values_list("day", flat=True).distinct())
