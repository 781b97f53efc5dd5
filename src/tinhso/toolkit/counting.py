"""Where modules register what can be counted, so that those who publish figures import none of them.

A module registers a source of cases; a module that publishes figures asks it for the cases of a period, and is
told when a day's figures no longer hold.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What a figure may know of one accepted case: no personal data.

    ``original_due`` NULL: no due date. ``pauses``: from, to (NULL: still paused). ``how``: issued, rejected,
    withdrawn, or empty while it runs.
    """

    number: str
    office_id: int
    procedure_code: str
    channel: str
    accepted: dt.datetime
    original_due: dt.datetime | None
    due: dt.datetime | None
    pauses: tuple[tuple[dt.datetime, dt.datetime | None], ...]
    ended: dt.datetime | None
    how: str


CaseSource = Callable[[dt.datetime, dt.datetime], Iterable[CaseFacts]]

UseSource = Callable[[dt.datetime, dt.datetime], Mapping[str, int]]

_sources: dict[str, CaseSource] = {}
_uses: dict[str, UseSource] = {}
_told: list[Callable[[dt.date], None]] = []


def register_cases(name: str, source: CaseSource) -> None:
    """Make a source known: it gives the cases accepted before ``end`` that had not ended before ``start``."""
    _sources[name] = source


def cases(start: dt.datetime, end: dt.datetime) -> Iterable[CaseFacts]:
    """Return the cases of every source that touch the period."""
    for source in _sources.values():
        yield from source(start, end)


def register_uses(name: str, source: UseSource) -> None:
    """Make a source known: how many dossiers of each procedure were filed from ``start`` to before ``end``, by code."""
    _uses[name] = source


def uses(start: dt.datetime, end: dt.datetime) -> Counter[str]:
    """Return how many dossiers of each procedure were filed in the period, by code, from every source."""
    total: Counter[str] = Counter()
    for source in _uses.values():
        total.update(source(start, end))
    return total


def when_stale(tell: Callable[[dt.date], None]) -> None:
    """Ask to be told of days whose figures no longer hold."""
    _told.append(tell)


def mark_stale(day: dt.date) -> None:
    """Say that a day's figures no longer hold."""
    for tell in _told:
        tell(day)
