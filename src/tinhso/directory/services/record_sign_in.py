"""Keep the history of signing in, and tell the owner of a new device or of somebody who knows the password."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.models import Account, SignInTried
from tinhso.directory.rules import SignInOutcome
from tinhso.directory.services.tell_owner import tell_owner
from tinhso.toolkit.words import moment_text

#: So many lines a minute from one address are enough to tell of guessing.
_ENOUGH = 5
_QUIET = dt.timedelta(minutes=1)


@transaction.atomic
def record_sign_in(
    account: Account,
    outcome: SignInOutcome,
    *,
    at: dt.datetime,
    real_at: dt.datetime,
    address: str,
    device: str,
    is_known: bool = True,
) -> None:
    """Write one try; ``is_known``: the account signed in on this device before. ``at`` is business time."""
    rows = SignInTried.objects.filter(account=account)
    if outcome in (SignInOutcome.TOO_OFTEN, SignInOutcome.WRONG_PASSWORD):
        same = rows.filter(outcome=outcome, address=address or None, at__gt=real_at - _QUIET)
        if same.count() >= _ENOUGH:
            return
    is_first = not rows.filter(outcome=SignInOutcome.SIGNED_IN).exists()
    SignInTried.objects.create(
        account=account, at=real_at, outcome=outcome, address=address or None, device=device
    )
    if outcome is SignInOutcome.SIGNED_IN and not is_known and not is_first:
        tell_owner(
            account.person,
            title=_("Tài khoản vừa đăng nhập trên máy mới"),
            body=_(
                "%(device)s, lúc %(moment)s. Không phải bạn: đổi mật khẩu và ngắt phiên khác ở trang Bảo mật."
            )
            % {"device": device or _("Máy chưa rõ loại"), "moment": moment_text(at)},
            at=at,
            kind="new_device",
        )


def warn_of_known_password(account: Account, *, at: dt.datetime) -> None:
    """Tell the owner that somebody types the right password and wrong codes."""
    tell_owner(
        account.person,
        title=_("Có người gõ đúng mật khẩu nhưng sai mã"),
        body=_("Mã sai năm lần liền. Không phải bạn: mật khẩu đã lộ, đổi ngay ở trang Quên mật khẩu."),
        at=at,
        kind="wrong_codes",
    )
