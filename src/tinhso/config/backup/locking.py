"""Encrypt what goes into the store, in one format for a note of ten bytes and for a database of a terabyte.

A locked file is a mark, seven random bytes, and parts of one MiB, each under ChaCha20-Poly1305. A part's nonce holds its
number and whether it is the last, and the file's name is authenticated with each: nothing can be cut off, put in
another order, or laid under another name without being seen.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

PART: Final = 1024 * 1024
_MARK: Final = b"TSKHO1"
_PREFIX: Final = 7
_TAG: Final = 16
_KEY: Final = 32


class KeyWrong(Exception):
    """The key does not open it, or what lies there was changed or cut off; the argument is its name."""


def read_key(path: Path, *, make: bool = False) -> bytes:
    """Return the key in a file of 64 hexadecimal digits; make one first (0600) where there is none and that is wanted.

    Raises ``OSError`` or ``ValueError``.
    """
    if make and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_hex(_KEY) + "\n")
    key = bytes.fromhex(path.read_text("ascii").strip())
    if len(key) != _KEY:
        raise ValueError(path)
    return key


def lock_stream(contents: Iterable[bytes], key: bytes, name: str) -> Iterator[bytes]:
    """Yield the locked file of contents that come in pieces of any size."""
    prefix, cipher = secrets.token_bytes(_PREFIX), ChaCha20Poly1305(key)
    yield _MARK + prefix
    waiting, number = bytearray(), 0
    for content in contents:
        waiting += content
        while len(waiting) > PART:
            yield cipher.encrypt(_nonce(prefix, number, is_last=False), bytes(waiting[:PART]), name.encode())
            del waiting[:PART]
            number += 1
    yield cipher.encrypt(_nonce(prefix, number, is_last=True), bytes(waiting), name.encode())


def unlock_stream(locked: BinaryIO, key: bytes, name: str) -> Iterator[bytes]:
    """Yield what was locked, part by part. Raises ``KeyWrong``, maybe after some parts: use nothing until all came."""
    head = locked.read(len(_MARK) + _PREFIX)
    prefix, cipher = head[len(_MARK) :], ChaCha20Poly1305(key)
    if not head.startswith(_MARK) or len(prefix) != _PREFIX:
        raise KeyWrong(name)
    part, number = locked.read(PART + _TAG), 0
    while True:
        following = locked.read(PART + _TAG)
        try:
            yield cipher.decrypt(_nonce(prefix, number, is_last=not following), part, name.encode())
        except InvalidTag:
            raise KeyWrong(name) from None
        if not following:
            return
        part, number = following, number + 1


def lock(content: bytes, key: bytes, name: str) -> bytes:
    """Return the locked file of one content."""
    return b"".join(lock_stream([content], key, name))


def unlock(path: Path, key: bytes, name: str) -> bytes:
    """Return what is locked in a file. Raises ``KeyWrong`` or ``OSError``."""
    with path.open("rb") as locked:
        return b"".join(unlock_stream(locked, key, name))


def locked_size(size: int) -> int:
    """Return how many bytes the locked file of a content of ``size`` bytes has."""
    parts = max(1, -(-size // PART))
    return len(_MARK) + _PREFIX + size + parts * _TAG


def _nonce(prefix: bytes, number: int, *, is_last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + (b"\1" if is_last else b"\0")
