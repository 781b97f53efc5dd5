"""The store of backups (kho sao lưu): what lies where in it.

=======================  ====================================================================================
``base/<moment>``        a base backup: ``base.tar.gz.locked`` and ``about.json``
``wal/<line>``           the write-ahead log, each finished segment ``<segment>.gz.locked``
``wal/<line>/receiving``  the segment that is being written, as pg_receivewal writes it, in plain form
``wal/<line>/reached``   until when everything is here
``files/ab/<sha256>``    a document, locked; its name is the SHA-256 of its plain content
``small/<moment>``       secret, roles, clock, mode, keys of the demo's authority, the environment of the service
``heads/<line>.jsonl``   the journal's heads, only ever longer
``gone.jsonl``           which documents the database no longer names, and since when
``prunes.jsonl``         what was removed because it was too old: the proof
=======================  ====================================================================================

A *line* is one unbroken stretch of log: a new one begins with a new or restored installation, a new store, or a lost
slot, so that the logs of two histories never mix. Nothing is ever overwritten but what grows (`receiving`, `reached`,
``*.jsonl``). The key lies outside. This module knows no Django: the second store is pulled without it.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

#: Bytes of a segment of the log, PostgreSQL's usual.
SEGMENT: Final = 16 * 1024 * 1024
SUFFIX: Final = ".gz.locked"
_NAME: Final = re.compile(r"([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})(\.partial|\.gz\.locked)?")
_DIGEST: Final = 64


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """A segment of the log by its place in the order."""

    number: int
    timeline: int

    @property
    def name(self) -> str:
        """Return PostgreSQL's name of it."""
        high, low = divmod(self.number, 0x100)
        return f"{self.timeline:08X}{high:08X}{low:08X}"


def segment_of(name: str) -> Segment | None:
    """Return the segment that a file's name tells, or None."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    return Segment(int(found[2], 16) * 0x100 + int(found[3], 16), int(found[1], 16))


def number_at(lsn: str) -> int:
    """Return the number of the segment that holds a place in the log ("0/3000060")."""
    high, low = lsn.split("/")
    return ((int(high, 16) << 32) + int(low, 16)) // SEGMENT


@dataclass(frozen=True, slots=True)
class Base:
    """A base backup and what is known of it."""

    path: Path
    about: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Return its moment as a name."""
        return self.path.name

    @property
    def began_at(self) -> dt.datetime:
        """Return when it began (the database's clock)."""
        return dt.datetime.fromisoformat(self.about["began_at"])

    @property
    def ended_at(self) -> dt.datetime:
        """Return when it was whole (the database's clock): the first moment it can be restored to."""
        return dt.datetime.fromisoformat(self.about["ended_at"])

    @property
    def line(self) -> str:
        """Return the line of log that follows it."""
        return str(self.about["line"])

    @property
    def needs(self) -> range:
        """Return the numbers of the segments without which it is nothing."""
        return range(_numbered(self.about["first_segment"]), _numbered(self.about["last_segment"]) + 1)

    @property
    def archive(self) -> Path:
        """Return its locked archive."""
        return self.path / "base.tar.gz.locked"


def _numbered(name: str) -> int:
    found = segment_of(name)
    if found is None:
        raise ValueError(name)
    return found.number


class Line:
    """One unbroken stretch of log."""

    def __init__(self, path: Path) -> None:
        """Name the folders; touch nothing."""
        self.path, self.receiving, self._reached = path, path / "receiving", path / "reached"

    @property
    def name(self) -> str:
        """Return its name, the moment it began."""
        return self.path.name

    def finished(self) -> list[Segment]:
        """Return the whole segments, in order."""
        return _segments_in(self.path)

    def received(self) -> list[Segment]:
        """Return those that lie where they are received: the one being written, and finished ones not yet locked."""
        return _segments_in(self.receiving)

    def numbers(self) -> set[int]:
        """Return the numbers of all segments that are here, whole or begun; one that is just being moved is seen twice."""
        return {one.number for one in (*self.received(), *self.finished())}

    def place_of(self, segment: Segment) -> Path:
        """Return where a whole segment lies."""
        return self.path / f"{segment.name}{SUFFIX}"

    def gap(self, first: int, last: int | None = None) -> str | None:
        """Return the name of the first segment that lacks from ``first`` on to ``last`` or the newest, or None."""
        there = self.numbers()
        for number in range(first, (max(there, default=first) if last is None else last) + 1):
            if number not in there:
                known = [one for one in self.finished() if one.number < number] or self.finished()
                return Segment(number, known[-1].timeline if known else 1).name
        return None

    def reached(self) -> tuple[dt.datetime, str] | None:
        """Return until when all of the log is here, by the database's clock, and which place in it that is."""
        try:
            found = json.loads(self._reached.read_text("ascii"))
            return dt.datetime.fromisoformat(found["at"]), str(found["lsn"])
        except (OSError, ValueError, KeyError):
            return None

    def keep_reached(self, at: dt.datetime, lsn: str) -> None:
        """Note until when all of the log is here."""
        replace(self._reached, json.dumps({"at": at.isoformat(), "lsn": lsn}).encode())


