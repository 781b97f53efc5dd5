"""Keep asn1crypto from encoding anew what was read and not changed.

It takes every length that ends in the byte 80 for the single byte 80, which means an unknown length, and then encodes
all levels below anew, several times each: one signature in six took sixteen seconds instead of a fifth of one
(asn1crypto 1.5.1, ``dump`` of ``Asn1Value``, ``Sequence`` and ``SequenceOf``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asn1crypto import core

_UNKNOWN_LENGTH = b"\x80"


def as_it_came(value: Any) -> bytes | None:
    """Return the bytes of a value whose long length only ends like an unknown one; None for every other value."""
    header = value._header
    if header is None or len(header) < 3 or header[-1:] != _UNKNOWN_LENGTH:
        return None
    if getattr(value, "children", None) is not None and value._is_mutated():
        return None
    whole: bytes = header + value._contents + value._trailer
    return whole


def mend() -> None:
    """Teach the three classes to give such values as they came; a second time changes nothing."""
    for kind in (core.Asn1Value, core.Sequence, core.SequenceOf):
        if not hasattr(kind.dump, "mended"):
            kind.dump = _mended(kind.dump)


def _mended(usual: Callable[..., bytes]) -> Callable[..., bytes]:
    def dump(self: Any, force: bool = False) -> bytes:
        came = None if force else as_it_came(self)
        return usual(self, force=force) if came is None else came

    dump.mended = True  # type: ignore[attr-defined]  # a mark on our own function
    return dump
