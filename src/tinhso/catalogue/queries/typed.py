"""Read what a person typed: known words, undone Telex and VNI, slips of a letter, initials, sayings.

A reading is a list of slots; a slot holds the words that may be meant at that place, best first. One query gives a few
readings: as typed, and with each saying replaced by the words of the catalogue it stands for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise
from typing import Final

from tinhso.toolkit.telex import spelling, undone

_FILLERS: Final = (
    "toi minh em anh chi ai xin muon can lam cho o dau the nao gi bi va la co duoc khong nhu voi cua hoi ve thu tuc "
    "di de giup nhe a u oi hay thi ma phai ra sao roi nua len xong giay don ho so tai theo tu den trong mot cai nhung "
    "cac qua lai bang huong dan cach nguoi gio day nay vay da dang se bao nhieu may to chua"
)
#: Words that say little about what is wanted, without marks.
FILLERS: Final = frozenset(_FILLERS.split())
_WORD: Final = re.compile(r"[^\W_]+")
_VOWEL: Final = re.compile(r"[aeiouy]")
_WORDS_BETWEEN: Final = 4
#: How sure the literal reading is where a saying was found, what a word left over by sayings counts, and a soft word.
_LITERAL: Final = 0.86
_LEFT_OVER: Final = 0.5
_SOFT: Final = 0.7
_MOST_READINGS: Final = 4
_FORGIVEN: Final = 0.8
_GUESSED: Final = 0.62
_INITIALS: Final = range(3, 8)


@dataclass(frozen=True, slots=True)
class Word:
    """A word that may be meant: without marks, with its marks (see ``spelling``), and how sure it is, 0 to 1."""

    plain: str
    marks: str
    sure: float


Slot = tuple[Word, ...]
#: A saying that was found: the places of its slots, meanings.
Swap = tuple[tuple[int, ...], tuple[str, ...]]
Spelt = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a query; ``sure`` is how sure it is as a whole.

    ``counts`` is how much each slot counts: the many words that a saying stands for count together as what was typed.
    """

    slots: tuple[Slot, ...]
    sure: float
    counts: tuple[float, ...]


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case, marks kept."""
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


class Lexicon:
    """The words that the catalogue and the table of sayings know, and which of them stand beside each other."""

    def __init__(self, sentences: Iterable[Sequence[str]], sayings: Iterable[tuple[str, str]]) -> None:
        """Learn from sentences (words without marks) and from sayings: (said, what it means)."""
        self.times: dict[str, int] = {}
        self.pairs: dict[tuple[str, str], int] = {}
        self._initials: list[tuple[str, Sequence[str]]] = []
        self._sayings: dict[str, list[tuple[Spelt, tuple[str, ...]]]] = {}
        self._soft: dict[str, list[tuple[str, Slot]]] = {}
        for sentence in sentences:
            self._learn(sentence)
            self._initials.append(("".join(word[0] for word in sentence), sentence))
        in_names = frozenset(self.times)
        for said, means in sayings:
            spelt = tuple(spelling(word) for word in words_of(said))
            if not spelt:
                continue
            self._learn([plain for plain, _marks in spelt])
            meanings = tuple(one.strip() for one in means.split(";") if one.strip())
            for one in meanings:
                self._learn([spelling(word)[0] for word in words_of(one)])
            if len(spelt) == 1 and spelt[0][0] in in_names and all(len(words_of(m)) <= 2 for m in meanings):
                others = tuple(Word(*spelling(w), _SOFT) for m in meanings for w in words_of(m))
                self._soft.setdefault(spelt[0][0], []).append((spelt[0][1], others))
                continue
            telling = [plain for plain, _marks in spelt if plain not in FILLERS] or [spelt[0][0]]
            rarest = min(telling, key=lambda plain: self.times.get(plain, 0))
            self._sayings.setdefault(rarest, []).append((spelt, meanings))

    def _learn(self, sentence: Sequence[str]) -> None:
        for word in sentence:
            self.times[word] = self.times.get(word, 0) + 1
        for pair in pairwise(sentence):
            self.pairs[pair] = self.pairs.get(pair, 0) + 1

    @cached_property
    def _without_one(self) -> dict[str, list[str]]:
        """Return every word by what is left of it without one letter."""
        left: dict[str, list[str]] = {}
        for word in self.times:
            for short in _shortened(word):
                left.setdefault(short, []).append(word)
        return left

    def readings(self, text: str) -> list[Reading]:
        """Return the ways to read a query, the most literal first."""
        slots = self._slots(words_of(text))
        if not slots:
            return []
        has_marks = any(c not in _PLAIN for c in text.lower())
        choices = self._swaps(slots, has_marks=has_marks)
        slots = [self._softened(slot, has_marks=has_marks) for slot in slots]
        found = [Reading(tuple(slots), _LITERAL if choices else 1.0, (1.0,) * len(slots))]
        for swaps in choices:
            most = max(len(meanings) for _places, meanings in swaps)
            found.extend(_swapped(slots, swaps, choice) for choice in range(most))
            if len(swaps) > 1:
                found.extend(_swapped(slots, [swap], 0) for swap in swaps)
        kept: dict[tuple[Slot, ...], Reading] = {}
        for reading in found:
            kept.setdefault(reading.slots, reading)
        return list(kept.values())[:_MOST_READINGS]

    def _softened(self, slot: Slot, *, has_marks: bool) -> Slot:
        """Return a slot with the words of the catalogue that its word may also stand for: chở, vận chuyển."""
        word = slot[0]
        others = [
            other
            for marks, words in self._soft.get(word.plain, ())
            if not has_marks or word.marks in (marks, f"{word.plain}0")
            for other in words
        ]
        return (*slot, *others) if others and word.sure > 0 else slot

    # Words

    def _slots(self, typed: Sequence[str]) -> list[Slot]:
        slots: list[Slot] = []
        for place, word in enumerate(typed):
            slots.extend(self._slot(word, slots[-1:], last=place == len(typed) - 1))
        self._prefer_neighbours(slots)
        return slots

    def _slot(self, word: str, before: Sequence[Slot], *, last: bool) -> list[Slot]:
        """Return the slots of one typed word: several for initials and for words written together."""
        plain, marks = spelling(word)
        if plain in self.times:
            return [(Word(plain, marks, 1.0),)]
        meant = [spelling(one) for one in undone(word)]
        known = [Word(p, m, 0.97) for p, m in meant if p in self.times]
        if known:
            return [tuple(known)]
        if (
            not _VOWEL.search(plain)
            and not self._fits_after(before, plain)
            and (phrase := self._phrase(plain))
        ):
            return [(Word(one, one + "0", 0.95),) for one in phrase]
        begun = [Word(w, w + "0", 0.8) for w in self._beginning(plain)] if last else []
        near = {w for p in [plain, *(p for p, _m in meant)] for w in self._near(p)}
        close = [Word(w, w + "0", _FORGIVEN) for w in sorted(near, key=lambda w: -self.times[w])[:8]]
        if close or begun:
            return [(*close, *begun)]
        if parts := self._parts(plain):
            return [(Word(one, one + "0", 0.95),) for one in parts]
        if phrase := self._phrase(plain):
            return [(Word(one, one + "0", 0.9),) for one in phrase]
        return [(Word(plain, marks, 0.0),)]

    def _near(self, word: str) -> set[str]:
        """Return the known words that one slip makes of this one: a letter more, less, other, or two swapped."""
        if len(word) < 3:
            return set()
        shorts = _shortened(word)
        near = {w for short in shorts for w in self._without_one.get(short, ()) if _is_one_slip(word, w)}
        near |= {short for short in shorts if short in self.times}
        near.update(self._without_one.get(word, ()))
        return near

    def _fits_after(self, before: Sequence[Slot], word: str) -> bool:
        """Tell whether a slip of a word that stands after the slot before explains this one."""
        near = self._near(word)
        return any((one.plain, other) in self.pairs for slot in before for one in slot for other in near)

    def _beginning(self, word: str) -> list[str]:
        if len(word) < 2:
            return []
        return sorted((w for w in self.times if w.startswith(word)), key=lambda w: -self.times[w])[:5]

    def _parts(self, word: str) -> list[str]:
        """Return the known words that were written together, e.g. khaisinh."""
        best: dict[int, tuple[int, list[str]]] = {0: (0, [])}
        for end in range(2, len(word) + 1):
            for start in range(max(0, end - 7), end - 1):
                part = word[start:end]
                if start not in best or part not in self.times:
                    continue
                score, before = best[start]
                score += self.pairs.get((before[-1], part), 0) if before else 0
                if end not in best or score > best[end][0]:
                    best[end] = (score, [*before, part])
        score, parts = best.get(len(word), (0, []))
        return parts if score and 2 <= len(parts) <= 6 else []

    def _phrase(self, letters: str) -> Sequence[str]:
        """Return the words that stand beside each other most often with these initials: gpxd, đkkd."""
        if len(letters) not in _INITIALS:
            return ()
        times: dict[tuple[str, ...], int] = {}
        for initials, sentence in self._initials:
            start = initials.find(letters)
            if start >= 0:
                phrase = tuple(sentence[start : start + len(letters)])
                times[phrase] = times.get(phrase, 0) + 1
        return max(times, key=lambda phrase: times[phrase], default=())

    def _prefer_neighbours(self, slots: list[Slot]) -> None:
        """Put the words first that the catalogue knows beside their neighbours; guess at slips that made known words."""
        for place, slot in enumerate(slots):
            around = [
                [word.plain for word in slots[other]] if 0 <= other < len(slots) else []
                for other in (place - 1, place + 1)
            ]
            if len(slot) > 1:
                slots[place] = tuple(
                    Word(w.plain, w.marks, w.sure * (1 if fit else 0.85))
                    for fit, w in sorted(
                        ((self._fit(w.plain, around), w) for w in slot), key=lambda pair: -pair[0]
                    )
                )
            elif len(slots) > 1 and slot[0].sure == 1 and len(slot[0].plain) > 2:
                if self._fit(slot[0].plain, around) or slot[0].plain in FILLERS:
                    continue
                guesses = [(self._fit(w, around), w) for w in self._near(slot[0].plain)]
                better = sorted((pair for pair in guesses if pair[0] > 2), reverse=True)[:2]
                slots[place] = (*slot, *(Word(w, w + "0", _GUESSED) for _fit, w in better))

    def _fit(self, word: str, around: Sequence[Sequence[str]]) -> int:
        before, after = around
        return max((self.pairs.get((b, word), 0) for b in before), default=0) + max(
            (self.pairs.get((word, a), 0) for a in after), default=0
        )

    # Sayings

    def _swaps(self, slots: Sequence[Slot], *, has_marks: bool) -> list[list[Swap]]:
        """Return a few choices of sayings that do not overlap, the longest first (see ``_order``)."""
        every = list(self._sayings_in(slots, has_marks=has_marks))
        choices: list[list[Swap]] = []
        for near, side in ((1, 1), (1, -1), (-1, 1)):
            chosen: list[Swap] = []
            for swap in sorted(every, key=partial(_order, near=near, side=side)):
                if all(set(swap[0]).isdisjoint(other[0]) for other in chosen):
                    chosen.append(swap)
            chosen.sort()
            if chosen and chosen not in choices:
                choices.append(chosen)
        return choices

    def _sayings_in(self, slots: Sequence[Slot], *, has_marks: bool) -> Iterator[Swap]:
        """Yield every saying whose words stand in the query: side by side, or with a few words between."""
        plains = {word.plain: place for place, slot in reversed(list(enumerate(slots))) for word in slot}
        for plain in plains:
            for spelt, meanings in self._sayings.get(plain, ()):
                places = _places(slots, spelt, has_marks=has_marks)
                if places:
                    yield places, meanings


def _order(swap: Swap, *, near: int, side: int) -> tuple[int, int, int]:
    """Return what swaps are ordered by: the most words first; words in a row, or far apart; from the left, or the right."""
    places = swap[0]
    return -len(places), near * (places[-1] - places[0]), side * places[0]


def _places(slots: Sequence[Slot], spelt: Spelt, *, has_marks: bool) -> tuple[int, ...]:
    """Return where a saying stands: all its words in a row; else all of them near each other."""
    for start in range(len(slots) - len(spelt) + 1):
        row = zip(slots[start : start + len(spelt)], spelt, strict=True)
        if all(_says(slot, one, has_marks=has_marks) for slot, one in row):
            return tuple(range(start, start + len(spelt)))
    if len(spelt) < 2:
        return ()
    found: list[int] = []
    for one in spelt:
        place = next(
            (n for n, slot in enumerate(slots) if n not in found and _says(slot, one, has_marks=has_marks)),
            -1,
        )
        if place < 0:
            return ()
        found.append(place)
    if found != sorted(found) and len(found) < 3:
        return ()  # nhận con is not con nhận
    found.sort()
    return tuple(found) if found[-1] - found[0] < len(found) + _WORDS_BETWEEN else ()


_PLAIN: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789 .,-/?!")


def _says(slot: Slot, said: tuple[str, str], *, has_marks: bool) -> bool:
    """Tell whether a slot may be this word; whoever types marks means them."""
    plain, marks = said
    for word in slot:
        if word.plain == plain and word.sure > _GUESSED:
            typed_marks = word.sure > 0.9 and word.marks[:-1] + word.marks[-1] != f"{plain}0"
            return not (has_marks and typed_marks and marks not in (word.marks, f"{plain}0"))
    return False


def _swapped(slots: Sequence[Slot], swaps: Sequence[Swap], choice: int) -> Reading:
    """Return the reading in which sayings are replaced by their meanings; what is left over counts half."""
    meant = {places[0]: (len(places), meanings) for places, meanings in swaps}
    gone = {place for places, _meanings in swaps for place in places}
    new: dict[Slot, float] = {}
    for place, slot in enumerate(slots):
        if place in meant:
            many, meanings = meant[place]
            words = words_of(meanings[min(choice, len(meanings) - 1)])
            counts = min(1.0, (many + 1.0) / len(words))
            for word in words:
                new.setdefault((Word(*spelling(word), 1.0),), counts)
        elif place not in gone:
            new.setdefault(slot, _LEFT_OVER)
    spread = any(places[-1] - places[0] >= len(places) for places, _meanings in swaps)
    return Reading(tuple(new), (1.0 - 0.03 * choice) * (0.96 if spread else 1.0), tuple(new.values()))


def _shortened(word: str) -> set[str]:
    return {word[:place] + word[place + 1 :] for place in range(len(word))}


def _is_one_slip(one: str, other: str) -> bool:
    """Tell whether two words of one length differ by one letter, or by two neighbours swapped."""
    if len(one) != len(other):
        return False
    differ = [place for place in range(len(one)) if one[place] != other[place]]
    if len(differ) == 2:
        a, b = differ
        return b == a + 1 and one[a] == other[b] and one[b] == other[a]
    return len(differ) == 1
