"""Who does a step: the words of the sheet, and which of our roles they mean."""

from __future__ import annotations

import re
from typing import Final

from tinhso.toolkit.text import fold

#: Words with which a cell of "Trách nhiệm" begins.
_BEGINS: Final = re.compile(
    r"[-+•]? ?(?:bo phan|bptn|can bo|cong chuc|vien chuc|nhan vien|chuyen vien|lanh dao|van thu|phong|so|giam doc"
    r"|pho|cong chung vien|ubnd|uy ban|chu tich|truong|van phong|vp|chi cuc|cuc|cong an|trung tam|tt ?pvhcc|tttt|to"
    r"|ban|hoi dong|don vi|co quan|thanh tra|bo|ca nhan|to chuc|mot cua|chi nhanh|hat|tram|doi|ke toan|thu quy"
    r"|chanh|thu truong|nguoi|doanh nghiep|khach hang|cbcc|cctp|thanh vien|nhom|kho bac|thue)\b"
)
_LONGEST: Final = 200
#: One who is named together with another makes the role unclear.
_APART: Final = re.compile(r"[;,/\n]| va | hoac |→|->")
_ROLES: Final = (
    ("seal_clerk", re.compile(r"\bvan thu\b")),
    (
        "leader",
        re.compile(
            r"\blanh dao\b|\b(?:pho )?giam doc\b|\b(?:pho )?chu tich\b|\b(?:pho )?(?:cuc|chi cuc) truong\b"
            r"|\bthu truong\b"
        ),
    ),
    (
        "counter_clerk",
        re.compile(
            r"\btiep nhan\b|\bmot cua\b|\btra ket qua\b|\bhanh chinh cong\b|\bpvhcc\b|\bttpvhcc\b|\bbptn\b"
        ),
    ),
    (
        "specialist",
        re.compile(
            r"\bcong chuc\b|\bchuyen vien\b|\bvien chuc\b|\bcan bo\b|\bphong chuyen mon\b|\bphong [a-z]"
            r"|\bvan phong (?:hdnd|dang ky|ubnd)\b|\bcbcc\b"
        ),
    ),
)
_DIVISION_HEAD: Final = re.compile(
    r"\b(?:lanh dao (?:phong|van phong|bo phan)|(?:pho )?truong phong|truong bo phan)\b"
)


def is_who(text: str) -> bool:
    """Tell whether a line begins as a cell of "Trách nhiệm" does."""
    return len(text) <= _LONGEST and not text.rstrip().endswith(":") and bool(_BEGINS.match(fold(text)))


def role_of(text: str) -> tuple[str, str]:
    """Return our role for the words, or blank, and why a person must look, or blank."""
    words = fold(text)
    if not words:
        return "", "Bước không ghi ai làm."
    if _DIVISION_HEAD.search(words):
        return "leader", "Lãnh đạo phòng: thường chỉ xem xét, không ký kết quả."
    roles = {role for phrase in _APART.split(words) if (role := _role(phrase))}
    if len(roles) == 1:
        return roles.pop(), ""
    if roles:
        return "", "Nhiều người cùng làm một bước."
    return "", "Chưa rõ là vai nào trong hệ thống."


def _role(phrase: str) -> str:
    return next((role for role, pattern in _ROLES if pattern.search(phrase)), "")
