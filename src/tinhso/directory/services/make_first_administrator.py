"""Make the first administrator of an empty province, on the console: no password is set, a one-time code is told."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.hashers import make_password
from django.db import transaction

from tinhso.directory.events import TakenIn
from tinhso.directory.models import Account, Invitation, Office, Person, Post
from tinhso.directory.rules import SYSTEM, Purpose, Role
from tinhso.directory.services.give_code import give_code
from tinhso.journal.api import announce
from tinhso.toolkit.text import fold, sort_key


class OfficeUnknown(Exception):
    """No office has this code on the day."""


class AccountTaken(Exception):
    """The account is somebody's who holds no administrator's post."""


@transaction.atomic
def make_first_administrator(
    *, username: str, name: str, office_code: str, title: str, on: dt.date, at: dt.datetime
) -> tuple[str, Invitation]:
    """Return the code and its row. Asked again for the same account, it gives a new code.

    ``on`` is the business day, ``at`` real time. Raises ``OfficeUnknown``, ``AccountTaken``.
    """
    office = Office.objects.on(on).filter(code=office_code).first()
    if office is None:
        raise OfficeUnknown(office_code)
    account = Account.objects.filter(username=username).first()
    if account is None:
        person = Person.objects.create(name=name, folded=fold(name), sort_key=sort_key(name))
        account = Account.objects.create(username=username, person=person, password=make_password(None))
        Post.objects.create(person=person, office=office, role=Role.ADMINISTRATOR, title=title, valid_from=on)
        announce(
            TakenIn("officer", f"account:{account.pk}", ""), about=f"account:{account.pk}", by=SYSTEM, at=at
        )
    elif not account.person.posts.filter(role=Role.ADMINISTRATOR).exists():
        raise AccountTaken(username)
    row, code = give_code(account, purpose=Purpose.ACTIVATE, created_by_id=None, real_at=at)
    return code, row
