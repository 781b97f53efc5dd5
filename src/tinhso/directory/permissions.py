"""Who may administer what. One table a thing; lists and acts both read it."""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from django.db import connection
from django.db.models import Q

from tinhso.directory.models import (
    DataRequest,
    Delegation,
    Erasure,
    Invitation,
    LegalHold,
    Look,
    Office,
    OpenSession,
    Person,
    Post,
    SpecialDay,
)
from tinhso.directory.rules import Actor, OfficeKind, Role
from tinhso.toolkit.policy import EVERY_ROW, NO_ROW, Policy, any_of


class MayCalendar(StrEnum):
    """Permissions on the working calendar."""

    CHANGE = "directory:specialday:change"


class MayDataRequest(StrEnum):
    """Permissions on a correction that a person asks for, alphabetical."""

    ANSWER = "directory:datarequest:answer"
    READ = "directory:datarequest:read"
    WITHDRAW = "directory:datarequest:withdraw"


class MayDelegation(StrEnum):
    """Permissions on a delegation."""

    READ = "directory:delegation:read"
    WITHDRAW = "directory:delegation:withdraw"


class MayHold(StrEnum):
    """Permissions on what keeps data from being deleted, and on the proofs of what was deleted, alphabetical."""

    LIFT = "directory:legalhold:lift"
    PROOF = "directory:erasure:read"
    READ = "directory:legalhold:read"


class MayInvitation(StrEnum):
    """Permissions on a one-time code, alphabetical."""

    CONFIRM = "directory:invitation:confirm"
    READ = "directory:invitation:read"
    START = "directory:invitation:start"


class MayLook(StrEnum):
    """Permissions on the log of who looked."""

    READ = "directory:look:read"


class MayOffice(StrEnum):
    """Permissions on an office, alphabetical."""

    ADMINISTER = "directory:office:administer"
    READ = "directory:office:read"


class MayPerson(StrEnum):
    """Permissions on an officer, alphabetical."""

    ADMINISTER = "directory:person:administer"
    READ = "directory:person:read"
    RECORD_DEATH = "directory:person:record_death"
    SUSPEND = "directory:person:suspend"


class MayPost(StrEnum):
    """Permissions on a post, alphabetical."""

    ADMINISTER = "directory:post:administer"
    DELEGATE = "directory:post:delegate"


class MaySession(StrEnum):
    """Permissions on a session."""

    END = "directory:opensession:end"


@cache
def _whole_province() -> frozenset[str]:
    """Return the codes of the offices whose administrators look after the whole province."""
    path = files("tinhso.directory").joinpath("data/administrators_2022.json")
    (version,) = json.loads(path.read_text(encoding="utf-8"))["versions"]
    return frozenset(version["whole_province"])


@cache
def _roles() -> dict[str, Any]:
    path = files("tinhso.directory").joinpath("data/roles_2022.json")
    (version,) = json.loads(path.read_text(encoding="utf-8"))["versions"]
    return dict(version)


def roles_told() -> dict[str, dict[str, Any]]:
    """Return what is said of each role: ``name``, ``does``, ``sees``, ``at`` (kinds of offices), ``given_by``."""
    return {one["role"]: one for one in _roles()["roles"]}


def never_by_delegation() -> frozenset[tuple[Role, Role]]:
    """Return the pairs of roles that check each other: whoever holds one of them is not lent the other."""
    pairs = [(Role(one), Role(other)) for one, other in _roles()["never_by_delegation"]]
    return frozenset(pairs) | frozenset((other, one) for one, other in pairs)


def delegates_own() -> tuple[Role, ...]:
    """Return the roles whose holders may lend their own post."""
    return tuple(Role(one) for one in _roles()["delegates_own"])


def administers_province(by: Actor) -> bool:
    """Say whether the actor is an administrator of the whole province."""
    offices = by.offices(Role.ADMINISTRATOR)
    return bool(offices) and Office.objects.filter(pk__in=offices, code__in=_whole_province()).exists()


_BELOW = """
with recursive below as (
  select id from directory_office where id = any(%s)
  union select o.id from directory_office o join below b on o.parent_id = b.id)
select id from below
"""


def branch(by: Actor) -> list[int]:
    """Return the offices that the actor administers, the actor's own ones and everything below them, at any time."""
    own = list(by.offices(Role.ADMINISTRATOR))
    if not own:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, [own])
        return [pk for (pk,) in cursor.fetchall()]


def may_give(by: Actor, role: Role, kind: str) -> bool:
    """Say whether the actor may give a role at an office of a kind; which office is another question (``OFFICES``)."""
    told = roles_told()[role]
    return kind in told["at"] and (told["given_by"] == "branch" or administers_province(by))


def province(by: Actor) -> Q:
    """Every row, for an administrator of the whole province."""
    return EVERY_ROW if administers_province(by) else NO_ROW


def _offices(by: Actor) -> Q:
    return Q(pk__in=branch(by))


def _people(by: Actor) -> Q:
    """People who hold, held or will hold a post in the branch."""
    return Q(pk__in=Post.objects.filter(office__in=branch(by)).values("person"))


def _only_here(by: Actor) -> Q:
    """People of the branch all of whose posts that have not ended lie in it; never the actor's own person."""
    inside = branch(by)
    if not inside:
        return NO_ROW
    outside = Post.objects.exclude(office__in=inside).filter(valid_to=None).values("person")
    return Q(pk__in=Post.objects.filter(office__in=inside).values("person")) & ~Q(pk__in=outside)


def _posts(by: Actor) -> Q:
    return Q(office__in=branch(by))


def _own_posts(by: Actor) -> Q:
    """Return the posts that the actor holds oneself, of a role that may be lent: a delegate lends nothing further."""
    return Q(person_id=by.person_id, role__in=delegates_own()) if by.person_id else NO_ROW


