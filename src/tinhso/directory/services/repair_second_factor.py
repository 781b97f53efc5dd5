"""Repair a lost second factor: the officer asks, one administrator starts, another confirms; only then is there a code."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.events import (
    SecondFactorAsked,
    SecondFactorConfirmed,
    SecondFactorRefused,
    SecondFactorStarted,
)
from tinhso.directory.models import Account, Invitation, Person
from tinhso.directory.permissions import INVITATIONS, PEOPLE, MayInvitation, MayPerson
from tinhso.directory.queries.access import access_rules, needs_second_factor
from tinhso.directory.rules import Actor, Purpose
from tinhso.directory.services.give_code import give_code, hash_of_code
from tinhso.directory.services.record_change import record_change
from tinhso.directory.services.tell_owner import tell_owner
from tinhso.toolkit.policy import NotThere


class CannotRepair(Exception):
    """The repair cannot go on like this; the message says why and how to go on."""


def _minutes(name: str, real_at: dt.datetime) -> dt.timedelta:
    return dt.timedelta(minutes=access_rules(real_at.date())["codes"][f"{name}_minutes"])


def _open(account: Account, *, by: int | None, real_at: dt.datetime, reason: str) -> Invitation:
    """Write a request whose code nobody knows: a real one is made when it is confirmed."""
    row, _code = give_code(
        account,
        purpose=Purpose.SECOND_FACTOR,
        created_by_id=by,
        real_at=real_at,
        reason=reason,
        valid_for=_minutes("ask", real_at),
    )
    row.code_hash = hash_of_code(secrets.token_hex(32))
    row.save(update_fields=["code_hash"])
    return row


@transaction.atomic
def ask_second_factor(
    *, account: int, reason: str, at: dt.datetime, real_at: dt.datetime
) -> Invitation | None:
    """Keep that an officer, known by the password, lost the second factor; None for an account that needs none.

    A request that waits already is returned as it is.
    """
    row = Account.objects.select_for_update(of=("self",)).select_related("person").get(pk=account)
    if not row.is_active or not needs_second_factor(row, at.date()):
        return None
    waiting = Invitation.objects.filter(
        account=row,
        purpose=Purpose.SECOND_FACTOR,
        used_at=None,
        withdrawn_at=None,
        expires_at__gt=real_at,
        confirmed_by=None,
    ).first()
    if waiting is not None:
        return waiting
    request = _open(row, by=None, real_at=real_at, reason=reason.strip())
    record_change(
        f"person:{row.person_id}",
        _("Báo mất khóa thứ hai"),
        lambda line: SecondFactorAsked(row.pk, request.pk, line),
        by=Actor(row.pk, row.person_id, row.person.name),
        at=at,
        reason=reason.strip(),
    )
    tell_owner(
        row.person,
        title=_("Đã nhận báo mất khóa thứ hai"),
        body=_("Hai quản trị viên sẽ xác nhận. Không phải bạn báo: đổi mật khẩu và gọi quản trị viên ngay."),
        at=at,
        kind="second_factor_asked",
    )
    return request


@transaction.atomic
def start_second_factor(
    *, by: Actor, at: dt.datetime, real_at: dt.datetime, person: int, reason: str
) -> Invitation:
    """Take up an officer's request, or begin without one, after making sure who asks. Raises ``NotThere``, ``CannotRepair``."""
    row = PEOPLE.one(by, MayPerson.ADMINISTER, pk=person)
    account = (
        Account.objects.select_for_update(of=("self",)).select_related("person").filter(person=row).first()
    )
    if account is None or not account.is_active or not account.has_usable_password():
        raise CannotRepair(_("Tài khoản này chưa kích hoạt hoặc đang khóa. Cấp mã mời hoặc mở khóa trước."))
    if not reason.strip():
        raise CannotRepair(
            _("Ghi đã nhận ra người này bằng cách nào, ví dụ: gặp mặt, đối chiếu thẻ căn cước.")
        )
    request = (
        Invitation.objects.select_for_update(of=("self",))
        .filter(
            account=account,
            purpose=Purpose.SECOND_FACTOR,
            used_at=None,
            withdrawn_at=None,
            expires_at__gt=real_at,
        )
        .order_by("-pk")
        .first()
    )
    if request is not None and request.created_by_id is not None:
        raise CannotRepair(
            _("Đã có quản trị viên bắt đầu việc này. Quản trị viên khác xác nhận ở danh sách chờ.")
        )
    if request is None:
        request = _open(account, by=by.account_id, real_at=real_at, reason=reason.strip())
    else:
        request.created_by_id = by.account_id
        request.reason = reason.strip()
        request.save(update_fields=["created_by", "reason"])
    number = request.pk
    record_change(
        f"person:{account.person_id}",
        _("Bắt đầu cấp khóa thứ hai mới"),
        lambda line: SecondFactorStarted(account.pk, number, line),
        by=by,
        at=at,
        reason=reason.strip(),
    )
    tell_owner(
        account.person,
        title=_("Đang cấp khóa thứ hai mới cho tài khoản của bạn"),
        body=_("%(name)s đã bắt đầu. Không phải bạn nhờ: báo ngay cho quản trị viên khác.")
        % {"name": by.name},
        at=at,
        kind="second_factor_started",
    )
    return request


