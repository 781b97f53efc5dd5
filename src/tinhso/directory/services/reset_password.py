"""Give a code for a new password, and change a password by the old one."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.events import PasswordChanged, PasswordCodeGiven
from tinhso.directory.models import Account, Invitation
from tinhso.directory.permissions import PEOPLE, MayPerson
from tinhso.directory.queries.access import access_rules
from tinhso.directory.rules import Actor, Purpose
from tinhso.directory.services.end_session import end_sessions_of
from tinhso.directory.services.give_code import give_code
from tinhso.directory.services.record_change import record_change
from tinhso.directory.services.tell_owner import tell_owner
from tinhso.messages.api import tell


class CannotReset(Exception):
    """No code for a new password can be given; the message says why and how to go on."""


def _life(real_at: dt.datetime) -> dt.timedelta:
    return dt.timedelta(minutes=access_rules(real_at.date())["codes"]["password_minutes"])


@transaction.atomic
def forget_password(*, username: str, at: dt.datetime, real_at: dt.datetime) -> bool:
    """Send a code to the mail and phone of an account; ``False``, and nothing said to anybody, where it reaches nobody.

    The code stands in the letter and in the SMS, and not in the in-box, which whoever sits at an open session reads.
    """
    rows = Account.objects.select_for_update(of=("self",)).select_related("person")
    account = rows.filter(username__iexact=username.strip(), is_active=True).first()
    if account is None or not (account.person.email or account.person.phone):
        return False
    row, code = give_code(
        account, purpose=Purpose.PASSWORD, created_by_id=None, real_at=real_at, valid_for=_life(real_at)
    )
    _keep(account, row, by=Actor(account.pk, account.person_id, account.person.name), at=at)
    notice = tell(
        account.person_id,
        title=_("Mã đặt lại mật khẩu: %(code)s") % {"code": code},
        body=_(
            "Dùng trong 15 phút ở trang Quên mật khẩu. Không đưa mã cho ai. Không phải bạn: bỏ qua tin này."
        ),
        at=at,
        kind="directory.password_code",
        email=account.person.email or None,
        phone=account.person.phone or None,
    )
    notice.title = _("Có người xin đặt lại mật khẩu của bạn")
    notice.body = _(
        "Mã đã gửi tới thư điện tử và điện thoại. Không phải bạn: bỏ qua, mật khẩu cũ vẫn dùng được."
    )
    notice.save(update_fields=["title", "body"])
    return True


@transaction.atomic
def give_password_code(
    *, by: Actor, at: dt.datetime, real_at: dt.datetime, person: int, reason: str
) -> tuple[Invitation, str]:
    """Give an officer of the branch a code by hand; the second factor stays. Raises ``NotThere``, ``CannotReset``."""
    row = PEOPLE.one(by, MayPerson.ADMINISTER, pk=person)
    account = (
        Account.objects.select_for_update(of=("self",)).select_related("person").filter(person=row).first()
    )
    if account is None or not account.is_active or not account.has_usable_password():
        raise CannotReset(_("Tài khoản này chưa kích hoạt hoặc đang khóa. Cấp mã mời hoặc mở khóa trước."))
    if not reason.strip():
        raise CannotReset(_("Ghi đã nhận ra người này bằng cách nào."))
    given, code = give_code(
        account,
        purpose=Purpose.PASSWORD,
        created_by_id=by.account_id,
        real_at=real_at,
        reason=reason.strip(),
        valid_for=_life(real_at),
    )
    _keep(account, given, by=by, at=at, reason=reason.strip())
    tell_owner(
        account.person,
        title=_("Quản trị viên vừa cấp mã đặt lại mật khẩu"),
        body=_("%(name)s trao mã tận tay. Không phải bạn nhờ: báo ngay cho quản trị viên khác.")
        % {"name": by.name},
        at=at,
        kind="password_code_given",
    )
    return given, code


@transaction.atomic
def change_password(
    *, by: Actor, at: dt.datetime, real_at: dt.datetime, password: str, session_key: str
) -> int:
    """Change one's own password, a hash; end the other sessions and return how many."""
    account = (
        Account.objects.select_for_update(of=("self",)).select_related("person").get(pk=by.account_id or 0)
    )
    account.password = password
    account.save(update_fields=["password"])
    ended = end_sessions_of(account.pk, real_at=real_at, why="password", but=session_key)
    record_change(
        f"person:{account.person_id}",
        _("Đổi mật khẩu"),
        lambda line: PasswordChanged(account.pk, None, ended, line),
        by=by,
        at=at,
        after=_("ngắt %(n)d phiên") % {"n": ended},
    )
    tell_owner(
        account.person,
        title=_("Mật khẩu đã đổi"),
        body=_("Các phiên khác đã ngắt. Không phải bạn: gọi quản trị viên hoặc đường dây hỗ trợ ngay."),
        at=at,
        kind="password_changed",
    )
    return ended


def _keep(account: Account, row: Invitation, *, by: Actor, at: dt.datetime, reason: str = "") -> None:
    record_change(
        f"person:{account.person_id}",
        _("Cấp mã đặt lại mật khẩu"),
        lambda line: PasswordCodeGiven(account.pk, row.pk, line),
        by=by,
        at=at,
        reason=reason,
    )
