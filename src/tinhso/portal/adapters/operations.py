"""Read what the watcher wrote of the running house (`<data>/ops`): findings, errors, backups. Nothing is asked anew."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from tinhso.toolkit.clock import VN

#: How old the last look may be where the document does not say so, in seconds.
_STALE = 120


class Facts(dict[str, Any]):
    """What was measured of a part; what was not is None, so that a page shows a dash."""

    def __missing__(self, _key: str) -> None:
        """Return None."""
        return


@dataclass(frozen=True, slots=True)
class Health:
    """What the last look saw. ``at`` NULL: nobody has looked yet."""

    at: dt.datetime | None
    parts: list[dict[str, Any]]
    database: dict[str, Any]
    build: dict[str, str]
    is_stale: bool

    def part(self, key: str) -> dict[str, Any]:
        """Return one part; without facts where it was not looked at."""
        return next((one for one in self.parts if one["key"] == key), {"key": key, "facts": Facts()})

    def count(self, *states: str) -> int:
        """Return how many parts stand so."""
        return sum(one["state"] in states for one in self.parts)


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of error in one place: how often, when last, and the ids of the requests that met it, the newest first."""

    kind: str
    where: str
    view: str
    process: str
    count: int
    last: dt.datetime | None
    requests: list[str] = field(default_factory=list)


@cache
def words() -> Mapping[str, Any]:
    """Return the words of the operations pages."""
    text = files("tinhso.portal").joinpath("data/operations.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


def health(folder: Path, now: dt.datetime) -> Health:
    """Return what the last look saw, or that nobody looked; ``folder`` is `<data>/ops`, ``now`` the machine's moment."""
    document = _document(folder / "health.json") or {}
    at = moment(document.get("at"))
    parts = [
        {**one, "since": moment(one.get("since")), "facts": Facts(one.get("facts", {}))}
        for one in document.get("parts", [])
    ]
    is_stale = at is None or (now - at).total_seconds() > _STALE
    return Health(at, parts, document.get("database") or {}, document.get("build") or {}, is_stale)


def faults(folder: Path, now: dt.datetime, *, hours: float = 24, requests: int = 5) -> list[Fault]:
    """Return the errors of the last hours by kind and place, the most frequent first."""
    since = now - dt.timedelta(hours=hours)
    counts: Counter[tuple[str, str, str, str]] = Counter()
    last: dict[tuple[str, str, str, str], dt.datetime] = {}
    ids: dict[tuple[str, str, str, str], list[str]] = {}
    for row in _lines(folder / "errors.jsonl"):
        at = moment(row.get("at"))
        if at is None or at < since:
            continue
        key = (
            str(row.get("kind", "")),
            str(row.get("where", "")),
            str(row.get("view", "")),
            str(row.get("process", "")),
        )
        counts[key] += 1
        last[key] = at
        if row.get("request"):
            ids.setdefault(key, []).insert(0, str(row["request"]))
    return [
        Fault(*key, count=n, last=last[key], requests=ids.get(key, [])[:requests])
        for key, n in counts.most_common()
    ]


def backup(folder: Path) -> dict[str, Any] | None:
    """Return what `tinhso backup check` said last, or None."""
    return _dated(_document(folder / "backup.json"))


def drills(folder: Path) -> list[dict[str, Any]]:
    """Return the restore drills that are known, the newest first."""
    rows = _lines(folder / "restore-drills.jsonl")[-10:]
    latest = _document(folder / "restore-drill.json")
    if latest is not None and all(row.get("at") != latest.get("at") for row in rows):
        rows.append(latest)
    found = [one for one in map(_dated, rows) if one is not None and one["at"] is not None]
    return sorted(found, key=lambda one: one["at"], reverse=True)


def moment(text: object) -> dt.datetime | None:
    """Return a moment that was written down, in Vietnam's time zone, or None."""
    with contextlib.suppress(TypeError, ValueError):
        found = dt.datetime.fromisoformat(str(text))
        return (found if found.tzinfo else found.replace(tzinfo=VN)).astimezone(VN)
    return None


def _dated(row: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if row is None else {**row, "at": moment(row.get("at"))}


def _document(file: Path) -> dict[str, Any] | None:
    with contextlib.suppress(OSError, ValueError):
        found = json.loads(file.read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else None
    return None


def _lines(file: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for one in (file.with_name(f"{file.name}.old"), file):
        with contextlib.suppress(OSError):
            for line in one.read_text(encoding="utf-8", errors="replace").splitlines():
                with contextlib.suppress(ValueError):
                    value = json.loads(line)
                    if isinstance(value, dict):
                        found.append(value)
    return found
