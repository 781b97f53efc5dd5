"""Watch over the packaged PostgreSQL: it ends itself when its log cannot be written, and must come back by itself."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final

from tinhso.config.cluster import Cluster, ClusterBroken, ClusterNotStarted
from tinhso.config.supervision.child import last_line, trim
from tinhso.config.supervision.family import CannotGoOn
from tinhso.config.supervision.member import HOUR
from tinhso.config.supervision.report import moment
from tinhso.config.supervision.rule import Rule, Waits

_NAME: Final = "postgres"
_SAYS: Final = "Cơ sở dữ liệu"


class Database:
    """The server of one cluster, which this process started."""

    def __init__(self, cluster: Cluster, settled: Rule) -> None:
        """Take over a cluster that runs."""
        self._cluster, self._rule, self._waits = cluster, settled, Waits(settled)
        self._since, self._begun = time.time(), time.monotonic()
        self._next_at: float | None = None
        self._is_starting = False
        self._restarts: list[float] = []
        self._last_exit: int | None = None
        self._last_line = ""

    @property
    def is_running(self) -> bool:
        """Tell whether it takes connections, as far as was last seen."""
        return self._next_at is None and not self._is_starting

    def tend(self, now: float) -> bool:
        """Start the server again where it died; tell whether anything changed. Raises ``CannotGoOn``."""
        trim(self._cluster.log, self._rule.log_may_hold)
        self._restarts = [one for one in self._restarts if one > time.time() - HOUR]
        if self._next_at is None and self._cluster.has_died():
            self._last_exit, self._last_line = self._cluster.last_exit(), last_line(self._cluster.log)
            if self._cluster.is_hopeless():
                raise CannotGoOn(self._cluster.why_dead())
            self._next_at = now + self._waits.after(0.0 if self._is_starting else now - self._begun)
            self._is_starting = False
            return True
        if self._next_at is not None and now >= self._next_at:
            return self._begin_again(now)
        if self._is_starting and self._cluster.is_ready():
            self._is_starting = False
            self._since, self._begun = time.time(), now
            return True
        return False

    def _begin_again(self, now: float) -> bool:
        try:
            self._cluster.begin_again()
        except ClusterBroken as trouble:
            raise CannotGoOn(str(trouble)) from trouble
        except ClusterNotStarted as trouble:
            self._last_line = str(trouble)
            self._next_at = now + self._waits.after(0.0)
        else:
            self._next_at, self._is_starting = None, True
            self._restarts.append(time.time())
        return True

    def row(self) -> Mapping[str, Any]:
        """Return how it is, in the shape of the other rows."""
        return {
            "name": _NAME,
            "says": _SAYS,
            "pid": self._cluster.pid(),
            "since": moment(self._since) if self.is_running else None,
            "state": "running" if self.is_running else "waiting",
            "restarts": len(self._restarts),
            "last_restart": moment(self._restarts[-1]) if self._restarts else None,
            "last_exit": self._last_exit,
            "last_line": self._last_line,
        }
