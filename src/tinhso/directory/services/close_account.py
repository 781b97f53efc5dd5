"""Close one's own account, and take that back within some days; enter that a person died."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.events import AccountClosed, AccountReopened, DeathRecorded
from tinhso.directory.models import Account, Invitation, Person
from tinhso.directory.permissions import PEOPLE, MayPerson
from tinhso.directory.queries.access import access_rules, needs_second_factor
from tinhso.directory.rules import Actor
from tinhso.directory.services.end_session import end_sessions_of
from tinhso.directory.services.record_change import record_change
from tinhso.directory.services.tell_owner import tell_owner
from tinhso.toolkit.words import date_text

_IDENTITY: Final = re.compile(r"\d{9}|\d{12}")


class CannotClose(Exception):
    """The account cannot be closed or opened again like this; the message says why and how to go on."""


class CannotRecordDeath(Exception):
    """The death cannot be entered like this; the message says why and how to go on."""


@transaction.atomic
def close_account(*, by: Actor, at: dt.datetime, real_at: dt.datetime) -> Account:
    """Close the actor's own account: signing in ends, dossiers stay. Raises ``CannotClose`` to officers."""
    account = (
        Account.objects.select_for_update(of=("self",)).select_related("person").get(pk=by.account_id or 0)
    )
    if needs_second_factor(account, at.date()):
        raise CannotClose(_("Tài khoản cán bộ do quản trị viên đóng khi thôi việc."))
    tell_owner(
        account.person,
        title=_("Tài khoản đã đóng"),
        body=_("Đổi ý thì đăng nhập lại trong %(n)d ngày để mở. Hồ sơ đã nộp vẫn giải quyết và trả kết quả.")
        % {"n": access_rules(real_at.date())["reopen_days"]},
        at=at,
        kind="account_closed",
    )
    _end(account, at=at, real_at=real_at, why="closed")
    record_change(
        f"person:{account.person_id}",
        _("Tự đóng tài khoản"),
        lambda line: AccountClosed(account.pk, line),
        by=by,
        at=at,
    )
    return account


def may_reopen(account: Account, at: dt.datetime) -> bool:
    """Say whether the owner may still take the closing back: within its days, alive, and closed by nobody else."""
    if account.closed_at is None or account.is_active or account.person.died_on is not None:
        return False
    days = access_rules(at.date())["reopen_days"]
    return at - account.closed_at <= dt.timedelta(days=days) and not account.person.posts.exists()


@transaction.atomic
def reopen_account(*, account: int, at: dt.datetime) -> Account:
    """Open an account again that its owner closed. The caller has seen the password. Raises ``CannotClose``."""
    row = Account.objects.select_for_update(of=("self",)).select_related("person").get(pk=account)
    if not may_reopen(row, at):
        raise CannotClose(_("Đã quá hạn mở lại. Đến quầy Một cửa để lập tài khoản mới."))
    row.is_active, row.closed_at = True, None
    row.save(update_fields=["is_active", "closed_at"])
    record_change(
        f"person:{row.person_id}",
        _("Mở lại tài khoản"),
        lambda line: AccountReopened(row.pk, line),
        by=Actor(row.pk, row.person_id, row.person.name),
        at=at,
    )
    tell_owner(
        row.person,
        title=_("Tài khoản đã mở lại"),
        body=_("Không phải bạn: đổi mật khẩu ngay."),
        at=at,
        kind="account_reopened",
    )
    return row


@transaction.atomic
def record_death(
    *, by: Actor, at: dt.datetime, real_at: dt.datetime, identity: str, died_on: dt.date, paper: str
) -> Person:
    """Enter that the person with an identity number died, by a paper (trích lục khai tử): Luật Hộ tịch 2014, articles 32 to 34.

    Signing in ends, mail and SMS stop, dossiers stay with whoever handles them. Raises ``CannotRecordDeath``.
    """
    if not paper.strip():
        raise CannotRecordDeath(_("Ghi số trích lục khai tử."))
    if died_on > at.date():
        raise CannotRecordDeath(_("Ngày mất không thể ở sau hôm nay. Xem lại trích lục."))
    person = found_person(by=by, identity=identity)
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.died_on is not None:
        raise CannotRecordDeath(
            _("Người này đã được ghi là mất ngày %(day)s.") % {"day": date_text(person.died_on)}
        )
    if person.birth_date and died_on < person.birth_date:
        raise CannotRecordDeath(_("Ngày mất ở trước ngày sinh. Xem lại trích lục."))
    told = ", ".join(filter(None, (person.phone, person.email)))
    person.died_on, person.died_source, person.phone, person.email = died_on, paper.strip()[:200], "", ""
    person.save(update_fields=["died_on", "died_source", "phone", "email"])
    account = Account.objects.select_for_update(of=("self",)).filter(person=person).first()
    if account is not None and account.is_active:
        _end(account, at=at, real_at=real_at, why="died")
    record_change(
        f"person:{person.pk}",
        _("Ghi người này đã mất"),
        lambda line: DeathRecorded(person.pk, account.pk if account else None, line),
        by=by,
        at=at,
        before=told,
        after=date_text(died_on),
        reason=paper.strip(),
    )
    return person


def found_person(*, by: Actor, identity: str) -> Person:
    """Return the person with an identity number, whom the actor may enter as dead. Raises ``CannotRecordDeath``."""
    digits = "".join(sign for sign in identity if sign.isdigit())
    if not _IDENTITY.fullmatch(digits):
        raise CannotRecordDeath(_("Số căn cước có 12 chữ số. Gõ lại."))
    person = PEOPLE.rows(by, MayPerson.RECORD_DEATH).filter(identity_number=digits).first()
    if person is None:
        raise CannotRecordDeath(
            _("Không ai trong hệ thống có số này nên không có gì phải ngắt. Xem lại số nếu ngờ.")
        )
    return person


def _end(account: Account, *, at: dt.datetime, real_at: dt.datetime, why: str) -> None:
    account.is_active, account.closed_at = False, at
    account.save(update_fields=["is_active", "closed_at"])
    end_sessions_of(account.pk, real_at=real_at, why=why)
    Invitation.objects.filter(account=account, used_at=None, withdrawn_at=None).update(withdrawn_at=real_at)
