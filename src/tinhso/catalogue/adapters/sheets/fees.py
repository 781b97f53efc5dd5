"""Fees as they are published: an amount only where the text names exactly one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tinhso.catalogue.adapters.sheets.plain import short
from tinhso.catalogue.adapters.sheets.shape import FeeRead, Flag
from tinhso.toolkit.text import fold, tidy

AMOUNT: Final = r"\d{1,3}(?:[.,]\d{3})+|\d+"
_MONEY: Final = re.compile(
    rf"(?<![\d.,/])({AMOUNT})\s?(?:(nghìn|ngàn|triệu)\s)?(?:đồng|vnđ|vnd|việt nam đồng|đ)(?![a-zà-ỹ])",
    re.IGNORECASE,
)
_PER: Final = re.compile(
    r"(?:^\s*|(?:đồng|vnđ|\dđ)\s*|(?<!\d)\d{1,3}(?:[.,]\d{3})+\s*)/\s*([^\W\d][^(),.;:+\n-]*)", re.IGNORECASE
)
_LINE: Final = re.compile(r"^[ \t]*(Lệ phí|Phí|Mức giá|Giá|Khác)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_WORD_FEE: Final = re.compile(
    rf"(?:(?P<free>Miễn phí|Miễn lệ phí|Không)|(?P<vnd>{AMOUNT})\s?(?:đ|đồng|vnđ)?)?"
    r"\s*(?P<coin>Đồng|VNĐ|USD|EUR|[A-Z]{3})?\s*(?P<note>\(.*\))?",
    re.DOTALL,
)
_BASIS: Final = re.compile(
    r"(?:Thông tư(?: liên tịch)?|Nghị định|Nghị quyết|Quyết định|Luật|Biểu mức)(?: số)?\s*\d{1,4}/(?:\d{4}/)?[^\s,;.)(]+",
    re.IGNORECASE,
)
_ATTACHED: Final = re.compile(r"^File đính kèm:.*$", re.MULTILINE)
_KINDS: Final = {"phi": "phi", "le phi": "le_phi"}
#: One dossier makes one of these: the amount is what is paid.
_ONCE: Final = re.compile(
    r"(?:0?1|mot)? ?(?:lan|ho so|giay|the|ho chieu|van ban|di chuc|giao dich|chung chi|phieu|don|quyet dinh|so|ban cap)"
    r"(?: (?:cap|dau|tham dinh|phep|chung nhan|thong hanh|dang ky|de nghi|xac nhan|cap phep))*"
    r"(?: ?/ ?(?:lan|ho so|giay|giay phep|giay chung nhan|co so|don vi))*"
)
_COUNCIL: Final = re.compile(
    r"hoi dong nhan dan.{0,80}(?:quyet dinh|quy dinh)|quy dinh cua (?:hoi dong nhan dan|hdnd)"
)
_NO: Final = re.compile(
    r"(?:khong|khong co|khong thu|khong thu phi|khong thu le phi|mien phi|mien le phi|mien)"
)
_LEAST: Final = 1_000


@dataclass(frozen=True, slots=True)
class _Said:
    """One published line: what stands as amount and coin, and the words in brackets behind it."""

    number: str
    coin: str
    note: str
    text: str
    kind: str = ""


def amount_of(number: str) -> int | None:
    """Return "120,000" or "1.000.000" as a number; None where the marks are not of thousands."""
    return int(re.sub(r"[.,]", "", number)) if re.fullmatch(AMOUNT, number) and len(number) < 16 else None


def word_fees(cell: str, flags: list[Flag]) -> tuple[FeeRead, ...]:
    """Read the fee cell of a Word sheet: "Phí : 120.000 Đồng (…)", several lines. A blank cell gives none."""
    if not fold(cell):
        return ()
    starts = list(_LINE.finditer(cell))
    if not starts or cell[: starts[0].start()].strip():
        flags.append(Flag("fees", "Phí viết bằng lời, cần người đọc.", short(cell)))
        return (FeeRead(None, cell.strip()),)
    ends = [start.start() for start in starts[1:]] + [len(cell)]
    fees = []
    for start, end in zip(starts, ends, strict=True):
        text = cell[start.end() : end].strip()
        body = _ATTACHED.sub("", text).strip()
        kind = _KINDS.get(fold(start[1]), "khac")
        found = _WORD_FEE.fullmatch(body)
        whole = f"{start[1]}: {tidy(text)}"
        if found is None:
            flags.append(Flag("fees", "Phí viết bằng lời, cần người đọc.", short(whole)))
            fees.append(FeeRead(None, tidy(text), kind, _basis(body)))
            continue
        note = tidy((found["note"] or "").removeprefix("(").removesuffix(")"))
        number = "0" if found["free"] else found["vnd"] or ""
        fees.append(_fee(_Said(number, found["coin"] or "Đồng", note, tidy(text), kind), flags, whole))
    several(fees, flags, cell)
    return tuple(fees)


def several(fees: list[FeeRead], flags: list[Flag], cell: str) -> None:
    """Flag a cell with several amounts: which one is paid, or both, only a person can tell."""
    if len({fee.vnd for fee in fees if fee.vnd}) > 1:
        flags.append(Flag("fees", "Nhiều mức phí trong một cách nộp.", short(tidy(cell))))


def portal_fee(number: str, coin: str, note: str, flags: list[Flag]) -> FeeRead:
    """Read one fee of the portal: ``number`` blank where it prints "Miễn phí", and the words in brackets."""
    note = tidy(note)
    head = f"{number} {coin}" if number else "Miễn phí"
    text = f"{head} ({note})" if note else head
    return _fee(_Said(number or "0", coin or "Đồng", note, text), flags, text)


def _fee(said: _Said, flags: list[Flag], whole: str) -> FeeRead:
    vnd, why = _paid(said)
    if why:
        flags.append(Flag("fees", why, short(whole)))
    return FeeRead(vnd, said.text, said.kind, _basis(said.note))


def _paid(said: _Said) -> tuple[int | None, str]:
    """Return the amount and, where a person must look, why."""
    note = fold(said.note)
    named = {_worth(number, times) for number, times in _MONEY.findall(said.note)}
    if _NO.fullmatch(note.strip(" .")) and said.number.strip("0") == "":
        return 0, ""
    if not said.number:
        return None, "Không ghi số tiền, chỉ dẫn văn bản khác." if _basis(said.note) else "Không ghi số tiền."
    if said.coin.upper() not in ("ĐỒNG", "VNĐ", "VND", "VIỆT NAM ĐỒNG"):
        return None, "Số tiền không bằng đồng Việt Nam."
    vnd = amount_of(said.number)
    if vnd is None:
        return None, "Không đọc được số tiền."
    if vnd == 0:
        if not note:
            return 0, ""
        return None, "Ghi không thu nhưng lời kèm theo nói khác."
    if vnd < _LEAST:
        return None, "Số tiền nhỏ bất thường, có thể thiếu số không."
    if named - {vnd}:
        return None, "Lời kèm theo nêu số tiền khác."
    if _COUNCIL.search(note):
        return None, "Mức thu do Hội đồng nhân dân tỉnh quyết định."
    if any(not _ONCE.fullmatch(fold(per)) for per in _PER.findall(said.note)):
        return None, "Thu theo từng đơn vị, không phải cho cả hồ sơ."
    return vnd, ""


def _worth(number: str, times: str) -> int:
    worth = amount_of(number) or 0
    return worth * {"nghìn": 1_000, "ngàn": 1_000, "triệu": 1_000_000}.get(times.lower(), 1)


def _basis(text: str) -> str:
    found = _BASIS.search(text)
    return tidy(found[0]) if found else ""
