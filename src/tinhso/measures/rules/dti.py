"""The Digital Transformation Index of provinces: its versions, one value from the main indices, and ranks. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor
from typing import Any

from tinhso.measures.rules.scores import ScoreRefused, number, rounded


class Status(StrEnum):
    """How far a criterion is, as a person chose it (trạng thái)."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    NEEDS_EVIDENCE = "needs_evidence"
    DONE = "done"


class Badge(StrEnum):
    """How far a criterion is, as its scores say; apart from what a person chose."""

    UNSCORED = "unscored"
    REFUSED = "refused"
    WITHOUT_EVIDENCE = "without_evidence"
    WAITING_AGAIN = "waiting_again"
    WAITING = "waiting"
    DIFFERENT = "different"
    APPRAISED = "appraised"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class IndexSet:
    """The weights of one version: points by scored main index, the points that make 1, decimals of the value."""

    version: str
    points: Mapping[str, Fraction]
    whole: Fraction
    places: int

    def value(self, row: Mapping[str, object]) -> Decimal | None:
        """Return the index of a row of achieved shares (0 to 1); None where one of them is not known yet."""
        shares = {name: self._share(row, name) for name in self.points}
        known = {name: share for name, share in shares.items() if share is not None}
        return rounded(self.exact(known), self.places) if len(known) == len(shares) else None

    def exact(self, shares: Mapping[str, Fraction]) -> Fraction:
        """Return the index, not rounded; a share that is not given counts as nothing."""
        return sum((self.points[name] * share for name, share in shares.items()), Fraction(0)) / self.whole

    def _share(self, row: Mapping[str, object], name: str) -> Fraction | None:
        if name not in row:
            raise ScoreRefused(f"Thiếu “{name}”. Chưa có số liệu thì ghi null.")
        share = number(row[name], name)
        if share is not None and share > 1:
            raise ScoreRefused(f"“{name}” là tỷ lệ đạt được, từ 0 đến 1.")
        return share


@dataclass(frozen=True, slots=True)
class MainIndex:
    """A main index (chỉ số chính): a group of criteria, and its points; 0 points: not scored."""

    id: str
    name: str
    components: int
    points: int


@dataclass(frozen=True, slots=True)
class Version:
    """One set of the index with where it comes from; ``weights`` None: not known, so nothing can be worked out.

    In force from ``effective_from`` to the day before the next version, ``effective_until`` None: no next one known.
    ``main``, ``components`` and ``criteria`` are the numbers that the set itself names, None where it does not.
    """

    version: str
    name: str
    effective_from: dt.date
    effective_until: dt.date | None
    decision: str
    decision_date: dt.date
    main: int | None
    components: int | None
    criteria: int | None
    source: str
    source_text: str
    source_sha256: str
    unverified: str
    indices: tuple[MainIndex, ...]
    weights: IndexSet | None

    def index(self, name: str) -> MainIndex | None:
        """Return a main index by its id."""
        return next((one for one in self.indices if one.id == name), None)


@dataclass(frozen=True, slots=True)
class Item:
    """A criterion as it counts: its main index, its maximum, its score; None where it has none yet."""

    group: str
    maximum: Decimal
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class GroupScore:
    """What a main index has reached: ``known`` points of ``maximum``, ``missing`` of ``items`` without a score.

    ``open`` is the maximum of those without a score.
    """

    index: MainIndex
    items: int
    missing: int
    known: Decimal
    open: Decimal
    maximum: Decimal

    @property
    def is_complete(self) -> bool:
        """Say whether there are criteria and each has a score."""
        return self.items > 0 and self.missing == 0

    @property
    def at_least(self) -> Fraction:
        """Return the share reached if all that is missing were nothing."""
        return Fraction(self.known) / Fraction(self.maximum) if self.items else Fraction(0)

    @property
    def at_most(self) -> Fraction:
        """Return the share reached if all that is missing were the maximum."""
        return Fraction(self.known + self.open) / Fraction(self.maximum) if self.items else Fraction(1)

    @property
    def share(self) -> Fraction | None:
        """Return the share reached; None where a score is missing."""
        return self.at_least if self.is_complete else None


