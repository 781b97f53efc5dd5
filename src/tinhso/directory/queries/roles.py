"""Who may do what, in words, and who holds what where."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from tinhso.directory.models import Delegation, Post
from tinhso.directory.permissions import DELEGATIONS, POSTS, MayDelegation, MayPost, roles_told
from tinhso.directory.queries.administration import KIND_LABELS
from tinhso.directory.queries.officers import holding
from tinhso.directory.rules import Actor, OfficeKind, Role


@dataclass(frozen=True, slots=True)
class RoleRow:
    """One role in words: what its holders do, what they see, where it may be given, by whom, how many hold it."""

    role: str
    name: str
    does: tuple[str, ...]
    sees: str
    at: tuple[str, ...]
    is_of_province: bool
    holders: int
    offices: int


def role_rows(by: Actor, day: dt.date) -> list[RoleRow]:
    """Return every role with the number of its holders in the actor's branch."""
    held = POSTS.rows(by, MayPost.ADMINISTER).filter(holding(day)).values("role")
    counted = held.annotate(people=Count("person", distinct=True), places=Count("office", distinct=True))
    counts = {row["role"]: (row["people"], row["places"]) for row in counted.order_by("role")}
    rows = []
    for role, told in roles_told().items():
        people, places = counts.get(Role(role).value, (0, 0))
        rows.append(
            RoleRow(
                role,
                str(told["name"]),
                tuple(told["does"]),
                str(told["sees"]),
                tuple(KIND_LABELS[OfficeKind(kind)] for kind in told["at"]),
                told["given_by"] == "province",
                people,
                places,
            )
        )
    return rows


def holders_of(by: Actor, role: str, day: dt.date) -> QuerySet[Post]:
    """Return the posts of a role in the branch on a day, by office."""
    rows = POSTS.rows(by, MayPost.ADMINISTER).filter(holding(day))
    rows = rows.filter(role=role) if role else rows
    return rows.select_related("person__account", "office__parent").order_by(
        "office__sort_key", "office_id", "role", "person__sort_key", "id"
    )


def loans(by: Actor, day: dt.date, *, ended: bool = False) -> QuerySet[Delegation]:
    """Return the delegations that the actor may read: those that hold or will hold, or those that have ended."""
    rows = DELEGATIONS.rows(by, MayDelegation.READ).select_related(
        "post__person", "post__office", "to_person"
    )
    live = {"withdrawn_at": None, "valid_to__gte": day}
    rows = rows.exclude(**live) if ended else rows.filter(**live)
    return rows.order_by("-valid_from" if ended else "valid_from", "-id")


def may_take_back(by: Actor, day: dt.date) -> frozenset[int]:
    """Return the delegations that the actor may still withdraw."""
    rows = DELEGATIONS.rows(by, MayDelegation.WITHDRAW).filter(withdrawn_at=None, valid_to__gte=day)
    return frozenset(rows.values_list("pk", flat=True))
