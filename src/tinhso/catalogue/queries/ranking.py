"""Rank procedures by how well their wordings fit what was typed. Kept in memory, made anew when the catalogue changes.

The score of a wording: the share of the telling words of the query that it has (rare words tell more, words near its
beginning more than those in its tail), then pairs that stand beside each other, then how little else it says. Of two
that fit alike, the ordinary one comes first: nearer to people, and not about changing or ending when nobody asked.
"""

from __future__ import annotations

import heapq
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from itertools import pairwise
from typing import Final

from tinhso.catalogue.queries.typed import FILLERS, Lexicon, Reading, Slot, words_of
from tinhso.toolkit.telex import spelling

_CODE: Final = re.compile(r"\b(\d)\.?(\d{6})\b")
#: How many wordings of a query are looked at closely: fewer for long queries, which cost more and say more.
_LOOKS: Final = 350
_FEWEST: Final = 40
_MOST: Final = 400
_COMMON: Final = 0.12
_LEAST: Final = 0.35
#: The same where the catalogue has none of the words as they were typed: all of it is a guess.
_LEAST_GUESSED: Final = 0.6
_BESIDE_BEST: Final = 0.5
_FILLER: Final = 0.12
_FIELD: Final = 0.45
_HEAD: Final = 14
_RARE: Final = 30
#: More than any score can be for each part of the words that a wording has.
_AT_MOST: Final = 1.3
#: A query of so many words that a name has all of, side by side, is that name and no saying.
_TELLING_LENGTH: Final = 3
#: Where a wording says where or under whose power it is done: of no use to whoever searches.
_WHERE: Final = re.compile(
    r"\(?\s*(?:được )?thực hiện tại[^)]*\)|\(\s*(?:công an )?cấp (?:tỉnh|huyện|xã|trung ương)\s*\)"
    r"|^\s*thủ tục\b|^\s*k(?=k)|thuộc thẩm quyền (?:của|giải quyết|phê duyệt|cấp).*$",
    re.IGNORECASE,
)
_CODE_IN_NAME: Final = re.compile(r"\(\s*\d\.\d{6}\s*\)")
#: What a procedure does to something that is there already, and the words (without marks) that ask for it.
_ABOUT_CHANGE: Final[tuple[tuple[tuple[str, ...], frozenset[str]], ...]] = tuple(
    (
        tuple(" ".join(spelling(word)[1] for word in words_of(marker)) for marker in markers.split("|")),
        frozenset(asked.split("|")),
    )
    for markers, asked in (
        (
            "cấp lại|đăng ký lại|bổ nhiệm lại|do bị mất",
            "mat|hong|rach|nat|cap lai|lam lai|xin lai|ki lai|bo nhiem lai",
        ),
        ("cấp đổi|đổi chứng nhận|đổi", "doi|cu|hong|rach|het han"),
        (
            "sửa đổi|bổ sung|điều chỉnh|hiệu đính|thay đổi|đổi tên",
            "sua|doi|sai|dieu chinh|thay|them|bo sung|tang|giam",
        ),
        ("đính chính|cải chính", "sua|sai|chinh|nham|doi"),
        ("gia hạn|kéo dài", "gia han|het han|keo dai|keo"),
        (
            "thu hồi|chấm dứt|xóa|xoá|hủy|huỷ|đình chỉ|giải thể|miễn nhiệm|trả lại|dừng|thôi|đóng",
            "thu hoi|cham dut|xoa|huy|dinh chi|nghi|dong|bo|thoi|giai the|giai|tra|tra lai|cat|dung|rut",
        ),
        ("khóa tài khoản|mở khóa", "khoa|mo khoa"),
        ("tạm ngừng|tạm dừng", "tam ngung|tam dung|ngung|dung|nghi|tam nghi"),
        (
            "chuyển đổi|chuyển nhượng|sáp nhập|hợp nhất|chuyển giao|chia tách|chuyển tiếp|thuyên chuyển",
            "chuyen|sap nhap|hop nhat|nhuong|gop|sang nhuong|sang ten",
        ),
        (
            "nước ngoài",
            "nuoc ngoai|nguoi tay|han quoc|viet kieu|lao|campuchia|trung quoc|dai loan|nhat ban|quoc te",
        ),
        ("biên giới|lưu động|trở lại", "bien gioi|luu dong|tro lai"),
        ("nhập khẩu|xuất khẩu", "nhap|xuat|nhap khau|xuat khau"),
        ("kinh phí|thí điểm|trung ương", "kinh phi|thi diem|tien"),
        ("cấp đặc biệt|quy mô lớn", "dac biet|lon|cao tang"),
    )
)
_ASKED: Final = 1.12
#: By how many such things the name is about that nobody asked for.
_NOT_ASKED: Final = (1.0, 0.86, 0.8, 0.78)
#: How the names of procedures begin by which one gets something for the first time, without marks.
_BEGINS: Final = re.compile(
    r"(?:dang ki (?!thay doi|lai|gia han|bien dong)|cap (?:moi |giay |the |phep |so |chung |ho )|giai quyet huong )"
)
#: "Cấp, cấp lại ...": the first time as well as later.
_ALSO_FIRST: Final = re.compile(r"\s*(?:thủ tục )?(?:cấp|cấp mới|thực hiện|đăng ký)\s*[,/]", re.IGNORECASE)
_ASKS: Final = tuple(asks for _markers, asks in _ABOUT_CHANGE)
_FARTHER: Final = {"commune": 1.0, "district": 0.995, "province": 0.97, "ministry": 0.82}


