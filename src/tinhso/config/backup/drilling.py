"""Restore the newest backup into a side folder, prove it, write down how it went, and clean up."""

from __future__ import annotations

import datetime as dt
import shutil
import time
from pathlib import Path
from typing import Any

from tinhso.config.backup.house import House
from tinhso.config.backup.looking import Seen
from tinhso.config.backup.proving import counted, prove
from tinhso.config.backup.receiving import line_of
from tinhso.config.backup.restoring import NotRestorable, Restored, restore
from tinhso.config.backup.rule import Rule
from tinhso.config.backup.store import Store
from tinhso.config.cluster import Cluster
from tinhso.toolkit.clock import VN
from tinhso.toolkit.words import number

FOLDER = "restore-drill"
_PATIENCE = 60.0


def drill(house: House, store: Store, key: bytes, *, now: dt.datetime, side: Path | None = None) -> dict[str, Any]:
    """Try it; return the document of the operations screen. ``side``: where, in place of the data folder's own place."""
    into = side if side is not None else house.home / FOLDER
    shutil.rmtree(into, ignore_errors=True)
    begun = time.monotonic()
    restored: Restored | None = None
    try:
        with house.connect() as connection:
            before = counted(connection)
            (asked_at,) = connection.execute("select clock_timestamp()").fetchone() or (now,)
        _await(house, store, asked_at)
        restored = restore(store, key, into, None, prove)
        seen = _seen(restored, before)
    except NotRestorable as refused:
        seen = [Seen("restore", False, str(refused))]
    finally:
        _clean(into)
    took = time.monotonic() - begun
    return {
        "at": now.astimezone(VN).isoformat(timespec="seconds"),
        "took_s": round(took, 1),
        "ok": all(one.is_fine for one in seen),
        "findings": [{"name": one.name, "is_fine": one.is_fine, "says": one.says} for one in seen],
        "restore": restored.as_json() if restored is not None else None,
    }


def is_due(last: dt.datetime | None, rule: Rule, now: dt.datetime) -> bool:
    """Say whether to try: after the rule's days at its hour, a day later at any hour."""
    if last is not None and now - last < rule.drill_every - dt.timedelta(hours=12):
        return False
    is_late = last is not None and now - last > rule.drill_every + dt.timedelta(days=1)
    return is_late or now.astimezone(VN).hour == rule.drill_hour


def _await(house: House, store: Store, moment: dt.datetime) -> None:
    """Wait until the log reaches a moment; an archiver that stands still is told by what lacks afterwards."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        line = line_of(house, store)
        reached = line.reached() if line is not None else None
        if reached is not None and reached[0] >= moment:
            return
        time.sleep(0.2)


def _seen(restored: Restored, before: dict[str, int]) -> list[Seen]:
    seen = [Seen("restore", False, one) for one in restored.findings]
    short = [name for name in ("journal_entry", "journal_seal") if restored.rows[name] < before[name]]
    if short:
        seen.append(
            Seen(
                "rows",
                False,
                f"Bản khôi phục thiếu {number(before[short[0]] - restored.rows[short[0]])} dòng của {short[0]} đã có "
                "trước lúc tập. Xem tiến trình tinhso backup run.",
            )
        )
    if not seen:
        entries = restored.journal.get("entries", 0)
        took = round(sum(restored.seconds.values()))
        seen.append(
            Seen(
                "restore",
                True,
                f"Khôi phục được bản sao {restored.base}: {number(restored.rows['dossiers_dossier'])} hồ sơ, "
                f"{number(restored.documents)} giấy tờ, {number(entries)} mục nhật ký, trong {number(took)} giây.",
            )
        )
    return seen + [Seen("restore", True, one) for one in restored.warnings]


def _clean(into: Path) -> None:
    if into.exists():
        cluster = Cluster(into)
        for folder in (into, cluster.data.parent, cluster.run):
            if folder != Path("/") and folder.exists():
                shutil.rmtree(folder, ignore_errors=True)
