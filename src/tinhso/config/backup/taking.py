"""Take base backups, and copy the small files and the journal's heads."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import importlib.metadata
import json
import re
import shutil
import stat
import subprocess
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

import psycopg

from tinhso.config import places
from tinhso.config.backup.house import BackupFailed, House
from tinhso.config.backup.locking import KeyWrong, lock, lock_stream, unlock
from tinhso.config.backup.store import Line, Segment, Store, make_folder, moment_name, number_at, put, replace

HEADS: Final = "journal-heads/heads.jsonl"
#: Small files and folders of an installation without which its data cannot be used.
SMALL: Final = ("secret", "roles.json", "clock", "mode", "pki")
_START: Final = re.compile(rb"START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)")
_END: Final = re.compile(rb'"End-LSN": "([0-9A-F]+/[0-9A-F]+)"')
#: The manifest of the backup ends with what log it needs, and is the last file of the archive.
_TAIL: Final = 64 * 1024
_PIECE: Final = 1024 * 1024
_QUICK: Final = 1
_GZIP: Final = 31


def take_base(house: House, store: Store, line: Line, key: bytes) -> Path:
    """Take a base backup and the small files; return its folder. Raises ``BackupFailed``.

    The archive streams through memory: no plain byte of it touches the store.
    """
    store.make()
    with house.connect() as connection:
        began_at = _moment(connection)
        version = connection.info.server_version
        migrations = connection.execute("select app, name from django_migrations order by id").fetchall()
    name = moment_name(began_at)
    half, whole = store.base / f".{name}", store.base / name
    shutil.rmtree(half, ignore_errors=True)
    make_folder(half)
    try:
        archive = _Archive(name)
        said = archive.receive(house, half / "base.tar.gz.locked", key)
        if archive.first_segment is None or archive.last_place is None:
            raise BackupFailed(f"Bản sao gốc không nói nó cần nhật ký nào. PostgreSQL nói: {said[-200:]}")
        with house.connect() as connection:
            ended_at = _moment(connection)
        keep_small(house, store, key, at=began_at)
        copy_heads(house, store, line)
        timeline = int(archive.first_segment[:8], 16)
        about = {
            "began_at": began_at.isoformat(),
            "ended_at": ended_at.isoformat(),
            "line": line.name,
            "first_segment": archive.first_segment,
            "last_segment": Segment(number_at(archive.last_place), timeline).name,
            "bytes": archive.bytes,
            "bytes_in_store": archive.bytes_in_store,
            "sha256": archive.sha256.hexdigest(),
            "server_version": version,
            "code_version": _code_version(),
            "database": house.database,
            "is_embedded": house.is_embedded,
            "migrations": [f"{app}.{one}" for app, one in migrations],
        }
        put(half / "about.json", [json.dumps(about, ensure_ascii=False, indent=1).encode()])
        half.rename(whole)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return whole


class _Archive:
    """One archive on its way from pg_basebackup into the store, and what is learnt from it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.bytes = self.bytes_in_store = 0
        self.sha256 = hashlib.sha256()
        self.first_segment: str | None = None
        self.last_place: str | None = None

    def receive(self, house: House, target: Path, key: bytes) -> str:
        """Write the locked archive and return what the program said. Raises ``BackupFailed``."""
        command = [
            str(house.programs / "pg_basebackup"),
            *house.words(),
            *("-D", "-", "-Ft", "-X", "none", "-c", "fast", "--verbose"),
        ]
        with tempfile.TemporaryFile("w+") as said:
            program = subprocess.Popen(  # noqa: S603 - our own binary, arguments of our own
                command, env=house.environment(), stdout=subprocess.PIPE, stderr=said
            )
            assert program.stdout is not None
            try:
                put(target, self._stored(lock_stream(self._packed(program.stdout), key, self._name)))
            except BaseException:
                program.kill()
                raise
            finally:
                program.stdout.close()
                code = program.wait()
            said.seek(0)
            told = said.read()
        if code:
            target.unlink(missing_ok=True)
            raise BackupFailed(f"Không lấy được bản sao gốc. PostgreSQL trả lời: {told.strip()[-300:]}")
        return told

    def _packed(self, plain: IO[bytes]) -> Iterator[bytes]:
        packer, tail = zlib.compressobj(_QUICK, wbits=_GZIP), b""
        while piece := plain.read(_PIECE):
            tail = (tail + piece)[-_TAIL:]
            if self.bytes == 0 and (label := _START.search(piece)):
                self.first_segment = label[1].decode()
            self.bytes += len(piece)
            yield packer.compress(piece)
        yield packer.flush()
        if last := _END.findall(tail):
            self.last_place = last[-1].decode()

    def _stored(self, locked: Iterator[bytes]) -> Iterator[bytes]:
        for piece in locked:
            self.sha256.update(piece)
            self.bytes_in_store += len(piece)
            yield piece


