"""``tinhso publisher``: the slow work on figures, apart from the worker so that counting never waits for it."""

from __future__ import annotations

import logging
import signal
from threading import Event

import click
from django.db import InterfaceError, OperationalError, connection

log = logging.getLogger("tinhso.publisher")

#: Seconds between two looks for something to do.
REST = 5.0


@click.command("publisher", help="Lập bản công khai của các tháng đã hết, so số đã công bố với số đếm lại.")
def command() -> None:
    """Work until SIGTERM or Ctrl-C; a month that is half made is made anew next time."""
    stop = Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    publish_until(stop)


def publish_until(stop: Event) -> None:
    """Make public editions and compare publications until ``stop`` is set; a database that is away is waited for."""
    from tinhso.directory.api import SYSTEM  # noqa: PLC0415 - models load only once Django is set up
    from tinhso.measures.api import compare_published, make_editions  # noqa: PLC0415
    from tinhso.toolkit import clock  # noqa: PLC0415

    def compare() -> None:
        compare_published(at=clock.now())

    def edit() -> None:
        make_editions(by=SYSTEM, at=clock.now(), seconds=REST)

    while not stop.is_set():
        for piece, work in (("publications", compare), ("editions", edit)):
            try:
                work()
            except (OperationalError, InterfaceError) as error:
                log.warning("the database cannot be reached: %s", type(error).__name__)
            except Exception:
                log.exception("%s could not be brought up to date", piece)
            finally:
                connection.close()
        stop.wait(REST)
