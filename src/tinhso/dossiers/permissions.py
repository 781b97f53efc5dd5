"""Who may do what to which dossiers. One table; the lists and the acts both read it."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import Q

from tinhso.directory.api import Actor, Role
from tinhso.dossiers.models import Dossier, Draft, Opinion
from tinhso.toolkit.policy import EVERY_ROW, NO_ROW, Policy, Rule, all_of, any_of


class May(StrEnum):
    """Permissions on a dossier, alphabetical."""

    ACCEPT = "dossiers:dossier:accept"
    ANSWER_OPINION = "dossiers:dossier:answer_opinion"
    CORRECT = "dossiers:dossier:correct"
    EXTEND = "dossiers:dossier:extend"
    HAND_OVER = "dossiers:dossier:hand_over"
    HANDLE = "dossiers:dossier:handle"
    ISSUE = "dossiers:dossier:issue"
    READ = "dossiers:dossier:read"
    READ_AS_OFFICER = "dossiers:dossier:read_as_officer"
    REBASE = "dossiers:dossier:rebase"
    REUSE = "dossiers:dossier:reuse"
    SIGN = "dossiers:dossier:sign"
    SUPPLY = "dossiers:dossier:supply"
    WITHDRAW = "dossiers:dossier:withdraw"


class MayDraft(StrEnum):
    """Permissions on a draft, alphabetical."""

    KEEP = "dossiers:draft:keep"
    TAKE_IN = "dossiers:draft:take_in"
    WRITE = "dossiers:draft:write"


#: The page of a draft that a counter clerk writes for a person at the desk; no sheet may name a page so.
AT_COUNTER = "buoc.tai-quay"


def owner(by: Actor) -> Q:
    """Dossiers whose owner the actor is."""
    return Q(owner_person_id=by.person_id) if by.person_id else NO_ROW


def submitter(by: Actor) -> Q:
    """Dossiers that the actor sent in."""
    return Q(submitter_person_id=by.person_id) if by.person_id else NO_ROW


def helper(by: Actor) -> Q:
    """Dossiers that the actor, not an officer of theirs, helped to send in."""
    return Q(helper_person_id=by.person_id) if by.person_id else NO_ROW


def receiving(*roles: Role) -> Rule[Actor]:
    """Dossiers of the counter where the actor holds one of the roles."""
    return lambda by: Q(receiving_office__in=by.offices(*roles))


def handling(*roles: Role) -> Rule[Actor]:
    """Dossiers of the unit that prepares them, where the actor holds one of the roles."""
    return lambda by: Q(handling_office__in=by.offices(*roles))


def signing(*roles: Role) -> Rule[Actor]:
    """Dossiers of the office that signs them, where the actor holds one of the roles."""
    return lambda by: Q(signing_office__in=by.offices(*roles))


def asked(by: Actor) -> Q:
    """Dossiers on which the actor's office was asked for its opinion."""
    offices = by.offices(Role.SPECIALIST, Role.LEADER)
    return Q(pk__in=Opinion.objects.filter(office__in=offices).values("dossier")) if offices else NO_ROW


def inspects(by: Actor) -> Q:
    """Every dossier, for an inspector of the province."""
    return EVERY_ROW if by.holds(Role.INSPECTOR) else NO_ROW


def keeps_catalogue(by: Actor) -> Q:
    """Every dossier, for who reviews the catalogue: moved onto another version, never read."""
    return EVERY_ROW if by.holds(Role.CATALOGUE_REVIEWER) else NO_ROW


def draft_owner(by: Actor) -> Q:
    """Drafts that the actor writes."""
    return Q(person_id=by.person_id) if by.person_id else NO_ROW


def not_sent(by: Actor) -> Q:
    """Drafts that were not sent yet."""
    return Q(dossier=None)


_officers = any_of(
    receiving(Role.COUNTER_CLERK, Role.LEADER),
    handling(Role.SPECIALIST, Role.LEADER),
    signing(Role.LEADER, Role.SEAL_CLERK),
    asked,
    inspects,
)

POLICY: Policy[Dossier, May, Actor] = Policy(
    Dossier,
    {
        May.ACCEPT: receiving(Role.COUNTER_CLERK),
        May.ANSWER_OPINION: asked,
        May.CORRECT: handling(Role.LEADER),
        # Form 04 bears the name of who signs for the office.
        May.EXTEND: any_of(handling(Role.LEADER), signing(Role.LEADER)),
        May.HAND_OVER: receiving(Role.COUNTER_CLERK),
        May.HANDLE: handling(Role.SPECIALIST),
        May.ISSUE: signing(Role.SEAL_CLERK),
        May.READ: any_of(owner, submitter, helper, _officers),
        May.READ_AS_OFFICER: _officers,
        May.REBASE: keeps_catalogue,
        # Papers and results are taken again by whom they are about; who only sent or helped does not own them.
        May.REUSE: owner,
        May.SIGN: signing(Role.LEADER),
        May.SUPPLY: any_of(owner, submitter, helper),
        May.WITHDRAW: any_of(owner, submitter),
    },
)


def at_counter(by: Actor) -> Q:
    """Drafts written at a counter where the actor receives."""
    return Q(page=AT_COUNTER, office__in=by.offices(Role.COUNTER_CLERK))


def not_at_counter(by: Actor) -> Q:
    """Drafts that a person writes for oneself, on line."""
    return ~Q(page=AT_COUNTER)


_write = all_of(draft_owner, not_sent, not_at_counter)
_take_in = all_of(draft_owner, not_sent, at_counter)

DRAFTS: Policy[Draft, MayDraft, Actor] = Policy(
    Draft,
    {
        MayDraft.KEEP: any_of(_write, _take_in),
        MayDraft.TAKE_IN: _take_in,
        MayDraft.WRITE: _write,
    },
)
