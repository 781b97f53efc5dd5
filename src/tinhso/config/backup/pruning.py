"""Remove what is older than the rule keeps, and write down what was removed and what can still be restored."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from typing import Any

from tinhso.config.backup.rule import rule_on
from tinhso.config.backup.store import Base, Store, append, make_folder
from tinhso.toolkit.clock import VN


@dataclass(slots=True)
class Pruned:
    """What went: names of bases, how many segments, documents and small files, how many bytes; and what remains."""

    at: str
    oldest_moment: str | None
    bases: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    segments: int = 0
    documents: int = 0
    small: int = 0
    bytes: int = 0


def prune(store: Store, *, now: dt.datetime, named: Collection[str] | None) -> Pruned:
    """Remove what is too old. ``named``: the documents that the database names now; None: leave documents alone.

    Every moment within the rule's days can be restored afterwards, and the first base backup of each of the rule's
    weeks. The newest base backup and its log always stay. A document goes when no kept base backup can name it.
    """
    bases = store.bases()
    kept, since = _kept(bases, now)
    pruned = Pruned(now.isoformat(), since.isoformat() if since else None, kept=[one.name for one in kept])
    if not kept or since is None:
        return pruned
    for base in bases:
        if base not in kept:
            pruned.bytes += sum(path.stat().st_size for path in base.path.iterdir())
            shutil.rmtree(base.path)
            pruned.bases.append(base.name)
    _segments(store, kept, since, pruned)
    first = min(one.began_at for one in kept)
    _small(store, kept[0].name, pruned)
    if named is not None:
        for digest, gone in store.gone_since().items():
            place = store.place_of(digest)
            if gone < first and digest not in named and place.exists():
                pruned.bytes += place.stat().st_size
                place.unlink()
                pruned.documents += 1
    if pruned.bases or pruned.segments or pruned.documents or pruned.small:
        make_folder(store.path)
        append(store.prunes, [_row(pruned)])
    return pruned


def _row(pruned: Pruned) -> dict[str, Any]:
    return asdict(pruned)


def _kept(bases: list[Base], now: dt.datetime) -> tuple[list[Base], dt.datetime | None]:
    """Return the base backups that stay, and the moment from which on everything can be restored."""
    if not bases:
        return [], None
    rule = rule_on(now.astimezone(VN).date())
    before = [one for one in bases if one.ended_at <= now - rule.keep]
    anchor = before[-1] if before else bases[0]
    kept, weeks = [], set()
    for one in bases:
        week = one.ended_at.isocalendar()[:2]
        is_first = week not in weeks and one.ended_at >= now - rule.keep_weekly
        weeks.add(week)
        if one.ended_at >= anchor.ended_at or is_first or one is bases[-1]:
            kept.append(one)
    return kept, anchor.ended_at


def _segments(store: Store, kept: list[Base], since: dt.datetime, pruned: Pruned) -> None:
    """Remove segments that no kept base needs: after the anchor all stay, before it only those of the base itself."""
    newest = store.lines()[-1:]
    for line in store.lines():
        own = [one for one in kept if one.line == line.name]
        following = [one.needs.start for one in own if one.ended_at >= since]
        alone = {number for one in own if one.ended_at < since for number in one.needs}
        is_current = bool(newest) and line.name == newest[0].name
        for segment in line.finished():
            if (following and segment.number >= min(following)) or segment.number in alone:
                continue
            if is_current and not following:
                continue
            place = line.place_of(segment)
            pruned.bytes += place.stat().st_size
            place.unlink()
            pruned.segments += 1
        if not own and not is_current:
            shutil.rmtree(line.path)


def _small(store: Store, first: str, pruned: Pruned) -> None:
    """Remove copies of small files that are older than the one before the oldest base."""
    older = [path for path in sorted(store.small.glob("[0-9]*")) if path.name <= first]
    for path in older[:-1]:
        pruned.bytes += path.stat().st_size
        path.unlink()
        pruned.small += 1
