"""Vietnamese letters: one spelling, search without marks, order as in the alphabet."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_RANK = {letter: rank for rank, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_SHAPES = {"\u0306", "\u0302", "\u031b"}
_LINES = {"\t", "\n", "\r"}


def tidy(text: str) -> str:
    """Return the text in NFC, without leading, trailing or doubled spaces."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def visible(text: str) -> str:
    """Return the text in NFC without letters that nobody sees, such as NUL, zero-width and direction signs.

    Line ends and tabs stay: a text of several lines has them.
    """
    if text.isascii() and text.isprintable():
        return text
    seen = (c for c in text if c in _LINES or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return unicodedata.normalize("NFC", "".join(seen))


def fold(text: str) -> str:
    """Return the text in lower case without marks, đ as d: for search."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return tidy("".join(c for c in plain if not unicodedata.combining(c)))


def sort_key(text: str) -> str:
    """Return a key that orders by letters, then by tones (a < ă < â; ngang, huyền, hỏi, ngã, sắc, nặng)."""
    letters: list[str] = []
    tones: list[str] = []
    for syllable in tidy(text).lower().split(" "):
        tone = 0
        for char in syllable:
            base, shape = "", ""
            for part in unicodedata.normalize("NFD", char):
                if part in _TONES:
                    tone = _TONES[part]
                elif part in _SHAPES:
                    shape = part
                else:
                    base += part
            letter = unicodedata.normalize("NFC", base + shape)
            rank = _RANK.get(letter)
            letters.append(chr(0x61 + rank) if rank is not None else letter)
        letters.append(" ")
        tones.append(str(tone))
    return "".join(letters).rstrip() + "|" + "".join(tones)
