"""Keep what is seen of the running house in `<data>/ops`: small JSON files, replaced whole, read by screen and commands."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from tinhso.toolkit.clock import VN

NAME: Final = "ops"
HEALTH: Final = "health.json"
CHILDREN: Final = "children.json"
BACKUP: Final = "backup.json"
DRILL: Final = "restore-drill.json"
DRILLS: Final = "restore-drills.jsonl"
ERRORS: Final = "errors.jsonl"
#: Marks of the deliveries that workers are at (``journal.api.Bookmark``).
AT: Final = "at"


def folder() -> Path:
    """Return the folder, made where it lacks; only this account may enter."""
    found = Path(settings.TINHSO_DATA) / NAME
    found.mkdir(parents=True, exist_ok=True, mode=0o700)
    return found


def now() -> dt.datetime:
    """Return the machine's moment in Vietnam's time zone: whoever keeps the house goes by it, never by the demo's clock."""
    return dt.datetime.now(VN)


def read(name: str) -> dict[str, Any] | None:
    """Return a small file's content, or None where it is not there or not whole."""
    try:
        found = json.loads((folder() / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def write(name: str, content: Mapping[str, Any]) -> None:
    """Replace a small file whole. Raises ``OSError`` where there is no space."""
    file = folder() / name
    half = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with os.fdopen(
            os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as out:
            json.dump(content, out, ensure_ascii=False, default=_plain)
        half.replace(file)
    finally:
        with contextlib.suppress(OSError):
            half.unlink(missing_ok=True)


def append(name: str, content: Mapping[str, Any], *, most: int) -> None:
    """Add one line; a file above ``most`` bytes is set aside as ``.old`` first, so that at most two remain."""
    file = folder() / name
    with contextlib.suppress(OSError):
        if file.stat().st_size > most:
            file.replace(file.with_name(file.name + ".old"))
    line = json.dumps(content, ensure_ascii=False, default=_plain) + "\n"
    out = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(out, line.encode())
    finally:
        os.close(out)


def lines(name: str, *, last: int) -> list[dict[str, Any]]:
    """Return the last lines of a file and of the one set aside before it, the oldest first; broken lines are left out."""
    file = folder() / name
    found: list[dict[str, Any]] = []
    for one in (file.with_name(file.name + ".old"), file):
        with contextlib.suppress(OSError):
            for line in one.read_text(encoding="utf-8", errors="replace").splitlines():
                with contextlib.suppress(ValueError):
                    value = json.loads(line)
                    if isinstance(value, dict):
                        found.append(value)
    return found[-last:]


def moment(text: object) -> dt.datetime | None:
    """Return a moment that was written down, in Vietnam's time zone, or None."""
    with contextlib.suppress(TypeError, ValueError):
        found = dt.datetime.fromisoformat(str(text))
        return (found if found.tzinfo else found.replace(tzinfo=VN)).astimezone(VN)
    return None


def _plain(value: object) -> object:
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    raise TypeError(type(value).__name__)
