"""Count page views in memory: how often, never who. Pure; any number of threads may note.

A key is (day, kind, procedure code, outcome, is inside). No address, no cookie, no browser name is ever read into it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock
from typing import Any, Final

#: The header by which the project's own meter asks not to be counted as a person.
METER: Final = "Tinhso-Meter"
#: The kind of whatever is asked for where nothing is.
NOWHERE: Final = "nowhere"


class Outcome(StrEnum):
    """How a view ended."""

    OK = "ok"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Seen:
    """What is kept of one view."""

    day: dt.date
    kind: str
    procedure_code: str
    outcome: Outcome
    is_inside: bool


@dataclass(frozen=True, slots=True)
class Kinds:
    """How kinds are named: which argument of an address tells its steps, which one is a procedure's code."""

    steps: Mapping[str, Mapping[str, str]]
    of_a_procedure: Mapping[str, str]

    def kind(self, name: str, arguments: Mapping[str, Any]) -> str:
        """Return the kind of page: the name of its address, and its step where that is told apart."""
        steps = self.steps.get(name)
        if steps is None:
            return name
        return f"{name}#{steps.get(str(arguments.get(steps['argument'])), steps['else'])}"

    def procedure(self, name: str, arguments: Mapping[str, Any]) -> str:
        """Return the code of the procedure that the page is about, or nothing."""
        argument = self.of_a_procedure.get(name)
        return str(arguments.get(argument, "")) if argument else ""


def outcome_of(method: str, status: int, content_type: str) -> Outcome | None:
    """Return how a view ended; None for what is no view: files, pieces, acts, ways to another page."""
    if status >= 500:
        return Outcome.FAILED
    if status >= 400:
        return Outcome.REFUSED
    return Outcome.OK if method == "GET" and status == 200 and content_type.startswith("text/html") else None


def comes_from_inside(referrer: str, host: str) -> bool:
    """Say whether the page before was one of this host."""
    scheme, _, rest = referrer.partition("://")
    return scheme in ("http", "https") and bool(host) and rest.partition("/")[0] == host


class Visits:
    """The views that one process has counted and not yet written."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._counts: dict[Seen, int] = {}
        self._lock = Lock()

    def note(self, seen: Seen, n: int = 1) -> None:
        """Count one view."""
        with self._lock:
            self._counts[seen] = self._counts.get(seen, 0) + n

    def take(self) -> dict[Seen, int]:
        """Return what was counted, and begin anew."""
        with self._lock:
            taken, self._counts = self._counts, {}
        return taken

    def give_back(self, counts: Mapping[Seen, int]) -> None:
        """Count again what could not be written."""
        for seen, n in counts.items():
            self.note(seen, n)
