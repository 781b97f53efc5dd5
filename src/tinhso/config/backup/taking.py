"""Take backups: a base backup, the log as it is written, documents as they come, the small files, the heads."""

from __future__ import annotations

import contextlib
import datetime as dt
import importlib.metadata
import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any, Final

import psycopg

from tinhso.config.backup.store import Store, lock, moment_name, pack_small, put

SLOT: Final = "tinhso_archive"
HEADS: Final = "journal-heads/heads.jsonl"
_START: Final = re.compile(r"START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)")


class BackupFailed(Exception):
    """Say in one Vietnamese sentence why no backup was taken, and what to do."""


@dataclass(frozen=True, slots=True)
class House:
    """The installation that is kept: its folder, its binaries, how to reach its database for replication."""

    home: Path
    bin: Path
    address: Mapping[str, str]
    files: Path

    def words(self) -> list[str]:
        """Return the connection as PostgreSQL's programs take it."""
        found = ["-h", self.address["host"], "-U", self.address["user"]]
        return [*found, "-p", self.address["port"]] if self.address.get("port") else found

    def environment(self) -> dict[str, str]:
        """Return the environment of PostgreSQL's programs."""
        password = self.address.get("password")
        return {**os.environ, **({"PGPASSWORD": password} if password else {}), "PGAPPNAME": "tinhso-archive"}


