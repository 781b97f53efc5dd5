"""Words of a published sheet: what says nothing, what is not to be trusted, one spelling."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from tinhso.toolkit.text import fold, tidy, visible

_NOTHING: Final = frozenset({"", "khong co thong tin", "null", "none", "n/a", "--", "-", "...", "…"})
_MAY_BE_NOTHING: Final = frozenset({"", *" \n\t\r\xa0kKnN-.…"})
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_FORMULA: Final = re.compile(r"[=@]|[+\-]\s*[\d=@(]|\s*=")
LONGEST_FLAG: Final = 1_000


def is_nothing(text: str) -> bool:
    """Tell whether a cell says nothing: blank, a dash, or "Không có thông tin"."""
    if len(text) > 40 or text[:1] not in _MAY_BE_NOTHING:
        return False
    return fold(text).strip(" .") in _NOTHING


def said(text: str) -> str:
    """Return a cell without spaces around it; blank where it says nothing. Lines stay."""
    text = text.strip()
    return "" if is_nothing(text) else text


def line(text: str) -> str:
    """Return a cell as one line; blank where it says nothing."""
    return "" if is_nothing(text) else tidy(text)


def spelled(text: str) -> tuple[str, bool, bool]:
    """Return the text in one spelling (NFC) without unseen letters, and whether each of the two was needed."""
    if text.isascii() and not _UNSEEN.search(text):
        return text, False, False
    whole = unicodedata.is_normalized("NFC", text)
    seen = not _UNSEEN.search(text)
    if whole and seen:
        return text, False, False
    return visible(text), not whole, not seen


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet would run the text as a formula."""
    return bool(_FORMULA.match(text)) or text.startswith(("\t", "\r"))


def short(text: str) -> str:
    """Return the text for a flag, cut where it is very long."""
    return text if len(text) <= LONGEST_FLAG else f"{text[: LONGEST_FLAG - 1]}…"
