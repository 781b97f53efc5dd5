"""The parts of a process sheet around its table: head, lettered sections, papers, fees, records kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from tinhso.catalogue.adapters.process_sheets.shape import FeeLine, Kept, PaperLine
from tinhso.catalogue.adapters.sheets.plain import is_nothing, line
from tinhso.toolkit.text import fold

_MARK: Final = r"(?:(?:[a-z]|\d{1,2}(?:\.\d{1,2})*)\s*[.)/]?\s*)?"
_TITLES: Final = {
    "papers": r"thanh phan(?:, so luong)? ho so|ho so bao gom",
    "sets": r"so luong ho so",
    "limit": r"(?:tong )?(?:thoi han|thoi gian) (?:giai quyet|xu ly|thuc hien)",
    "audience": r"doi tuong thuc hien",
    "executing": r"co quan (?:co tham quyen|thuc hien|truc tiep thuc hien|giai quyet)|noi tiep nhan",
    "coordinating": r"co quan phoi hop",
    "result": r"ket qua (?:thuc hien|giai quyet)",
    "fees": r"(?:le phi|chi phi|phi|muc phi|muc thu)(?:(?:, ?| va |/)(?:le phi|chi phi|phi))*(?= ?[:(]| ?$)",
    "forms": r"(?:ten )?mau don|bieu mau",
    "conditions": r"(?:yeu cau, )?dieu kien thuc hien|yeu cau, dieu kien",
    "legal": r"can cu phap ly|co so phap ly",
    "process": r"quy trinh (?:cac buoc )?(?:xu ly|giai quyet|thuc hien)",
}
_HEADING: Final = {
    key: re.compile(rf"{_MARK}(?:{words})(?P<after>[^:]{{0,60}}:|.*$)") for key, words in _TITLES.items()
}
_CHAPTER: Final = re.compile(
    r"(?:\d{1,2}|[ivx]{1,4})[.)]?\s*(?:bieu mau|ho so (?:can )?luu|noi dung|muc dich)\b.{0,30}"
)
_CONTENT: Final = re.compile(r"(?:\d{1,2}|[ivx]{1,4})?[.)]?\s*noi dung(?: quy trinh)?[ :.]*")
_MONEY: Final = re.compile(
    r"(?<![\d.,/])(\d{1,3}(?:[. ,]\d{3})+|\d{3,9}|0)\s*(?:\([^\d)]{2,60}\)\s*)?(?:đ\b|đồng|vnđ|vnd)",
    re.IGNORECASE,
)
_FREE: Final = re.compile(
    r"[-+*]? ?(?:khong(?: co| thu)?(?: phi| le phi)?|mien(?: le)? phi|mien phi, le phi)[.;]?"
)
_RECORDS: Final = re.compile(r"(?:\d{1,2}|[ivx]{1,4})[.)]?\s*ho so (?:can )?luu(?: tru)?[ .:]*")
_ORDER: Final = re.compile(r"\d{1,2}[.)]?")
_KEPT: Final = re.compile(
    r"(?P<years>\d{1,3})(?: ?\([a-z ]+\))? nam\b.*|(?P<ever>vinh vien|lau dai|khong thoi han)\b.*"
)
_DATE: Final = re.compile(r"(\d{1,2})\s*/\s*(\d{1,2})\s*/\s*(\d{4})")
_SETS: Final = re.compile(r"(?<![\d.,/])(\d{1,2}) ?(?:\([a-z ]+\) ?)?bo\b")
_HEAD_ENDS: Final = ("muc luc", "sua doi tai lieu", "1. muc dich", "trach nhiem", "trang theo doi")
_HEAD_LINES: Final = 40


def head_of(lines: Sequence[str]) -> tuple[str, str, str, str]:
    """Return agency, number, name and day of issue (ISO) of the front page; blank where it does not say."""
    agency = number = issued = ""
    name: list[str] = []
    began = False
    skip = ""
    for text in [line(one) for one in lines[:_HEAD_LINES] if line(one)]:
        words = fold(text)
        if words.startswith(_HEAD_ENDS):
            break
        if words.startswith(("ma hieu", "ma so", "ky hieu")):
            number, skip = _after(text), "number"
        elif words.startswith("ngay ban hanh"):
            issued, skip = _after(text), "issued"
        elif re.match(r"lan (?:ban hanh|sua doi)|(?:so )?trang ?(?:[:\d]|$)", words):
            skip = "none"
        elif words.startswith("quy trinh") and not began:
            began, skip = True, ""
            rest = text[len("quy trình") :].strip(" :.-")
            name.extend([rest] if rest else [])
        elif skip == "number" and not number:
            number = text
        elif skip == "issued" and not issued and _DATE.search(text):
            issued = text
        elif re.fullmatch(r"[\d ./]{1,12}", text):
            continue
        elif began:
            name.append(text)
        elif not agency:
            agency = text
    found = _DATE.search(issued)
    iso = f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}" if found else ""
    return agency, number, _titled(" ".join(name)), iso


def _after(text: str) -> str:
    return text.partition(":")[2].strip()


def _titled(name: str) -> str:
    rest = name[len("thủ tục ") :] if fold(name).startswith("thu tuc ") else name
    return rest[:1].upper() + rest[1:] if rest else ""


def sections_of(lines: Sequence[str]) -> dict[str, list[str]]:
    """Return the lines of each section by key of ``_TITLES``, what stands behind its heading first."""
    start = next((n + 1 for n in range(len(lines) - 1, -1, -1) if _CONTENT.fullmatch(fold(lines[n]))), 0)
    found: dict[str, list[str]] = {}
    here: list[str] | None = None
    for text in lines[start:]:
        words = fold(text)
        if here is not None and len(words) < 60 and _CHAPTER.fullmatch(words):
            break
        key, rest = _heading(text, words)
        if key and key not in found:
            here = found.setdefault(key, [rest] if rest else [])
            if key == "process":
                break
        elif here is not None and line(text):
            here.append(text.strip())
    return found


def _heading(text: str, words: str) -> tuple[str, str]:
    for key, pattern in _HEADING.items():
        match = pattern.match(words)
        if match and len(words[: match.end()]) < 120:
            # Folding keeps the number of letters between single spaces; the colon is found in the text itself.
            rest = text.partition(":")[2].strip() if ":" in match[0] else ""
            return key, rest
    return "", ""


def papers_of(lines: Sequence[str]) -> tuple[tuple[PaperLine, ...], int | None]:
    """Return the lines of the paper list and how many sets of the dossier are handed in."""
    found: list[PaperLine] = []
    numbers: set[int] = set()
    kind = ""
    for text in lines:
        words = fold(text)
        told = {int(number) for number in _SETS.findall(words)}
        numbers |= told
        if told and words.strip(" -*+").startswith("so luong"):
            continue
        if words.strip(" *-+:").startswith("luu y"):
            kind = "note"
            continue
        if words.strip(" *-+").rstrip(":").endswith("phai nop") and len(words) < 80:
            kind = "hand_in"
            continue
        if words.strip(" *-+").rstrip(":").endswith("xuat trinh") and len(words) < 80:
            kind = "show"
            continue
        if words.strip(" *-+").startswith("thanh phan ho so") and len(words) < 40:
            continue
        found.append(PaperLine(line(text), kind))
    return tuple(found), numbers.pop() if len(numbers) == 1 else None


def fees_of(lines: Sequence[str]) -> tuple[FeeLine, ...]:
    """Return the lines on fees with their amounts."""
    found = []
    for text in lines:
        if is_nothing(text):
            continue
        amounts = tuple(int(re.sub(r"\D", "", match[1])) for match in _MONEY.finditer(text))
        vnd = amounts[0] if len(amounts) == 1 else None
        if not amounts and _FREE.fullmatch(fold(text)):
            vnd = 0
        found.append(FeeLine(line(text), vnd, amounts))
    return tuple(found)


def records_of(lines: Sequence[str]) -> tuple[tuple[Kept, ...], tuple[str, ...]]:
    """Return the records kept, and rows of their table that could not be read."""
    starts = [n for n, text in enumerate(lines) if _RECORDS.fullmatch(fold(text))]
    if not starts:
        return (), ()
    # The table of contents names the chapter too: its last mention is the chapter itself.
    rows = list(_rows([line(text) for text in lines[starts[-1] + 1 :]]))
    kept = [_kept(row) for row in rows]
    return tuple(k for k in kept if k), tuple(" | ".join(r) for r, k in zip(rows, kept, strict=True) if not k)


def _rows(lines: Sequence[str]) -> Iterator[list[str]]:
    row: list[str] | None = None
    for text in lines:
        if _ORDER.fullmatch(text):
            if row:
                yield row
            row = []
        elif row is not None and text:
            if row and _KEPT.fullmatch(fold(row[-1])):
                break
            if len(row) > 6:
                break
            row.append(text)
    if row:
        yield row


def _kept(row: Sequence[str]) -> Kept | None:
    found = _KEPT.fullmatch(fold(row[-1]))
    if not found or len(row) < 2:
        return None
    place = row[-2] if len(row) > 2 else ""
    name = " ".join(row[:-2]) if len(row) > 2 else row[0]
    return Kept(
        name, place, row[-1], Decimal(found["years"]) if found["years"] else None, bool(found["ever"])
    )
