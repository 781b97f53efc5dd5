"""Use a one-time code up: set the password, or the second factor, or both, in one step that happens once."""

from __future__ import annotations

import datetime as dt
import hmac
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.events import AccountActivated, PasswordChanged, SecondFactorReplaced
from tinhso.directory.models import Account, Invitation
from tinhso.directory.queries.access import needs_second_factor, usable
from tinhso.directory.rules import Actor, NewFactor, Purpose
from tinhso.directory.services.end_session import end_sessions_of
from tinhso.directory.services.record_change import record_change
from tinhso.directory.services.tell_owner import tell_owner

#: Factors of which one is enough.
STRONG = ("totp", "webauthn")


class CodeSpent(Exception):
    """The code was used, withdrawn or has run out meanwhile."""


class FactorMissing(Exception):
    """An officer's account takes a password only together with a second factor."""


def keep_factor(account: Account, factor: NewFactor) -> Authenticator:
    """Write a proved second factor."""
    if factor.kind == "totp":
        data: dict[str, Any] = {"secret": factor.secret, "last_step": factor.step}
    else:
        data = {"name": factor.name, "credential": factor.credential}
    return Authenticator.objects.create(user=account, type=factor.kind, data=data)


def new_recovery_codes(account: Account) -> list[str]:
    """Replace the account's recovery codes; they are shown this once."""
    Authenticator.objects.filter(user=account, type="recovery_codes").delete()
    return list(RecoveryCodes.activate(account).get_unused_codes())


@transaction.atomic
def use_invitation(
    *,
    invitation: int,
    code_hash: str,
    at: dt.datetime,
    real_at: dt.datetime,
    password: str = "",
    factor: NewFactor | None = None,
) -> tuple[Account, list[str]]:
    """Return the account and its recovery codes. ``password`` is a hash, ``code_hash`` that of the code as checked.

    The account and the code are locked, in this order: of two uses at the same time one is made.
    Raises ``CodeSpent``, ``FactorMissing``.
    """
    first = Invitation.objects.filter(pk=invitation).first()
    if first is None:
        raise CodeSpent
    account = (
        Account.objects.select_for_update(of=("self",)).select_related("person").get(pk=first.account_id)
    )
    row = (
        Invitation.objects.select_for_update(of=("self",))
        .filter(usable(Purpose(first.purpose), real_at), pk=invitation)
        .first()
    )
    if row is None or not account.is_active or not hmac.compare_digest(row.code_hash, code_hash):
        raise CodeSpent
    purpose = Purpose(row.purpose)
    is_officer = needs_second_factor(account, at.date())
    if purpose is Purpose.SECOND_FACTOR or (purpose is Purpose.ACTIVATE and is_officer):
        if factor is None:
            raise FactorMissing
    elif purpose is Purpose.PASSWORD:
        factor = None
    row.used_at = real_at
    row.save(update_fields=["used_at"])
    if password and purpose in (Purpose.ACTIVATE, Purpose.PASSWORD):
        account.password = password
        account.save(update_fields=["password"])
    codes: list[str] = []
    if factor is not None:
        Authenticator.objects.filter(user=account).delete()
        keep_factor(account, factor)
        codes = new_recovery_codes(account)
    ended = end_sessions_of(account.pk, real_at=real_at, why="repaired")
    _keep(account, row, purpose, factor.kind if factor else "", ended, at)
    return account, codes


def _keep(
    account: Account, row: Invitation, purpose: Purpose, kind: str, ended: int, at: dt.datetime
) -> None:
    by = Actor(account.pk, account.person_id, account.person.name)
    about = f"person:{account.person_id}"
    word = {"totp": _("ứng dụng mã"), "webauthn": _("khóa trên máy")}.get(kind, "")
    if purpose is Purpose.ACTIVATE:
        record_change(
            about,
            _("Kích hoạt tài khoản"),
            lambda line: AccountActivated(account.pk, row.pk, kind, line),
            by=by,
            at=at,
            after=word,
        )
        return
    if purpose is Purpose.PASSWORD:
        record_change(
            about,
            _("Đặt lại mật khẩu bằng mã"),
            lambda line: PasswordChanged(account.pk, row.pk, ended, line),
            by=by,
            at=at,
            after=_("ngắt %(n)d phiên") % {"n": ended},
        )
        title, body = (
            _("Mật khẩu đã được đặt lại"),
            _("Mọi phiên cũ đã ngắt. Không phải bạn: gọi quản trị viên hoặc đường dây hỗ trợ ngay."),
        )
    else:
        starter, second = row.created_by, row.confirmed_by
        names = [one.person.name for one in (starter, second) if one]
        record_change(
            about,
            _("Đặt khóa thứ hai mới, khóa cũ đã gỡ"),
            lambda line: SecondFactorReplaced(
                account.pk, row.pk, row.created_by_id or 0, row.confirmed_by_id or 0, kind, line
            ),
            by=by,
            at=at,
            before=_("khóa cũ"),
            after=word,
            reason=_("Hai quản trị viên: %(names)s") % {"names": ", ".join(names)},
        )
        title, body = (
            _("Khóa thứ hai đã được thay"),
            _("Khóa cũ không dùng được nữa, mọi phiên đã ngắt. Không phải bạn: báo quản trị viên ngay."),
        )
    tell_owner(account.person, title=title, body=body, at=at, kind=f"{purpose.value}_set")
