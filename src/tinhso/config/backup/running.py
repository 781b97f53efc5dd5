"""Keep an installation all the time: log, documents, small files, heads; base backups and drills when they are due."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any, Final

import psycopg

from tinhso.config.backup.documents import Documents
from tinhso.config.backup.house import BackupFailed, House
from tinhso.config.backup.pruning import prune
from tinhso.config.backup.receiving import Receiver, line_of
from tinhso.config.backup.rule import rule_on
from tinhso.config.backup.store import Line, Store
from tinhso.config.backup.taking import copy_heads, keep_small, take_base
from tinhso.toolkit.clock import VN

log = logging.getLogger("tinhso.backup")

BEAT: Final = 0.5
_TELL_EVERY: Final = 15.0
_SMALL_EVERY: Final = 5.0
_PATIENCE: Final = 120.0
#: What ended badly is begun again after so many seconds.
_AGAIN_AFTER: Final = 60.0
_LOCK: Final = "archiver.lock"

#: What is told now and then: by how many seconds the store is behind, and how many documents have no file.
Tell = Callable[[float, int], None]


class Archiver:
    """Everything that follows one installation; ``tell`` is called each quarter of a minute."""

    def __init__(self, house: House, store: Store, key: bytes, tell: Tell, drill: Callable[[], bool]) -> None:
        """Start nothing yet. ``drill`` says whether a restore drill is due."""
        self._house, self._store, self._key = house, store, key
        self._tell, self._drill_is_due = tell, drill
        self._receiver, self._documents = Receiver(house, store), Documents(house, store, key)
        self._told_at = self._small_at = 0.0
        self._child: tuple[str, subprocess.Popen[bytes]] | None = None
        self._again_at = 0.0

    def run_until(self, stop: Event) -> None:
        """Go on until ``stop``. A database that is away, or a store without room, is waited for."""
        self._store.make()
        with only_one(self._house.home):
            try:
                while not stop.is_set():
                    try:
                        with self._house.connect() as connection:
                            while not stop.wait(BEAT):
                                self._beat(connection)
                    except (psycopg.Error, BackupFailed, OSError) as trouble:
                        log.warning("%s", f"{type(trouble).__name__}: {_plain(trouble)}")
                        self._say()
                        stop.wait(2)
            finally:
                self._receiver.stop()
                if self._child is not None and self._child[1].poll() is None:
                    self._child[1].terminate()
                    self._child[1].wait()

    def _beat(self, connection: psycopg.Connection[Any]) -> None:
        now = dt.datetime.now(dt.UTC)
        line = self._receiver.keep_running(connection)
        self._documents.follow(connection, now=now)
        self._receiver.follow(connection, line, self._key)
        copy_heads(self._house, self._store, line)
        if time.monotonic() - self._small_at > _SMALL_EVERY:
            self._small_at = time.monotonic()
            keep_small(self._house, self._store, self._key, at=now)
        self._say()
        self._start_what_is_due(connection, line, now)

    def _start_what_is_due(self, connection: psycopg.Connection[Any], line: Line, now: dt.datetime) -> None:
        """Take a base or try restoring beside this loop, so that log and documents are followed meanwhile."""
        if self._child is not None:
            name, process = self._child
            code = process.poll()
            if code is None:
                return
            self._child = None
            if name == "backup now" and code == 0:
                named = {row[0] for row in connection.execute("select sha256 from documents_storedfile")}
                prune(self._store, now=now, named=named)
            elif code:
                log.warning("tinhso %s ended with %s", name, code)
                self._again_at = time.monotonic() + _AGAIN_AFTER
        if time.monotonic() < self._again_at:
            return
        if is_base_due(self._store, line, now):
            self._start("backup now")
        elif self._drill_is_due():
            self._start("restore-drill")

    def _start(self, words: str) -> None:
        command = [sys.executable, "-m", "tinhso.config.cli", *words.split()]
        self._child = (words, subprocess.Popen(command, stdin=subprocess.DEVNULL))  # noqa: S603 - our own command

    def _say(self) -> None:
        if time.monotonic() - self._told_at > _TELL_EVERY:
            self._told_at = time.monotonic()
            self._tell(
                seconds_behind(self._house, self._store, dt.datetime.now(dt.UTC)), self._documents.lacking
            )


def is_base_due(store: Store, line: Line, now: dt.datetime) -> bool:
    """Say whether the line has no base backup from which it is unbroken, or only an old one."""
    bases = [one for one in store.bases() if one.line == line.name]
    if not bases or line.gap(bases[-1].needs.start) is not None:
        return True
    return now - bases[-1].ended_at > rule_on(now.astimezone(VN).date()).base_every


def seconds_behind(house: House, store: Store, now: dt.datetime) -> float:
    """Return how much would be lost if the machine burnt down now; infinity where nothing is kept at all."""
    line = line_of(house, store)
    reached = line.reached() if line is not None else None
    return float("inf") if reached is None else max(0.0, round((now - reached[0]).total_seconds(), 1))


def take_now(house: House, store: Store, key: bytes) -> Path:
    """Take a base backup that can be restored at once, beside a running archiver or alone. Raises ``BackupFailed``."""
    store.make()
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(only_one(house.home))
        except BackupFailed:
            return _beside(house, store, key)
        receiver = Receiver(house, store)
        stack.callback(receiver.stop)
        with house.connect() as connection:
            documents = Documents(house, store, key)
            documents.follow(connection, now=dt.datetime.now(dt.UTC))
            line = receiver.keep_running(connection)
            path = take_base(house, store, line, key)
            documents.follow(connection, now=dt.datetime.now(dt.UTC))

            def follow() -> None:
                receiver.keep_running(connection)
                receiver.follow(connection, line, key)

            _await_log(line, path, store, follow)
            copy_heads(house, store, line)
    return path


def _beside(house: House, store: Store, key: bytes) -> Path:
    line = line_of(house, store)
    if line is None:
        raise BackupFailed("Tiến trình sao lưu vừa mở, chưa nhận nhật ký. Chờ mười giây rồi gõ lại.")
    path = take_base(house, store, line, key)
    _await_log(line, path, store, lambda: None)
    return path


def _await_log(line: Line, path: Path, store: Store, follow: Callable[[], None]) -> None:
    """Wait until the log that the base needs is in the store."""
    base = next(one for one in store.bases() if one.path == path)
    deadline = time.monotonic() + _PATIENCE
    while True:
        follow()
        reached = line.reached()
        if reached is not None and reached[0] >= base.ended_at:
            return
        if time.monotonic() > deadline:
            raise BackupFailed(
                "Đã lấy bản sao gốc, nhưng nhật ký đi kèm chưa tới kho sau hai phút. Xem tinhso backup check."
            )
        time.sleep(0.2)


@contextlib.contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold what only one process of an installation may hold. Raises ``BackupFailed`` where another does."""
    handle = os.open(home / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupFailed("Tiến trình sao lưu đang chạy rồi, chỉ cần một.") from None
        yield
    finally:
        os.close(handle)


def _plain(trouble: Exception) -> str:
    """Return what an error says without what it may quote of a row."""
    return str(trouble).splitlines()[0] if str(trouble) else ""
