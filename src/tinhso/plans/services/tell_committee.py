"""Tell those who hold a role in the committee. For the services of reviews and meetings alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import Q

from tinhso.directory.api import Account, Actor, Post, Role
from tinhso.messages.api import tell
from tinhso.toolkit.working_time import in_vietnam


def tell_role(
    roles: Collection[Role], *, title: str, body: str, link: str, by: Actor, at: dt.datetime
) -> int:
    """Tell whoever holds one of the roles today, but for whoever acts; return how many were told."""
    today = in_vietnam(at).date()
    posts = Post.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=today), valid_from__lte=today, role__in=list(roles)
    )
    people = sorted(set(posts.values_list("person_id", flat=True)) - {by.person_id})
    return tell_people(people, title=title, body=body, link=link, at=at)


def tell_account(
    account_id: int | None, *, title: str, body: str, link: str, by: Actor, at: dt.datetime
) -> int:
    """Tell the person of an account, but for whoever acts; return how many were told."""
    person = Account.objects.filter(pk=account_id or 0).values_list("person_id", flat=True).first()
    people = [person] if person is not None and person != by.person_id else []
    return tell_people(people, title=title, body=body, link=link, at=at)


def tell_people(people: Collection[int], *, title: str, body: str, link: str, at: dt.datetime) -> int:
    """Tell each of the people; return how many were told."""
    for person_id in people:
        tell(person_id, title=title, body=body, link=link, kind="review", at=at)
    return len(people)
