"""``tinhso sealer``: hash the journal in commit order, four times a second."""

from __future__ import annotations

import signal
import sys
from threading import Event

import click
from django.conf import settings
from django.db import connection

from tinhso.journal.api import CannotSeal, seal_until

HEADS = "journal-heads/heads.jsonl"


@click.command("sealer", help="Niêm phong sổ nhật ký.")
def command() -> None:
    """Seal until SIGTERM or Ctrl-C. Exit 1 with a sentence when sealing must not go on."""
    stop = Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    connection.ensure_connection()
    try:
        seal_until(stop, connection.connection, settings.TINHSO_DATA / HEADS)
    except CannotSeal as trouble:
        sys.stderr.write(f"✗ {trouble}\n")
        sys.exit(1)
