"""Lock an officer's account, or open it again: as of the next request."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tinhso.directory.events import AccountResumed, AccountSuspended
from tinhso.directory.models import Account, Post
from tinhso.directory.permissions import PEOPLE, POSTS, MayPerson, MayPost
from tinhso.directory.rules import Actor
from tinhso.directory.services.record_change import record_change
from tinhso.toolkit.policy import NotThere


class CannotSuspend(Exception):
    """The account cannot be locked or opened; the message says why and how to go on."""


@transaction.atomic
def suspend_account(*, by: Actor, at: dt.datetime, person: int, reason: str) -> Account:
    """Lock the account. Raises ``NotThere``, ``CannotSuspend``."""
    account = _account(by, person, reason, at)
    if not account.is_active:
        raise CannotSuspend(_("Tài khoản đang khóa rồi."))
    account.is_active = False
    account.save(update_fields=["is_active"])
    record_change(
        f"person:{person}",
        _("Tài khoản"),
        lambda line: AccountSuspended(account.pk, line),
        by=by,
        at=at,
        before=_("đang dùng"),
        after=_("tạm khóa"),
        reason=reason.strip(),
    )
    return account


@transaction.atomic
def resume_account(*, by: Actor, at: dt.datetime, person: int, reason: str) -> Account:
    """Open a locked account again. Raises ``NotThere``, ``CannotSuspend``."""
    account = _account(by, person, reason, at)
    if account.closed_at is not None:
        raise CannotSuspend(_("Tài khoản đã đóng hẳn, không mở lại được. Mời lại bằng tài khoản mới."))
    if account.is_active:
        raise CannotSuspend(_("Tài khoản đang dùng được."))
    account.is_active = True
    account.save(update_fields=["is_active"])
    record_change(
        f"person:{person}",
        _("Tài khoản"),
        lambda line: AccountResumed(account.pk, line),
        by=by,
        at=at,
        before=_("tạm khóa"),
        after=_("đang dùng"),
        reason=reason.strip(),
    )
    return account


def _account(by: Actor, person: int, reason: str, at: dt.datetime) -> Account:
    if not reason.strip():
        raise CannotSuspend(_("Ghi lý do."))
    row = PEOPLE.one(by, MayPerson.SUSPEND, pk=person)
    last = Q(valid_to=None) | Q(valid_to__gte=at.date())
    elsewhere = Post.objects.filter(last, person=row).exclude(
        pk__in=POSTS.rows(by, MayPost.ADMINISTER).values("pk")
    )
    account = Account.objects.select_for_update(of=("self",)).filter(person=row).first()
    if account is None or elsewhere.exists():
        raise NotThere
    return account
