"""Say how one part of the house stands: good, to be looked at, bad, or not measured; by limits that are data."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, Final, Self


class State(StrEnum):
    """How a part stands."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    #: Nobody could look, or there is nothing yet to look at: never shown as good.
    UNKNOWN = "unknown"


#: The worst first.
ORDER: Final = (State.BAD, State.WARN, State.UNKNOWN, State.OK)


def worst(*states: State) -> State:
    """Return the worst of several states; nothing is good."""
    return min(states, key=ORDER.index, default=State.OK)


@dataclass(frozen=True, slots=True)
class Limit:
    """From which value on a part is to be looked at, and from which it is bad."""

    warn: float
    bad: float
    margin: float = 0.0
    is_low: bool = False

    def grade(self, value: float, before: State = State.OK) -> State:
        """Return the state at this value.

        A part that was worse before stays so until the value is back behind the limit by the margin, so that a
        value that trembles around it does not raise an alarm each minute.
        """
        sign = -1 if self.is_low else 1
        for state, limit in ((State.BAD, self.bad), (State.WARN, self.warn)):
            is_held = before in ORDER[: ORDER.index(state) + 1]
            if sign * value >= sign * limit - (self.margin if is_held else 0.0):
                return state
        return State.OK


@cache
def _limits() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        files("tinhso.config.operations").joinpath("limits.json").read_text(encoding="utf-8")
    )["versions"]
    return found


def limit(name: str, on: dt.date) -> Limit:
    """Return a limit in force on a day. Raises ``KeyError`` for an unknown name."""
    day = on.isoformat()
    for version in _limits():
        if version["effective_from"] <= day and (
            version["effective_to"] is None or day <= version["effective_to"]
        ):
            return Limit(**version["limits"][name])
    raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the house as it was seen.

    ``measured``, ``alarm_when`` and ``todo`` are Vietnamese for whoever keeps the house; ``runbook`` is a file of
    ``docs/runbooks`` without its ending. ``facts`` are numbers and codes for pages and metrics, never personal data.
    ``since``: from when on it has stood so; NULL until the watcher has seen it twice.
    """

    key: str
    name: str
    state: State
    measured: str
    alarm_when: str = ""
    todo: str = ""
    runbook: str = ""
    since: dt.datetime | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """Return plain values for a JSON document."""
        return {
            "key": self.key,
            "name": self.name,
            "state": self.state.value,
            "measured": self.measured,
            "alarm_when": self.alarm_when,
            "todo": self.todo,
            "runbook": self.runbook,
            "since": self.since.isoformat() if self.since else None,
            "facts": self.facts,
        }

    def with_since(self, since: dt.datetime) -> Self:
        """Return the same, standing so since a moment."""
        return type(self)(
            self.key,
            self.name,
            self.state,
            self.measured,
            self.alarm_when,
            self.todo,
            self.runbook,
            since,
            self.facts,
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """What the last look saw of each part: its state and since when, for hysteresis and "since"."""

    states: dict[str, State] = field(default_factory=dict)
    since: dict[str, str] = field(default_factory=dict)
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, document: dict[str, Any] | None) -> Self:
        """Read it from the document of the last look."""
        parts = (document or {}).get("parts", [])
        return cls(
            {one["key"]: State(one["state"]) for one in parts},
            {one["key"]: one["since"] for one in parts if one.get("since")},
            {one["key"]: one.get("facts", {}) for one in parts},
        )

    def state(self, key: str) -> State:
        """Return the state seen last; good where none was seen."""
        return self.states.get(key, State.OK)
