"""Where modules register what can be counted, so that those who publish figures import none of them.

A module registers a source of cases; a module that publishes figures asks it for the cases of a period, and is
told when a day's figures no longer hold.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

#: The columns of a source of cases, in their order: what a figure may know of one accepted case, no personal data.
#: ``original_due`` NULL: no due date; ``due``: where pauses and extensions had moved it; ``asked``: how often the
#: citizen was asked for papers since acceptance; ``waits_since`` NULL: does not wait for the citizen; ``is_extended``:
#: moved by an extension; ``ended`` NULL: still running; ``how``: issued, rejected, withdrawn, or empty while it runs.
CASE_COLUMNS: Final = (
    *("number", "office_id", "procedure_code", "channel", "accepted", "original_due", "due", "asked"),
    *("waits_since", "is_extended", "ended", "how"),
)

#: The columns of a source of waits: when a case stood still for the citizen, in cases that ended in the period.
WAIT_COLUMNS: Final = ("number", "began", "ended")

UseSource = Callable[[dt.datetime, dt.datetime], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Change:
    """A change in the record of a case: who did what, when and why. Officers only: it may name a person.

    ``what``: ended_at (a corrected end), pause or extension (a moved due moment).
    """

    number: str
    what: str
    before: dt.datetime
    after: dt.datetime
    by_name: str
    by_title: str
    at: dt.datetime
    reason: str
    document_number: str


ChangeSource = Callable[[dt.datetime, list[str]], list[Change]]

_cases: dict[str, str] = {}
_waits: dict[str, str] = {}
_uses: dict[str, UseSource] = {}
_changes: dict[str, ChangeSource] = {}
_told: list[Callable[[dt.date], None]] = []
_heard: list[Callable[[dt.datetime], None]] = []


def register_cases(name: str, relation: str) -> None:
    """Make a source known: a query with the columns ``CASE_COLUMNS``.

    It gives the cases accepted before ``%(end)s`` that had not ended before ``%(start)s``, as they stood just before
    the end (what came later is not there), by what was recorded before ``%(known)s`` (later corrections undone).
    """
    _cases[name] = relation


def case_relation() -> str:
    """Return the query of the cases of every source; its parameters are ``start``, ``end`` and ``known``."""
    return _union(CASE_COLUMNS, _cases)


def register_waits(name: str, relation: str) -> None:
    """Make a source known: a query with the columns ``WAIT_COLUMNS``, of cases ended from ``%(start)s`` to ``%(end)s``."""
    _waits[name] = relation


def wait_relation() -> str:
    """Return the query of the waits of every source; its parameters are ``start`` and ``end``."""
    return _union(WAIT_COLUMNS, _waits)


def register_uses(name: str, source: UseSource) -> None:
    """Make a source known: how many dossiers of each procedure were filed from ``start`` to before ``end``, by code."""
    _uses[name] = source


def uses(start: dt.datetime, end: dt.datetime) -> Counter[str]:
    """Return how many dossiers of each procedure were filed in the period, by code, from every source."""
    total: Counter[str] = Counter()
    for source in _uses.values():
        total.update(source(start, end))
    return total


def register_changes(name: str, source: ChangeSource) -> None:
    """Make a source known: the changes recorded since a moment in the cases of these numbers."""
    _changes[name] = source


def changes_since(moment: dt.datetime, numbers: list[str]) -> list[Change]:
    """Return what was changed in the record of these cases since a moment, oldest first."""
    found = [change for source in _changes.values() for change in source(moment, numbers)]
    return sorted(found, key=lambda change: change.at)


def when_stale(tell: Callable[[dt.date], None]) -> None:
    """Ask to be told of days whose figures no longer hold."""
    _told.append(tell)


def mark_stale(day: dt.date) -> None:
    """Say that a day's figures no longer hold."""
    for tell in _told:
        tell(day)


def when_counted(hear: Callable[[dt.datetime], None]) -> Callable[[dt.datetime], None]:
    """Ask to be told when days were counted anew: what is reckoned from figures may be reckoned again."""
    _heard.append(hear)
    return hear


def tell_counted(at: dt.datetime) -> None:
    """Say that days were counted anew."""
    for hear in _heard:
        hear(at)


def _union(columns: tuple[str, ...], relations: Mapping[str, str]) -> str:
    wanted = ", ".join(columns)
    return "\nunion all\n".join(
        f"(select {wanted} from ({relation}) source)"  # noqa: S608 - our own words
        for relation in relations.values()
    )
