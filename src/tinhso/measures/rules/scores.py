"""What the three indices share: a number read from outside, and half-up rounding without floating point. Pure."""

from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Final

#: Longest number read, in digits before or after the point; counts and shares are far shorter.
DIGITS: Final = 18


class ScoreRefused(ValueError):
    """What was given cannot be scored; the sentence says why."""


def number(raw: object, what: str) -> Fraction | None:
    """Return a number that is zero or more, exactly; None where it is not known yet."""
    if raw is None:
        return None
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        raise ScoreRefused(f"“{what}” phải là số, viết không có dấu nháy.")
    exact = Decimal(str(raw)) if isinstance(raw, float) else Decimal(raw)
    if not exact.is_finite():
        raise ScoreRefused(f"“{what}” phải là số, viết không có dấu nháy.")
    if exact < 0:
        raise ScoreRefused(f"“{what}” không được nhỏ hơn 0.")
    if exact and not -DIGITS <= exact.adjusted() <= DIGITS:
        raise ScoreRefused(f"“{what}” dài quá {DIGITS} chữ số.")
    return Fraction(exact)


def rounded(exact: Fraction, places: int) -> Decimal:
    """Round half up to so many decimals."""
    return Decimal(floor(exact * 10**places + Fraction(1, 2))).scaleb(-places)
