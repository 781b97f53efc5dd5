"""What an upgrade has done so far: `<data>/ops/upgrade.json`, so that a killed one is seen and goes on."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

PLACE: Final = Path("ops/upgrade.json")
_LOCK: Final = Path("ops/upgrade.lock")


class Phase(StrEnum):
    """How far it is; in this order."""

    BEGUN = "begun"
    BACKED_UP = "backed-up"
    MADE = "made"
    PREPARED = "prepared"
    SWITCHED = "switched"
    DONE = "done"
    FAILED = "failed"
    BACK = "back"


_ORDER: Final = (Phase.BEGUN, Phase.BACKED_UP, Phase.MADE, Phase.PREPARED, Phase.SWITCHED, Phase.DONE)
#: Phases after which nothing is to be gone on with.
ENDED: Final = frozenset({Phase.DONE, Phase.BACK})


@dataclass(slots=True)
class Progress:
    """One upgrade: releases by their folders, phase reached, steps with seconds, and why it failed."""

    before: str
    after: str
    phase: Phase = Phase.BEGUN
    reached: Phase = Phase.BEGUN
    began: str = ""
    backup: str = ""
    said: str = ""
    steps: list[dict[str, Any]] = field(default_factory=list)

    def has(self, phase: Phase) -> bool:
        """Tell whether a phase was reached, in this run or one that was killed or failed."""
        return _ORDER.index(self.reached) >= _ORDER.index(phase)

    def reach(self, phase: Phase) -> None:
        """Note a phase."""
        self.phase = phase
        if phase in _ORDER:
            self.reached = phase


def begin(before: str, after: str, found: Progress | None, now: dt.datetime) -> Progress:
    """Return the upgrade to go on with: one to the same release that did not end, else a new one."""
    if found is not None and found.phase not in ENDED and (found.before, found.after) == (before, after):
        found.said = ""
        return found
    return Progress(before, after, began=now.astimezone().isoformat(timespec="seconds"))


def read(data: Path) -> Progress | None:
    """Return the last upgrade, or None."""
    try:
        found = json.loads((data / PLACE).read_text(encoding="utf-8"))
        return Progress(**{**found, "phase": Phase(found["phase"]), "reached": Phase(found["reached"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def write(data: Path, progress: Progress) -> None:
    """Replace the file whole."""
    file = data / PLACE
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = file.with_name(f".{file.name}.{os.getpid()}")
    half.write_text(json.dumps(asdict(progress), ensure_ascii=False), encoding="utf-8")
    if file.exists():
        stat = file.stat()
        with contextlib.suppress(PermissionError):
            os.chown(half, stat.st_uid, stat.st_gid)
    half.replace(file)


@contextlib.contextmanager
def alone(data: Path) -> Iterator[bool]:
    """Hold the right to upgrade these data; yield whether nobody else has it."""
    place = data / _LOCK
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with place.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
