"""Points of agencies: weighted parts with numerator and denominator, each of which anybody can redo. Pure.

A part without a denominator is left out and its weight goes to the others in proportion, so that an agency is judged
by what there is to judge. Points of a part = weight ÷ sum of the weights that count × 100 × numerator ÷ denominator,
rounded to two places (half up); the score is the sum of these rounded points.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any, Final

CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the ranking. ``weight``: points of 100. ``above``, ``below``: what is counted, in words."""

    key: str
    label: str
    weight: int
    above: str
    below: str
    missing: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the ranking. ``least_parts``: fewer parts than that give no rank. ``groups``: key → words."""

    version: str
    name: str
    effective_from: dt.date
    effective_to: dt.date | None
    source: str
    is_verified: bool
    least_parts: int
    groups: Mapping[str, str]
    parts: tuple[Part, ...]

    def in_force(self, on: dt.date) -> bool:
        """Say whether the version is in force on a day."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)


@dataclass(frozen=True, slots=True)
class Scored:
    """A part that counts: ``share`` is its weight among those that count, of 100; ``points`` of that share."""

    part: Part
    numerator: int
    denominator: int
    share: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True)
class Score:
    """The score of an agency of 100, its parts in order, and the parts that were left out."""

    total: Decimal
    parts: tuple[Scored, ...]
    missing: tuple[Part, ...]
    is_enough: bool


def versions_of(document: Mapping[str, Any]) -> tuple[Version, ...]:
    """Read ``data/ranking.json``."""
    return tuple(
        Version(
            one["version"],
            one["name"],
            dt.date.fromisoformat(one["effective_from"]),
            dt.date.fromisoformat(one["effective_to"]) if one["effective_to"] else None,
            one["source"],
            one["is_verified"],
            one["least_parts"],
            {group["key"]: group["label"] for group in one["groups"]},
            tuple(
                Part(p["key"], p["label"], p["weight"], p["above"], p["below"], p["missing"])
                for p in one["parts"]
            ),
        )
        for one in document["versions"]
    )


def score(version: Version, counts: Mapping[str, tuple[int, int]]) -> Score:
    """Return the score of an agency from (numerator, denominator) by part; no entry or denominator 0: left out."""
    counted = [part for part in version.parts if counts.get(part.key, (0, 0))[1] > 0]
    whole = sum(part.weight for part in counted)
    scored = tuple(
        Scored(
            part,
            *counts[part.key],
            _rounded(Fraction(100 * part.weight, whole)),
            _rounded(Fraction(100 * part.weight * counts[part.key][0], whole * counts[part.key][1])),
        )
        for part in counted
    )
    missing = tuple(part for part in version.parts if part not in counted)
    total = sum((one.points for one in scored), Decimal(0))
    return Score(total, scored, missing, len(scored) >= version.least_parts)


def _rounded(value: Fraction) -> Decimal:
    return Decimal(floor(100 * value + Fraction(1, 2))) * CENT


def ranks(totals: Sequence[Decimal]) -> list[int]:
    """Return the ranks of scores that stand in falling order: equal scores share a rank, the next skips (1, 1, 3)."""
    found: list[int] = []
    for place, total in enumerate(totals, start=1):
        found.append(found[-1] if found and totals[place - 2] == total else place)
    return found


def costliest(scores: Iterable[Scored]) -> Scored | None:
    """Return the part that took away the most points, None where none did."""
    lost = [one for one in scores if one.points < one.share]
    return max(lost, key=lambda one: (one.share - one.points, one.part.key), default=None)
