"""Take officers and their posts in from a province's folder: accounts come without a password."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from tinhso.directory.events import TakenIn
from tinhso.directory.models import Account, Person, Post
from tinhso.directory.rules import Role
from tinhso.directory.services.take_in_offices import office_named
from tinhso.journal.api import HasRef, announce
from tinhso.toolkit.text import fold, sort_key


@dataclass(frozen=True, slots=True)
class PostTold:
    """A post as a folder tells it: at which office (by code), as what, from when to when."""

    office: str
    role: str
    title: str
    valid_from: dt.date
    valid_to: dt.date | None


@dataclass(frozen=True, slots=True)
class OfficerTold:
    """An officer as a folder tells one. ``posts``: those that are new or changed."""

    username: str
    person: Mapping[str, Any]
    posts: Sequence[PostTold]
    changed: Sequence[str] | None


@transaction.atomic
def take_in_officers(told: Collection[OfficerTold], *, by: HasRef, at: dt.datetime) -> int:
    """Add or change officers with their posts; return how many. Nobody is deleted, no password is set.

    Raises ``Post.DoesNotExist`` never: an office that is not there is a fault of the check.
    """
    accounts = {
        one.username: one
        for one in Account.objects.filter(username__in=[one.username for one in told]).select_related(
            "person"
        )
    }
    for one in told:
        account = accounts.get(one.username)
        person = account.person if account else Person()
        for name, value in one.person.items():
            setattr(person, name, value)
        person.folded, person.sort_key = fold(person.name), sort_key(person.name)
        person.save()
        if account is None:
            account = Account.objects.create(
                username=one.username, person=person, password=make_password(None)
            )
        for post in one.posts:
            _take_in_post(person, post)
        announce(
            TakenIn("officer", f"account:{account.pk}", " ".join(one.changed or ())),
            about=f"account:{account.pk}",
            by=by,
            at=at,
        )
    return len(told)


def _take_in_post(person: Person, told: PostTold) -> None:
    office = office_named(told.office, told.valid_from)
    assert office is not None
    row = Post.objects.filter(
        person=person, office__code=told.office, role=told.role, valid_from=told.valid_from
    ).first() or Post(person=person, office=office, role=Role(told.role), valid_from=told.valid_from)
    row.title, row.valid_to = told.title, told.valid_to
    row.save()
