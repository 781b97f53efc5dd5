"""Look for secrets in sources: shapes of known keys, and long random words given to telling names."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

#: Folders that hold no sources, and what others made.
SKIPPED: Final = frozenset(
    {".git", ".venv", ".data", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache"}
)
_KNOWN: Final = {
    "a private key": r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----",
    "a key of a cloud": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{35}\b",
    "a token of a forge": r"\b(?:gh[pousr]_[0-9A-Za-z]{36}|glpat-[0-9A-Za-z_-]{20}|npm_[0-9A-Za-z]{36}|pypi-[0-9A-Za-z_-]{50,})\b",
    "a token of a chat": r"\bxox[abprs]-[0-9A-Za-z-]{10,}\b",
    "a signed token": r"\beyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}\b",
    "an address with a password": r"\b(?:postgres(?:ql)?|smtps?|https?|redis)://[^\s:/@\"'{}<>]+:[^\s@/\"'{}<>]{6,}@[\w.-]+",
}
_TELLING: Final = re.compile(
    r"(?i)\b\w*(?:secret|passw(?:or)?d|api_?key|token|credential)\w*[\"']?\s*(?:[:=]|=>)\s*[\"']([^\"'\s]{20,})[\"']"
)
#: Bits a letter from which a word looks drawn by lot.
_RANDOM: Final = 4.0
_LARGEST: Final = 5_000_000


def found_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield what looks like a secret: its kind and its words."""
    for kind, shape in _KNOWN.items():
        for match in re.finditer(shape, text):
            yield kind, match.group()
    for match in _TELLING.finditer(text):
        if randomness(match[1]) >= _RANDOM:
            yield "a random word", match[1]


def randomness(word: str) -> float:
    """Return the bits of a letter of a word, by how often each letter comes."""
    return -sum(n / len(word) * math.log2(n / len(word)) for n in Counter(word).values())


def scan(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Yield file, kind and words of whatever looks like a secret below a folder."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if SKIPPED & set(inside.parts) or not path.is_file() or path.stat().st_size > _LARGEST:
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            text = path.read_bytes().decode("latin-1")
        for kind, words in found_in(text):
            yield str(inside), kind, words
