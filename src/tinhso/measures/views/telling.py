"""What a reader of the pages of figures is told: officers every number, everybody else no small one of a part.

Of parts of the province the editions decide (``queries/editions.py``). Here stand ``told_span``, which days of a part
may be asked for, and ``kept_back``, which numbers stay away that no edition holds: those of the province by month or
stretch, and those of drafts. The province is told to everybody over whole stretches.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.utils.translation import gettext as _

from tinhso.directory.api import Role, who
from tinhso.measures.queries.places import limits
from tinhso.measures.rules import last_day_of

#: Who may read dossiers at their office, or all of them; only these are led to the dossiers behind a figure.
READERS: Final = (Role.COUNTER_CLERK, Role.SPECIALIST, Role.LEADER, Role.SEAL_CLERK, Role.INSPECTOR)

#: A cell is named by its line and its column.
Cell = tuple[Hashable, str]


@dataclass(frozen=True, slots=True)
class Sum:
    """A cell that is the sum of others. ``total`` None: not told itself, but known to whoever adds up."""

    total: Cell | None
    parts: tuple[Cell, ...]


def is_told_all(request: HttpRequest) -> bool:
    """Say whether the reader is told exact numbers of any days: whoever holds a post."""
    return who(request).is_officer


def may_see_cases(request: HttpRequest) -> bool:
    """Say whether the reader may be led to the dossiers behind a figure."""
    return who(request).holds(*READERS)


def told_span(
    first: dt.date, last: dt.date, today: dt.date, *, is_told_all: bool
) -> tuple[dt.date, dt.date] | None:
    """Return the days over which figures of an office, procedure or field are told; None: of none of these.

    To everybody whole months that are over: the month that runs, told each day, would tell the days one by one.
    """
    if is_told_all:
        return first, last
    begin = first.replace(day=1)
    end = min(last_day_of(last), today.replace(day=1) - dt.timedelta(days=1))
    return (begin, end) if begin <= end else None


def kept_back(cells: Mapping[Cell, int], sums: Sequence[Sum], *, is_told_all: bool) -> frozenset[Cell]:
    """Return the cells that stay away: small ones, and as many others as it takes that nobody can work those out.

    A sum is safe when what it leaves open lets each cell kept back in it be as large as the threshold. Zeros are told.
    """
    if is_told_all:
        return frozenset()
    least = limits().told_from
    hidden: set[Cell] = set()
    lacking: set[Hashable] = set()
    of_cell: dict[Cell, list[Sum]] = defaultdict(list)
    for one in sums:
        for cell in (*one.parts, one.total):
            if cell is not None:
                of_cell[cell].append(one)
    to_see: dict[Sum, None] = {}

    def keep(cell: Cell) -> None:
        hidden.add(cell)
        lacking.add(cell[0])
        to_see.update(dict.fromkeys(of_cell[cell]))

    for cell, n in cells.items():
        if 0 < n < least:
            keep(cell)
    while to_see:
        one = next(iter(to_see))
        del to_see[one]
        more = _next(cells, one, hidden, lacking, least)
        if more is not None and more not in hidden:
            to_see[one] = None
            keep(more)
    return frozenset(hidden)


def _next(
    cells: Mapping[Cell, int], one: Sum, hidden: set[Cell], lacking: set[Hashable], least: int
) -> Cell | None:
    """Return the cell that has to stay away next for the sake of a sum, a small one; None: it is safe.

    A line that lacks a number already is not worth much more whole: better there than in another one.
    """
    parts = [cell for cell in one.parts if cells.get(cell)]
    away = [cell for cell in parts if cell in hidden]
    is_whole_away = one.total is not None and one.total in hidden
    if is_whole_away if away else not is_whole_away:
        return None
    if not is_whole_away and len(away) > 1 and sum(cells[cell] for cell in away) - (len(away) - 1) >= least:
        return None
    left = (cell for cell in parts if cell not in hidden)
    return min(left, key=lambda cell: (cell[0] not in lacking, cells[cell], str(cell)), default=one.total)


def not_told() -> str:
    """Return what stands in place of a number that stays away."""
    return _("không nêu")


def explained() -> str:
    """Return the sentence that explains it."""
    return _("“Không nêu”: số dưới %(n)d, hoặc số mà từ đó tính ra được số dưới %(n)d.") % {
        "n": limits().told_from
    }
