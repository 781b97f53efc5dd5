"""Read words that an input method left undone: Telex ("ddaawng kys") and VNI ("d9a8ng ky1") keys among the letters."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_TELEX_TONES: Final = {"f": "\u0300", "r": "\u0309", "x": "\u0303", "s": "\u0301", "j": "\u0323"}
_VNI_TONES: Final = {"2": "\u0300", "3": "\u0309", "4": "\u0303", "1": "\u0301", "5": "\u0323"}
_CIRCUMFLEX: Final = {"a": "â", "ă": "â", "e": "ê", "o": "ô", "ơ": "ô"}
_BREVE: Final = {"a": "ă", "â": "ă"}
_HORN: Final = {"o": "ơ", "ô": "ơ", "u": "ư"}
_VOWELS: Final = frozenset("aăâeêioôơuưy")
_TONES: Final = {mark: str(place) for place, mark in enumerate("\u0300\u0309\u0303\u0301\u0323", 1)}
_ENDS_IN_Y: Final = re.compile(r"(?:[bcdghklmnpqrstvx]|ch|gh|kh|ng|nh|ph|th|tr)y")


@lru_cache(maxsize=20_000)
def spelling(word: str) -> tuple[str, str]:
    """Return a word for comparing: (letters without marks, letters with shapes and the tone's number).

    The place of the tone does not matter (hòa, hoà), nor y for i at the end (ký, kí): both give ("ki", "ki4").
    """
    tone, shaped, plain = "0", "", ""
    for char in unicodedata.normalize("NFC", word.lower()):
        parts = unicodedata.normalize("NFD", char)
        tone = next((_TONES[part] for part in parts if part in _TONES), tone)
        kept = "".join(part for part in parts if part not in _TONES)
        shaped += unicodedata.normalize("NFC", kept)
        plain += "d" if char == "đ" else "".join(part for part in kept if not unicodedata.combining(part))
    if _ENDS_IN_Y.fullmatch(plain):
        plain, shaped = f"{plain[:-1]}i", f"{shaped[:-1]}i"
    return plain, shaped + tone


def undone(word: str) -> list[str]:
    """Return what the keys of a word may have been meant to write, by Telex and by VNI; nothing where no key is left.

    >>> undone("ddaawng"), undone("ky1"), undone("nha")
    (['đăng'], ['ký'], [])
    """
    found = []
    for read in (_telex, _vni):
        meant = read(word.lower())
        if meant and meant not in found and meant != word.lower():
            found.append(meant)
    return found


def _telex(word: str) -> str:
    letters, tone = "", ""
    for char in word:
        has_vowel = any(letter in _VOWELS for letter in letters)
        if char in _TELEX_TONES and has_vowel:
            tone = _TELEX_TONES[char]
        elif char == "z" and has_vowel:
            tone = ""
        elif char == "w":
            letters = _shape(letters, _HORN, both=True) or _shape(letters, _BREVE) or f"{letters}ư"
        elif char in "aeo" and (done := _shape(letters, _CIRCUMFLEX, of=char)):
            letters = done
        elif char == "d" and letters.startswith("d"):
            letters = f"đ{letters[1:]}"
        else:
            letters += char
    return _with_tone(letters, tone)


def _vni(word: str) -> str:
    letters, tone = "", ""
    for char in word:
        done = ""
        if char in _VNI_TONES:
            tone = _VNI_TONES[char]
            continue
        if char == "6":
            done = _shape(letters, _CIRCUMFLEX)
        elif char == "7":
            done = _shape(letters, _HORN, both=True)
        elif char == "8":
            done = _shape(letters, _BREVE)
        elif char == "9" and letters.startswith("d"):
            done = f"đ{letters[1:]}"
        elif char.isdigit():
            return ""
        letters = done or letters + char
    return _with_tone(letters, tone)


def _shape(letters: str, shapes: dict[str, str], *, both: bool = False, of: str = "") -> str:
    """Return the letters with the last vowel that takes it shaped; with ``both``, u and o together."""
    for place in range(len(letters) - 1, -1, -1):
        letter = letters[place]
        if letter in shapes and (not of or _base(letter) == of):
            if both and letter in "oô" and letters[place - 1 : place] == "u":
                return f"{letters[: place - 1]}ươ{letters[place + 1 :]}"
            return letters[:place] + shapes[letter] + letters[place + 1 :]
    return ""


def _base(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0]


def _with_tone(letters: str, tone: str) -> str:
    """Set the tone on the vowel that bears it: the shaped one, else the second of three or before an end, else the first."""
    if not tone:
        return letters
    start = 2 if letters.startswith(("qu", "gi")) and any(c in _VOWELS for c in letters[2:]) else 0
    places = [place for place, letter in enumerate(letters) if letter in _VOWELS and place >= start]
    if not places:
        return letters
    shaped = [place for place in places if letters[place] in "ăâêôơư"]
    closed = places[-1] < len(letters) - 1
    middle = places[1] if len(places) > 1 and (len(places) > 2 or closed) else places[0]
    place = shaped[-1] if shaped else middle
    return unicodedata.normalize("NFC", letters[: place + 1] + tone + letters[place + 1 :])
