"""The share of information security and its norm by date; what may be allocated and spent on a line. Pure.

CT 14/CT-TTg (07/06/2019): at least 10 % of the year's money for IT goes to information security; Luật An ninh mạng
116/2025/QH15, Art. 38.1: at least 15 % from 01/07/2026. Amounts are whole VND.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Final

RECURRENT: Final = "recurrent"
INVESTMENT: Final = "investment"
ALLOCATED: Final = "allocated"
SPENT: Final = "spent"
#: The group of a plan's annex whose rows are information security.
SECURITY_GROUP: Final = "an-toan"
_AMOUNT: Final = re.compile(
    r"(\d{1,3}(?:[. ]\d{3})+|\d{1,15})(?:,(\d{1,9}))?\s*(tỷ|triệu|nghìn)?\s*(?:đồng|đ)?", re.IGNORECASE
)
_UNITS: Final = {"": 1, "nghìn": 1_000, "triệu": 1_000_000, "tỷ": 1_000_000_000}


@dataclass(frozen=True, slots=True)
class Norm:
    """At least so many whole percent of the money go to information security, from a day. ``is_verified``: confirmed."""

    percent: int
    source: str
    valid_from: dt.date
    is_verified: bool = True


@dataclass(frozen=True, slots=True)
class CostNorm:
    """A document that sets what things may cost. ``valid_to`` None: no end known. ``is_verified``: dates confirmed."""

    number: str
    title: str
    issued_on: dt.date
    valid_from: dt.date
    valid_to: dt.date | None
    note: str
    is_verified: bool

    def in_force(self, on: dt.date) -> bool:
        """Say whether the document is in force on a day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@cache
def _document() -> dict[str, Any]:
    text = files("tinhso.plans").joinpath("data/norms.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def norm_on(day: dt.date) -> Norm | None:
    """Return the least share of information security that holds on a day; None before the first norm."""
    for one in _document()["security"]:
        first, last = _day(one["valid_from"]), _day(one["valid_to"])
        if first is not None and first <= day and (last is None or day <= last):
            return Norm(one["percent"], one["source"], first, one["is_verified"])
    return None


@cache
def cost_norms() -> tuple[CostNorm, ...]:
    """Return every document that sets costs, the latest first."""
    rows = (
        CostNorm(
            one["number"],
            one["title"],
            dt.date.fromisoformat(one["issued_on"]),
            dt.date.fromisoformat(one["valid_from"]),
            _day(one["valid_to"]),
            one["note"],
            one["is_verified"],
        )
        for one in _document()["costs"]
    )
    return tuple(sorted(rows, key=lambda one: (one.valid_from, one.number), reverse=True))


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def is_enough(security: int, whole: int, percent: int) -> bool:
    """Say whether the share of security reaches the norm; nothing of nothing does."""
    return 100 * security >= percent * whole


def missing_within(security: int, whole: int, percent: int) -> int:
    """Return how many VND must move to security inside the same whole to reach the norm; 0 where it is reached."""
    return max(0, -(-percent * whole // 100) - security)


def missing_on_top(security: int, whole: int, percent: int) -> int:
    """Return how many VND of new money, all for security, reach the norm; 0 where it is reached.

    ``percent`` is below 100.
    """
    return max(0, -(-(percent * whole - 100 * security) // (100 - percent)))


@dataclass(frozen=True, slots=True)
class Balance:
    """What stands on a line, in VND: asked, allocated, spent."""

    planned: int
    allocated: int
    spent: int

    @property
    def left_to_allocate(self) -> int:
        """Return what may still be allocated."""
        return self.planned - self.allocated

    @property
    def left_to_spend(self) -> int:
        """Return what may still be spent: money is allocated first."""
        return self.allocated - self.spent

    def after(self, kind: str, amount: int) -> Balance:
        """Return the balance once an entry of the kind is written."""
        if kind == ALLOCATED:
            return Balance(self.planned, self.allocated + amount, self.spent)
        return Balance(self.planned, self.allocated, self.spent + amount)

    @property
    def holds(self) -> bool:
        """Say whether no more is spent than allocated, no more allocated than asked, and nothing is negative."""
        return 0 <= self.spent <= self.allocated <= self.planned


def vnd_of(text: str) -> int | None:
    """Return the whole VND that was typed (310.000.000; 310 triệu; 1,24 tỷ đồng), None where it is no such amount."""
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        return None
    whole, parts, unit = re.sub(r"[. ]", "", found[1]), found[2] or "0", (found[3] or "").lower()
    amount = Decimal(f"{whole}.{parts}") * _UNITS[unit]
    return int(amount) if amount == int(amount) else None


def millions(vnd: int) -> str:
    """Return an amount in million VND, whole where it is (1.240; 0,5): nothing is rounded away."""
    sign = "-" if vnd < 0 else ""
    whole, rest = divmod(abs(vnd), 1_000_000)
    parts = f"{rest:06d}".rstrip("0")
    return f"{sign}{whole:,}".replace(",", ".") + (f",{parts}" if parts else "")


def billions(vnd: int) -> str:
    """Return an amount in thousand million VND with one place (48,0), rounded half up."""
    tenths = (abs(vnd) + 50_000_000) // 100_000_000
    sign = "-" if vnd < 0 and tenths else ""
    return f"{sign}{tenths // 10:,}".replace(",", ".") + f",{tenths % 10}"


def said(vnd: int) -> str:
    """Return an amount as people say it: 12,4 tỷ đồng, 310 triệu đồng, 5.000 đồng."""
    if abs(vnd) >= 1_000_000_000:
        return f"{billions(vnd)} tỷ đồng"
    return (
        f"{millions(vnd)} triệu đồng" if vnd and vnd % 1_000_000 == 0 else f"{vnd:,} đồng".replace(",", ".")
    )
