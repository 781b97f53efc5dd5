"""``tinhso web``: the web server alone, as `tinhso up` starts it; a unit of a machine in service."""

from __future__ import annotations

import os
import signal
import sys

import click


@click.command("web", help="Chạy riêng máy chủ web; SIGHUP thay bản mới mà không rơi lượt nào.")
def command() -> None:
    """Become the small process that holds the listening socket and watches over the web server."""
    sys.stdout.flush()
    # Whoever asks for new code before the supervisor is there must not end it.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    os.execv(sys.executable, [sys.executable, "-P", "-m", "tinhso.config.supervision.web"])  # noqa: S606 - our own module
