"""Look at every part once and write down what was seen, the worst first."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

import django
from django.db import DatabaseError, connection

from tinhso.config.operations import counters, folder, of_database, of_machine, of_outside, of_processes
from tinhso.config.operations.looking import HOURS, MINUTES, MOST_HOURS, MOST_MINUTES, Look, look
from tinhso.config.operations.parts import ORDER, Part, State

#: What can only be asked of the database; without it each is "not measured", and the database itself is bad.
_BY_DATABASE: Final[Sequence[tuple[str, str, Callable[[Look], Part]]]] = (
    ("sealing", "Niêm phong sổ", of_database.sealing),
    ("jobs", "Việc chạy nền", of_database.jobs),
    ("mail", "Thư và tin nhắn", of_database.mail),
    ("certificates", "Chứng thư", of_outside.certificates),
)


def health(seen: Look, totals: counters.Totals) -> list[Part]:
    """Return every part, the worst first, each with since when it has stood so."""
    parts = [of_processes.web(seen, totals), *_of_database(seen)]
    parts += [
        *of_processes.processes(seen),
        *of_machine.disks(seen),
        of_machine.time_of_machine(seen),
        of_machine.stamps(seen),
        of_outside.backup(seen),
        of_outside.drill(seen),
    ]
    dated = [_dated(part, seen) for part in parts]
    return sorted(dated, key=lambda part: ORDER.index(part.state))


def _of_database(seen: Look) -> list[Part]:
    try:
        parts = [of_database.database(seen)]
    except DatabaseError as error:
        connection.close()
        return [of_database.database_away(error), *(_not_asked(key, name) for key, name, _ in _BY_DATABASE)]
    for key, name, probe in _BY_DATABASE:
        try:
            parts.append(probe(seen))
        except DatabaseError:
            connection.close()
            parts.append(_not_asked(key, name))
    return parts


def _not_asked(key: str, name: str) -> Part:
    return Part(
        key,
        name,
        State.UNKNOWN,
        "Chưa đo được: cơ sở dữ liệu không trả lời",
        todo="Mở lại cơ sở dữ liệu trước.",
        runbook="database-away",
    )


def _dated(part: Part, seen: Look) -> Part:
    is_same = seen.before.states.get(part.key) is part.state
    since = folder.moment(seen.before.since.get(part.key)) if is_same else None
    return part.with_since(since or seen.at)


def document(seen: Look, parts: Sequence[Part]) -> dict[str, Any]:
    """Return what is written to ``health.json`` and printed by ``tinhso health --json``."""
    return {
        "at": seen.at.isoformat(),
        "state": parts[0].state.value if parts else State.UNKNOWN.value,
        "parts": [part.plain() for part in parts],
        "build": build(),
    }


def build() -> dict[str, str]:
    """Return the versions of what runs."""
    try:
        own = version("tinhso")
    except PackageNotFoundError:
        own = "0"
    return {"tinhso": own, "python": platform.python_version(), "django": django.get_version()}


def look_now() -> tuple[Look, list[Part], counters.Totals]:
    """Look at everything once, without writing anything down."""
    seen, totals = look(), counters.peek()
    return seen, health(seen, totals), totals


def look_and_keep() -> tuple[Look, list[Part], counters.Totals, dict[str, Any]]:
    """Look at everything, write ``health.json``, and a sample where a minute or an hour has passed since the last.

    Raises ``OSError`` where the disk has no room: what was seen last stays there.
    """
    seen, totals = look(), counters.totals()
    parts = health(seen, totals)
    told = document(seen, parts)
    told["database"] = _details()
    folder.write(folder.HEALTH, told)
    row = _sample(seen, parts, totals)
    for name, rows, seconds, most in (
        (MINUTES, seen.minutes, 60, MOST_MINUTES),
        (HOURS, seen.hours, 3_600, MOST_HOURS),
    ):
        last = folder.moment(rows[-1].get("at")) if rows else None
        if last is None or (seen.at - last).total_seconds() >= seconds - 1:
            folder.append(name, row, most=most)
    return seen, parts, totals, told


def _details() -> dict[str, Any] | None:
    try:
        return of_database.details() | {"migrations": of_database.migrations()}
    except DatabaseError:
        connection.close()
        return None


def _sample(seen: Look, parts: Sequence[Part], totals: counters.Totals) -> dict[str, Any]:
    by_key = {part.key: part for part in parts}
    row: dict[str, Any] = {"at": seen.at.isoformat(timespec="seconds"), "web": totals.plain()}
    database = by_key["database"].facts
    for name, key in (("database", "bytes"), ("connections", "connections")):
        if key in database:
            row[name] = database[key]
    for key, part in by_key.items():
        if key.startswith("disk_") and "used" in part.facts:
            row[key] = part.facts["used"]
    jobs = by_key["jobs"].facts
    row |= {f"jobs_{name}": jobs[name] for name in ("waiting", "failing", "dead") if name in jobs}
    return row