def _lent(by: Actor) -> Q:
    inside = branch(by)
    own = Q(post__person_id=by.person_id) if by.person_id else NO_ROW
    return own | Q(post__office__in=inside) if inside else own


def _lent_or_borrowed(by: Actor) -> Q:
    return _lent(by) | Q(to_person_id=by.person_id) if by.person_id else NO_ROW


CALENDAR: Policy[SpecialDay, MayCalendar, Actor] = Policy(SpecialDay, {MayCalendar.CHANGE: province})
OFFICES: Policy[Office, MayOffice, Actor] = Policy(
    Office, {MayOffice.ADMINISTER: any_of(province, _offices), MayOffice.READ: any_of(province, _offices)}
)
PEOPLE: Policy[Person, MayPerson, Actor] = Policy(
    Person,
    {
        MayPerson.ADMINISTER: lambda by: _not_oneself(by) & (_officers(by) | _people(by)),
        MayPerson.READ: lambda by: _officers(by) | _people(by),
        MayPerson.RECORD_DEATH: lambda by: _not_oneself(by) & _whoever_died(by),
        MayPerson.SUSPEND: lambda by: _not_oneself(by) & (_officers(by) | _only_here(by)),
    },
)
POSTS: Policy[Post, MayPost, Actor] = Policy(
    Post,
    {
        MayPost.ADMINISTER: any_of(province, _posts),
        MayPost.DELEGATE: any_of(province, _posts, _own_posts),
    },
)
DELEGATIONS: Policy[Delegation, MayDelegation, Actor] = Policy(
    Delegation,
    {
        MayDelegation.READ: any_of(province, _lent_or_borrowed),
        MayDelegation.WITHDRAW: any_of(province, _lent),
    },
)


def _officers(by: Actor) -> Q:
    """Everybody who ever held a post, for an administrator of the whole province; never mere citizens."""
    return Q(pk__in=Post.objects.values("person")) if administers_province(by) else NO_ROW


def may_record_deaths(by: Actor) -> bool:
    """Say whether the actor enters deaths: who prepares civil status at a commune, and administrators of the province."""
    offices = by.offices(Role.SPECIALIST)
    at_commune = Office.objects.filter(pk__in=offices, kind=OfficeKind.COMMUNE)
    return bool(offices and at_commune.exists()) or administers_province(by)


def _whoever_died(by: Actor) -> Q:
    """Everybody: where a person died is not where the person was known. Asked by the whole identity number only."""
    return EVERY_ROW if may_record_deaths(by) else NO_ROW


def _not_oneself(by: Actor) -> Q:
    """Nobody administers oneself: another administrator does."""
    return ~Q(pk=by.person_id or 0)


def may_change_calendar(by: Actor) -> bool:
    """Say whether the actor may change the working calendar."""
    return CALENDAR.rules[MayCalendar.CHANGE](by) != NO_ROW


def protects_data(by: Actor) -> bool:
    """Say whether the actor decides about holds: an inspector, or an administrator of the whole province."""
    return by.holds(Role.INSPECTOR) or administers_province(by)


def _protects(by: Actor) -> Q:
    return EVERY_ROW if protects_data(by) else NO_ROW


def _asked_oneself(by: Actor) -> Q:
    return Q(person_id=by.person_id) if by.person_id else NO_ROW


def _asked_here(by: Actor) -> Q:
    """Corrections asked at a counter where the actor receives or at an office of the branch; never one's own."""
    here = Q(office__in=[*by.offices(Role.COUNTER_CLERK), *branch(by)])
    return here & ~Q(person_id=by.person_id or 0)


def _at_me(by: Actor) -> Q:
    return Q(person_id=by.person_id) if by.person_id else NO_ROW


DATA_REQUESTS: Policy[DataRequest, MayDataRequest, Actor] = Policy(
    DataRequest,
    {
        MayDataRequest.ANSWER: _asked_here,
        MayDataRequest.READ: any_of(_asked_oneself, _asked_here),
        MayDataRequest.WITHDRAW: _asked_oneself,
    },
)
HOLDS: Policy[LegalHold, MayHold, Actor] = Policy(
    LegalHold, {MayHold.LIFT: _protects, MayHold.READ: _protects}
)
PROOFS: Policy[Erasure, MayHold, Actor] = Policy(Erasure, {MayHold.PROOF: _protects})
#: Only whoever was looked at: the house reads the log by the breach kit on the console.
LOOKS: Policy[Look, MayLook, Actor] = Policy(Look, {MayLook.READ: _at_me})


def _codes(by: Actor) -> Q:
    """Codes of officers whom the actor administers: never one's own."""
    return Q(account__person__in=PEOPLE.rows(by, MayPerson.ADMINISTER).values("pk"))


def _started_by_others(by: Actor) -> Q:
    """Whoever starts the repair of a second factor does not confirm it."""
    return _codes(by) & Q(created_by__isnull=False) & ~Q(created_by=by.account_id or 0)


def _own_sessions(by: Actor) -> Q:
    return Q(account_id=by.account_id) if by.account_id else NO_ROW


def _officers_sessions(by: Actor) -> Q:
    return Q(account__person__in=PEOPLE.rows(by, MayPerson.ADMINISTER).values("pk"))


INVITATIONS: Policy[Invitation, MayInvitation, Actor] = Policy(
    Invitation,
    {
        MayInvitation.CONFIRM: _started_by_others,
        MayInvitation.READ: _codes,
        MayInvitation.START: _codes,
    },
)
SESSIONS: Policy[OpenSession, MaySession, Actor] = Policy(
    OpenSession, {MaySession.END: any_of(_own_sessions, _officers_sessions)}
)
