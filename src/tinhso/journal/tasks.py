"""Work while nobody waits: deliver the news and do what is due every so often."""

import logging
import time
from threading import Event
from typing import Final

from django.db import InterfaceError, OperationalError, connection

from tinhso.journal.api import deliver_one, periodic_tasks
from tinhso.journal.services.listen import Periodic

log = logging.getLogger("tinhso.journal")

REST: Final = 0.25
REST_WITHOUT_DATABASE: Final = 1.0


def work(stop: Event) -> None:
    """Deliver and do periodic tasks until ``stop`` is set; what is in hand is finished first.

    Looks four times a second when idle, at once when busy. A database that is away is waited for.
    """
    due: dict[str, float] = {}
    while not stop.is_set():
        try:
            _do_what_is_due(due)
            rest = 0.0 if deliver_one() else REST
        except (OperationalError, InterfaceError) as error:
            log.warning("the database cannot be reached: %s", type(error).__name__)
            connection.close()
            rest = REST_WITHOUT_DATABASE
        if rest:
            stop.wait(rest)
    connection.close()


def do_everything_once() -> None:
    """Do every periodic task once, as after the demo's clock was moved; an error goes to the caller."""
    for task in periodic_tasks().values():
        _do(task)


def _do_what_is_due(due: dict[str, float]) -> None:
    for name, task in periodic_tasks().items():
        now = time.monotonic()
        if now < due.get(name, 0.0):
            continue
        due[name] = now + task.seconds
        try:
            _do(task)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001 - one task's fault must not stop the others; it comes round again
            log.error("%s failed: %s", name, type(error).__name__)


def _do(task: Periodic) -> None:
    """Call the task unless another worker is at it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(hashtextextended(%s, 0))", [f"tinhso.{task.name}"])
        if not cursor.fetchone()[0]:
            return
    try:
        task.do()
    finally:
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", [f"tinhso.{task.name}"])
