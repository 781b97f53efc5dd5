"""Who works on plans at an office: whom to tell, who is accountable, which office a name means."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Q

from tinhso.directory.api import Office, OfficeKind, Post, Role
from tinhso.plans.permissions import AGENCY, COMMITTEE
from tinhso.plans.rules.plans import HEAD, signs_as
from tinhso.toolkit.text import fold


def posts_of(office_ids: Collection[int], roles: Iterable[Role], on: dt.date) -> list[Post]:
    """Return the posts with one of the roles at the offices on a day, oldest first, with their people."""
    rows = Post.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=on),
        office_id__in=office_ids,
        role__in=list(roles),
        valid_from__lte=on,
    )
    return list(rows.select_related("person", "office").order_by("id"))


def people_told(office_ids: Collection[int], on: dt.date) -> dict[int, list[int]]:
    """Return whom a notice to each office reaches: its planners and its head; the committee, for the province."""
    provinces = set(
        Office.objects.filter(pk__in=office_ids, kind=OfficeKind.PROVINCE).values_list("pk", flat=True)
    )
    told: dict[int, dict[int, None]] = defaultdict(dict)
    for post in posts_of(office_ids, AGENCY, on):
        is_head = post.role != Role.LEADER or signs_as(post.title) == HEAD
        if post.office_id not in provinces and is_head:
            told[post.office_id][post.person_id] = None
    if provinces:
        committee = Post.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=on), role__in=list(COMMITTEE), valid_from__lte=on
        )
        for post in committee.order_by("id"):
            for province in provinces:
                told[province][post.person_id] = None
    return {office: list(people) for office, people in told.items()}


def heads_of(office: Office, on: dt.date) -> list[Post]:
    """Return who may be named accountable for the plan: the office's leaders, heads first; for the province, the chair."""
    role = Role.COMMITTEE_CHAIR if office.kind == OfficeKind.PROVINCE else Role.LEADER
    return sorted(posts_of([office.pk], [role], on), key=lambda post: (signs_as(post.title) != HEAD, post.pk))


def offices_by_name(on: dt.date) -> dict[str, int]:
    """Return folded name → id of the offices of a day, by whole and short name; a name of two is left out."""
    found: dict[str, set[int]] = defaultdict(set)
    for pk, name, short_name in Office.objects.on(on).values_list("pk", "name", "short_name"):
        found[fold(name)].add(pk)
        found[fold(short_name)].add(pk)
    return {name: next(iter(ids)) for name, ids in found.items() if len(ids) == 1}


def office_named(text: str, on: dt.date) -> Office | None:
    """Return the one office of the day that bears the name, written with or without marks; None for a unit inside."""
    wanted = fold(text)
    if not wanted:
        return None
    rows = Office.objects.on(on)
    found = list(rows.filter(folded=wanted)[:2]) or [
        one for one in rows.only("pk", "short_name", "kind") if fold(one.short_name) == wanted
    ]
    return found[0] if len(found) == 1 else None
