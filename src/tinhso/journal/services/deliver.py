"""Deliver the news: each listener hears each entry in a transaction of its own."""

import dataclasses
import logging

import psycopg
from django.db import connection, transaction
from django.utils.translation import gettext as _

from tinhso.journal.rules import Record, event_from, wait_after
from tinhso.journal.services.listen import listeners_of

log = logging.getLogger("tinhso.journal")

_TAKE = """
select d.id, d.listener, d.attempts, e.id, e.body
from journal_delivery d join journal_entry e on e.id = d.entry_id
where d.done_at is null and d.next_try_at <= clock_timestamp()
order by d.entry_id, d.id limit 1
for update of d skip locked
"""
_DONE = "update journal_delivery set done_at = clock_timestamp(), attempts = attempts + 1 where id = %s"
_FAILED = """
update journal_delivery set attempts = %s, last_error = %s,
    next_try_at = clock_timestamp() + make_interval(secs => %s)
where id = %s and done_at is null
"""


@dataclasses.dataclass(frozen=True, slots=True)
class _Taken:
    id: int
    listener: str
    attempts: int
    entry_id: int
    body: str


def deliver_one() -> bool:
    """Deliver the oldest news that is due; return ``False`` when there is none.

    The listener's work and the mark that it was handled commit together: heard twice is handled once. A failure
    undoes the listener's work, is counted, and rests longer each time; after the eighth the delivery is dead and
    stays visible. Raises only what the database says when it cannot be reached.
    """
    taken: _Taken | None = None
    try:
        with transaction.atomic():
            taken = _take()
            if taken is None:
                return False
            _hear(taken)
    except Exception as error:
        if taken is None:
            raise
        # The transaction itself broke: its commit was refused, or the connection was ended under the listener.
        with transaction.atomic():
            _count_failure(taken, error)
    return True


def deliver_all(*, at_most: int = 100_000) -> int:
    """Deliver whatever is due, news announced meanwhile included; return how many were tried."""
    tried = 0
    while tried < at_most and deliver_one():
        tried += 1
    return tried


def _take() -> _Taken | None:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE)
        row = cursor.fetchone()
    return None if row is None else _Taken(*row)


def _hear(taken: _Taken) -> None:
    entry = Record.of(taken.entry_id, taken.body)
    listener = listeners_of(entry.event).get(taken.listener)
    if listener is None:
        why = _("Không còn ai tên “%(name)s” nghe tin “%(event)s”. Cần người xem lại.")
        _write_failure(taken, why % {"name": taken.listener, "event": entry.event}, is_dead=True)
        return
    try:
        with transaction.atomic():
            listener.hear(event_from(listener.event, entry.data), entry)
    except Exception as error:
        if connection.connection is None or connection.connection.closed:
            raise
        _count_failure(taken, error)
    else:
        with connection.cursor() as cursor:
            cursor.execute(_DONE, [taken.id])


def _count_failure(taken: _Taken, error: Exception) -> None:
    _write_failure(taken, f"{type(error).__name__}: {_said(error)}"[:500], is_dead=False)


def _write_failure(taken: _Taken, why: str, *, is_dead: bool) -> None:
    attempts = taken.attempts + 1
    wait = None if is_dead else wait_after(attempts)
    with connection.cursor() as cursor:
        seconds = None if wait is None else wait.total_seconds()
        cursor.execute(_FAILED, [attempts, why, seconds, taken.id])
    level = logging.ERROR if wait is None else logging.WARNING
    log.log(level, "delivery %s of entry %s to %s failed", taken.id, taken.entry_id, taken.listener)


def _said(error: Exception) -> str:
    """Return the error's words without the row that the database quotes, which may hold personal data."""
    cause = error.__cause__
    if isinstance(cause, psycopg.Error):
        return cause.diag.message_primary or type(cause).__name__
    return str(error)
