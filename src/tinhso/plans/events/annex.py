"""What is announced of annexes that come from files."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnnexImported:
    """The annex of a plan was replaced by a file: rows now, and rows added, removed and changed."""

    plan: int
    rows: int
    added: int
    removed: int
    changed: int
