"""``tinhso demo totp ACCOUNT``: the demo account's one-time code of this moment."""

from __future__ import annotations

import time

import click
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings

from tinhso.directory.api import one_time_secret


@click.group("demo", help="Chỉ dùng cho bản trình diễn.")
def command() -> None:
    """Refuse outside the demo."""
    if not settings.TINHSO_DEMO:
        raise click.ClickException("Đây không phải bản trình diễn, không có lệnh này.")


@command.command("totp", help="In mã dùng một lần của một tài khoản trình diễn.")
@click.argument("account")
def totp(account: str) -> None:
    """Print the code in real time."""
    secret = one_time_secret(account, settings.SECRET_KEY)
    click.echo(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
