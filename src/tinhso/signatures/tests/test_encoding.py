"""A value whose length ends in the byte 80 is written as it came; what was changed is written anew."""

from __future__ import annotations

import pytest
from asn1crypto import core

from tinhso.signatures.adapters.encoding import mend

mend()


class Pair(core.Sequence):  # type: ignore[misc]  # it has no types
    """Two texts."""

    _fields = [("first", core.OctetString), ("second", core.OctetString)]


def encoded() -> bytes:
    """Return a pair of 128 bytes: the header is 30 81 80."""
    whole: bytes = Pair({"first": b"a" * 62, "second": b"b" * 62}).dump()
    assert whole[:3] == b"\x30\x81\x80"
    return whole


def test_reading_and_writing_encodes_nothing_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    came = encoded()
    pair = Pair.load(came)
    assert pair["first"].native == b"a" * 62

    def encode_anew(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(Pair, "_set_contents", encode_anew)
    assert pair.dump() == came


def test_a_change_is_written() -> None:
    pair = Pair.load(encoded())
    pair["first"] = b"c" * 62
    assert Pair.load(pair.dump())["first"].native == b"c" * 62


def test_an_unknown_length_is_still_written_anew() -> None:
    unknown = b"\x30\x80" + b"\x04\x01a" + b"\x04\x01b" + b"\x00\x00"
    assert Pair.load(unknown).dump() == b"\x30\x06\x04\x01a\x04\x01b"
