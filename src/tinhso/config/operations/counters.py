"""Count requests: each web process keeps its own small file, the watcher adds them up.

A file holds sums since the process began, by class of status and by how long the answer took; no address, no person.
Sums of processes that are gone are kept in one file, so that a total never falls.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, Final, Self

from tinhso.config.operations import folder

NAME: Final = "metrics"
GONE: Final = "gone.json"
EVERY: Final = 5.0
CLASSES: Final = ("1xx", "2xx", "3xx", "4xx", "5xx")
#: Upper bounds in seconds; what took longer stands in the last.
BOUNDS: Final = (0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


@dataclass(slots=True)
class Totals:
    """Sums: answers by class, answers by bucket (not added up), seconds altogether."""

    classes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(CLASSES, 0))
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0

    @classmethod
    def of(cls, plain: Mapping[str, Any] | None) -> Self:
        """Read what was written; nothing, or another shape, is zero."""
        if not plain or len(plain.get("buckets", [])) != len(BOUNDS) + 1:
            return cls()
        classes = {name: int(plain["classes"].get(name, 0)) for name in CLASSES}
        return cls(classes, [int(one) for one in plain["buckets"]], float(plain["seconds"]))

    def plain(self) -> dict[str, Any]:
        """Return plain values for a file."""
        return {"classes": self.classes, "buckets": self.buckets, "seconds": round(self.seconds, 4)}

    def note(self, status: int, seconds: float) -> None:
        """Count one answer."""
        self.classes[CLASSES[min(max(status // 100, 1), 5) - 1]] += 1
        self.buckets[next((i for i, bound in enumerate(BOUNDS) if seconds <= bound), len(BOUNDS))] += 1
        self.seconds += seconds

    def add(self, other: Totals) -> None:
        """Add another process's sums."""
        for name in CLASSES:
            self.classes[name] += other.classes[name]
        self.buckets = [one + two for one, two in zip(self.buckets, other.buckets, strict=True)]
        self.seconds += other.seconds

    def since(self, before: Totals) -> Totals:
        """Return what came after ``before``; from zero where the sums began anew."""
        if self.count < before.count:
            return self
        return Totals(
            {name: self.classes[name] - before.classes[name] for name in CLASSES},
            [one - two for one, two in zip(self.buckets, before.buckets, strict=True)],
            self.seconds - before.seconds,
        )

    @property
    def count(self) -> int:
        """Return how many answers were given."""
        return sum(self.buckets)

    @property
    def failed_percent(self) -> float:
        """Return which share of the answers was a failure of ours."""
        return 100 * self.classes["5xx"] / self.count if self.count else 0.0

    def quantile(self, share: float) -> float | None:
        """Return the bound below which a share of the answers lies, in seconds; None without answers."""
        passed, wanted = 0, share * self.count
        for bound, n in zip((*BOUNDS, BOUNDS[-1]), self.buckets, strict=True):
            passed += n
            if passed >= wanted and passed:
                return bound
        return None


class Counter:
    """The sums of this process; a lock on its file says that the process lives."""

    def __init__(self) -> None:
        """Begin at zero; nothing is written yet."""
        self._totals = Totals()
        self._lock = Lock()
        self._handle: int | None = None

    def note(self, status: int, seconds: float) -> None:
        """Count one answer."""
        with self._lock:
            self._totals.note(status, seconds)

    def write(self) -> None:
        """Write the sums; a disk without room costs the figures of some seconds and nothing else."""
        with self._lock:
            text = json.dumps(self._totals.plain())
        with contextlib.suppress(OSError):
            if self._handle is None:
                place = _folder() / f"web-{os.getpid()}.json"
                self._handle = os.open(place, os.O_RDWR | os.O_CREAT, 0o600)
                fcntl.flock(self._handle, fcntl.LOCK_EX)
            os.pwrite(self._handle, text.ljust(512).encode("ascii"), 0)

    def keep_writing(self) -> None:
        """Write every few seconds in a thread of its own, and at the end of the process."""
        ended = Event()

        def write() -> None:
            while not ended.wait(EVERY):
                self.write()

        Thread(target=write, name="request-counts", daemon=True).start()
        atexit.register(self.write)


def _folder() -> Path:
    found = folder.folder() / NAME
    found.mkdir(exist_ok=True, mode=0o700)
    return found


def peek() -> Totals:
    """Add up what all processes wrote, and leave the files as they are."""
    total = Totals()
    for file in sorted(_folder().glob("*.json")):
        total.add(_read(file))
    return total


def totals() -> Totals:
    """Add up what all processes wrote; the sums of those that are gone are put together. Called by the watcher alone."""
    place = _folder()
    gone = _read(place / GONE)
    total = Totals()
    for file in sorted(place.glob("web-*.json")):
        is_left = _is_left(file)
        sums = _read(file)
        if is_left:
            gone.add(sums)
            folder.write(f"{NAME}/{GONE}", gone.plain())
            file.unlink(missing_ok=True)
        else:
            total.add(sums)
    total.add(gone)
    return total


def _read(file: Path) -> Totals:
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        return Totals.of(json.loads(file.read_text(encoding="ascii")))
    return Totals()


def _is_left(file: Path) -> bool:
    try:
        with file.open("r+b") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return False
    return True
