"""Invite an officer: a person, an account without a password, a first post, and a one-time code to begin with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.events import OfficerInvited
from tinhso.directory.models import Account, Invitation, Person
from tinhso.directory.permissions import PEOPLE, MayPerson
from tinhso.directory.rules import Actor, Purpose
from tinhso.directory.services.give_code import give_code
from tinhso.directory.services.give_post import NewPost, office_for, seat
from tinhso.directory.services.record_change import record_change
from tinhso.messages.api import tell
from tinhso.toolkit.text import fold, sort_key

_LONGEST = 60


class CannotInvite(Exception):
    """The person cannot be invited like this; the message says why and how to go on."""


@dataclass(frozen=True, slots=True)
class NewOfficer:
    """Whom to invite. ``phone`` and ``email`` may be blank; the letter goes to the e-mail and never holds the code."""

    name: str
    phone: str = ""
    email: str = ""
    birth_date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Invited:
    """The new account and its code, which is shown once and kept nowhere."""

    account: Account
    invitation: Invitation
    code: str


@transaction.atomic
def invite_officer(
    *,
    by: Actor,
    at: dt.datetime,
    real_at: dt.datetime,
    wanted: NewOfficer,
    post: NewPost,
    decision: str,
    reason: str,
    activate_at: str = "",
) -> Invited:
    """Make person, account and post; ``real_at`` is real time, ``activate_at`` the page where the code is typed.

    Raises ``CannotGivePost``, ``CannotInvite``.
    """
    office = office_for(by, post)
    if not decision.strip():
        raise CannotInvite(_("Ghi số quyết định tuyển dụng hoặc điều động."))
    same = Person.objects.filter(folded=fold(wanted.name), posts__office=office, posts__valid_to=None).first()
    if same is not None and same.birth_date == wanted.birth_date:
        raise CannotInvite(
            _("%(office)s đã có một %(name)s cùng ngày sinh. Mở trang của người đó để thêm chức vụ.")
            % {"office": office.short_name, "name": same.name}
        )
    person = Person.objects.create(
        name=wanted.name,
        folded=fold(wanted.name),
        sort_key=sort_key(wanted.name),
        birth_date=wanted.birth_date,
        phone=wanted.phone,
        email=wanted.email,
    )
    account = Account.objects.create(
        username=_free_username(wanted.name), person=person, password=make_password(None)
    )
    given = seat(by=by, at=at, person=person, wanted=post, reason=f"{reason.strip()} ({decision.strip()})")
    row, code = give_code(
        account, purpose=Purpose.ACTIVATE, created_by_id=by.account_id, real_at=real_at, reason=reason.strip()
    )
    record_change(
        f"person:{person.pk}",
        _("Mời vào hệ thống"),
        lambda line: OfficerInvited(account.pk, person.pk, row.pk, line),
        by=by,
        at=at,
        after=_("Tài khoản %(name)s, chức vụ %(title)s") % {"name": account.username, "title": given.title},
        reason=f"{reason.strip()} ({decision.strip()})",
    )
    _tell(account, office.name, activate_at, at)
    return Invited(account, row, code)


@transaction.atomic
def invite_again(
    *, by: Actor, at: dt.datetime, real_at: dt.datetime, person: int, reason: str, activate_at: str = ""
) -> Invited:
    """Give a new code to an officer who has not set a password yet; the old one stops working.

    Raises ``NotThere``, ``CannotInvite``.
    """
    row = PEOPLE.one(by, MayPerson.ADMINISTER, pk=person)
    account = Account.objects.select_for_update(of=("self",)).filter(person=row).first()
    if account is None or account.has_usable_password():
        raise CannotInvite(_("Người này đã đặt mật khẩu. Quên mật khẩu thì dùng mục khôi phục."))
    invitation, code = give_code(
        account, purpose=Purpose.ACTIVATE, created_by_id=by.account_id, real_at=real_at, reason=reason.strip()
    )
    record_change(
        f"person:{row.pk}",
        _("Cấp lại mã mời"),
        lambda line: OfficerInvited(account.pk, row.pk, invitation.pk, line),
        by=by,
        at=at,
        reason=reason.strip(),
    )
    return Invited(account, invitation, code)


def _free_username(name: str) -> str:
    """Return an account name made of the given name and the initials before it: "huong.nt", then "huong.nt2"."""
    words = ["".join(sign for sign in word if sign.isalnum()) for word in fold(name).split()]
    words = [word for word in words if word] or ["can-bo"]
    stem = ".".join(filter(None, (words[-1], "".join(word[0] for word in words[:-1]))))[: _LONGEST - 4]
    taken = set(Account.objects.filter(username__startswith=stem).values_list("username", flat=True))
    return next(one for one in (stem, *(f"{stem}{n}" for n in range(2, 9_999))) if one not in taken)


def _tell(account: Account, office: str, activate_at: str, at: dt.datetime) -> None:
    person = account.person
    tell(
        person.pk,
        title=_("Tài khoản cán bộ đã được lập"),
        body=_(
            "%(office)s mời dùng hệ thống, tài khoản %(name)s. Mã dùng một lần do quản trị viên trao tận tay, hạn 7 ngày."
        )
        % {"office": office, "name": account.username},
        at=at,
        kind="directory.invited",
        link=activate_at,
        email=person.email or None,
        phone=person.phone or None,
    )