@transaction.atomic
def confirm_invitation(
    *, by: Actor, at: dt.datetime, real_at: dt.datetime, invitation: int
) -> tuple[Invitation, str]:
    """Confirm as the second administrator; return the row and the code, shown this once.

    Raises ``NotThere``, also to whoever started it and to the officer.
    """
    row = INVITATIONS.one(
        by,
        MayInvitation.CONFIRM,
        pk=invitation,
        purpose=Purpose.SECOND_FACTOR,
        confirmed_by=None,
        used_at=None,
        withdrawn_at=None,
        expires_at__gt=real_at,
    )
    account = Account.objects.select_for_update(of=("self",)).select_related("person").get(pk=row.account_id)
    if not account.is_active:
        raise NotThere
    starter = Person.objects.get(account=row.created_by_id)
    fresh, code = give_code(
        account,
        purpose=Purpose.SECOND_FACTOR,
        created_by_id=row.created_by_id,
        real_at=real_at,
        reason=row.reason,
        valid_for=_minutes("second_factor", real_at),
    )
    fresh.confirmed_by_id, fresh.confirmed_at = by.account_id, real_at
    fresh.save(update_fields=["confirmed_by", "confirmed_at"])
    started_by = row.created_by_id or 0
    record_change(
        f"person:{account.person_id}",
        _("Xác nhận cấp khóa thứ hai mới"),
        lambda line: SecondFactorConfirmed(account.pk, fresh.pk, started_by, line),
        by=by,
        at=at,
        reason=_("Bắt đầu: %(first)s. Xác nhận: %(second)s. %(why)s")
        % {"first": starter.name, "second": by.name, "why": row.reason},
    )
    tell_owner(
        account.person,
        title=_("Có mã để đặt khóa thứ hai mới"),
        body=_("%(first)s và %(second)s đã xác nhận. Mã dùng trong 15 phút. Không phải bạn nhờ: báo ngay.")
        % {"first": starter.name, "second": by.name},
        at=at,
        kind="second_factor_confirmed",
    )
    return fresh, code


@transaction.atomic
def refuse_second_factor(
    *, by: Actor, at: dt.datetime, real_at: dt.datetime, invitation: int, reason: str
) -> Invitation:
    """Refuse a request, or stop it at any step before the code is used. Raises ``NotThere``, ``CannotRepair``."""
    row = INVITATIONS.one(
        by, MayInvitation.READ, pk=invitation, purpose=Purpose.SECOND_FACTOR, used_at=None, withdrawn_at=None
    )
    if not reason.strip():
        raise CannotRepair(_("Ghi lý do từ chối."))
    row.withdrawn_at = real_at
    row.save(update_fields=["withdrawn_at"])
    person = Person.objects.get(account=row.account_id)
    record_change(
        f"person:{person.pk}",
        _("Từ chối cấp khóa thứ hai mới"),
        lambda line: SecondFactorRefused(row.account_id, row.pk, line),
        by=by,
        at=at,
        reason=reason.strip(),
    )
    tell_owner(
        person,
        title=_("Không cấp khóa thứ hai mới"),
        body=_("Quản trị viên đã từ chối. Khóa cũ vẫn dùng được. Cần thì báo mất lại."),
        at=at,
        kind="second_factor_refused",
    )
    return row
