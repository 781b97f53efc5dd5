"""Judge a new password and say in plain words what is wrong with it."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tinhso.directory.models import Account
from tinhso.directory.queries.access import access_rules, common_passwords, needs_second_factor, plain
from tinhso.toolkit.text import fold

#: Shorter names are in too many good sentences.
_NAME = 4


def least_letters(account: Account, on: dt.date) -> int:
    """Return how many letters a password of the account has at least."""
    kind = "officer" if needs_second_factor(account, on) else "citizen"
    return int(access_rules(on)["passwords"][f"{kind}_letters"])


def password_problem(password: str, account: Account, on: dt.date) -> str:
    """Return what is wrong with a new password, as one sentence that says how to go on; "" where it is good."""
    least = least_letters(account, on)
    if len(password) < least:
        return _(
            "Mật khẩu cần ít nhất %(n)d chữ. Ghép vài từ dễ nhớ với riêng mình, có dấu cách cũng được."
        ) % {"n": least}
    bare = plain(password)
    names = [account.username, *fold(account.person.name).split(), fold(account.person.name)]
    core = bare.strip("0123456789")
    if bare in common_passwords() or core in common_passwords() or len(set(bare)) < 5:
        return _("Mật khẩu này nhiều người dùng, dễ bị đoán. Chọn câu khác.")
    if any(len(plain(name)) >= _NAME and core == plain(name) for name in names):
        return _("Mật khẩu giống tên của bạn. Chọn câu khác.")
    try:
        validate_password(password, account)
    except ValidationError as refused:
        codes = {one.code for one in refused.error_list}
        if "password_entirely_numeric" in codes:
            return _("Mật khẩu toàn chữ số, dễ bị dò. Thêm chữ cái.")
        if "password_too_similar" in codes:
            return _("Mật khẩu giống tên tài khoản. Chọn câu khác.")
        return _("Mật khẩu này nhiều người dùng, dễ bị đoán. Chọn câu khác.")
    return ""
