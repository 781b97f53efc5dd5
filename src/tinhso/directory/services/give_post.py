"""Give a person a post at an office, from a day on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tinhso.directory.events import PostGiven
from tinhso.directory.models import Office, Person, Post
from tinhso.directory.permissions import OFFICES, PEOPLE, MayOffice, MayPerson, may_give, roles_told
from tinhso.directory.rules import Actor, Role
from tinhso.directory.services.record_change import record_change
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.words import date_text


class CannotGivePost(Exception):
    """The post cannot be given like this; the message says why and how to go on."""


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post as it is to be given; ``office`` is a row's number, ``valid_to`` None: until it is ended."""

    office: int
    role: Role
    title: str
    valid_from: dt.date
    valid_to: dt.date | None = None


@transaction.atomic
def give_post(
    *, by: Actor, at: dt.datetime, person: int, wanted: NewPost, decision: str, reason: str
) -> Post:
    """Give an officer of the actor's branch one post more. Raises ``NotThere``, ``CannotGivePost``."""
    row = PEOPLE.one(by, MayPerson.ADMINISTER, pk=person)
    return seat(by=by, at=at, person=row, wanted=wanted, reason=f"{reason.strip()} ({decision.strip()})")


def seat(*, by: Actor, at: dt.datetime, person: Person, wanted: NewPost, reason: str) -> Post:
    """Make the post of a person whom the caller has looked up. Raises ``NotThere``, ``CannotGivePost``."""
    office = office_for(by, wanted)
    last = wanted.valid_to or dt.date.max
    clash = Post.objects.filter(person=person, office=office, role=wanted.role, valid_from__lte=last)
    if clash.filter(Q(valid_to=None) | Q(valid_to__gte=wanted.valid_from)).exists():
        raise CannotGivePost(
            _("%(name)s đã giữ vai trò này ở %(office)s trong những ngày đó.")
            % {"name": person.name, "office": office.short_name}
        )
    post = Post.objects.create(
        person=person,
        office=office,
        role=wanted.role,
        title=wanted.title,
        valid_from=wanted.valid_from,
        valid_to=wanted.valid_to,
    )
    record_change(
        f"person:{person.pk}",
        _("Giao chức vụ"),
        lambda line: PostGiven(post.pk, person.pk, office.pk, post.role, post.valid_from.isoformat(), line),
        by=by,
        at=at,
        after=post_words(post),
        reason=reason,
        also=(f"office:{office.pk}",),
    )
    return post


def office_for(by: Actor, wanted: NewPost) -> Office:
    """Return the office of a post that the actor may give. Raises ``NotThere``, ``CannotGivePost``."""
    try:
        office = OFFICES.look(by, MayOffice.ADMINISTER, pk=wanted.office)
    except NotThere:
        raise CannotGivePost(_("Chọn cơ quan trong phần mình quản trị.")) from None
    told = roles_told()[wanted.role]
    if not may_give(by, wanted.role, office.kind):
        raise CannotGivePost(
            _("Vai trò “%(role)s” không giao được ở %(office)s, hoặc chỉ quản trị viên tỉnh giao được.")
            % {"role": told["name"], "office": office.short_name}
        )
    if wanted.valid_to is not None and wanted.valid_to < wanted.valid_from:
        raise CannotGivePost(_("Ngày cuối đứng trước ngày đầu. Xem lại hai ngày."))
    if wanted.valid_from < office.valid_from or (office.valid_to and wanted.valid_from > office.valid_to):
        raise CannotGivePost(
            _("%(office)s không hoạt động vào ngày %(day)s.")
            % {"office": office.name, "day": date_text(wanted.valid_from)}
        )
    return office


def post_words(post: Post) -> str:
    """Return a post as one sentence: "Văn thư (Văn thư), UBND xã X, từ 01/06/2022"."""
    words = _("%(title)s, %(office)s, vai trò %(role)s, từ %(day)s") % {
        "title": post.title,
        "office": post.office.short_name,
        "role": str(roles_told()[post.role]["name"]).lower(),
        "day": date_text(post.valid_from),
    }
    return words + (_(" đến %(day)s") % {"day": date_text(post.valid_to)} if post.valid_to else "")
