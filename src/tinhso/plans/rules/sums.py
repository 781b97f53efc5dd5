"""Values of targets from their numbers, and parents from their children: nothing is counted twice. Pure.

A share is made of a numerator and a denominator, and shares are never averaged: numerators and denominators are added.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

_PLACES: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Amount:
    """What was reached: ``numerator`` of ``denominator``; NULL denominator: the numerator alone is the value."""

    numerator: Decimal
    denominator: Decimal | None = None

    def value(self, *, is_percent: bool) -> Decimal | None:
        """Return the value in the target's unit (percent: 0 to 100); None where there is nothing to divide by."""
        if not is_percent:
            return self.numerator
        if not self.denominator:
            return None
        return (100 * self.numerator / self.denominator).quantize(_PLACES)


@dataclass(frozen=True, slots=True)
class Sum:
    """A parent: the sum of what is known of its children, of which ``unknown`` of ``parts`` have nothing yet."""

    amount: Amount | None
    parts: int
    unknown: int


def total(children: Iterable[Amount | None]) -> Sum:
    """Add up children. Where one has no denominator the whole has none: their shares cannot be added."""
    every = list(children)
    known = [one for one in every if one is not None]
    if not known:
        return Sum(None, len(every), len(every))
    below = [one.denominator for one in known]
    whole = sum((one for one in below if one is not None), Decimal(0)) if None not in below else None
    added = Amount(sum((one.numerator for one in known), Decimal(0)), whole)
    return Sum(added, len(every), len(every) - len(known))
