"""Write down how the processes are, for the operations screen: `<data>/ops/children.json`, replaced whole."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

PLACE: Final = Path("ops/children.json")


def write(data: Path, content: Mapping[str, Any]) -> bool:
    """Replace the file; tell whether it could be written. A full disk must not end who watches over the processes."""
    file = data / PLACE
    half = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with os.fdopen(
                os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
            ) as out:
                json.dump(content, out, ensure_ascii=False)
            half.replace(file)
        finally:
            with contextlib.suppress(OSError):
                half.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def read(data: Path) -> dict[str, Any]:
    """Return what the supervisor of these data wrote, or an empty mapping where none is alive."""
    try:
        found = json.loads((data / PLACE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict) or not is_alive(found.get("pid"), found.get("began")):
        return {}
    return found


def is_alive(pid: object, began: object) -> bool:
    """Say whether the process that wrote the file still lives, and is no other that was given its number."""
    return isinstance(pid, int) and began_at(pid) == began


def began_at(pid: int) -> int | None:
    """Return when a process began, in ticks since the machine did; None where it is gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
    except (OSError, ValueError, IndexError):
        return None


def moment(seconds: float | None) -> str | None:
    """Return a moment of the machine's time as text."""
    return (
        None
        if seconds is None
        else dt.datetime.fromtimestamp(seconds).astimezone().isoformat(timespec="seconds")
    )
