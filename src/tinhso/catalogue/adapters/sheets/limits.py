"""Time limits as they are published, read into a length and a unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from tinhso.catalogue.adapters.sheets.plain import line
from tinhso.toolkit.text import fold

_NUMBER: Final = r"(?P<value>\d{1,4}(?:[.,]\d{1,2})?)"
_UNIT: Final = r"(?P<unit>ngay lam viec|ngay|gio lam viec|gio|thang|tuan|nam)"
_WORDS: Final = r"[a-z ]{2,20}"
_LEAD: Final = (
    r"(?:- )?(?:trong )?(?:vong )?(?:thoi (?:han|gian)(?: giai quyet)?:? ?)?"
    r"(?:la )?(?:khong qua |toi da |toi da la )?"
)
_FROM: Final = (
    r"(?:,? ?(?:ke )?tu (?:ngay|khi|thoi diem) (?:co quan [a-z ]{2,40} )?(?:tiep )?nhan (?:duoc )?"
    r"(?:day )?(?:du )?(?:don va )?ho so(?: (?:de nghi|yeu cau|dang ky))?"
    r"(?: (?:day du|hop le|dung quy dinh|theo quy dinh|va|,|day du, hop le))*)?"
)
_LENGTH: Final = re.compile(rf"{_LEAD}{_NUMBER}(?: ?\((?P<words>{_WORDS})\))? ?{_UNIT}{_FROM}[.;]?")
_WORDED: Final = re.compile(
    rf"{_LEAD}(?P<words>{_WORDS}?) ?\({_NUMBER.replace('value', 'value')}\) {_UNIT}{_FROM}[.;]?"
)
_BARE: Final = re.compile(rf"{_NUMBER}\.?")
_NEXT_DAY: Final = (
    r"[;,.]? ?(?:truong hop|neu)(?: co quan)? (?:nhan|tiep nhan) (?:ho so|yeu cau) sau 15 gio"
    r"(?: ma khong giai quyet duoc ngay)? thi (?:tra ket qua )?(?:trong|vao)(?: ngay)? ngay lam viec tiep theo"
)
_SAME_DAY: Final = re.compile(
    r"(?:ngay )?(?:trong|trong cung) (?:ngay|ngay lam viec)"
    r"(?: (?:khi )?(?:tiep )?nhan (?:duoc )?(?:ho so|yeu cau)(?: hop le)?)?"
    rf"(?:{_NEXT_DAY})?[.;]?"
    r"|(?:thoi han thuc hien yeu cau chung thuc la )?(?:ngay )?trong ngay co quan, to chuc tiep nhan yeu cau"
    r" hoac trong ngay lam viec tiep theo,? neu tiep nhan yeu cau sau 15 gio[.;]?"
)
_NONE: Final = re.compile(r"khong quy dinh(?: (?:cu the|thoi han(?: giai quyet)?))?\.?")
_UNITS: Final = {
    "ngay lam viec": ("wd", 1),
    "ngay": ("d", 1),
    "gio lam viec": ("h", 1),
    "gio": ("h", 1),
    "thang": ("m", 1),
    "tuan": ("d", 7),
    "nam": ("m", 12),
}
_ONES: Final = ("mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin")


def _spoken() -> dict[str, int]:
    words = {word: n for n, word in enumerate(_ONES, 1)} | {"muoi": 10, "tu": 4}
    for tens in range(1, 10):
        start = "muoi" if tens == 1 else f"{_ONES[tens - 1]} muoi"
        words[start] = tens * 10
        for ones in range(1, 10):
            for word in {_ONES[ones - 1], *({5: ("lam", "nham"), 1: ("mot",), 4: ("tu",)}.get(ones, ()))}:
                words[f"{start} {word}"] = tens * 10 + ones
    return words


_SPOKEN: Final = _spoken()


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit: ``value`` None where none is known; ``unit`` as in ``TermRead``; ``why`` a person must look, or blank."""

    value: Decimal | None
    unit: str
    why: str = ""


def limit_of(cell: str) -> Limit:
    """Read one limit, such as "5 Ngày làm việc", "05", "Ngay trong ngày". Free text gives no length but a ``why``."""
    text = line(cell)
    if not text:
        return Limit(None, "", "Nguồn không ghi thời hạn.")
    words = fold(text)
    if len(words) > 400:
        return Limit(None, "", "Thời hạn viết bằng lời, cần người đọc.")
    if _SAME_DAY.fullmatch(words):
        return Limit(None, "sameday")
    if _NONE.fullmatch(words):
        return Limit(None, "none")
    if found := _BARE.fullmatch(words):
        value = Decimal(found["value"].replace(",", "."))
        return Limit(value or None, "", "Thời hạn chỉ có con số, không có đơn vị.")
    if found := _LENGTH.fullmatch(words) or _WORDED.fullmatch(words):
        return _length(found)
    return Limit(None, "", "Thời hạn viết bằng lời, cần người đọc.")


def _length(found: re.Match[str]) -> Limit:
    value = Decimal(found["value"].replace(",", "."))
    unit, times = _UNITS[found["unit"]]
    value *= times
    if not value:
        return Limit(None, "", "Thời hạn là số không.")
    spoken = (found["words"] or "").strip()
    if spoken and _SPOKEN.get(spoken) != Decimal(found["value"].replace(",", ".")):
        return Limit(None, "", "Số và chữ của thời hạn không khớp.")
    if unit == "h" and found["unit"] == "gio" and value > 8:
        return Limit(value, unit, "Không rõ giờ làm việc hay giờ theo đồng hồ.")
    return Limit(value, unit)
