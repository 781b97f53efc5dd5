"""The store of backups (kho sao lưu): what lies where in it, and the key without which its documents cannot be read.

=================  ==========================================================================================
``base/<moment>``  a base backup: ``base.tar.gz`` of pg_basebackup and its manifest, ``about.json``
``wal``            segments of the write-ahead log as pg_receivewal writes them; the newest ends in ``.partial``
``files/ab/<sha>`` a document, encrypted; its name is the SHA-256 of the plain content
``small/<moment>`` secret, roles, clock, mode, keys of the demo's authority: one encrypted archive
``heads``          copies of the journal's heads, only ever longer
=================  ==========================================================================================

Nothing in the store is ever overwritten but ``heads`` and the ``.partial`` segment. The key lies outside.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
import re
import secrets
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

SEGMENT: Final = 16 * 1024 * 1024
_MARK: Final = b"TSKHO1"
_NONCE: Final = 12
_SEGMENT_NAME: Final = re.compile(r"([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})(\.partial)?")
#: Small files of an installation without which its data cannot be used.
SMALL: Final = ("secret", "roles.json", "clock", "mode", "pki")


class KeyWrong(Exception):
    """The key does not open what lies in the store, or what lies there was changed."""


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """A segment of the log by its place in the order."""

    timeline: int
    number: int
    is_partial: bool = False

    @property
    def name(self) -> str:
        """Return the name of its file."""
        high, low = divmod(self.number, 0x100)
        return f"{self.timeline:08X}{high:08X}{low:08X}{'.partial' if self.is_partial else ''}"


def segment_of(name: str) -> Segment | None:
    """Return the segment that a file's name tells, or None."""
    found = _SEGMENT_NAME.fullmatch(name)
    if found is None:
        return None
    return Segment(int(found[1], 16), int(found[2], 16) * 0x100 + int(found[3], 16), bool(found[4]))


@dataclass(frozen=True, slots=True)
class Base:
    """A base backup and what is known of it."""

    path: Path
    about: dict[str, Any]

    @property
    def ended_at(self) -> dt.datetime:
        """Return when it was whole (the machine's time)."""
        return dt.datetime.fromisoformat(self.about["ended_at"])

    @property
    def first_segment(self) -> Segment:
        """Return the first segment that it needs."""
        found = segment_of(self.about["first_segment"])
        assert found is not None
        return found


class Store:
    """A store in a folder."""

    def __init__(self, path: Path) -> None:
        """Name the folders; touch nothing."""
        self.path = path
        self.base, self.wal, self.files = path / "base", path / "wal", path / "files"
        self.small, self.heads = path / "small", path / "heads"

    def make(self) -> None:
        """Make the folders that lack."""
        for folder in (self.base, self.wal, self.files, self.small, self.heads):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def bases(self) -> list[Base]:
        """Return the whole base backups, the oldest first."""
        return [
            Base(about.parent, json.loads(about.read_text("utf-8")))
            for about in sorted(self.base.glob("[0-9]*/about.json"))
        ]

    def segments(self) -> list[Segment]:
        """Return the segments that are there, in order."""
        names = [path.name for path in self.wal.iterdir()] if self.wal.is_dir() else []
        return sorted(one for one in map(segment_of, names) if one is not None)

    def place_of(self, digest: str) -> Path:
        """Return where the document with this SHA-256 lies."""
        return self.files / digest[:2] / digest

    def digests(self) -> Iterator[str]:
        """Yield the names of all documents."""
        for folder in sorted(self.files.glob("[0-9a-f][0-9a-f]")):
            yield from sorted(
                path.name for path in folder.iterdir() if len(path.name) == hashlib.sha256().digest_size * 2
            )


def read_key(path: Path, *, make: bool = False) -> bytes:
    """Return the key in a file (0600); make one first, where there is none and that is wanted. Raises OSError."""
    if make and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_hex(32) + "\n")
    return bytes.fromhex(path.read_text("ascii").strip())


def lock(content: bytes, key: bytes, name: str) -> bytes:
    """Encrypt a content under its name."""
    nonce = secrets.token_bytes(_NONCE)
    return _MARK + nonce + ChaCha20Poly1305(key).encrypt(nonce, content, name.encode())


def unlock(locked: bytes, key: bytes, name: str) -> bytes:
    """Decrypt what ``lock`` made. Raises ``KeyWrong``."""
    head = len(_MARK) + _NONCE
    if locked[: len(_MARK)] != _MARK:
        raise KeyWrong(name)
    try:
        return ChaCha20Poly1305(key).decrypt(locked[len(_MARK) : head], locked[head:], name.encode())
    except InvalidTag:
        raise KeyWrong(name) from None


def put(path: Path, content: bytes) -> bool:
    """Write a file that is whole or absent; False where it is there already. Nothing is overwritten."""
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = path.with_name(f".{path.name}.{os.getpid()}")
    with half.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    try:
        half.chmod(0o400)
        path.hardlink_to(half)
    except FileExistsError:
        return False
    finally:
        half.unlink()
    return True


def pack_small(home: Path) -> bytes:
    """Return the small files of an installation as one archive."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name in SMALL:
            if (home / name).exists():
                archive.add(home / name, arcname=name)
    return out.getvalue()


def unpack_small(content: bytes, into: Path) -> None:
    """Write the small files of an archive into a folder."""
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        archive.extractall(into, filter="data")


def moment_name(at: dt.datetime) -> str:
    """Return a moment as a name that sorts: 20261201T030405Z."""
    return at.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
