"""Change one's own phone number or mail address: a code goes to the new one, word of it to the old one."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.events import ContactChanged
from tinhso.directory.models import Account, Invitation
from tinhso.directory.queries.access import access_rules
from tinhso.directory.rules import Actor, Purpose
from tinhso.directory.services.check_code import check_code
from tinhso.directory.services.give_code import give_code
from tinhso.directory.services.record_change import record_change
from tinhso.directory.services.tell_owner import tell_owner
from tinhso.messages.api import tell

SHAPES: Final = {
    "phone": re.compile(r"0\d{9}"),
    "email": re.compile(r"[^\s@<>\"',;:\\]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}"),
}


class CannotChangeContact(Exception):
    """The number or address cannot be used; the message says why and how to go on."""


def _account(by: Actor) -> Account:
    return Account.objects.select_for_update(of=("self",)).select_related("person").get(pk=by.account_id or 0)


def tidy_contact(kind: str, value: str) -> str:
    """Return a number or address as it is kept. Raises ``CannotChangeContact``."""
    tidy = re.sub(r"[\s.()-]", "", value) if kind == "phone" else value.strip()
    if kind == "phone" and tidy.startswith("+84"):
        tidy = f"0{tidy[3:]}"
    if kind not in SHAPES or not SHAPES[kind].fullmatch(tidy):
        raise CannotChangeContact(
            _("Số điện thoại có 10 chữ số, bắt đầu bằng 0. Gõ lại.")
            if kind == "phone"
            else _("Địa chỉ thư viết như ten@vidu.vn. Gõ lại.")
        )
    return tidy


@transaction.atomic
def ask_contact(*, by: Actor, at: dt.datetime, real_at: dt.datetime, kind: str, value: str) -> Invitation:
    """Send a code to the new number or address; nothing is changed yet. Raises ``CannotChangeContact``."""
    tidy = tidy_contact(kind, value)
    account = _account(by)
    life = dt.timedelta(minutes=access_rules(real_at.date())["codes"]["contact_minutes"])
    row, code = give_code(
        account, purpose=Purpose.CONTACT, created_by_id=None, real_at=real_at, valid_for=life
    )
    notice = tell(
        account.person_id,
        title=_("Mã xác nhận liên hệ mới: %(code)s") % {"code": code},
        body=_("Gõ mã ở trang Đổi liên hệ. Không đưa mã cho ai."),
        at=at,
        kind="directory.contact_code",
        email=tidy if kind == "email" else None,
        phone=tidy if kind == "phone" else None,
    )
    notice.title = _("Đang đổi liên hệ")
    notice.body = _("Mã đã gửi tới liên hệ mới. Không phải bạn: đổi mật khẩu ngay.")
    notice.save(update_fields=["title", "body"])
    return row


@transaction.atomic
def prove_contact(
    *, by: Actor, at: dt.datetime, real_at: dt.datetime, kind: str, value: str, invitation: int
) -> None:
    """Write the new number or address, whose code was right, and tell the old one. Raises ``CannotChangeContact``."""
    tidy = tidy_contact(kind, value)
    account = _account(by)
    row = (
        Invitation.objects.select_for_update(of=("self",))
        .filter(pk=invitation, account=account, purpose=Purpose.CONTACT, used_at=None, withdrawn_at=None)
        .filter(expires_at__gt=real_at)
        .first()
    )
    if row is None:
        raise CannotChangeContact(_("Mã đã dùng hoặc đã hết hạn. Gửi mã khác."))
    row.used_at = real_at
    row.save(update_fields=["used_at"])
    person = account.person
    before = getattr(person, kind)
    tell_owner(
        person,
        title=_("Liên hệ của tài khoản đã đổi"),
        body=_("Tin báo từ nay đến chỗ mới. Không phải bạn: gọi đường dây hỗ trợ ngay."),
        at=at,
        kind="contact_changed",
    )
    setattr(person, kind, tidy)
    person.save(update_fields=[kind])
    record_change(
        f"person:{person.pk}",
        _("Đổi điện thoại") if kind == "phone" else _("Đổi thư điện tử"),
        lambda line: ContactChanged(account.pk, kind, line),
        by=by,
        at=at,
        before=before,
        after=tidy,
    )


def check_contact_code(*, by: Actor, real_at: dt.datetime, code: str) -> Invitation | None:
    """Return the actor's code for a new contact, or None; five wrong ones and it stops working."""
    return check_code(
        username="", purpose=Purpose.CONTACT, code=code, real_at=real_at, owner=by.account_id or -1
    )