@dataclass(frozen=True, slots=True)
class Entry:
    """What search knows of a procedure; ``wordings``: everyday name, synonyms, legal name."""

    code: str
    field: str
    wordings: tuple[str, ...]
    levels: tuple[str, ...]
    is_listed: bool
    old_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """An entry (its place in the list) that fits, the wording that fitted, and how well; about 1 is a whole fit."""

    place: int
    wording: str
    score: float


_NOWHERE: Final[tuple[int, ...]] = ()


#: Where a word stands in a wording, with which marks, how near to the beginning, and what it tells there.
#: Plain tuples: the collector of garbage need not walk through a hundred thousand objects.
_Stand = tuple[tuple[int, ...], tuple[str, ...], float, float]


@dataclass(slots=True)
class _Wording:
    entry: int
    text: str
    plain: tuple[str, ...]
    #: by word without marks
    stands: dict[str, _Stand]
    field: frozenset[str]
    mass: float
    ordinary: float
    about: int


@dataclass(slots=True)
class _Lists:
    """Wordings by what they have, while they are read."""

    having: dict[str, dict[str, list[int]]] = dataclass_field(default_factory=dict)
    in_field: dict[str, list[int]] = dataclass_field(default_factory=dict)
    beside: dict[tuple[str, str], list[int]] = dataclass_field(default_factory=dict)


