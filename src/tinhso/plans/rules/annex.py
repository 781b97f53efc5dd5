"""The rows of an annex taken as a whole: what no row may be, and what differs between two drafts. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from typing import Final

from tinhso.plans.rules.plans import MOST_AMOUNT, Row
from tinhso.toolkit.text import fold, tidy, visible

#: So many rows are an annex at most.
MOST_ROWS: Final = 5_000
#: Words and the spaces between them.
_WORDS: Final = re.compile(r"\s+|\S+")


@lru_cache(maxsize=20_000)
def neat(text: str) -> str:
    """Return the text in NFC without what nobody sees: no doubled spaces, no blank lines; its lines stay lines."""
    lines = visible(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return "\n".join(line for one in lines if (line := tidy(one)))


def faults_of(
    row: Row, longest: Mapping[str, int], groups: Collection[str], sources: Collection[str]
) -> list[str]:
    """Return the fields of a row that break the rules of every annex, wherever the row came from."""
    found = [key for key in ("content", "lead", "product") if not getattr(row, key)]
    found += [key for key, letters in longest.items() if len(getattr(row, key)) > letters]
    if row.group not in groups:
        found.append("group")
    if row.source and row.source not in sources:
        found.append("source")
    if row.ends < row.starts:
        found.append("ends")
    if not 0 <= row.amount <= MOST_AMOUNT or (row.amount and not row.source):
        found.append("amount")
    return found


def digest(rows: Iterable[Row]) -> str:
    """Return the SHA-256 of an annex: equal for equal rows in equal order."""
    text = json.dumps([row.as_json() for row in rows], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


class Change(StrEnum):
    """What happened to a row from one draft to the next."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not the same in two drafts, with its place in each (from 1, 0: not there).

    ``keys``: which fields of a changed row.
    """

    change: Change
    before: Row | None
    after: Row | None
    place_before: int
    place_after: int
    keys: tuple[str, ...] = ()

    @property
    def places(self) -> int:
        """Return how many places differ: each field of a changed row, an added or removed row once."""
        return len(self.keys) or 1


#: Fields that are compared, in the order of the table; the office that a lead means follows from the words.
COMPARED: Final = (
    *(
        "content",
        "lead",
        "partners",
        "starts",
        "ends",
        "product",
        "amount",
        "source",
        "group",
        "sector",
        "note",
    ),
)


def differences(before: Sequence[Row], after: Sequence[Row]) -> list[Difference]:
    """Return what differs, in the order of the later draft; a removed row comes after the row that it stood behind.

    A row that only moved is the same row: places are no difference.
    """
    partner = pairs(before, after)
    found: list[tuple[tuple[int, int, int], Difference]] = []
    for place, row in enumerate(after, 1):
        at = partner.get(place, 0)
        if not at:
            found.append(((place, 0, 0), Difference(Change.ADDED, None, row, 0, place)))
            continue
        old = before[at - 1]
        if keys := tuple(key for key in COMPARED if not _same(getattr(old, key), getattr(row, key))):
            found.append(((place, 0, 0), Difference(Change.CHANGED, old, row, at, place, keys)))
    stays = {at: place for place, at in partner.items()}
    behind = 0
    for at, row in enumerate(before, 1):
        if at in stays:
            behind = stays[at]
        else:
            found.append(((behind, 1, at), Difference(Change.REMOVED, row, None, at, 0)))
    return [difference for _order, difference in sorted(found, key=lambda one: one[0])]


def same_words(before: Sequence[Row], after: Sequence[Row]) -> dict[int, int]:
    """Return which rows say the same task in equal words, in their order: place after → place before, from 1."""
    waiting: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(before, 1):
        waiting[fold(row.content)].append(at)
    found: dict[int, int] = {}
    for place, row in enumerate(after, 1):
        if same := waiting.get(fold(row.content)):
            found[place] = same.pop(0)
    return found


def pairs(before: Sequence[Row], after: Sequence[Row]) -> dict[int, int]:
    """Return which row of the earlier draft each row of the later one goes on: place after → place before, from 1.

    First rows with equal words, then those in equal places where lead or product is still the same.
    """
    found = same_words(before, after)
    taken = set(found.values())
    for place, row in enumerate(after, 1):
        if place in found or place in taken or place > len(before):
            continue
        old = before[place - 1]
        if fold(old.lead) == fold(row.lead) or fold(old.product) == fold(row.product):
            found[place] = place
    return found


def _same(one: object, other: object) -> bool:
    if one == other:
        return True
    return isinstance(one, str) and isinstance(other, str) and neat(one) == neat(other)


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of a text beside its other version; ``is_other``: the other one does not have it there."""

    text: str
    is_other: bool


def word_differences(before: str, after: str) -> tuple[list[Words], list[Words]]:
    """Return both texts in pieces, by words: what was taken out of the one, what was put into the other."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    left: list[Words] = []
    right: list[Words] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for side, words in ((left, "".join(old[a:b])), (right, "".join(new[c:d]))):
            if words:
                side.append(Words(words, kind != "equal"))
    return left, right
