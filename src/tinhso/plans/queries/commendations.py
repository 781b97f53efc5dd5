"""Commendations, their forms by date, and who the ranking suggests."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from tinhso.directory.api import Actor, Person
from tinhso.plans.models import Commendation
from tinhso.plans.permissions.money import COMMENDATIONS, MayCommend
from tinhso.plans.queries.documents import document
from tinhso.plans.queries.ranking import Ranked
from tinhso.toolkit.text import fold


def forms_on(day: dt.date) -> dict[str, str]:
    """Return key → words of the forms of commendation that hold on a day, the highest first."""
    return {
        one["key"]: one["label"]
        for one in document("commendation_forms")["items"]
        if one["valid_from"] <= day.isoformat() <= (one["valid_to"] or "9999-12-31")
    }


def every_form() -> dict[str, str]:
    """Return key → words of every form of commendation, whenever it holds, the highest first."""
    return {one["key"]: one["label"] for one in document("commendation_forms")["items"]}


def form_words(key: str) -> str:
    """Return what people call a form."""
    return every_form().get(key, key)


def commendations(by: Actor, year: int, office_id: int | None = None) -> list[Commendation]:
    """Return the commendations of a year that the actor may read, the latest first."""
    rows = COMMENDATIONS.rows(by, MayCommend.READ).filter(on__year=year)
    if office_id is not None:
        rows = rows.filter(office_id=office_id)
    return list(rows.select_related("office", "person").order_by("-on", "-id"))


def commended_years(by: Actor) -> list[int]:
    """Return the years with commendations, the latest first."""
    days = COMMENDATIONS.rows(by, MayCommend.READ).dates("on", "year", order="DESC")
    return [day.year for day in days]


def people_at(office_id: int, on: dt.date, name: str = "") -> list[Person]:
    """Return who holds a post at an office on a day, by name; ``name``: only those who are called so."""
    held = Q(posts__valid_to=None) | Q(posts__valid_to__gte=on)
    rows = Person.objects.filter(held, posts__office_id=office_id, posts__valid_from__lte=on)
    if name:
        rows = rows.filter(folded=fold(name))
    return list(rows.order_by("sort_key", "id").distinct())


def suggested(rows: list[Ranked], year: int) -> list[Ranked]:
    """Return the best of each group with enough points that were not commended this year, as the data file says."""
    rule = document("commendation_forms")["suggest"]
    praised = set(Commendation.objects.filter(on__year=year, person=None).values_list("office_id", flat=True))
    return [
        row
        for row in rows
        if row.rank is not None
        and row.rank <= rule["top"]
        and row.score.total >= rule["least_points"]
        and row.office.pk not in praised
    ]