class Ranking:
    """An index over the wordings of a catalogue."""

    def __init__(self, entries: Sequence[Entry], sayings: Sequence[tuple[str, str]]) -> None:
        """Read every wording once; about 0.1 ms for each."""
        self.entries = entries
        self._by_code = {code: place for place, entry in enumerate(entries) for code in entry.old_codes}
        self._by_code |= {entry.code: place for place, entry in enumerate(entries)}
        self._wordings: list[_Wording] = []
        lists = _Lists()
        has_list = any(entry.is_listed for entry in entries)
        for place, entry in enumerate(entries):
            field = frozenset(spelling(word)[0] for word in words_of(entry.field))
            far = min((1 - _FARTHER.get(level, 1.0) for level in entry.levels), default=0.0)
            ordinary = (1 - far) * (1.0 if entry.is_listed or not has_list else 0.88)
            for text in dict.fromkeys(entry.wordings):
                self._add(lists, place, text, field, ordinary)
        self._with = {
            word: {marks: tuple(numbers) for marks, numbers in by_marks.items()}
            for word, by_marks in lists.having.items()
        }
        self._in_field = {word: tuple(numbers) for word, numbers in lists.in_field.items()}
        self._beside = {pair: tuple(numbers) for pair, numbers in lists.beside.items()}
        sentences = [wording.plain for wording in self._wordings]
        fields = {entry.field: None for entry in entries}
        sentences += [tuple(spelling(word)[0] for word in words_of(name)) for name in fields]
        self.lexicon = Lexicon(sentences, sayings)
        self._times = {
            word: sum(len(numbers) for numbers in by_marks.values()) for word, by_marks in self._with.items()
        }
        self._most = math.log(1 + len(self._wordings) / 4.5)
        self._tells: dict[str, float] = {}
        for wording in self._wordings:
            wording.stands = {
                word: (places, marks, near, self._telling(word) * near)
                for word, (places, marks, near, _tells) in wording.stands.items()
            }
            wording.mass = sum(stand[3] for stand in wording.stands.values())

    def _add(self, lists: _Lists, entry: int, text: str, field: frozenset[str], ordinary: float) -> None:
        number = len(self._wordings)
        spelt = [spelling(word) for word in words_of(_WHERE.sub(" ", _CODE_IN_NAME.sub(" ", text)))] or [
            spelling(word) for word in words_of(text)
        ]
        stands: dict[str, _Stand] = {}
        for place, (plain, marks) in enumerate(spelt):
            places, all_marks, near, _tells = stands.get(plain, ((), (), _nearness(place), 0.0))
            kept = all_marks if marks in all_marks else (*all_marks, marks)
            stands[plain] = ((*places, place), kept, near, 0.0)
        for plain, stand in stands.items():
            by_marks = lists.having.setdefault(plain, {})
            for marks in stand[1]:
                by_marks.setdefault(marks, []).append(number)
        for plain in field:
            lists.in_field.setdefault(plain, []).append(number)
        plains = tuple(plain for plain, _marks in spelt)
        for pair in set(pairwise(plains)):
            lists.beside.setdefault(pair, []).append(number)
        ordinary *= 1.05 if _BEGINS.match(" ".join(plains)) else 1.0
        head = words_of(text.partition("(")[0])[:_HEAD]
        line = f" {' '.join(spelling(word)[1] for word in head)} "
        also_first = _ALSO_FIRST.match(text) is not None
        about = sum(
            1 << bit
            for bit, (markers, _asked) in enumerate(_ABOUT_CHANGE)
            if not also_first and any(f" {marker} " in line for marker in markers)
        )
        self._wordings.append(_Wording(entry, text, plains, stands, field, 0.0, ordinary, about))

    def _telling(self, word: str) -> float:
        """Return how much a word tells: much where few wordings have it."""
        known = self._tells.get(word)
        if known is None:
            known = math.log(1 + len(self._wordings) / (max(self._times.get(word, 0), 4) + 0.5))
            if word in FILLERS:
                known *= _FILLER
            self._tells[word] = known
        return known

    def search(self, text: str) -> list[Found]:
        """Return the entries that fit a query, best first, each once with its best wording."""
        code = _CODE.search(text)
        named = f"{code[1]}.{code[2]}" if code else text.strip()
        if (place := self._by_code.get(named)) is not None:
            return [Found(place, self.entries[place].code, 2.0)]
        best: dict[int, Found] = {}
        most = 0.0
        readings = self.lexicon.readings(text)
        has_marks = not text.isascii()
        typed = " ".join(slot[0].plain for reading in readings[:1] for slot in reading.slots)
        for reading in readings:
            for number, score in self._rank(reading, typed, most, has_marks=has_marks):
                wording = self._wordings[number]
                known = best.get(wording.entry)
                if known is None or score > known.score:
                    best[wording.entry] = Found(wording.entry, wording.text, score)
                    most = max(most, score)
        is_guessed = not any(spelling(word)[0] in self._times for word in words_of(text))
        least = max(_LEAST_GUESSED if is_guessed else _LEAST, _BESIDE_BEST * most)
        hits = [found for found in best.values() if found.score >= least]
        return sorted(hits, key=lambda found: (-found.score, self.entries[found.place].code))

    def _rank(self, reading: Reading, typed: str, most: float, *, has_marks: bool) -> list[tuple[int, float]]:
        """Return wordings with their scores; those that cannot come near ``most``, the best so far, are left out."""
        plains = [slot[0].plain for slot in reading.slots]
        asked = frozenset(plains) | {" ".join(pair) for pair in pairwise(plains)}
        slots = self._weighted(reading)
        total = sum(weight for _slot, weight in slots)
        if not total:
            return []
        ranked = []
        for gain, number in self._likely(slots, has_marks=has_marks):
            if gain / total * _AT_MOST < max(_LEAST, _BESIDE_BEST * most):
                break
            wording = self._wordings[number]
            score = self._score(wording, slots, total, asked, reading.sure, has_marks=has_marks)
            if len(wording.plain) == len(slots) and " ".join(wording.plain) == typed:
                score += 1
            ranked.append((number, score))
            most = max(most, score)
        return ranked

    def _weighted(self, reading: Reading) -> list[tuple[Slot, float]]:
        """Return each slot with what it tells. A filler beside a neighbour that the catalogue knows tells more."""
        slots = reading.slots
        weighted = []
        for place, slot in enumerate(slots):
            word = slot[0]
            if word.sure == 0:
                weight = 0.35 * self._most if len(word.plain) > 1 else 0.2
            else:
                weight = self._telling(word.plain) * (0.75 + 0.25 * word.sure)
                if word.plain in FILLERS:
                    pairs = self.lexicon.pairs
                    beside = place and (slots[place - 1][0].plain, word.plain) in pairs
                    beside = beside or (
                        place + 1 < len(slots) and (word.plain, slots[place + 1][0].plain) in pairs
                    )
                    weight *= 4 if beside else 1
            weighted.append((slot, weight * reading.counts[place]))
        return weighted

    def _likely(self, slots: Sequence[tuple[Slot, float]], *, has_marks: bool) -> list[tuple[float, int]]:
        """Return the wordings worth a closer look, the likeliest first: those with the most telling words and pairs."""
        many = _COMMON * len(self._wordings)
        sums: dict[int, float] = {}
        for (slot, weight), (after, its) in pairwise(slots):
            gain = 0.5 * min(weight, its)
            for number in self._beside.get((slot[0].plain, after[0].plain), ()):
                sums[number] = sums.get(number, 0.0) + gain
        common: list[tuple[Slot, float]] = []
        for slot, weight in sorted(slots, key=lambda pair: -pair[1]):
            having = sum(self._times.get(word.plain, 0) for word in slot)
            if having > many and sums:
                common.append((slot, weight))
            else:
                self._add_up(sums, slot, weight, has_marks=has_marks)
        looked_at = min(max(_LOOKS // len(slots), _FEWEST), _MOST)
        wordings = self._wordings
        first = [(total - 0.01 * wordings[number].mass, number) for number, total in sums.items()]
        if common and len(first) > 3 * looked_at:
            first = heapq.nlargest(3 * looked_at, first)
        for slot, weight in common:
            plain = slot[0].plain
            first = [
                (total + weight if plain in wordings[number].stands else total, number)
                for total, number in first
            ]
        return heapq.nlargest(looked_at, first)

    def _add_up(self, sums: dict[int, float], slot: Slot, weight: float, *, has_marks: bool) -> None:
        here: dict[int, float] = {}
        for word in reversed(slot):
            if self._times.get(word.plain, 0) < _RARE:
                for number in self._in_field.get(word.plain, ()):
                    here[number] = weight * _FIELD
        for word in reversed(slot):
            for marks, numbers in self._with.get(word.plain, {}).items():
                gain = weight * word.sure
                if word.marks != marks:
                    gain *= _alike(word.marks, marks, word.plain, has_marks=has_marks)
                for number in numbers:
                    here[number] = gain
        if sums:
            for number, gain in here.items():
                sums[number] = sums.get(number, 0.0) + gain
        else:
            sums.update(here)

    def _score(
        self,
        wording: _Wording,
        slots: Sequence[tuple[Slot, float]],
        total: float,
        asked: frozenset[str],
        sure: float,
        *,
        has_marks: bool,
    ) -> float:
        covered = said = beside = could = weight_before = told = 0.0
        places_before: Sequence[int] = ()
        stands, field = wording.stands, wording.field
        for slot, weight in slots:
            share, places = 0.0, _NOWHERE
            for word in slot:
                if word.sure <= share:
                    continue
                there = stands.get(word.plain)
                if there is None:
                    if word.plain in field and word.sure * _FIELD > share:
                        share = word.sure * _FIELD
                    continue
                its_places, marks, near, tells = there
                fits = word.sure * near
                if word.marks not in marks:
                    fits *= max(_alike(word.marks, one, word.plain, has_marks=has_marks) for one in marks)
                if fits > share:
                    share, places, told = fits, its_places, tells
            covered += weight * share
            if places:
                said += told
            if weight_before:
                pair = weight if weight < weight_before else weight_before
                could += pair
                if places and places_before and any(place - 1 in places_before for place in places):
                    beside += pair
            places_before, weight_before = places, weight
        covered /= total
        pairs = beside / could if could else 1.0
        if sure < 1 and covered > 0.98 and pairs > 0.98 and len(slots) > _TELLING_LENGTH:
            sure = 1.0
        only = min(1.0, said / wording.mass) if wording.mass else 0.0
        score = covered * (0.66 + 0.16 * pairs + 0.18 * only) * wording.ordinary * sure
        if wording.about:
            about = [asks for bit, asks in enumerate(_ASKS) if wording.about & 1 << bit]
            unasked = sum(asked.isdisjoint(asks) for asks in about)
            score *= _NOT_ASKED[min(unasked, 3)] * (_ASKED if unasked < len(about) else 1.0)
        return score


def _nearness(place: int) -> float:
    """Return how much a word at this place of a wording counts: names say first what they are about."""
    return 1.0 if place < _HEAD else 0.88 if place < 2 * _HEAD else 0.72


def _alike(typed: str, there: str, plain: str, *, has_marks: bool) -> float:
    """Return how alike the marks are: whoever typed marks meant them, though tones are often mistaken."""
    if typed == there:
        return 1.0
    if typed == f"{plain}0":
        return 0.94 if has_marks else 1.0
    return 0.86 if typed[:-1] == there[:-1] else 0.7
