"""``tinhso watcher``: look at every part again and again, raise alarms, serve the metrics."""

from __future__ import annotations

import os
import signal
from threading import Event

import click
from django.conf import settings

#: The page that letters name.
PAGE = "/van-hanh/"


@click.command("watcher", help="Canh các phần của hệ thống: đo mỗi 15 giây, báo bằng thư, phục vụ số đo.")
def command() -> None:
    """Watch until SIGTERM or Ctrl-C."""
    from tinhso.config.operations.watch import watch  # noqa: PLC0415 - models load only once Django is set up
    from tinhso.messages.adapters.mail import SmtpMail  # noqa: PLC0415 - the same

    stop = Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    server = settings.TINHSO_SMTP
    watch(
        stop,
        post=SmtpMail.at(server, settings.TINHSO_MAIL_FROM) if server else None,
        to=addresses(os.environ.get("TINHSO_ALERTS_TO") or ""),
        page=settings.TINHSO_PUBLIC_ADDRESS + PAGE,
        port=_port(os.environ.get("TINHSO_METRICS_PORT") or "0"),
    )


def addresses(text: str) -> list[str]:
    """Return the addresses of TINHSO_ALERTS_TO, separated by commas."""
    return [one.strip() for one in text.split(",") if one.strip()]


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65_535:
        raise click.ClickException(f"TINHSO_METRICS_PORT phải là số từ 0 đến 65535, không phải “{text}”.")
    return int(text)
