"""How long is waited before a dead process is started again, and for one that starts or ends (`rule.json`)."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("rule.json")


@dataclass(frozen=True, slots=True)
class Rule:
    """Seconds, and the bytes a log may hold.

    The first wait is ``first_seconds``, each further one ``times`` as long up to ``most_seconds``; whoever ran for
    ``well_after_seconds`` begins anew. ``ready_seconds`` is how long a new web server may take to answer beside the
    old one, ``finish_seconds`` how long an old process may take over what it has in hand, ``goodbye_seconds`` how
    long anybody may take when the whole ends.
    """

    first_seconds: float
    times: float
    most_seconds: float
    well_after_seconds: float
    goodbye_seconds: float
    ready_seconds: float
    finish_seconds: float
    log_may_hold: int
    look_seconds: float


def rule(day: dt.date | None = None) -> Rule:
    """Return the rule that holds on ``day``: the machine's today where none is given."""
    wanted = (day or dt.datetime.now(dt.UTC).date()).isoformat()
    versions = json.loads(FILE.read_text(encoding="utf-8"))["versions"]
    (*_, last) = [one for one in versions if one["from"] <= wanted] or versions[:1]
    return Rule(**{key: value for key, value in last.items() if key != "from"})


@dataclass(slots=True)
class Waits:
    """How long to wait before the next start of one process; moments are seconds of a clock that only goes on."""

    rule: Rule
    _next: float = field(default=0.0)

    def after(self, ran: float) -> float:
        """Return the seconds to wait after a process died that ran for ``ran`` seconds."""
        if ran >= self.rule.well_after_seconds or not self._next:
            self._next = self.rule.first_seconds
        wait = min(self._next, self.rule.most_seconds)
        self._next = min(wait * self.rule.times, self.rule.most_seconds)
        return wait
