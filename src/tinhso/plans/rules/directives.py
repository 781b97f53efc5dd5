"""What a directive assigns, and the words by which it is found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tinhso.toolkit.text import fold

#: As long as their columns.
LONGEST_NUMBER: Final = 80
LONGEST_ISSUER: Final = 200
LONGEST_TEXT: Final = 1000


class ItemKind(StrEnum):
    """What an item of a directive asks for."""

    TARGET = "target"
    SOLUTION = "solution"
    TASK = "task"


@dataclass(frozen=True, slots=True)
class NewItem:
    """One thing that a directive assigns, as it is entered: ``kind`` of ``ItemKind``, and its words."""

    kind: str
    text: str


def search_words(number: str, summary: str, issuer: str, items: Iterable[str]) -> str:
    """Return what search reads of a directive: all its words, folded."""
    return fold("\n".join((number, summary, issuer, *items)))
