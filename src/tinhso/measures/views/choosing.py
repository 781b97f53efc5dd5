"""Periods that a reader picks from a list: years, months, quarters, reporting periods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.utils.translation import gettext as _

from tinhso.measures.forms import FIRST_YEAR, said
from tinhso.measures.rules import last_day_of

#: How many months a list goes back.
MONTHS: Final = 18
QUARTER: Final = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """A period in a list: its key in the address, its name, its days; the last may lie ahead."""

    key: str
    label: str
    first: dt.date
    last: dt.date


def month_choices(today: dt.date) -> list[Choice]:
    """Return the months up to this one, the latest first."""
    found = []
    month = today.replace(day=1)
    for _n in range(MONTHS):
        if month.year < FIRST_YEAR:
            break
        label = _("Tháng %(month)s") % {"month": f"{month.month}/{month.year}"}
        found.append(Choice(f"{month:%Y-%m}", label, month, last_day_of(month)))
        month = (month - dt.timedelta(days=1)).replace(day=1)
    return found


def year_choices(today: dt.date) -> list[Choice]:
    """Return the years up to this one, the latest first."""
    return [
        Choice(str(year), _("Năm %(year)s") % {"year": year}, dt.date(year, 1, 1), dt.date(year, 12, 31))
        for year in range(today.year, FIRST_YEAR - 1, -1)
    ]


def quarter_choices(today: dt.date) -> list[Choice]:
    """Return the quarters up to this one, the latest first."""
    found = []
    for year in range(today.year, FIRST_YEAR - 1, -1):
        for n in range(4, 0, -1):
            first = dt.date(year, QUARTER * (n - 1) + 1, 1)
            if first <= today:
                label = _("Quý %(n)d/%(year)d") % {"n": n, "year": year}
                found.append(
                    Choice(f"{year}-q{n}", label, first, last_day_of(first.replace(month=QUARTER * n)))
                )
    return found


def chosen(
    request: HttpRequest, choices: Sequence[Choice], usual: Choice | None = None, name: str = "ky"
) -> tuple[Choice, str]:
    """Return the period asked for, else the usual one, with a sentence where something else was asked."""
    asked, usual = said(request.GET, name), usual or choices[0]
    if not asked:
        return usual, ""
    found = next((one for one in choices if one.key == asked), None)
    return (found, "") if found else (usual, _("Chọn một kỳ trong danh sách."))


def groups_of(*groups: tuple[str, Iterable[Choice]]) -> list[tuple[str, list[Choice]]]:
    """Return lists of choices under their names, without the empty ones."""
    return [(name, every) for name, choices in groups if (every := list(choices))]
