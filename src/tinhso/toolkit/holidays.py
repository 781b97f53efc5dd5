"""Compute the public holidays that the Labour Code gives, for years whose yearly decision is not known.

Labour Code 2019 (Bộ luật Lao động), article 112: New Year 1 day, Tết 5 days, the Hùng Kings' day 1, 30
April 1, 1 May 1, National Day 2 (2 September and the day before or after it). Article 111, paragraph 3: a
holiday that falls on a weekly day of rest is made up on the next working day. Which day of Tết or
National Day is chosen is decided year by year; here the choice follows what was decided from 2021 to
2026: whatever makes the rest unbroken.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final, Literal

from tinhso.toolkit import lunar

RestKind = Literal["lễ", "Tết", "bù", "đổi"]
"""Why an office rests on a weekday: holiday, Tết, made up for a holiday on a weekend, swapped with a
Saturday."""

Occasion = Literal["new year", "tet", "hung kings", "april and may", "national day"]

_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
_TUESDAY: Final = 1
_MONDAY_OR_THURSDAY: Final = (0, 3)
_LABOUR_CODE_2019_IN_FORCE: Final = 2021


@dataclass(frozen=True, slots=True)
class Holiday:
    """One day of rest by law: its kind, and the occasion it belongs to."""

    kind: RestKind
    occasion: Occasion


@cache
def statutory_days(year: int) -> dict[date, Holiday]:
    """Return the holidays of `year` themselves, on weekends too, without the days that make up for them."""
    new_year_eve_days = 1 if lunar.tet(year).weekday() == _TUESDAY else 2
    first_of_tet = lunar.tet(year) - new_year_eve_days * _DAY
    days = {first_of_tet + n * _DAY: Holiday("Tết", "tet") for n in range(5)}
    days[date(year, 1, 1)] = Holiday("lễ", "new year")
    days[lunar.hung_kings(year)] = Holiday("lễ", "hung kings")
    days[date(year, 4, 30)] = days[date(year, 5, 1)] = Holiday("lễ", "april and may")
    national_day = date(year, 9, 2)
    days[national_day] = Holiday("lễ", "national day")
    if year >= _LABOUR_CODE_2019_IN_FORCE:
        second = national_day + (_DAY if national_day.weekday() in _MONDAY_OR_THURSDAY else -_DAY)
        days[second] = Holiday("lễ", "national day")
    return dict(sorted(days.items()))


@cache
def labour_code_days(year: int) -> dict[date, Holiday]:
    """Return the weekdays of `year` on which offices rest by the Labour Code, days that make up included."""
    statutory = statutory_days(year)
    rest = {day: holiday for day, holiday in statutory.items() if day.weekday() < _SATURDAY}
    for day, holiday in statutory.items():
        if day.weekday() >= _SATURDAY:
            makes_up = day + _DAY
            while makes_up.weekday() >= _SATURDAY or makes_up in rest:
                makes_up += _DAY
            rest[makes_up] = Holiday("bù", holiday.occasion)
    return dict(sorted(rest.items()))
