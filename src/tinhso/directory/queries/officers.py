"""Officers as administrators see them: the list, one officer with posts, work, loans and history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from tinhso.directory.models import Account, Delegation, HandOver, Invitation, Person, Post
from tinhso.directory.permissions import (
    DELEGATIONS,
    OFFICES,
    PEOPLE,
    POSTS,
    MayDelegation,
    MayOffice,
    MayPerson,
    MayPost,
    roles_told,
)
from tinhso.directory.rules import Actor, Purpose
from tinhso.toolkit.policy import NO_ROW, NotThere
from tinhso.toolkit.text import fold

STATES = {
    "": "Đang làm việc",
    "sap": "Sắp nhận việc",
    "khoa": "Tạm khóa",
    "chua": "Chưa đặt mật khẩu",
    "thoi": "Đã thôi",
}


def holding(day: dt.date) -> Q:
    """Keep posts that are held on a day."""
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day))


def officers(
    by: Actor,
    day: dt.date,
    *,
    words: str = "",
    offices: Collection[int] = (),
    role: str = "",
    state: str = "",
) -> QuerySet[Person]:
    """Return the officers of the branch, by name, each with the posts of the day in ``shown``."""
    posts = Post.objects.filter(person=OuterRef("pk"))
    if offices:
        posts = posts.filter(office__in=offices)
    if role:
        posts = posts.filter(role=role)
    posts = posts.filter(office__in=OFFICES.rows(by, MayOffice.READ).values("pk"))
    now, later = posts.filter(holding(day)), posts.filter(valid_from__gt=day)
    rows = PEOPLE.rows(by, MayPerson.READ).select_related("account")
    if state == "sap":
        rows = rows.filter(Exists(later) & ~Exists(now))
    elif state == "thoi":
        rows = rows.filter(Exists(posts) & ~Exists(now) & ~Exists(later))
    else:
        rows = rows.filter(Exists(now) | Exists(later)) if state else rows.filter(Exists(now))
    if state == "khoa":
        rows = rows.filter(account__is_active=False)
    if state == "chua":
        rows = rows.filter(account__password__startswith="!")  # noqa: S106 - how Django marks that there is none
    for word in fold(words).split():
        rows = rows.filter(Q(folded__contains=word) | Q(account__username__contains=word))
    shown = Prefetch(
        "posts",
        Post.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day))
        .select_related("office")
        .order_by("valid_from", "id"),
        to_attr="shown",
    )
    return rows.prefetch_related(shown).order_by("sort_key", "id")


@dataclass(frozen=True, slots=True)
class HeldNow:
    """A post as its line says it; ``is_ours``: within the actor's branch. ``state``: now, later, ended."""

    post: Post
    role: str
    state: str
    is_ours: bool


@dataclass(frozen=True, slots=True)
class OfficerPage:
    """One officer; what the actor may do is said by ``may_change`` and ``may_suspend``."""

    person: Person
    account: Account | None
    posts: tuple[HeldNow, ...]
    loans: tuple[Delegation, ...]
    hand_overs: tuple[HandOver, ...]
    invitation: Invitation | None
    has_code: bool
    may_change: bool
    may_suspend: bool

    @property
    def state(self) -> str:
        """Return ok, locked, closed, invited or former."""
        if self.account is None or not any(one.state != "ended" for one in self.posts):
            return "former"
        if self.account.closed_at is not None:
            return "closed"
        if not self.account.is_active:
            return "locked"
        return "ok" if self.account.has_usable_password() else "invited"


