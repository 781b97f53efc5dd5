"""Say when a lunar day falls, by the Vietnamese calendar (computed at UTC+7, not at Beijing's UTC+8)."""

from datetime import date
from functools import cache

from lunar_vn import convert_lunar_to_solar

_VIETNAM_UTC_OFFSET = 7.0


@cache
def tet(year: int) -> date:
    """Return the first day of the first lunar month that begins in `year`: mùng 1 Tết.

    `year` is a Gregorian year from 1901 to 2099; the library raises ValueError outside its range.
    """
    return convert_lunar_to_solar(1, 1, year, 0, _VIETNAM_UTC_OFFSET)


@cache
def hung_kings(year: int) -> date:
    """Return the tenth day of the third lunar month of `year`: giỗ Tổ Hùng Vương."""
    return convert_lunar_to_solar(10, 3, year, 0, _VIETNAM_UTC_OFFSET)
