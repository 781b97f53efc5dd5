"""Free what a killed or stuck worker left: a worker marks in a file which delivery it is at.

A worker that dies leaves nothing in the database: its lock and its work are gone with its connection, and the
delivery is due again. But nothing would be counted either, so a delivery that kills its worker would kill every
worker after it, for ever, and nothing behind it would be heard. The mark outlives the worker: whoever finds the mark
of a dead one counts the failure, and after the eighth the delivery is dead and waits for a person.
"""

import contextlib
import fcntl
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from django.utils.translation import gettext as _

from tinhso.journal.services.deliver import count_death

_WIDTH: Final = 40
#: How long a killed worker may take to let go of its mark, in seconds.
_PATIENCE: Final = 5.0


@dataclass(frozen=True, slots=True)
class AtWork:
    """What one worker is at: ``delivery_id`` None is nothing, ``seconds`` for how long."""

    pid: int
    delivery_id: int | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Rescued:
    """A delivery that a dead worker left; ``was_stuck`` when the worker was alive and had to be ended first."""

    delivery_id: int
    was_stuck: bool


class Bookmark:
    """The mark of one worker; its lock is held as long as the worker lives, however it ends."""

    def __init__(self, folder: Path) -> None:
        """Make the mark of this process in ``folder``."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = folder / str(os.getpid())
        self._open = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._open, fcntl.LOCK_EX)
        self.at(None)

    def at(self, delivery_id: int | None) -> None:
        """Note which delivery is begun, or that none is."""
        text = f"{delivery_id or 0} {time.time():.3f}"
        os.pwrite(self._open, text.ljust(_WIDTH).encode("ascii"), 0)

    def close(self) -> None:
        """Take the mark away: the worker ends as it should."""
        self._file.unlink(missing_ok=True)
        os.close(self._open)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_why: object) -> None:
        """Close."""
        self.close()


def at_work(folder: Path) -> list[AtWork]:
    """Return what the living workers are at."""
    found = []
    for file in _marks(folder):
        with _opened(file) as handle:
            if handle is None or _is_left(handle):
                continue
            delivery_id, begun = _read(handle)
            found.append(AtWork(int(file.name), delivery_id, max(0.0, time.time() - begun)))
    return found


def rescue(folder: Path, *, stalled_after: float | None = None) -> list[Rescued]:
    """Count a failure for each delivery that a dead worker was at, and return them.

    ``stalled_after``: end a living worker that has been at one delivery for so many seconds of real time (a listener
    may take no longer than a transaction, 30 s, so one that does is stuck outside the database); the supervisor
    starts another. Raises what the database says when it cannot be reached; the marks stay then.
    """
    found = []
    for file in _marks(folder):
        was_stuck = False
        with _opened(file) as handle:
            if handle is None:
                continue
            if not _is_left(handle):
                delivery_id, begun = _read(handle)
                is_stuck = delivery_id is not None and stalled_after is not None
                if not is_stuck or time.time() - begun < (stalled_after or 0.0):
                    continue
                was_stuck = True
                if not _ended(int(file.name), handle):
                    continue
            delivery_id, _begun = _read(handle)
            if delivery_id is not None and count_death(delivery_id, _why(was_stuck=was_stuck)):
                found.append(Rescued(delivery_id, was_stuck))
            file.unlink(missing_ok=True)
    return found


def _why(*, was_stuck: bool) -> str:
    if was_stuck:
        return _("Tiến trình làm việc này đứng mãi nên đã bị dừng.")
    return _("Tiến trình đang làm việc này đã chết giữa chừng.")


def _marks(folder: Path) -> list[Path]:
    return sorted(file for file in folder.glob("*") if file.name.isdigit()) if folder.exists() else []


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[int | None]:
    try:
        handle = os.open(file, os.O_RDWR)
    except FileNotFoundError:
        yield None
        return
    try:
        yield handle
    finally:
        os.close(handle)


def _is_left(handle: int) -> bool:
    """Take the lock where nobody holds it: only a living worker does."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(handle: int) -> tuple[int | None, float]:
    words = os.pread(handle, _WIDTH, 0).decode("ascii", errors="replace").split()
    if len(words) != 2 or not words[0].isdigit():
        return None, time.time()
    return int(words[0]) or None, float(words[1])


def _ended(pid: int, handle: int) -> bool:
    """End the worker that holds the mark; its lock proves that the number is still its own."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if _is_left(handle):
            return True
        time.sleep(0.05)
    return False
