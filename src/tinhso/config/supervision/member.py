"""One process under watch: it is started, started again after it died, and replaced."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tinhso.config.supervision.child import BESIDE, LISTEN_FD, READY_FD, Child, last_line, spawn, trim
from tinhso.config.supervision.report import moment
from tinhso.config.supervision.rule import Rule, Waits

HOUR: Final = 3600.0
#: Within this time an old web server stops taking people, in seconds.
_HEARS: Final = 0.1
#: How many processes of a web server report that they are ready (`granian_web.WORKERS`).
READY: Final = 2


class Process:
    """A started process, since when it runs, and what it reports."""

    def __init__(self, popen: subprocess.Popen[bytes], reports: int | None, turn: int | None = None) -> None:
        """Keep the process, the descriptor on which it says that it is ready, and the one that holds it back."""
        self.popen, self._reports, self._turn = popen, reports, turn
        self.since, self.begun, self._ready = time.time(), time.monotonic(), 0
        self.deadline = 0.0

    @property
    def is_dead(self) -> bool:
        """Tell whether it has ended."""
        return self.popen.poll() is not None

    def is_ready(self) -> bool:
        """Tell whether all its parts have said that they are ready."""
        if self._reports is not None:
            with contextlib.suppress(BlockingIOError):
                self._ready += len(os.read(self._reports, 64))
            if self._ready >= READY:
                self.forget()
        return self._ready >= READY

    def forget(self) -> None:
        """Stop listening to its reports."""
        if self._reports is not None:
            os.close(self._reports)
            self._reports = None

    def begin(self) -> None:
        """Let it take people, where it was held back."""
        if self._turn is not None:
            os.close(self._turn)
            self._turn = None

    def signal_all(self, signal_: signal.Signals) -> None:
        """Signal the process and all it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal_)


