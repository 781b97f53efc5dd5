"""Let another person use a post for some days (ủy quyền), or take that back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tinhso.directory.events import DelegationWithdrawn, PostLent
from tinhso.directory.models import Delegation, Person, Post
from tinhso.directory.permissions import (
    DELEGATIONS,
    POSTS,
    MayDelegation,
    MayPost,
    delegates_own,
    may_give,
    never_by_delegation,
)
from tinhso.directory.rules import Actor, Role
from tinhso.directory.services.record_change import record_change
from tinhso.messages.api import tell
from tinhso.toolkit.words import date_text


class CannotLend(Exception):
    """The post cannot be lent like this; the message says why and how to go on."""


@dataclass(frozen=True, slots=True)
class Loan:
    """Which post is lent to whom, from the first to the last day. Row numbers."""

    post: int
    to_person: int
    valid_from: dt.date
    valid_to: dt.date
    decision: str
    reason: str


@transaction.atomic
def lend_post(*, by: Actor, at: dt.datetime, wanted: Loan) -> Delegation:
    """Lend a post of one's own, or of the branch that one administers. Raises ``NotThere``, ``CannotLend``.

    A delegate lends nothing further; two people never hold each other's post at once; and whoever checks what
    somebody does is never lent that somebody's post (``data/roles_2022.json``).
    """
    post = POSTS.one(by, MayPost.DELEGATE, pk=wanted.post)
    to = Person.objects.filter(pk=wanted.to_person, posts__isnull=False).distinct().first()
    if to is None:
        raise CannotLend(_("Chọn một cán bộ để ủy quyền."))
    _refuse(by, post, to, wanted, at.date())
    made = Delegation.objects.create(
        post=post,
        to_person=to,
        valid_from=wanted.valid_from,
        valid_to=wanted.valid_to,
        decision=wanted.decision.strip(),
    )
    days = _days(made)
    record_change(
        f"person:{post.person_id}",
        _("Ủy quyền"),
        lambda line: PostLent(
            made.pk, post.pk, to.pk, wanted.valid_from.isoformat(), wanted.valid_to.isoformat(), line
        ),
        by=by,
        at=at,
        after=_("%(name)s làm thay %(title)s, %(days)s")
        % {"name": to.name, "title": post.title, "days": days},
        reason=f"{wanted.reason.strip()} ({wanted.decision.strip()})",
        also=(f"person:{to.pk}", f"delegation:{made.pk}"),
    )
    tell(
        to.pk,
        title=_("Được ủy quyền làm thay"),
        body=_("%(title)s, %(office)s, %(days)s. Việc làm thay ghi cả hai tên.")
        % {"title": post.title, "office": post.office.short_name, "days": days},
        at=at,
        kind="directory.lent",
    )
    return made


@transaction.atomic
def withdraw_delegation(*, by: Actor, at: dt.datetime, delegation: int, reason: str) -> Delegation:
    """Take a delegation back, as of the next request. Raises ``NotThere``, ``CannotLend``."""
    row = DELEGATIONS.one(by, MayDelegation.WITHDRAW, pk=delegation)
    if row.withdrawn_at is not None or row.valid_to < at.date():
        raise CannotLend(_("Ủy quyền này đã hết hoặc đã thu lại."))
    if not reason.strip():
        raise CannotLend(_("Ghi vì sao thu lại."))
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    post, to = row.post, row.to_person
    record_change(
        f"person:{post.person_id}",
        _("Thu lại ủy quyền"),
        lambda line: DelegationWithdrawn(row.pk, post.pk, to.pk, line),
        by=by,
        at=at,
        before=_("%(name)s làm thay %(title)s, %(days)s")
        % {"name": to.name, "title": post.title, "days": _days(row)},
        reason=f"{reason.strip()} ({row.decision})",
        also=(f"person:{to.pk}", f"delegation:{row.pk}"),
    )
    tell(
        to.pk,
        title=_("Ủy quyền đã thu lại"),
        body=_("%(title)s, %(office)s.") % {"title": post.title, "office": post.office.short_name},
        at=at,
        kind="directory.lent",
    )
    return row


def _days(made: Delegation) -> str:
    return _("từ %(first)s đến %(last)s") % {
        "first": date_text(made.valid_from),
        "last": date_text(made.valid_to),
    }


def _refuse(by: Actor, post: Post, to: Person, wanted: Loan, today: dt.date) -> None:
    first, last = wanted.valid_from, wanted.valid_to
    if not wanted.decision.strip() or not wanted.reason.strip():
        raise CannotLend(_("Ghi số văn bản ủy quyền và lý do."))
    if last < first or last < today:
        raise CannotLend(_("Xem lại hai ngày: ngày cuối không được trước ngày đầu hay trước hôm nay."))
    if first < today:
        raise CannotLend(_("Ủy quyền không tính lùi. Chọn từ hôm nay."))
    if to.pk == post.person_id:
        raise CannotLend(_("Không ủy quyền cho chính mình."))
    if to.pk == by.person_id and post.person_id != by.person_id:
        raise CannotLend(_("Không tự nhận chức vụ của người khác. Nhờ quản trị viên khác ghi."))
    if post.valid_from > first or (post.valid_to is not None and post.valid_to < last):
        raise CannotLend(_("Người ủy quyền không giữ chức vụ này suốt những ngày đó."))
    own = post.person_id == by.person_id and post.role in delegates_own()
    if not own and not may_give(by, Role(post.role), post.office.kind):
        raise CannotLend(_("Vai trò này do quản trị viên tỉnh ghi ủy quyền."))
    overlap = Q(valid_from__lte=last, valid_to__gte=first, withdrawn_at=None)
    if Delegation.objects.filter(overlap, post=post).exists():
        raise CannotLend(_("Chức vụ này đã ủy quyền trong những ngày đó. Thu lại ủy quyền kia trước."))
    if Delegation.objects.filter(overlap, post__person=to, to_person=post.person_id).exists():
        raise CannotLend(_("Hai người không ủy quyền qua lại trong cùng những ngày."))
    if Delegation.objects.filter(
        overlap, post__person=to, post__office=post.office, post__role=post.role
    ).exists():
        raise CannotLend(_("Người này đang ủy quyền chính chức vụ như vậy cho người khác. Chọn người khác."))
    held = Post.objects.filter(person=to, valid_from__lte=last)
    held = held.filter(Q(valid_to=None) | Q(valid_to__gte=first))
    if not held.exists():
        raise CannotLend(
            _("Người nhận không giữ chức vụ nào trong những ngày đó. Chọn cán bộ đang làm việc.")
        )
    near = Q(office=post.office) | Q(office__parent=post.office) | Q(office=post.office.parent)
    for role in held.filter(near).values_list("role", flat=True):
        if (Role(role), Role(post.role)) in never_by_delegation():
            raise CannotLend(
                _(
                    "Người này làm phần việc mà chức vụ kia phải kiểm tra. Một người không vừa trình vừa duyệt."
                )
            )