def officer_page(by: Actor, pk: int, day: dt.date) -> OfficerPage:
    """Return an officer of the branch. Raises ``NotThere``."""
    person = PEOPLE.look(by, MayPerson.READ, pk=pk)
    account = Account.objects.filter(person=person).first()
    rows = Post.objects.filter(person=person).select_related("office__parent").order_by("-valid_from", "-id")
    ours = set(POSTS.rows(by, MayPost.ADMINISTER).filter(person=person).values_list("pk", flat=True))
    loans = DELEGATIONS.rows(by, MayDelegation.READ).filter(Q(post__person=person) | Q(to_person=person))
    posts = tuple(
        HeldNow(post, str(roles_told()[post.role]["name"]), _state(post, day), post.pk in ours)
        for post in rows
    )
    waiting = Invitation.objects.filter(account=account, purpose=Purpose.ACTIVATE, withdrawn_at=None)
    return OfficerPage(
        person,
        account,
        tuple(sorted(posts, key=lambda one: ("now", "later", "ended").index(one.state))),
        tuple(
            loans.select_related("post__person", "post__office", "to_person").order_by("-valid_from", "-id")
        ),
        tuple(hand_overs(by).filter(Q(from_post__person=person) | Q(to_post__person=person))),
        waiting.order_by("-created_at").first(),
        Authenticator.objects.filter(user=account, type__in=("totp", "webauthn")).exists() if account else False,
        PEOPLE.holds(by, MayPerson.ADMINISTER, person),
        PEOPLE.holds(by, MayPerson.SUSPEND, person),
    )


def _state(post: Post, day: dt.date) -> str:
    if post.valid_from > day:
        return "later"
    return "now" if post.valid_to is None or post.valid_to >= day else "ended"


def hand_overs(by: Actor) -> QuerySet[HandOver]:
    """Return the hand-overs that the actor may read: of the branch, or one's own."""
    posts = POSTS.rows(by, MayPost.ADMINISTER).values("pk")
    own = Q(from_post__person=by.person_id) | Q(to_post__person=by.person_id) if by.person_id else NO_ROW
    rows = HandOver.objects.filter(Q(from_post__in=posts) | Q(to_post__in=posts) | own)
    return rows.select_related("from_post__person", "from_post__office", "to_post__person").order_by("-pk")


def hand_over(by: Actor, pk: int) -> HandOver:
    """Return one hand-over that the actor may read. Raises ``NotThere``."""
    found = hand_overs(by).filter(pk=pk).first()
    if found is None:
        raise NotThere
    return found


def receivers(post: Post, day: dt.date) -> list[tuple[Person, bool]]:
    """Return who may receive the desk of a post from a day on, who holds the same role there first (``True``)."""
    held = Post.objects.filter(holding(day), office=post.office_id).exclude(person=post.person_id)
    held = (
        held.filter(person__account__is_active=True)
        .select_related("person")
        .order_by("person__sort_key", "id")
    )
    same: dict[int, tuple[Person, bool]] = {}
    for one in held:
        known = same.get(one.person_id, (one.person, False))
        same[one.person_id] = (one.person, known[1] or one.role == post.role)
    return sorted(same.values(), key=lambda pair: not pair[1])


def colleagues(by: Actor, words: str, day: dt.date, limit: int = 40) -> list[Post]:
    """Return posts held on the day whose holders' names hold the words, of offices that the actor works at or administers.

    For lending: the head looks among the own office, its neighbours and those below; an administrator in the branch.
    """
    own = [post.office_id for post in by.posts if post.for_name is None]
    near = Q(office__in=own) | Q(office__parent__in=own) | Q(office__children__in=own)
    near |= Q(office__parent__children__in=own)
    rows = Post.objects.filter(holding(day), person__account__is_active=True).filter(
        near | Q(pk__in=POSTS.rows(by, MayPost.ADMINISTER).values("pk"))
    )
    for word in fold(words).split():
        rows = rows.filter(person__folded__contains=word)
    rows = rows.exclude(person=by.person_id or 0).select_related("person", "office")
    return list(rows.distinct().order_by("person__sort_key", "id")[:limit])


def lendable(by: Actor, day: dt.date, person: int | None = None) -> list[Post]:
    """Return the posts that the actor may lend: own ones, and one officer's of the branch."""
    rows = POSTS.rows(by, MayPost.DELEGATE).filter(Q(valid_to=None) | Q(valid_to__gte=day))
    rows = rows.filter(person=person) if person else rows.filter(person=by.person_id or 0)
    return list(rows.select_related("person", "office").order_by("person__sort_key", "id"))
