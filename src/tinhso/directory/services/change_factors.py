"""Add and remove one's own second factors; an officer keeps at least one that is no recovery code."""

from __future__ import annotations

import datetime as dt

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.events import FactorAdded, FactorRemoved
from tinhso.directory.models import Account
from tinhso.directory.queries.access import needs_second_factor
from tinhso.directory.rules import Actor, NewFactor
from tinhso.directory.services.record_change import record_change
from tinhso.directory.services.tell_owner import tell_owner
from tinhso.directory.services.use_invitation import STRONG, keep_factor, new_recovery_codes
from tinhso.toolkit.policy import NotThere


class CannotChangeFactors(Exception):
    """The factor cannot be added or removed; the message says why and how to go on."""


def _account(by: Actor) -> Account:
    return Account.objects.select_for_update(of=("self",)).select_related("person").get(pk=by.account_id or 0)


def _words(row: Authenticator) -> str:
    if row.type == "webauthn":
        return str(row.data.get("name") or _("khóa trên máy"))
    return {"totp": _("ứng dụng mã"), "recovery_codes": _("mã dự phòng")}[row.type]


@transaction.atomic
def add_factor(*, by: Actor, at: dt.datetime, factor: NewFactor) -> list[str]:
    """Add a factor that was just proved; an app's replaces the earlier one. Return recovery codes where there were none.

    An officer without any factor gets none here: it takes an administrator's code. Raises ``CannotChangeFactors``.
    """
    account = _account(by)
    rows = Authenticator.objects.filter(user=account)
    is_first = not rows.filter(type__in=STRONG).exists()
    if is_first and needs_second_factor(account, at.date()):
        raise CannotChangeFactors(_("Tài khoản cán bộ đặt khóa đầu tiên bằng mã của quản trị viên."))
    if factor.kind == "totp":
        rows.filter(type="totp").delete()
    row = keep_factor(account, factor)
    codes = [] if rows.filter(type="recovery_codes").exists() else new_recovery_codes(account)
    words = _words(row)
    record_change(
        f"person:{account.person_id}",
        _("Thêm khóa thứ hai"),
        lambda line: FactorAdded(account.pk, factor.kind, line),
        by=by,
        at=at,
        after=words,
    )
    tell_owner(
        account.person,
        title=_("Tài khoản có thêm khóa thứ hai"),
        body=_("Vừa thêm: %(words)s. Không phải bạn: gỡ khóa ấy và đổi mật khẩu ngay.") % {"words": words},
        at=at,
        kind="factor_added",
    )
    return codes


@transaction.atomic
def remove_factor(*, by: Actor, at: dt.datetime, factor: int) -> str:
    """Remove one's own factor; return what it was called. Raises ``NotThere``, ``CannotChangeFactors``."""
    account = _account(by)
    rows = Authenticator.objects.filter(user=account)
    row = rows.filter(pk=factor, type__in=STRONG).first()
    if row is None:
        raise NotThere
    others = rows.filter(type__in=STRONG).exclude(pk=row.pk)
    if needs_second_factor(account, at.date()) and not others.exists():
        raise CannotChangeFactors(_("Đây là khóa cuối cùng. Thêm khóa khác trước, rồi gỡ khóa này."))
    words, kind = _words(row), row.type
    is_last = not others.exists()
    row.delete()
    if is_last:
        rows.delete()
    record_change(
        f"person:{account.person_id}",
        _("Gỡ khóa thứ hai"),
        lambda line: FactorRemoved(account.pk, kind, line),
        by=by,
        at=at,
        before=words,
    )
    tell_owner(
        account.person,
        title=_("Một khóa thứ hai đã bị gỡ"),
        body=_("Vừa gỡ: %(words)s. Không phải bạn: đổi mật khẩu và báo quản trị viên ngay.")
        % {"words": words},
        at=at,
        kind="factor_removed",
    )
    return words


@transaction.atomic
def rename_factor(*, by: Actor, factor: int, name: str) -> None:
    """Give one's own passkey another name. Raises ``NotThere``."""
    row = (
        Authenticator.objects.select_for_update()
        .filter(user=by.account_id or 0, pk=factor, type="webauthn")
        .first()
    )
    if row is None or not name.strip():
        raise NotThere
    row.data["name"] = name.strip()[:60]
    row.save(update_fields=["data"])


@transaction.atomic
def renew_recovery_codes(*, by: Actor, at: dt.datetime) -> list[str]:
    """Replace one's own recovery codes, shown this once. Raises ``CannotChangeFactors``."""
    account = _account(by)
    if not Authenticator.objects.filter(user=account, type__in=STRONG).exists():
        raise CannotChangeFactors(_("Chưa có khóa thứ hai nên chưa cần mã dự phòng."))
    codes = new_recovery_codes(account)
    record_change(
        f"person:{account.person_id}",
        _("Tạo lại mã dự phòng"),
        lambda line: FactorAdded(account.pk, "recovery_codes", line),
        by=by,
        at=at,
    )
    tell_owner(
        account.person,
        title=_("Mã dự phòng đã được tạo lại"),
        body=_("Mã cũ không dùng được nữa. Không phải bạn: đổi mật khẩu ngay."),
        at=at,
        kind="recovery_renewed",
    )
    return codes
