"""``tinhso worker``: deliver the news and do what is due, until told to stop."""

from __future__ import annotations

import signal
from threading import Event

import click

from tinhso.journal.tasks import work


@click.command("worker", help="Chạy việc nền: báo tin, đếm lại số liệu.")
def command() -> None:
    """Work until SIGTERM or Ctrl-C; what is in hand is finished first."""
    stop = Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    work(stop)
