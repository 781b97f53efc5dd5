"""The sheet of the 766 index: its groups and metrics with their inputs, points where they can be given. Pure.

A metric without an input is not applicable, with the reason; it has no points, which is not zero. The whole is told
of the points that could be given, never of a hundred.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tinhso.measures.rules.index766 import Index


@dataclass(frozen=True, slots=True)
class Share:
    """Two numbers of the province; ``below`` 0: not applicable."""

    above: int
    below: int

    @property
    def exact(self) -> Fraction | None:
        """Return the ratio; None where there is nothing to divide by."""
        return Fraction(self.above, self.below) if self.below else None

    def plus(self, other: Share) -> Share:
        """Return both together."""
        return Share(self.above + other.above, self.below + other.below)


@dataclass(frozen=True, slots=True)
class MetricSaid:
    """What the data say of one metric. ``scored``: its name in the index, blank: it has no points of its own.

    ``input`` names the count, blank: there is none, and ``reason`` says why. ``target`` is a share.
    """

    key: str
    name: str
    scored: str
    input: str
    is_by_office: bool
    numerator: str
    denominator: str
    unit: str
    target: Fraction | None
    reason: str
    note: str


@dataclass(frozen=True, slots=True)
class GroupSaid:
    """A group of metrics and its points."""

    name: str
    most: Decimal
    metrics: tuple[MetricSaid, ...]


@dataclass(frozen=True, slots=True)
class SheetSaid:
    """All groups, in order."""

    version: str
    source: str
    is_verified: bool
    groups: tuple[GroupSaid, ...]

    @property
    def metrics(self) -> tuple[MetricSaid, ...]:
        """Return the metrics of all groups."""
        return tuple(metric for group in self.groups for metric in group.metrics)


@dataclass(frozen=True, slots=True)
class MetricLine:
    """One metric of a period. ``points`` None: not applicable, or without points; ``most`` None: without points."""

    said: MetricSaid
    share: Share | None
    points: Decimal | None
    most: Decimal | None
    target: Fraction | None
    unverified: str

    @property
    def is_applicable(self) -> bool:
        """Say whether there is a share."""
        return self.share is not None and bool(self.share.below)


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One group of a period: points given, out of the points that could be given."""

    said: GroupSaid
    metrics: tuple[MetricLine, ...]

    @property
    def scored(self) -> list[MetricLine]:
        """Return the metrics that have points."""
        return [metric for metric in self.metrics if metric.points is not None]

    @property
    def points(self) -> Decimal:
        """Return the points given."""
        return sum((metric.points for metric in self.scored if metric.points is not None), Decimal(0))

    @property
    def gradable(self) -> Decimal:
        """Return the points that could be given."""
        return sum((metric.most for metric in self.scored if metric.most is not None), Decimal(0))


def sheet_said(document: Mapping[str, Any]) -> SheetSaid:
    """Return the sheet from its data."""
    return SheetSaid(
        document["version"],
        document["source"],
        document["is_verified"],
        tuple(
            GroupSaid(
                group["name"], Decimal(group["max"]), tuple(_metric(metric) for metric in group["metrics"])
            )
            for group in document["groups"]
        ),
    )


def _metric(said: Mapping[str, Any]) -> MetricSaid:
    return MetricSaid(
        key=said["id"],
        name=said["name"],
        scored=said.get("scored", ""),
        input=said.get("input", ""),
        is_by_office=said.get("by_office", False),
        numerator=said.get("numerator", ""),
        denominator=said.get("denominator", ""),
        unit=said.get("unit", ""),
        target=Fraction(said["target"]) if "target" in said else None,
        reason=said.get("reason", ""),
        note=said.get("note", ""),
    )


def filled(sheet: SheetSaid, index: Index, shares: Mapping[str, Share]) -> tuple[GroupLine, ...]:
    """Return the sheet with the shares of a period, by the name of the input, and the points of the index."""
    return tuple(
        GroupLine(group, tuple(_line(metric, index, shares.get(metric.input)) for metric in group.metrics))
        for group in sheet.groups
    )


def _line(said: MetricSaid, index: Index, share: Share | None) -> MetricLine:
    if not said.scored:
        return MetricLine(said, share, None, None, said.target, "")
    metric = index.metric(said.scored)
    points = None
    if share is not None:
        points = index.score(metric, {"numerator": share.above, "denominator": share.below}).points
    target = metric.parts[0].target if len(metric.parts) == 1 and metric.parts[0].target != 1 else None
    most = Decimal(metric.most.numerator) / Decimal(metric.most.denominator)
    return MetricLine(said, share, points, most, target, metric.unverified)


def whole_of(groups: Sequence[GroupLine]) -> tuple[Decimal, Decimal, Decimal]:
    """Return the points given, the points that could be given, and the points of all groups."""
    return (
        sum((group.points for group in groups), Decimal(0)),
        sum((group.gradable for group in groups), Decimal(0)),
        sum((group.said.most for group in groups), Decimal(0)),
    )
