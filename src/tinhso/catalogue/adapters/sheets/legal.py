"""Legal references: the number apart from the name, where the text allows it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Final

from tinhso.catalogue.adapters.sheets.plain import line, short
from tinhso.catalogue.adapters.sheets.shape import Flag, LegalRead
from tinhso.toolkit.text import tidy

_KIND: Final = (
    r"(?:Luật|Bộ luật|Pháp lệnh|Nghị định|Nghị quyết|Thông tư liên tịch|Thông tư|Quyết định|Văn bản hợp nhất|Công văn)"
)
_ISSUER: Final = r"(?:UBTVQH\d{0,2}|QH\d{1,2}|TTg|[A-ZĐƯ]+(?:&[A-ZĐƯ]+)?)"
_SIGN: Final = rf"{_ISSUER}(?:[-/]{_ISSUER})*(?![a-zà-ỹ])"
_PLAIN: Final = re.compile(rf"\d{{1,5}}(?:\.\d{{1,2}})?[a-z]?/(?:(?:19|20)\d\d/)?{_SIGN}", re.IGNORECASE)
_PREFIXED: Final = re.compile(rf"{_KIND}(?: số)?:? (?P<number>\S+)", re.IGNORECASE)
_DATE: Final = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})")


def number_of(text: str) -> str:
    """Return the number of a legal text, or blank where the cell holds something else.

    >>> number_of("Nghị định số 142/2025/NĐ-CP")
    '142/2025/NĐ-CP'
    """
    text = re.sub(r"\s*([/-])\s*", r"\1", tidy(text))
    halves = text.split(" ")
    if len(halves) == 2 and halves[0] == halves[1]:
        text = halves[0]
    if found := _PREFIXED.fullmatch(text):
        text = found["number"]
    text = text.rstrip(".,;")
    return text if _PLAIN.fullmatch(text) and text == _capitals(text) else ""


def _capitals(text: str) -> str:
    """Return the number with its letters as laws write them; "tt-bgdđt" is then another text, and flagged."""
    number, _slash, sign = text.partition("/")
    return f"{number}/{sign}" if sign.replace("TTg", "TTG").isupper() else ""


def word_law(cells: Sequence[str], flags: list[Flag]) -> LegalRead | None:
    """Read a row: number, name, day of issue (16-06-2014), issuer."""
    cell, name, day, issuer = (*cells, "", "", "", "")[:4]
    if not line(cell) and not line(name):
        return None
    number = number_of(cell)
    if not number:
        flags.append(Flag("legal", "Số hiệu văn bản không theo mẫu.", short(tidy(f"{cell} | {name}"))))
    return LegalRead(number or tidy(cell), tidy(name), _day(day, flags), line(issuer))


def _day(text: str, flags: list[Flag]) -> str:
    found = _DATE.fullmatch(text.strip())
    if found is None:
        if line(text):
            flags.append(Flag("legal", "Không đọc được ngày ban hành.", short(text)))
        return ""
    try:
        day = dt.date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        flags.append(Flag("legal", "Ngày ban hành không có trong lịch.", short(text)))
        return ""
    if day.year < 1945:
        flags.append(Flag("legal", "Ngày ban hành sớm bất thường.", short(text)))
        return ""
    return day.isoformat()


_HEADER: Final = re.compile(r"^\s*Tên văn bản pháp lý\s*Mã văn bản")
_RUN_IN: Final = re.compile(
    rf"(?P<kind>(?<=\S){_KIND}(?: số)? )?(?P<digits>\d+)(?P<point>\.\d{{1,2}})?(?P<letter>[a-z])?/"
    rf"(?P<year>(?:19|20)\d\d)/(?P<sign>{_SIGN})"
)


def portal_laws(text: str, flags: list[Flag]) -> tuple[LegalRead, ...]:
    """Read the portal's flat list: name and number of each text, one running into the other.

    A number that follows the name without a space is its cell; one within a sentence is not.
    """
    body = _HEADER.sub("", text, count=1)
    if not line(body):
        return ()
    laws: list[LegalRead] = []
    start = place = 0
    while found := _RUN_IN.search(body, place):
        digits = found["digits"]
        before = body[found.start() - 1 : found.start()]
        place = found.end()
        if found.start() <= start or before.isspace() or before == "(":
            # QH13 runs into 52/2014/QH13: look again within what the sign has swallowed.
            place = found.start("sign") + 1
            continue
        glued = _glued(body[: found.start("digits")], digits)
        name = tidy(body[start : found.start()] + ("" if found["kind"] else digits[: len(digits) - len(glued)]))
        number = f"{glued}{found['point'] or ''}{found['letter'] or ''}/{found['year']}/{found['sign']}"
        if len(digits) != len(glued) and not name.endswith(number):
            flags.append(Flag("legal", "Số hiệu dính liền một con số khác.", short(f"{name} | {number}")))
        laws.append(LegalRead(number, name))
        start = found.end()
    if rest := tidy(body[start:]):
        flags.append(Flag("legal", "Không tách được số hiệu khỏi tên văn bản.", short(rest)))
        laws.append(LegalRead("", rest))
    return tuple(laws)


def _glued(before: str, digits: str) -> str:
    """Return the number's own digits where others run into them: QH13|52/…, năm 2020|76/…"""
    if re.search(r"QH$", before) and len(digits) > 2:
        return digits[2:]
    if len(digits) > 4 and re.match(r"(?:19|20)\d\d", digits):
        return digits[4:]
    return digits
