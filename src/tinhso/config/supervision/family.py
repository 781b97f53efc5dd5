"""All the processes of the province: whoever dies is started again, all are replaced on request, all end together."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Protocol

from tinhso.config.supervision import report
from tinhso.config.supervision.child import Child
from tinhso.config.supervision.member import Member, NotReplaced
from tinhso.config.supervision.rule import Rule, rule

#: Seconds between two looks at how much the logs hold, and two writings without news.
_SELDOM: Final = 30.0


class CannotGoOn(Exception):
    """Say in Vietnamese what no restart mends."""


class Tended(Protocol):
    """Something else that is watched over: the database."""

    def tend(self, now: float) -> bool:
        """Start it again where it died; tell whether anything changed."""

    def row(self) -> Mapping[str, Any]:
        """Return how it is."""


class Family:
    """The running children."""

    def __init__(
        self,
        data: Path,
        *,
        folder: Path | None = None,
        listener: socket.socket | None = None,
        settled: Rule | None = None,
        keeps_logs: bool = True,
    ) -> None:
        """Keep what children say in `data`/logs, and how they are in `data`/ops; they work in ``folder``.

        Without ``keeps_logs`` what children say goes where this process's own words go.
        """
        self._data, self._folder, self._listener = data, folder, listener
        self._rule = settled or rule()
        self._logs = data / "logs" if keeps_logs else None
        self._members: list[Member] = []
        self._others: list[Tended] = []
        self._to_replace: list[Member] = []
        self._at: Member | None = None
        self._renewal: dict[str, Any] = {}
        self._written = self._trimmed = 0.0
        self._is_asked = False

    @property
    def is_renewing(self) -> bool:
        """Tell whether processes are being replaced."""
        return self._at is not None or bool(self._to_replace)

    def start(self, child: Child) -> None:
        """Start one child in its own session."""
        member = Member(child, self._logs, self._folder, self._rule, self._listener)
        self._members.append(member)
        member.start()

    def watch(self, other: Tended) -> None:
        """Watch over something else too."""
        self._others.append(other)

    def refuse_dead(self) -> None:
        """Raise CannotGoOn when a child has ended by itself, with the last line it said: while the house starts."""
        for member in self._members:
            if member.process is not None and member.process.is_dead:
                last = member.said()
                raise CannotGoOn(
                    f"{member.child.says} đã dừng (mã {member.process.popen.returncode})."
                    + (f" Xem {member.log}." if member.log else "")
                    + (f" Dòng cuối: {last}" if last else "")
                )

    def is_ready(self, name: str) -> bool:
        """Tell whether a child that listens has said that it is ready."""
        return any(
            one.process.is_ready()
            for one in self._members
            if one.child.name == name and one.process is not None
        )

    def ask_to_renew(self) -> None:
        """Have every process replaced; may be called from a signal's handler."""
        self._is_asked = True

    def tend(self) -> None:
        """Look once at everybody. Raises what says that going on is of no use."""
        now = time.monotonic()
        changed = False
        for other in self._others:
            changed |= other.tend(now)
        for member in self._members:
            changed |= member.tend(now)
        if self._is_asked and not self.is_renewing:
            self._is_asked = False
            self._to_replace = sorted(self._members, key=lambda one: not one.child.listens)
            self._tell("running", "")
            changed = True
        changed |= self._go_on_replacing(now)
        if now - self._trimmed > _SELDOM:
            self._trimmed = now
            for member in self._members:
                member.trim()
        if changed or now - self._written > _SELDOM:
            self.write()

    def tend_until(self, is_over: Any) -> None:
        """Look again and again until ``is_over()``."""
        while not is_over():
            self.tend()
            time.sleep(self._rule.look_seconds)

    def _go_on_replacing(self, now: float) -> bool:
        if not self.is_renewing:
            return False
        try:
            if self._at is None:
                self._at = self._to_replace.pop(0)
                self._at.replace(now)
            if not self._at.is_replaced(now):
                return False
            self._at = None
            if not self._to_replace:
                self._tell("done", "")
        except (NotReplaced, OSError) as trouble:
            self._at, self._to_replace = None, []
            self._tell("failed", str(trouble))
        return True

    def _tell(self, state: str, says: str) -> None:
        count = int(self._renewal.get("count", 0)) + (state == "running")
        self._renewal = {"count": count, "state": state, "says": says, "at": report.moment(time.time())}

    def write(self) -> None:
        """Write down how everybody is."""
        self._written = time.monotonic()
        report.write(
            self._data,
            {
                "pid": os.getpid(),
                "began": report.began_at(os.getpid()),
                "at": report.moment(time.time()),
                "renewal": self._renewal,
                "children": [one.row() for one in (*self._others, *self._members)],
            },
        )

    def stop(self, patience: float | None = None) -> None:
        """Ask all to end, wait a little, then end whatever is left, the workers of dead children too."""
        for signal_ in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR2):
            signal.signal(signal_, signal.SIG_IGN)
        all_ = [process for member in self._members for process in member.end()]
        deadline = time.monotonic() + (self._rule.goodbye_seconds if patience is None else patience)
        for process in all_:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.popen.wait(max(0.0, deadline - time.monotonic()))
        for process in all_:
            process.signal_all(signal.SIGKILL)
            process.popen.wait()
