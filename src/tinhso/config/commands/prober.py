"""``tinhso prober``: open every public service once a minute, as a stranger would, and keep what was seen."""

from __future__ import annotations

import logging
import signal
import time
from threading import Event

import click
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

log = logging.getLogger("tinhso.prober")

#: Seconds into a minute at which it is looked at: not on the stroke, where other things begin.
AFTER = 2.0
#: Seconds between two tries at the days that are over.
ROLL_EVERY = 600.0


@click.command("prober", help="Đo các dịch vụ công khai mỗi phút một lần.")
def command() -> None:
    """Look until SIGTERM or Ctrl-C. A minute that is missed is made up for by nobody: it stays unknown."""
    stop = Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    probe_until(stop, settings.TINHSO_PUBLIC_ADDRESS)


def probe_until(stop: Event, address: str) -> None:
    """Look once in each whole minute of business time; a database that is away costs that minute."""
    from tinhso.directory.api import SYSTEM  # noqa: PLC0415 - models load only once Django is set up
    from tinhso.measures.adapters.opener import HttpOpener  # noqa: PLC0415
    from tinhso.measures.services.probe import probe  # noqa: PLC0415
    from tinhso.measures.services.roll_days import roll_days  # noqa: PLC0415
    from tinhso.toolkit import clock  # noqa: PLC0415

    opener = HttpOpener(address)
    done, rolled_at = clock.now().replace(second=0, microsecond=0), -ROLL_EVERY
    while not stop.is_set():
        now = clock.now()
        minute = now.replace(second=0, microsecond=0)
        if minute != done and now.second + now.microsecond / 1e6 >= AFTER:
            done = minute
            kept = "the minute was not kept"
            try:
                probe(opener=opener, by=SYSTEM, at=now)
                if time.monotonic() - rolled_at >= ROLL_EVERY:
                    kept, rolled_at = "old minutes were not summed", time.monotonic()
                    roll_days(at=clock.now())
            except (OperationalError, InterfaceError) as error:
                log.warning("%s: %s", kept, type(error).__name__)
            except Exception:
                log.exception("%s", kept)
            finally:
                connection.close()
        stop.wait(0.5)
