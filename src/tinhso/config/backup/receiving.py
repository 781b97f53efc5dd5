"""Receive the write-ahead log as it is written: pg_receivewal as a child, finished segments locked into the store."""

from __future__ import annotations

import contextlib
import ctypes
import datetime as dt
import logging
import signal
import subprocess
import time
import zlib
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import psycopg

from tinhso.config.backup.house import BackupFailed, House
from tinhso.config.backup.locking import lock_stream
from tinhso.config.backup.store import SEGMENT, Line, Store, make_folder, moment_name, put, replace, segment_of

log = logging.getLogger("tinhso.backup")

SLOT: Final = "tinhso_archive"
#: In the data folder: which line of the store follows it. A restored installation has none, and begins its own.
LINE: Final = "archive-line"
_PIECE: Final = 1024 * 1024
_QUICK: Final = 1
_GZIP: Final = 31
_LIBC = ctypes.CDLL(None)


def line_of(house: House, store: Store) -> Line | None:
    """Return the line that follows this installation, or None where it has none yet."""
    with contextlib.suppress(OSError):
        line = store.line((house.home / LINE).read_text("ascii").strip())
        if line.receiving.is_dir():
            return line
    return None


class Receiver:
    """pg_receivewal: it writes into the store what the server flushes, and is begun anew when it dies."""

    def __init__(self, house: House, store: Store) -> None:
        """Start nothing yet."""
        self._house, self._store = house, store
        self._process: subprocess.Popen[bytes] | None = None
        self._asked: deque[tuple[str, dt.datetime]] = deque()
        self._begun_at = 0.0

    def keep_running(self, connection: psycopg.Connection[Any]) -> Line:
        """Start the program where it does not run; return its line. Raises ``BackupFailed`` or ``psycopg.Error``."""
        line = line_of(self._house, self._store)
        if self._process is not None and self._process.poll() is None and line is not None:
            return line
        if time.monotonic() - self._begun_at < 1:
            time.sleep(1)
        self._begun_at = time.monotonic()
        if line is None or not self._slot_serves(connection):
            line = self._new_line(connection)
        self._process = subprocess.Popen(  # noqa: S603 - our own binary, arguments of our own
            [
                str(self._house.programs / "pg_receivewal"),
                *self._house.words(),
                *("-D", str(line.receiving), "--slot", SLOT, "--no-loop", "--synchronous"),
                *("--status-interval", "1"),
            ],
            env=self._house.environment(),
            stdin=subprocess.DEVNULL,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - one system call, no lock is taken
        )
        return line

    def _slot_serves(self, connection: psycopg.Connection[Any]) -> bool:
        row = connection.execute(
            "select wal_status from pg_replication_slots where slot_name = %s", [SLOT]
        ).fetchone()
        return row is not None and row[0] != "lost"

    def _new_line(self, connection: psycopg.Connection[Any]) -> Line:
        """Begin a stretch of log that nothing older can mix with; a base backup must follow."""
        now = dt.datetime.now(dt.UTC)
        line = self._store.line(moment_name(now))
        while line.path.exists():
            now += dt.timedelta(seconds=1)
            line = self._store.line(moment_name(now))
        self._end_others(connection)
        with contextlib.suppress(psycopg.errors.UndefinedObject):
            connection.execute("select pg_drop_replication_slot(%s)", [SLOT])
        connection.execute("select pg_create_physical_replication_slot(%s, true)", [SLOT])
        make_folder(line.receiving)
        replace(self._house.home / LINE, line.name.encode())
        log.warning("a new line of log begins: %s", line.name)
        return line

    def _end_others(self, connection: psycopg.Connection[Any]) -> None:
        """End a receiver that an earlier archiver left; a living archiver has a lock, so this is none of its."""
        for _turn in range(20):
            row = connection.execute(
                "select active_pid from pg_replication_slots where slot_name = %s and active", [SLOT]
            ).fetchone()
            if row is None:
                return
            connection.execute("select pg_terminate_backend(%s)", [row[0]])
            time.sleep(0.1)
        raise BackupFailed("Có tiến trình khác đang nhận nhật ký qua khe tinhso_archive. Hãy dừng nó trước.")

    def follow(self, connection: psycopg.Connection[Any], line: Line, key: bytes) -> None:
        """Lock finished segments into the line, and note until when all of the log is here."""
        store_finished(line, key)
        row = connection.execute(
            "select pg_current_wal_flush_lsn()::text, clock_timestamp(), restart_lsn::text"
            " from pg_replication_slots where slot_name = %s",
            [SLOT],
        ).fetchone()
        if row is None:
            return
        written, at, received = row
        self._asked.append((written, at))
        reached = None
        while self._asked and received is not None and _place(self._asked[0][0]) <= _place(received):
            reached = self._asked.popleft()
        if reached is not None:
            line.keep_reached(reached[1], reached[0])

    def stop(self) -> None:
        """Ask the program to end, and wait."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


def store_finished(line: Line, key: bytes) -> int:
    """Lock the finished segments of a line and take them away from where they were received; return how many."""
    n = 0
    for path in sorted(line.receiving.iterdir()):
        segment = segment_of(path.name)
        if path.suffix == ".history":
            put(line.path / path.name, [path.read_bytes()])
        elif segment is not None and path.name == segment.name and path.stat().st_size == SEGMENT:
            put(line.place_of(segment), lock_stream(_packed(path), key, segment.name))
            path.unlink()
            n += 1
    return n


def _packed(path: Path) -> Iterator[bytes]:
    packer = zlib.compressobj(_QUICK, wbits=_GZIP)
    with path.open("rb") as plain:
        while piece := plain.read(_PIECE):
            yield packer.compress(piece)
    yield packer.flush()


def _place(lsn: str) -> int:
    high, low = lsn.split("/")
    return (int(high, 16) << 32) + int(low, 16)


def _die_with_parent() -> None:
    _LIBC.prctl(1, int(signal.SIGINT))
