"""End an officer's posts from a day on, and hand the work on each desk over in the same step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tinhso.directory.events import PostEnded
from tinhso.directory.models import HandOver, Person, Post
from tinhso.directory.models.reforms import day_before
from tinhso.directory.permissions import PEOPLE, POSTS, MayPerson, MayPost
from tinhso.directory.rules import Actor, Role
from tinhso.directory.services.complete_hand_over import complete_hand_over
from tinhso.directory.services.give_post import NewPost, post_words, seat
from tinhso.directory.services.record_change import record_change
from tinhso.directory.services.register_work import work_on_desks
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.words import date_text, number


class CannotRelease(Exception):
    """The posts cannot be ended like this; the message says why and how to go on."""


@dataclass(frozen=True, slots=True)
class Release:
    """Which posts end, by row numbers.

    ``day``: the first day on which they are no longer held. ``receivers``: post → person who receives the desk, given the
    same role from that day where the person does not hold it. ``next_post``: where the officer goes; None: leaves.
    """

    day: dt.date
    decision: str
    reason: str
    posts: Sequence[int]
    receivers: Mapping[int, int] = field(default_factory=dict)
    next_post: NewPost | None = None


@dataclass(frozen=True, slots=True)
class Released:
    """What was done: the hand-overs in the order of the posts, and the new post where there is one."""

    hand_overs: tuple[HandOver, ...]
    next_post: Post | None


@transaction.atomic
def release_officer(*, by: Actor, at: dt.datetime, person: int, wanted: Release) -> Released:
    """End the posts; a desk with running work is never left empty.

    A day to come is kept: the posts end by themselves then, and the list of the work is written on that day. Raises
    ``NotThere``, ``CannotRelease``, ``CannotGivePost``.
    """
    row = PEOPLE.one(by, MayPerson.ADMINISTER, pk=person)
    if not wanted.decision.strip() or not wanted.reason.strip():
        raise CannotRelease(_("Ghi số quyết định và lý do."))
    posts = _posts(by, row, wanted)
    done = [_end(by, at, row, post, wanted) for post in posts]
    again = None
    if wanted.next_post is not None:
        reason = f"{wanted.reason.strip()} ({wanted.decision.strip()})"
        again = seat(by=by, at=at, person=row, wanted=wanted.next_post, reason=reason)
    return Released(tuple(one for one in done if one is not None), again)


def _posts(by: Actor, row: Person, wanted: Release) -> list[Post]:
    """Return the posts to end, their desks locked in one order. Raises ``NotThere``, ``CannotRelease``."""
    rows = POSTS.rows(by, MayPost.ADMINISTER).filter(person=row, pk__in=wanted.posts).select_related("office")
    posts = list(rows.order_by("office_id", "role", "id"))
    if not posts or len(posts) != len(set(wanted.posts)):
        raise NotThere
    desks = Q(pk__in=())
    for post in posts:
        desks |= Q(office_id=post.office_id, role=post.role)
    list(Post.objects.select_for_update().filter(desks).order_by("id").values_list("pk", flat=True))
    for post in posts:
        post.refresh_from_db(fields=["valid_to"])
        if post.valid_from >= wanted.day:
            raise CannotRelease(
                _("Chức vụ %(title)s bắt đầu ngày %(day)s. Chọn ngày sau đó.")
                % {"title": post.title, "day": date_text(post.valid_from)}
            )
        if post.valid_to is not None and post.valid_to < wanted.day:
            raise CannotRelease(
                _("Chức vụ %(title)s kết thúc ngày %(day)s rồi.")
                % {"title": post.title, "day": date_text(post.valid_to)}
            )
    return posts


def _end(by: Actor, at: dt.datetime, row: Person, post: Post, wanted: Release) -> HandOver | None:
    receiver = wanted.receivers.get(post.pk)
    works = work_on_desks([(post.office_id, post.role)])
    if receiver is None and works and not _others(post, wanted.day).exists():
        raise CannotRelease(
            _("%(title)s, %(office)s còn %(n)s hồ sơ mà không ai khác giữ vai trò này. Chọn người nhận.")
            % {"title": post.title, "office": post.office.short_name, "n": number(len(works))}
        )
    before = post_words(post)
    post.valid_to = day_before(wanted.day)
    post.save(update_fields=["valid_to"])
    record_change(
        f"person:{row.pk}",
        _("Kết thúc chức vụ"),
        lambda line: PostEnded(
            post.pk, row.pk, post.office_id, post.role, day_before(wanted.day).isoformat(), line
        ),
        by=by,
        at=at,
        before=before,
        after=_("đến hết %(day)s") % {"day": date_text(post.valid_to)},
        reason=f"{wanted.reason.strip()} ({wanted.decision.strip()})",
        also=(f"office:{post.office_id}",),
    )
    return None if receiver is None else _hand_over(by, at, post, receiver, wanted)


def _others(post: Post, day: dt.date) -> QuerySet[Post]:
    """Return the posts of others who hold the desk on the day and whose accounts are open."""
    rows = Post.objects.filter(office_id=post.office_id, role=post.role, valid_from__lte=day)
    rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=day), person__account__is_active=True)
    return rows.exclude(person_id=post.person_id)


def _hand_over(by: Actor, at: dt.datetime, post: Post, receiver: int, wanted: Release) -> HandOver:
    to = PEOPLE.one(by, MayPerson.READ, pk=receiver)
    account = getattr(to, "account", None)
    if to.pk == post.person_id or account is None or not account.is_active:
        raise CannotRelease(_("Chọn người nhận khác: người này không nhận được việc."))
    held = Post.objects.filter(
        person=to, office_id=post.office_id, role=post.role, valid_from__lte=wanted.day
    )
    same = held.filter(Q(valid_to=None) | Q(valid_to__gte=wanted.day)).order_by("id").first()
    if same is None:
        new = NewPost(post.office_id, Role(post.role), post.title, wanted.day)
        reason = f"{wanted.reason.strip()} ({wanted.decision.strip()})"
        same = seat(by=by, at=at, person=to, wanted=new, reason=reason)
    made = HandOver.objects.create(
        from_post=post,
        to_post=same,
        effective_date=wanted.day,
        decision=wanted.decision.strip(),
        reason=wanted.reason.strip(),
        by_id=by.account_id,
        by_name=by.name,
        made_at=at,
    )
    return complete_hand_over(made, by=by, at=at) if wanted.day <= at.date() else made
