"""Take officers and their posts in from a province's folder: accounts come without a password."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.hashers import make_password
from django.db import transaction

from tinhso.directory.events import TakenIn
from tinhso.directory.models import Account, Change, Person, Post
from tinhso.directory.rules import Actor, Role
from tinhso.directory.services.take_in_offices import OfficesByCode, Told, line_of
from tinhso.journal.api import announce
from tinhso.toolkit.text import fold, sort_key

_BATCH: Final = 500
_PERSON: Final = ("name", "birth_date", "phone", "email")


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
    """An officer as a folder tells one. ``posts``: those that are new or changed.

    ``person``: name, birth_date, phone, email. ``state``: "locked", "closed", or None, which opens nothing.
    """

    username: str
    person: Mapping[str, Any]
    state: str | None
    posts: Sequence[PostTold]
    told: Told


@transaction.atomic
def take_in_officers(told: Collection[OfficerTold], *, by: Actor, at: dt.datetime) -> int:
    """Add or change officers with their posts; return how many. Nobody is deleted, no password is set."""
    accounts = _accounts(told, at)
    _posts(told, accounts)
    people = [(accounts[one.username], one) for one in told]
    Change.objects.bulk_create(
        (line_of(f"person:{account.person_id}", one.told, by, at) for account, one in people),
        batch_size=_BATCH,
    )
    for account, one in people:
        announce(
            TakenIn("officer", f"account:{account.pk}", one.told.columns),
            about=f"person:{account.person_id}",
            by=by,
            at=at,
        )
    return len(people)


def _accounts(told: Collection[OfficerTold], at: dt.datetime) -> dict[str, Account]:
    """Write persons and accounts; return all of them by name."""
    names = [one.username for one in told]
    rows = Account.objects.select_for_update(of=("self",)).filter(username__in=names)
    accounts = {one.username: one for one in rows.select_related("person")}
    new = [one for one in told if one.username not in accounts]
    people = Person.objects.bulk_create((_named(Person(), one) for one in new), batch_size=_BATCH)
    for person, one in zip(people, new, strict=True):
        accounts[one.username] = Account(username=one.username, person=person, password=make_password(None))
    for one in told:
        _close(accounts[one.username], one.state, at)
    Account.objects.bulk_create((accounts[one.username] for one in new), batch_size=_BATCH)
    fresh = {one.username for one in new}
    old = [accounts[one.username] for one in told if one.username not in fresh]
    for one in told:
        if one.username not in fresh:
            _named(accounts[one.username].person, one)
    Person.objects.bulk_update(
        [account.person for account in old], [*_PERSON, "folded", "sort_key"], batch_size=_BATCH
    )
    Account.objects.bulk_update(old, ["is_active", "closed_at"], batch_size=_BATCH)
    return accounts


def _named(person: Person, one: OfficerTold) -> Person:
    for name in _PERSON:
        setattr(person, name, one.person[name])
    person.folded, person.sort_key = fold(person.name)[:150], sort_key(person.name)[:300]
    return person


def _close(account: Account, state: str | None, at: dt.datetime) -> None:
    """Lock or close an account; nothing is opened here."""
    if state is not None:
        account.is_active = False
    if state == "closed" and account.closed_at is None:
        account.closed_at = at


def _posts(told: Collection[OfficerTold], accounts: Mapping[str, Account]) -> None:
    offices = OfficesByCode()
    ids = [account.person_id for account in accounts.values()]
    there = {
        (one.person_id, one.office.code, one.role, one.valid_from): one
        for one in Post.objects.select_for_update(of=("self",))
        .filter(person__in=ids)
        .select_related("office")
    }
    new: list[Post] = []
    old: list[Post] = []
    for one in told:
        person = accounts[one.username].person
        for said in one.posts:
            row = there.get((person.pk, said.office, said.role, said.valid_from))
            if row is None:
                office = offices.on(said.office, said.valid_from)
                row = Post(person=person, office=office, role=Role(said.role), valid_from=said.valid_from)
                new.append(row)
            else:
                old.append(row)
            row.title, row.valid_to = said.title, said.valid_to
    Post.objects.bulk_create(new, batch_size=_BATCH)
    Post.objects.bulk_update(old, ["title", "valid_to"], batch_size=_BATCH)