class Member:
    """A child of the family and the process that runs for it now; moments in ``now`` are monotonic seconds."""

    def __init__(
        self, child: Child, logs: Path | None, folder: Path | None, rule: Rule, listener: socket.socket | None
    ) -> None:
        """Start nothing yet."""
        self.child, self._folder, self._rule = child, folder, rule
        self.log = logs / f"{child.name}.log" if logs else None
        self._listener = listener if child.listens else None
        self._waits = Waits(rule)
        self.process: Process | None = None
        self.coming: Process | None = None
        self.leaving: list[Process] = []
        self.next_at: float | None = None
        self.restarts: list[float] = []
        self.last_exit: int | None = None
        self.last_line = ""
        self._is_replaced = False

    def start(self, *, beside: bool = False) -> Process:
        """Start a process for this child. Raises ``OSError`` where the machine refuses."""
        self.trim()
        if self._listener is None:
            found = Process(spawn(self.child, self.log, folder=self._folder, more={}), None)
        else:
            found = self._start_listening(self._listener.fileno(), beside=beside)
        if beside:
            self.coming = found
        else:
            self.process, self.next_at = found, None
        return found

    def _start_listening(self, listener: int, *, beside: bool) -> Process:
        """Start a web server on the socket; it reports on one pipe, and beside another it is held back by a second."""
        reads, writes = os.pipe()
        os.set_blocking(reads, False)
        held, turn = os.pipe() if beside else (None, None)
        given = [listener, writes, *([] if held is None else [held])]
        more = {
            LISTEN_FD: str(listener),
            READY_FD: str(writes),
            **({} if held is None else {BESIDE: str(held)}),
        }
        try:
            popen = spawn(self.child, self.log, folder=self._folder, more=more, descriptors=given)
        except BaseException:
            for descriptor in (reads, turn):
                if descriptor is not None:
                    os.close(descriptor)
            raise
        finally:
            for descriptor in (writes, held):
                if descriptor is not None:
                    os.close(descriptor)
        return Process(popen, reads, turn)

    def trim(self) -> None:
        """Keep its log from growing without end."""
        if self.log is not None:
            trim(self.log, self._rule.log_may_hold)

    def said(self) -> str:
        """Return what it said last, where that is kept here."""
        return last_line(self.log) if self.log is not None else ""

    def tend(self, now: float) -> bool:
        """Start it again where it died and its wait is over; tell whether anything changed."""
        changed = self._see_off(now)
        if self.process is not None and self.process.is_dead:
            self._note_death(now)
            changed = True
        if self.process is None and self.next_at is not None and now >= self.next_at:
            changed = True
            try:
                self.start()
                if not self._is_replaced:
                    self.restarts.append(time.time())
            except OSError as error:
                self.last_line = f"{error.strerror}"
                self.next_at = now + self._waits.after(0.0)
        self.restarts = [one for one in self.restarts if one > time.time() - HOUR]
        return changed

    def _note_death(self, now: float) -> None:
        process = self.process
        assert process is not None
        self.last_exit, self.last_line = process.popen.returncode, self.said()
        process.forget()
        process.signal_all(signal.SIGTERM)
        process.deadline = now + self._rule.goodbye_seconds
        self.leaving.append(process)
        self.process = None
        # Asked to end so that a new one takes its place: no wait, and no restart to be counted.
        self.next_at = now + (0.0 if self._is_replaced else self._waits.after(now - process.begun))

    def _see_off(self, now: float) -> bool:
        """End for good whoever was asked to and whatever dead processes left behind."""
        gone = []
        for process in self.leaving:
            if process.is_dead and not _lives(process.popen.pid):
                gone.append(process)
            elif now >= process.deadline:
                process.signal_all(signal.SIGKILL)
                process.popen.wait()
                gone.append(process)
        self.leaving = [one for one in self.leaving if one not in gone]
        return bool(gone)

    def replace(self, now: float) -> None:
        """Begin to put a new process in the place of the running one."""
        self._is_replaced = True
        if self._listener is not None:
            self.start(beside=True).deadline = now + self._rule.ready_seconds
        elif self.process is not None:
            self.process.popen.terminate()
            self.process.deadline = now + self._rule.finish_seconds
        else:
            self.next_at = now

    def is_replaced(self, now: float) -> bool:
        """Go on with the replacement; tell whether it is over. Raises ``NotReplaced`` where the new one is no good."""
        done = self._hand_over(now) if self._listener is not None else self._begin_anew(now)
        self._is_replaced = not done
        return done

    def _hand_over(self, now: float) -> bool:
        coming = self.coming
        assert coming is not None
        if coming.is_ready():
            old, self.process, self.coming, self.next_at = self.process, coming, None, None
            if old is not None:
                old.forget()
                old.popen.send_signal(signal.SIGUSR1)
                old.deadline = now + self._rule.finish_seconds + self._rule.goodbye_seconds
                self.leaving.append(old)
                time.sleep(_HEARS)
            coming.begin()
            return True
        if coming.is_dead or now >= coming.deadline:
            self.coming, self._is_replaced = None, False
            coming.forget()
            coming.begin()
            coming.signal_all(signal.SIGKILL)
            coming.popen.wait()
            raise NotReplaced(self.child, self.said())
        return False

    def _begin_anew(self, now: float) -> bool:
        if self.process is None:
            return False
        if not self.process.deadline:
            return True
        if now >= self.process.deadline:
            self.process.signal_all(signal.SIGKILL)
        return False

    def end(self) -> list[Process]:
        """Ask everything to end; return what to wait for."""
        all_ = [one for one in (self.process, self.coming, *self.leaving) if one is not None]
        for one in all_:
            one.forget()
            one.begin()
            if not one.is_dead:
                one.popen.terminate()
        return all_

    def row(self) -> Mapping[str, Any]:
        """Return how it is, for the operations screen; ``restarts`` are those of the last hour."""
        return {
            "name": self.child.name,
            "says": self.child.says,
            "pid": self.process.popen.pid if self.process else None,
            "since": moment(self.process.since) if self.process else None,
            "state": "running" if self.process else "waiting",
            "restarts": len(self.restarts),
            "last_restart": moment(self.restarts[-1]) if self.restarts else None,
            "last_exit": self.last_exit,
            "last_line": self.last_line,
        }


class NotReplaced(Exception):
    """The new process does not work; the old one stays. Says so in Vietnamese."""

    def __init__(self, child: Child, line: str) -> None:
        """Keep which, and what it said last."""
        super().__init__(f"{child.says}: bản mới không chạy được, bản cũ vẫn phục vụ. Dòng cuối: {line}")


def _lives(group: int) -> bool:
    """Say whether any process of a group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
