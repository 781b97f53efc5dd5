"""How long an upgrade waits for locks, how often it tries, and which migrations have no way back (data files here)."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Rule:
    """``lock_timeout_ms``: nobody waits longer behind a migration; then it gives way, waits and tries again.

    ``concurrent_timeout_ms``: for what takes no lock that others wait for (an index made concurrently).
    """

    lock_timeout_ms: int
    concurrent_timeout_ms: int
    first_wait_seconds: float
    times: float
    most_wait_seconds: float
    tries: int
    restart_seconds: float
    ready_seconds: float


def rule(day: dt.date | None = None) -> Rule:
    """Return the rule that holds on ``day``: the machine's today where none is given."""
    wanted = (day or dt.datetime.now(dt.UTC).date()).isoformat()
    versions = json.loads((HERE / "rule.json").read_text(encoding="utf-8"))["versions"]
    (*_, last) = [one for one in versions if one["from"] <= wanted] or versions[:1]
    return Rule(**{key: value for key, value in last.items() if key != "from"})


def not_back() -> dict[str, str]:
    """Return the migrations of this code that the release before cannot live with, and why."""
    found: dict[str, str] = json.loads((HERE / "not_back.json").read_text(encoding="utf-8"))["migrations"]
    return found