def take_base(house: House, store: Store, key: bytes, *, now: dt.datetime) -> Path:
    """Take a base backup and the small files; return its folder. Raises ``BackupFailed``."""
    store.make()
    name = moment_name(now)
    half, whole = store.base / f".{name}", store.base / name
    shutil.rmtree(half, ignore_errors=True)
    done = subprocess.run(  # noqa: S603 - our own binary, arguments of our own
        [
            house.bin / "pg_basebackup",
            *house.words(),
            *("-D", str(half), "-Ft", "-z", "-X", "none", "-c", "fast", "--no-password"),
        ],
        env=house.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        shutil.rmtree(half, ignore_errors=True)
        raise BackupFailed(f"Không lấy được bản sao gốc. PostgreSQL trả lời: {done.stderr.strip()[-300:]}")
    label = subprocess.run(  # noqa: S603 - our own file
        ["/bin/tar", "-xzOf", half / "base.tar.gz", "backup_label"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    first = _START.search(label)
    assert first is not None
    with psycopg.connect(**{**house.address, "dbname": "tinhso"}) as connection:  # type: ignore[arg-type]
        version = connection.info.server_version
        migrations = connection.execute("select app, name from django_migrations order by id").fetchall()
    about = {
        "began_at": now.astimezone(dt.UTC).isoformat(),
        "ended_at": dt.datetime.now(dt.UTC).isoformat(),
        "first_segment": first[1],
        "bytes": sum(path.stat().st_size for path in half.iterdir()),
        "server_version": version,
        "code_version": importlib.metadata.version("tinhso") if _is_installed() else "0.1",
        "migrations": [f"{app}.{one}" for app, one in migrations],
    }
    put(store.small / f"{name}.tar.locked", lock(pack_small(house.home), key, name))
    copy_heads(house, store)
    (half / "about.json").write_text(json.dumps(about, ensure_ascii=False), "utf-8")
    half.rename(whole)
    return whole


def _is_installed() -> bool:
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        return bool(importlib.metadata.version("tinhso"))
    return False


def copy_heads(house: House, store: Store) -> None:
    """Copy the journal's heads; a shorter file than the one that is kept is kept beside it, never instead."""
    source, kept = house.home / HEADS, store.heads / "heads.jsonl"
    if not source.exists():
        return
    content = source.read_bytes()
    before = kept.read_bytes() if kept.exists() else b""
    if content.startswith(before):
        half = kept.with_suffix(".half")
        half.write_bytes(content)
        half.replace(kept)
    else:
        put(store.heads / f"differs-{moment_name(dt.datetime.now(dt.UTC))}.jsonl", content)


class Documents:
    """Copies documents whose rows are new, encrypted, each once."""

    def __init__(self, house: House, store: Store, key: bytes) -> None:
        """Begin after the last row that was copied."""
        self._house, self._store, self._key = house, store, key
        self._mark = store.path / "documents.json"
        self._after = json.loads(self._mark.read_text("ascii"))["after"] if self._mark.exists() else 0

    def copy_new(self, connection: psycopg.Connection[Any], *, most: int = 500) -> int:
        """Copy what came since; return how many. A row may commit later than one with a higher number: look back."""
        rows = connection.execute(
            "select id, sha256 from documents_storedfile where id > %s order by id limit %s",
            [max(self._after - 100, 0), most],
        ).fetchall()
        copied = 0
        for number, digest in rows:
            if not self._store.place_of(digest).exists():
                with contextlib.suppress(FileNotFoundError):
                    content = (self._house.files / digest[:2] / digest).read_bytes()
                    copied += put(self._store.place_of(digest), lock(content, self._key, digest))
            self._after = max(self._after, number)
        if copied:
            half = self._mark.with_suffix(".half")
            half.write_text(json.dumps({"after": self._after}), "ascii")
            half.replace(self._mark)
        return copied


class Receiver:
    """pg_receivewal as a child: it writes the log into the store as the server writes it, and begins anew when it dies."""

    def __init__(self, house: House, store: Store) -> None:
        """Start nothing yet."""
        self._house, self._store = house, store
        self._process: subprocess.Popen[bytes] | None = None

    def keep_running(self) -> None:
        """Start the program where it does not run. Raises ``BackupFailed`` where its slot cannot be made."""
        if self._process is not None and self._process.poll() is None:
            return
        program = [
            str(self._house.bin / "pg_receivewal"),
            *self._house.words(),
            "--slot",
            SLOT,
            "--no-password",
        ]
        made = subprocess.run(  # noqa: S603 - our own binary, arguments of our own
            [*program, "--create-slot", "--if-not-exists"],
            env=self._house.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise BackupFailed(f"Không nhận được nhật ký ghi trước: {made.stderr.strip()[-300:]}")
        self._process = subprocess.Popen(  # noqa: S603 - the same
            [*program, "-D", str(self._store.wal), "--no-loop", "--status-interval", "1", "--synchronous"],
            env=self._house.environment(),
            stdin=subprocess.DEVNULL,
        )

    def stop(self) -> None:
        """Ask the program to end, and wait."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(10)
            self._process.kill()


def run_until(
    stop: Event, house: House, store: Store, key: bytes, *, every: dt.timedelta, keep: dt.timedelta
) -> None:
    """Receive the log and copy documents until ``stop``; a base backup whenever the last is older than ``every``.

    Old base backups and the log before them go once they are older than ``keep`` and a later one is there. A database
    that is away is waited for.
    """
    store.make()
    receiver, documents = Receiver(house, store), Documents(house, store, key)
    try:
        while not stop.is_set():
            try:
                receiver.keep_running()
                with psycopg.connect(**{**house.address, "dbname": "tinhso"}, autocommit=True) as connection:  # type: ignore[arg-type]
                    while not stop.wait(0.5):
                        receiver.keep_running()
                        documents.copy_new(connection)
                        copy_heads(house, store)
                        last = store.bases()[-1:]
                        if not last or dt.datetime.now(dt.UTC) - last[0].ended_at > every:
                            take_base(house, store, key, now=dt.datetime.now(dt.UTC))
                            prune(store, before=dt.datetime.now(dt.UTC) - keep)
            except (psycopg.Error, BackupFailed, OSError):
                time.sleep(1)
    finally:
        receiver.stop()


def prune(store: Store, *, before: dt.datetime) -> list[str]:
    """Remove base backups that ended before a moment, but never the last one, and the log that only they needed."""
    bases = store.bases()
    gone = [one for one in bases[:-1] if one.ended_at < before]
    kept = [one for one in bases if one not in gone]
    names = []
    for one in gone:
        shutil.rmtree(one.path)
        (store.small / f"{one.path.name}.tar.locked").unlink(missing_ok=True)
        names.append(one.path.name)
    if gone and kept:
        first = min(one.first_segment for one in kept)
        for segment in store.segments():
            if segment.number < first.number and not segment.is_partial:
                (store.wal / segment.name).unlink()
                names.append(segment.name)
    return names
