"""Who may do what to directives, steering bodies and counts of posts."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.db.models import Q

from tinhso.directory.api import Actor
from tinhso.plans.models import Body, Directive, Establishment, Member
from tinhso.plans.permissions import COMMITTEE, INSIDERS, PLANNER
from tinhso.toolkit.policy import EVERY_ROW, NO_ROW, Policy

#: Who enters documents of the committee.
ENTERERS: Final = COMMITTEE
#: Who writes some body: the committee any, planners those of their own offices.
BODY_WRITERS: Final = (*COMMITTEE, *PLANNER)


class MayDirect(StrEnum):
    """Permissions on a directive, alphabetical."""

    CORRECT = "plans:directive:correct"
    END = "plans:directive:end"
    READ = "plans:directive:read"
    USE = "plans:directive:use"


class MayBody(StrEnum):
    """Permissions on a steering body and on its members, alphabetical."""

    READ = "plans:body:read"
    WRITE = "plans:body:write"


class MayCount(StrEnum):
    """Permissions on a count of posts, alphabetical."""

    READ = "plans:posts:read"
    REPLACE = "plans:posts:replace"


def comes_in(by: Actor) -> Q:
    """Every row, for whoever works at the committee's desk or for an office."""
    return EVERY_ROW if by.holds(*INSIDERS) else NO_ROW


def keeps_directives(by: Actor) -> Q:
    """Every row, for the chair and the secretary."""
    return EVERY_ROW if by.holds(*ENTERERS) else NO_ROW


def keeps_running(by: Actor) -> Q:
    """Directives that nobody ended, for the chair and the secretary."""
    return Q(valid_to=None) if by.holds(*ENTERERS) else NO_ROW


def writes_bodies(by: Actor) -> Q:
    """Bodies at work: every one for the committee, those of their own offices for planners."""
    at_work = Q(valid_to=None)
    return at_work if by.holds(*COMMITTEE) else at_work & Q(office_id__in=by.offices(*PLANNER))


def writes_seats(by: Actor) -> Q:
    """Seats that are taken, in bodies that the actor writes."""
    taken = Q(valid_to=None, body__valid_to=None)
    return taken if by.holds(*COMMITTEE) else taken & Q(body__office_id__in=by.offices(*PLANNER))


def counts_posts(by: Actor) -> Q:
    """Rows of every office for the committee, of their own offices for planners."""
    return EVERY_ROW if by.holds(*COMMITTEE) else Q(office_id__in=by.offices(*PLANNER))


def may_write_for(by: Actor, office_id: int) -> bool:
    """Say whether the actor sets up bodies and counts posts for the office."""
    return by.holds(*COMMITTEE) or office_id in by.offices(*PLANNER)


DIRECTIVES: Policy[Directive, MayDirect, Actor] = Policy(
    Directive,
    {
        MayDirect.CORRECT: keeps_directives,
        MayDirect.END: keeps_running,
        MayDirect.READ: comes_in,
        MayDirect.USE: keeps_directives,
    },
)
BODIES: Policy[Body, MayBody, Actor] = Policy(Body, {MayBody.READ: comes_in, MayBody.WRITE: writes_bodies})
MEMBERS: Policy[Member, MayBody, Actor] = Policy(
    Member, {MayBody.READ: comes_in, MayBody.WRITE: writes_seats}
)
POSTS: Policy[Establishment, MayCount, Actor] = Policy(
    Establishment, {MayCount.READ: comes_in, MayCount.REPLACE: counts_posts}
)
