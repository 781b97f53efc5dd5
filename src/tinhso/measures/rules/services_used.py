"""Which services online have dossiers: in the period at all, or in every whole month of it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

from tinhso.measures.rules import last_day_of, month_after


class UseOutcome(StrEnum):
    """What a service is under a rule; ``TOO_NEW`` is an exclusion."""

    USED = "used"
    UNUSED = "unused"
    TOO_NEW = "less_than_a_month"


#: Exclusions as they are told.
EXCLUSION_WORDS = {UseOutcome.TOO_NEW: "chưa đủ một tháng"}


@dataclass(frozen=True, slots=True)
class UseRule:
    """One version of one rule. ``each``: period or month; ``least``: how many dossiers in each."""

    key: str
    version: str
    name: str
    explained: str
    each: str
    least: int
    effective_from: dt.date
    source: str
    source_text: str
    is_verified: bool

    @property
    def source_hash(self) -> str:
        """Return the SHA-256 of the source's text."""
        return sha256(self.source_text.encode()).hexdigest()

    def outcome(
        self, received: int, by_month: Mapping[dt.date, int], wanted: Sequence[dt.date]
    ) -> UseOutcome:
        """Judge a service by what it received, in all and in the months in which it should have some."""
        if self.each == "period":
            return UseOutcome.USED if received >= self.least else UseOutcome.UNUSED
        if not wanted:
            return UseOutcome.TOO_NEW
        return (
            UseOutcome.USED
            if all(by_month.get(month, 0) >= self.least for month in wanted)
            else UseOutcome.UNUSED
        )


def use_rules(document: Mapping[str, Any]) -> dict[str, UseRule]:
    """Return the rules from their data, by version, the latest last."""
    found = (
        UseRule(
            key=said["rule"],
            version=said["version"],
            name=said["name"],
            explained=said["explained"],
            each=said["each"],
            least=said["least"],
            effective_from=dt.date.fromisoformat(said["effective_from"]),
            source=said["source"],
            source_text=said["source_text"],
            is_verified=said["is_verified"],
        )
        for said in document["rules"]
    )
    return {one.version: one for one in sorted(found, key=lambda one: one.effective_from)}


def whole_months(first: dt.date, last: dt.date) -> list[dt.date]:
    """Return the months all of whose days lie in the period, by their first days."""
    month = first if first.day == 1 else month_after(first)
    months = []
    while last_day_of(month) <= last:
        months.append(month)
        month = month_after(month)
    return months


def wanted_months(months: Sequence[dt.date], since: dt.date) -> tuple[dt.date, ...]:
    """Return the months in which a service online since a day should have dossiers: from its first whole month."""
    return tuple(month for month in months if month >= since)