def _moment(connection: psycopg.Connection[Any]) -> dt.datetime:
    row = connection.execute("select clock_timestamp()").fetchone()
    assert row is not None
    found: dt.datetime = row[0]
    return found


def _code_version() -> str:
    try:
        return importlib.metadata.version("tinhso")
    except importlib.metadata.PackageNotFoundError:
        return "clone"


# --- small files ---


def keep_small(house: House, store: Store, key: bytes, *, at: dt.datetime) -> bool:
    """Copy the small files where they have changed since they were last copied; tell whether they had."""
    content = json.dumps(_small_files(house.home), sort_keys=True).encode()
    known = sorted(store.small.glob("[0-9]*"))
    if known:
        try:
            if unlock(known[-1], key, known[-1].name) == content:
                return False
        except KeyWrong:
            pass
    name = moment_name(at)
    return put(store.small / name, [lock(content, key, name)])


def small_before(store: Store, at: dt.datetime | None) -> Path | None:
    """Return the newest copy of the small files that is not younger than ``at``, else the oldest there is."""
    known = sorted(store.small.glob("[0-9]*"))
    fitting = [one for one in known if at is None or one.name <= moment_name(at)]
    return (fitting or known[:1] or [None])[-1]


def lay_small(content: bytes, into: Path) -> None:
    """Write the small files of a copy into a folder, each for this account alone."""
    for name, found in json.loads(content).items():
        place = (into / name).resolve()
        if not place.is_relative_to(into.resolve()):
            raise KeyWrong(name)
        make_folder(place.parent)
        replace(place, base64.b64decode(found["content"]))
        place.chmod(found["mode"] & 0o700)


def _small_files(home: Path) -> dict[str, dict[str, Any]]:
    paths = [path for name in SMALL for path in (home / name, *(home / name).rglob("*")) if path.is_file()]
    found = {str(path.relative_to(home)): path for path in paths}
    if places.ENVIRONMENT.exists():
        found[f"environment/{places.ENVIRONMENT.name}"] = places.ENVIRONMENT
    packed = {}
    for name, path in sorted(found.items()):
        try:
            content, mode = path.read_bytes(), stat.S_IMODE(path.stat().st_mode)
        except OSError:
            continue
        packed[name] = {"mode": mode, "content": base64.b64encode(content).decode()}
    return packed


# --- the journal's heads ---


def copy_heads(house: House, store: Store, line: Line) -> None:
    """Copy the journal's heads; what is no longer the beginning of what was kept is laid beside it, never instead."""
    source, kept = house.home / HEADS, store.heads_of(line.name)
    if not source.exists():
        return
    content = source.read_bytes()
    content = content[: content.rfind(b"\n") + 1]
    before = kept.read_bytes() if kept.exists() else b""
    if content == before:
        return
    if content.startswith(before):
        replace(kept, content)
    else:
        put(kept.with_name(f"{line.name}.differs-{hashlib.sha256(content).hexdigest()[:12]}.jsonl"), [content])
