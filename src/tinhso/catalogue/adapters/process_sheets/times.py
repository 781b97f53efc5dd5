"""Lengths of time as a process sheet writes them: ½ ngày, 1,5 ngày, 01, 30 phút, ngay trong ngày."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from tinhso.catalogue.adapters.process_sheets.shape import HOURS_A_DAY, Length
from tinhso.catalogue.adapters.sheets.plain import line
from tinhso.toolkit.text import fold

_FRACTIONS: Final = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⁄": "/"}
_AMOUNT: Final = (
    r"(?P<part>\d{1,2} ?/ ?\d{1,2})|(?P<whole>\d{1,4}(?:[.,]\d{1,2})?)(?: (?P<more>\d{1,2}/\d{1,2}))?"
)
_UNIT: Final = r"ngay lam viec|ngay|gio lam viec|gio hanh chinh|gio|phut|buoi|tuan|thang|h\b|p\b"
_LEAD: Final = r"[-+*•]? ?(?:trong (?:thoi han |vong )?|khong qua |toi da |thoi (?:gian|han):? ?)*"
_SPOKEN: Final = r"(?: ?\([a-z ]{2,20}\))?"
_WHOLE: Final = re.compile(rf"{_LEAD}(?:{_AMOUNT}){_SPOKEN} ?(?P<unit>{_UNIT})?(?P<rest>.*)", flags=re.DOTALL)
_INSIDE: Final = re.compile(
    rf"(?<![\d/.,])(?<!sau )(?<!truoc )(?<!luc )(?:{_AMOUNT}){_SPOKEN}"
    r" ?(?P<unit>ngay lam viec|ngay|gio lam viec|gio|phut|tuan|thang)\b(?! \d)"
)
_SAME_DAY: Final = re.compile(r"(?:ngay )?trong (?:cung )?ngay\b(?! \d)")
#: Per unit: the unit we keep, and how many of it.
_UNITS: Final[dict[str, tuple[str, Decimal]]] = {
    "ngay lam viec": ("wd", Decimal(1)),
    "ngay": ("d", Decimal(1)),
    "gio lam viec": ("h", Decimal(1)),
    "gio hanh chinh": ("h", Decimal(1)),
    "gio": ("h", Decimal(1)),
    "h": ("h", Decimal(1)),
    "phut": ("h", Decimal(1) / 60),
    "p": ("h", Decimal(1) / 60),
    "buoi": ("h", Decimal(4)),
    "tuan": ("d", Decimal(7)),
    "thang": ("m", Decimal(1)),
}
_HOURS: Final = {"wd": HOURS_A_DAY, "d": HOURS_A_DAY, "h": 1, "m": 30 * HOURS_A_DAY}


def _plain(text: str) -> str:
    for sign, plain in _FRACTIONS.items():
        text = text.replace(sign, f" {plain}" if sign != "⁄" else plain)
    return fold(line(text))


def _amount(found: re.Match[str]) -> Decimal | None:
    if found["part"]:
        return _fraction(found["part"])
    value = Decimal(found["whole"].replace(",", "."))
    more = _fraction(found["more"]) if found["more"] else Decimal(0)
    return None if more is None else value + more


def _fraction(text: str) -> Decimal | None:
    over, under = (int(part) for part in text.split("/"))
    return Decimal(over) / under if under else None


def _made(text: str, value: Decimal | None, unit: str, *, is_whole: bool) -> Length:
    if value is None or not value or unit not in _UNITS:
        return Length(text, None, "", None, is_whole=is_whole)
    kept, times = _UNITS[unit]
    value = (value * times).quantize(Decimal("0.01")).normalize()
    value = value.quantize(Decimal(1)) if value == value.to_integral_value() else value
    hours = value * _HOURS[kept]
    return Length(text, value, kept, hours.quantize(Decimal("0.01")), is_whole=is_whole)


def same_day(text: str) -> Length:
    """Return the length of "ngay trong ngày": one working day."""
    return Length(text, None, "sameday", Decimal(HOURS_A_DAY))


def looks_like_time(text: str) -> bool:
    """Tell whether a cell is a time: a number with a unit, a bare number such as 01 or ½, or "trong ngày"."""
    words = _plain(text)
    if _SAME_DAY.fullmatch(words.strip(" .;")):
        return True
    found = _WHOLE.fullmatch(words)
    if not found:
        return False
    rest = found["rest"].strip(" .;")
    return not rest if not found["unit"] else not rest or not rest[0].isalnum() or rest.startswith("ke tu")


def cell_time(text: str, *, unit_of_bare: str = "") -> Length:
    """Read the time of one cell. ``unit_of_bare`` (ngay, gio …) is what a number alone counts; blank: nobody says."""
    words = _plain(text)
    if _SAME_DAY.fullmatch(words.strip(" .;")):
        return same_day(line(text))
    found = _WHOLE.fullmatch(words)
    if not found:
        return Length(line(text), None, "", None, is_whole=False)
    rest = found["rest"].strip(" .;")
    if rest and not found["unit"]:
        return Length(line(text), None, "", None, is_whole=False)
    if re.match(r"[-–] ?\d|(?:den|hoac) ", rest):
        return Length(line(text), None, "", None, is_whole=False)
    return _made(line(text), _amount(found), found["unit"] or unit_of_bare, is_whole=not rest)


def lengths_in(text: str) -> list[Length]:
    """Return every length that stands in a text, in order; "ngay trong ngày" is one of them."""
    words = _plain(text)
    found: list[tuple[int, Length]] = []
    for match in _INSIDE.finditer(words):
        length = _made(match[0].strip(), _amount(match), match["unit"], is_whole=True)
        if length.hours is not None:
            found.append((match.start(), length))
    first_day = _SAME_DAY.search(words)
    if first_day:
        found.append((first_day.start(), same_day(first_day[0])))
    return [length for _place, length in sorted(found, key=lambda pair: pair[0])]
