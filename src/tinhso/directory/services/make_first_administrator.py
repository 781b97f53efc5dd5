"""Make the first administrator of an empty province, on the console: no password is set, a one-time code is told."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.events import OfficerInvited
from tinhso.directory.models import Account, Invitation, Office, Person, Post
from tinhso.directory.rules import SYSTEM, Purpose, Role
from tinhso.directory.services.give_code import give_code
from tinhso.directory.services.record_change import record_change
from tinhso.toolkit.text import fold, sort_key

#: The administrator sits beside the machine: the code need not wait long.
VALID_FOR: Final = dt.timedelta(hours=2)


class OfficeUnknown(Exception):
    """No office has this code on the day."""


class AccountTaken(Exception):
    """The account is somebody's who holds no administrator's post, or is locked."""


class AlreadySetUp(Exception):
    """The administrator has a password already: a code from the console would be a second way in."""


@transaction.atomic
def make_first_administrator(
    *, username: str, name: str, office_code: str, title: str, at: dt.datetime, real_at: dt.datetime
) -> tuple[str, Invitation]:
    """Return the code and its row. Asked again before the password is set, it gives a new code in place of the old.

    ``at`` is business time, ``real_at`` real time. Raises ``OfficeUnknown``, ``AccountTaken``, ``AlreadySetUp``.
    """
    on = at.date()
    office = Office.objects.on(on).filter(code=office_code).first()
    if office is None:
        raise OfficeUnknown(office_code)
    account = Account.objects.select_for_update(of=("self",)).filter(username=username).first()
    is_new = account is None
    if account is None:
        person = Person.objects.create(name=name, folded=fold(name), sort_key=sort_key(name))
        account = Account.objects.create(username=username, person=person, password=make_password(None))
        Post.objects.create(person=person, office=office, role=Role.ADMINISTRATOR, title=title, valid_from=on)
    else:
        held = account.person.posts.filter(role=Role.ADMINISTRATOR, valid_from__lte=on).exclude(
            valid_to__lt=on
        )
        if not account.is_active or not held.exists():
            raise AccountTaken(username)
        if account.has_usable_password():
            raise AlreadySetUp(username)
    row, code = give_code(
        account, purpose=Purpose.ACTIVATE, created_by_id=None, real_at=real_at, valid_for=VALID_FOR
    )
    account_id, person_id, row_id = account.pk, account.person_id, row.pk
    record_change(
        f"person:{person_id}",
        _("Lập quản trị viên trên máy chủ") if is_new else _("Cấp lại mã trên máy chủ"),
        lambda line: OfficerInvited(account_id, person_id, row_id, line),
        by=SYSTEM,
        at=at,
        after=_("Tài khoản %(name)s, chức vụ %(title)s") % {"name": username, "title": title}
        if is_new
        else "",
    )
    return code, row
