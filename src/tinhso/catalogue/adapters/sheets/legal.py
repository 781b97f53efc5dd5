"""Legal references: the number apart from the name, where the text allows it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Final

from tinhso.catalogue.adapters.sheets.plain import line, short
from tinhso.catalogue.adapters.sheets.shape import Flag, LegalRead
from tinhso.toolkit.text import tidy

_KIND: Final = r"(?:Luật|Bộ luật|Pháp lệnh|Nghị định|Nghị quyết|Thông tư liên tịch|Thông tư|Quyết định|Văn bản hợp nhất|Công văn)"
_ASSEMBLY: Final = r"(?:UBTVQH1[0-6]|UBTVQH[1-9]|QH1[0-6]|QH[1-9])"
#: Who issues laws, longest first: behind one of these the next cell may begin with any letter.
_ISSUERS: Final = (
    r"BNNPTNT|BLĐTBXH|BVHTTDL|VKSNDTC|TANDTC|BNNMT|BGTVT|BTNMT|BTTTT|BKHCN|BKHĐT|BGDĐT|BDTTG|HĐTP"
    r"|NHNN|TTCP|UBDT|KTNN|VPCP|BHXH|NHCS|NHPT|HĐND|UBND|BCA|BQP|BNG|BNV|BTP|BTC|BCT|BNN|BXD|BYT|TTg|CP"
)
_KNOWN: Final = rf"(?:{_ASSEMBLY}|{_ISSUERS})"
_ISSUER: Final = r"(?:UBTVQH\d{0,2}|QH\d{1,2}|TTg|[A-ZĐƯ]+(?:&[A-ZĐƯ]+)?)"
_SIGN: Final = rf"{_ISSUER}(?:[-/]{_ISSUER})*(?![a-zà-ỹ])"
_CUT_SIGN: Final = rf"(?:{_ASSEMBLY}|[A-ZĐ]+(?:[-/][A-ZĐ]+)?[-/]{_KNOWN}|{_SIGN})"
_PLAIN: Final = re.compile(rf"\d{{1,5}}(?:\.\d{{1,2}})?[a-z]?/(?:(?:19|20)\d\d/)?{_SIGN}", re.IGNORECASE)
_PREFIXED: Final = re.compile(rf"{_KIND}(?: số)?:? (?P<number>\S+)", re.IGNORECASE)
_KIND_WORDS: Final = re.compile(rf"(?:^|(?<=\s)){_KIND}(?: số)? ", re.IGNORECASE)
_DATE: Final = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})")


def number_of(text: str) -> str:
    """Return the number of a legal text, or blank where the cell holds something else.

    >>> number_of("Nghị định số 142/2025/NĐ-CP")
    '142/2025/NĐ-CP'
    """
    text = re.sub(r"\s*([/-])\s*", r"\1", tidy(text))
    parts = _KIND_WORDS.sub(" ", text).split()
    if len(parts) > 1 and len(set(parts)) == 1:
        text = parts[0]
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
    rf"(?P<year>(?:19|20)\d\d)/(?P<sign>{_CUT_SIGN})"
    rf"|(?<=\w)(?P<half>{_KIND} số \d{{1,5}})(?=[A-ZĐ]|$)"
)
_YEAR_GLUED: Final = re.compile(r"(?:19|20)\d{3,}")
_ENDS_KNOWN: Final = re.compile(rf"{_KNOWN}$")


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
        place = found.end()
        if found.start() <= start or not _is_cell(body, found):
            continue
        if found["half"]:
            name = tidy(body[start : found.start()])
            flags.append(Flag("legal", "Số hiệu văn bản không theo mẫu.", short(f"{name} | {found['half']}")))
            laws.append(LegalRead(found["half"], name))
        else:
            laws.append(_cut(body[start : found.start("digits")], found, flags))
        start = found.end()
    if rest := tidy(body[start:]):
        flags.append(Flag("legal", "Không tách được số hiệu khỏi tên văn bản.", short(rest)))
        laws.append(LegalRead("", rest))
    return tuple(laws)


def _is_cell(body: str, found: re.Match[str]) -> bool:
    before = body[found.start() - 1]
    if before.isspace() and found["digits"] and not found["kind"]:
        # "Luật Doanh nghiệp 2020" and "76/2025/QH15" run into 202076/2025/QH15.
        return bool(_YEAR_GLUED.fullmatch(found["digits"]))
    return not before.isspace() and before != "("


def _cut(before: str, found: re.Match[str], flags: list[Flag]) -> LegalRead:
    """Return one text: the name before the number, the number without digits of the name that run into it."""
    digits = found["digits"]
    own = _glued(before, digits)
    name = before.removesuffix(found["kind"]) if found["kind"] else before + digits[: len(digits) - len(own)]
    name = tidy(name)
    number = f"{own}{found['point'] or ''}{found['letter'] or ''}/{found['year']}/{found['sign']}"
    if len(own) != len(digits) and not name.endswith(number):
        flags.append(Flag("legal", "Số hiệu dính liền một con số khác.", short(f"{name} | {number}")))
    elif not _ENDS_KNOWN.search(found["sign"]):
        flags.append(Flag("legal", "Số hiệu văn bản không theo mẫu.", short(f"{name} | {number}")))
    return LegalRead(number, name)


def _glued(before: str, digits: str) -> str:
    """Return the number's own digits where others run into them: QH13|52/…, năm 2020|76/… ."""
    if before.endswith("QH") and len(digits) > 2:
        return digits[2:]
    if _YEAR_GLUED.fullmatch(digits):
        return digits[4:]
    return digits