def _segments_in(folder: Path) -> list[Segment]:
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    return sorted(one for one in map(segment_of, names) if one is not None)


class Store:
    """A store in a folder."""

    def __init__(self, path: Path) -> None:
        """Name the folders; touch nothing."""
        self.path = path
        self.base, self.wal, self.files = path / "base", path / "wal", path / "files"
        self.small, self.heads = path / "small", path / "heads"
        self.gone, self.prunes = path / "gone.jsonl", path / "prunes.jsonl"

    def make(self) -> None:
        """Make the folders that lack."""
        for folder in (self.base, self.wal, self.files, self.small, self.heads):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def bases(self) -> list[Base]:
        """Return the whole base backups, the oldest first; those whose description cannot be read are left out."""
        found = []
        for about in sorted(self.base.glob("[0-9]*/about.json")):
            try:
                one = Base(about.parent, json.loads(about.read_text("utf-8")))
                found.append((one.ended_at, one))
            except (OSError, ValueError, KeyError, TypeError):
                continue
        return [one for _, one in sorted(found, key=lambda row: row[0])]

    def lines(self) -> list[Line]:
        """Return the lines of log, the oldest first."""
        return [Line(path) for path in sorted(self.wal.glob("[0-9]*"))]

    def line(self, name: str) -> Line:
        """Return a line by its name."""
        return Line(self.wal / name)

    def heads_of(self, line: str) -> Path:
        """Return where the journal's heads of a line lie."""
        return self.heads / f"{line}.jsonl"

    def place_of(self, digest: str) -> Path:
        """Return where the document with this SHA-256 lies."""
        return self.files / digest[:2] / digest

    def digests(self) -> Iterator[str]:
        """Yield the names of all documents."""
        for folder in sorted(self.files.glob("[0-9a-f][0-9a-f]")):
            yield from sorted(path.name for path in folder.iterdir() if len(path.name) == _DIGEST)

    def gone_since(self) -> dict[str, dt.datetime]:
        """Return the documents that the database no longer names, and since when."""
        found: dict[str, dt.datetime] = {}
        for row in _rows(self.gone):
            if row.get("since"):
                found.setdefault(row["digest"], dt.datetime.fromisoformat(row["since"]))
            else:
                found.pop(row["digest"], None)
        return found


def _rows(path: Path) -> Iterable[dict[str, Any]]:
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        try:
            yield json.loads(line)
        except ValueError:
            continue


def put(path: Path, contents: Iterable[bytes]) -> bool:
    """Write a file that is whole or absent and flushed; False where it is there already. Nothing is overwritten."""
    if path.exists():
        return False
    make_folder(path.parent)
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            for content in contents:
                out.write(content)
            out.flush()
            os.fsync(out.fileno())
        half.chmod(0o400)
        path.hardlink_to(half)
    except FileExistsError:
        return False
    finally:
        half.unlink(missing_ok=True)
    flush_folder(path.parent)
    return True


def replace(path: Path, content: bytes) -> None:
    """Write a small file whole, in place of the one before."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)
    half.replace(path)


def append(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add lines to a file of JSON lines, and flush them."""
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, for this account alone, and flush their names."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        flush_folder(folder.parent)


def flush_folder(folder: Path) -> None:
    """Flush the names in a folder."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def moment_name(at: dt.datetime) -> str:
    """Return a moment as a name that sorts: 20261201T030405Z."""
    return at.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
