"""Announce what happened: one entry, and one delivery for each who wants to hear it."""

import datetime as dt

from django.db import connection

from tinhso.journal.rules import HasRef, body_of
from tinhso.journal.services.listen import listeners_of

_WRITE = """
with entry as (insert into journal_entry (body) values (%s) returning id),
     told as (insert into journal_delivery (entry_id, listener)
              select entry.id, listener from entry, unnest(%s::text[]) as listener)
select id from entry
"""


class OutsideTransaction(RuntimeError):
    """News was announced where it could not be undone together with what it tells."""


def announce(event: object, *, about: str, by: HasRef, at: dt.datetime) -> int:
    """Write that ``event`` happened to ``about``, in the caller's transaction; return the entry's number.

    ``about`` is the code of one thing (``"dossier:…"``), ``at`` business time. Events carry codes, never personal
    data. One statement, whatever the number of listeners. Raises ``OutsideTransaction``, ``NotAnEvent`` and
    ``CannotBeWritten``.
    """
    if not connection.in_atomic_block:
        msg = f"{type(event).__name__} must be announced inside the transaction that it tells of"
        raise OutsideTransaction(msg)
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, rows_for(event, about=about, by=by, at=at))
        (entry_id,) = cursor.fetchone()
    return int(entry_id)


def rows_for(event: object, *, about: str, by: HasRef, at: dt.datetime) -> tuple[str, list[str]]:
    """Return the text of the entry and the names of its listeners, for a caller who writes both himself.

    Such a caller puts them into ``journal_entry (body)`` and ``journal_delivery (entry_id, listener)`` within
    one transaction. Raises ``NotAnEvent`` and ``CannotBeWritten``.
    """
    return body_of(event, about=about, by=by.ref, at=at), list(listeners_of(type(event)))
