"""Copy documents into the store as their rows come, each once, locked; and note which the database names no more."""

from __future__ import annotations

import datetime as dt
import time
from collections import deque
from typing import Any, Final

import psycopg

from tinhso.config.backup.house import House
from tinhso.config.backup.locking import lock
from tinhso.config.backup.store import Store, append, put

#: A row may commit later than one with a higher number: seconds that are looked back, above what a transaction may last.
_LOOK_BACK: Final = 120.0
#: Every so many seconds all rows are compared with all files.
_SWEEP_EVERY: Final = 3_600.0
_MOST: Final = 500
_NEW: Final = "select id, sha256 from documents_storedfile where id > %s order by id limit %s"


class Documents:
    """Knows how far the rows were followed."""

    def __init__(self, house: House, store: Store, key: bytes) -> None:
        """Begin with a sweep."""
        self._house, self._store, self._key = house, store, key
        self._seen: deque[tuple[float, int]] = deque()
        self._swept_at: float | None = None
        self._lacking: set[str] = set()

    @property
    def lacking(self) -> int:
        """Return how many documents have a row and no file, so that they cannot be copied."""
        return len(self._lacking)

    def follow(self, connection: psycopg.Connection[Any], *, now: dt.datetime) -> int:
        """Copy what has come; return how many. Now and then compare everything, and note what is no longer named."""
        if self._swept_at is None or time.monotonic() - self._swept_at > _SWEEP_EVERY:
            return self._sweep(connection, now)
        copied, after = sum(self._copy(digest) for digest in tuple(self._lacking)), self._settled()
        while rows := connection.execute(_NEW, [after, _MOST]).fetchall():
            copied += sum(self._copy(digest) for _, digest in rows)
            after = rows[-1][0]
        self._seen.append((time.monotonic(), after))
        return copied

    def _settled(self) -> int:
        """Return the number below which no row can appear any more."""
        edge = time.monotonic() - _LOOK_BACK
        while len(self._seen) > 1 and self._seen[1][0] < edge:
            self._seen.popleft()
        return self._seen[0][1]

    def _sweep(self, connection: psycopg.Connection[Any], now: dt.datetime) -> int:
        with connection.transaction(), connection.cursor(name="all_documents") as cursor:
            cursor.execute("select id, sha256 from documents_storedfile order by id")
            named, last, copied = set(), 0, 0
            self._lacking.clear()
            for last, digest in cursor:  # noqa: B007 - the last number is wanted afterwards
                named.add(digest)
                copied += self._copy(digest)
        if not self._seen:
            self._seen.append((time.monotonic(), last))
        note_gone(self._store, named, now)
        self._swept_at = time.monotonic()
        return copied

    def _copy(self, digest: str) -> bool:
        place = self._store.place_of(digest)
        if place.exists():
            self._lacking.discard(digest)
            return False
        try:
            content = (self._house.files / digest[:2] / digest).read_bytes()
        except FileNotFoundError:
            self._lacking.add(digest)
            return False
        self._lacking.discard(digest)
        return put(place, [lock(content, self._key, digest)])


def note_gone(store: Store, named: set[str], now: dt.datetime) -> None:
    """Note which documents of the store the database no longer names, and which it names again."""
    known = store.gone_since()
    kept = set(store.digests())
    rows: list[dict[str, str | None]] = [
        {"digest": one, "since": now.isoformat()} for one in sorted(kept - named - set(known))
    ]
    rows += [{"digest": one, "since": None} for one in sorted(set(known) & named)]
    if rows:
        append(store.gone, rows)