@dataclass(frozen=True, slots=True)
class Standing:
    """An index as far as it is known. ``value`` None: chưa đủ số liệu, somewhere between ``at_least`` and ``at_most``.

    All three None: the weights of the set are not known.
    """

    groups: tuple[GroupScore, ...]
    value: Decimal | None
    at_least: Decimal | None
    at_most: Decimal | None

    @property
    def missing(self) -> int:
        """Return how many criteria of scored main indices have no score."""
        return sum(one.missing for one in self.groups if one.index.points)

    @property
    def empty(self) -> int:
        """Return how many scored main indices have no criteria at all."""
        return sum(1 for one in self.groups if one.index.points and not one.items)

    @property
    def scored(self) -> int:
        """Return how many criteria of scored main indices have a score."""
        return sum(one.items - one.missing for one in self.groups if one.index.points)


def index_sets(document: Mapping[str, Any]) -> dict[str, IndexSet]:
    """Return the weights of the versions where they are known; a main index of 0 points is not scored."""
    return {
        said["version"]: IndexSet(
            said["version"],
            {one["id"]: Fraction(one["points"]) for one in said["indices"] if one["points"]},
            Fraction(said["whole"]),
            said["places"],
        )
        for said in document["versions"]
        if said["whole"]
    }


def versions(document: Mapping[str, Any]) -> tuple[Version, ...]:
    """Return every version from its data, the earliest first."""
    weights = index_sets(document)
    rows = sorted(document["versions"], key=lambda said: str(said["effective_from"]))
    starts = [dt.date.fromisoformat(said["effective_from"]) for said in rows]
    ends = [*(start - dt.timedelta(days=1) for start in starts[1:]), None]
    return tuple(
        Version(
            said["version"],
            said["name"],
            start,
            end,
            said["decision"],
            dt.date.fromisoformat(said["decision_date"]),
            said["main"],
            said["components"],
            said["criteria"],
            said["source"],
            said["source_text"],
            said["source_sha256"],
            said["unverified"],
            tuple(
                MainIndex(one["id"], one["name"], one["components"], one["points"]) for one in said["indices"]
            ),
            weights.get(said["version"]),
        )
        for said, start, end in zip(rows, starts, ends, strict=True)
    )


def in_force(every: Iterable[Version], day: dt.date) -> Version | None:
    """Return the version in force on a day; None before the first."""
    begun = [one for one in every if one.effective_from <= day]
    return begun[-1] if begun else None


def standing(version: Version, items: Iterable[Item]) -> Standing:
    """Return the index of criteria as far as they have scores: what is missing is never nothing."""
    of: dict[str, list[Item]] = {one.id: [] for one in version.indices}
    for item in items:
        of[item.group].append(item)
    groups = tuple(_group(index, of[index.id]) for index in version.indices)
    if version.weights is None:
        return Standing(groups, None, None, None)
    weights = version.weights
    scored = [one for one in groups if one.index.id in weights.points]
    least = weights.exact({one.index.id: one.at_least for one in scored})
    most = weights.exact({one.index.id: one.at_most for one in scored})
    tens = 10**weights.places
    return Standing(
        groups,
        rounded(least, weights.places) if all(one.is_complete for one in scored) else None,
        Decimal(floor(least * tens)).scaleb(-weights.places),
        Decimal(ceil(most * tens)).scaleb(-weights.places),
    )


def _group(index: MainIndex, items: Sequence[Item]) -> GroupScore:
    without = [item for item in items if item.score is None]
    return GroupScore(
        index,
        len(items),
        len(without),
        sum((item.score for item in items if item.score is not None), Decimal(0)),
        sum((item.maximum for item in without), Decimal(0)),
        sum((item.maximum for item in items), Decimal(0)),
    )


def ranks(values: Sequence[Decimal | None]) -> list[int | None]:
    """Return the rank of each value, highest first; equal values share a rank and the next ones are skipped."""
    order = sorted((value for value in values if value is not None), reverse=True)
    return [None if value is None else order.index(value) + 1 for value in values]


def ranks_by_rule(published: Sequence[int]) -> list[int]:
    """Return the rank that each published rank must be, where ties share one: as many stand before it, and one."""
    return [1 + sum(1 for other in published if other < one) for one in published]


def order_of(code: str) -> tuple[int, ...]:
    """Return where the code of a criterion stands: 4.9 before 4.22."""
    return tuple(int(part) for part in code.split(".") if part.isdecimal())


def needs_evidence(score: Decimal, evidence: Sequence[object]) -> bool:
    """Say whether a score rests on nothing: more than 0 points want a paper."""
    return score > 0 and not evidence
