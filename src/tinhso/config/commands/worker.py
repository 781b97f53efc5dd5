"""``tinhso worker``: deliver the news and do what is due every so often."""

from __future__ import annotations

import signal
from threading import Event

import click

from tinhso.journal.tasks import work


@click.command("worker", help="Làm việc chạy nền: báo tin và những việc đến hạn.")
def command() -> None:
    """Work until SIGTERM or Ctrl-C; what is in hand is finished first."""
    stop = Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    work(stop)
