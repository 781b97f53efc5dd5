"""``tinhso up``: run the whole province on one machine, as `make run` does in a clone."""

import os
import sys

import click


@click.command("up", help="Chạy cả hệ thống trên máy này; dừng bằng Ctrl-C.")
def command() -> None:
    """Become the supervisor, which settles role and mode before it reads the settings: here they are read already."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-P", "-m", "tinhso.config.up"])  # noqa: S606 - our own module
