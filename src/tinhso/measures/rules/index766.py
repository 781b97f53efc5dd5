"""The index of Decision 766/QĐ-TTg: one score for each metric, in points. Pure; all numbers come from the data.

A share that reaches the target has all points, below it as many as it is of the target; without a target the target
is the whole. A share over nothing is not applicable: it has no score, which is not zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tinhso.measures.rules.scores import ScoreRefused, number, rounded


@dataclass(frozen=True, slots=True)
class Part:
    """One share and its points; the fields name its two numbers, each by any of several names."""

    name: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    most: Fraction
    target: Fraction


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: its names, its points and its shares. ``shown_for_zero``: what the national portal shows then."""

    names: tuple[str, ...]
    group: str
    most: Fraction
    parts: tuple[Part, ...]
    shown_for_zero: Decimal | None
    unverified: str


@dataclass(frozen=True, slots=True)
class Score:
    """Points of one metric; None is not applicable. ``parts`` are points by share."""

    points: Decimal | None
    parts: Mapping[str, Decimal | None]
    is_over_nothing: bool


@dataclass(frozen=True, slots=True)
class Index:
    """One version of the index."""

    version: str
    metrics: Mapping[str, Metric]
    places: int

    def metric(self, name: object) -> Metric:
        """Return the metric of that name, its code or its number in the formula document."""
        found = self.metrics.get(name) if isinstance(name, str) else None
        if found is None:
            raise ScoreRefused(f"Không có chỉ số “{name}” trong bộ {self.version}.")
        return found

    def score(self, metric: Metric, given: Mapping[str, object]) -> Score:
        """Score a metric from its numbers; a number that is null is not known yet."""
        shares = [_share(part, given) for part in metric.parts]
        points = [
            None if share is None else min(part.most, part.most * share / part.target)
            for part, share in zip(metric.parts, shares, strict=True)
        ]
        known = [one for one in points if one is not None]
        whole = rounded(min(metric.most, sum(known, Fraction(0))), self.places) if known else None
        parts = {
            part.name: None if one is None else rounded(one, self.places)
            for part, one in zip(metric.parts, points, strict=True)
        }
        nothing = whole is None and all(_field(given, part.denominator) == 0 for part in metric.parts)
        return Score(whole, parts, nothing)


def indices(document: Mapping[str, Any]) -> dict[str, Index]:
    """Return the versions of the index from their data; one may be based on another and name only what differs."""
    found: dict[str, Index] = {}
    for said in document["versions"]:
        metrics = dict(found[said["based_on"]].metrics) if "based_on" in said else {}
        for one in said["metrics"]:
            metrics |= dict.fromkeys(one["names"], _metric(one))
        found[said["version"]] = Index(said["version"], metrics, said["places"])
    return found


def _metric(said: Mapping[str, Any]) -> Metric:
    whole = {"name": said["names"][0], "numerator": ["numerator"], "denominator": ["denominator"], **said}
    return Metric(
        tuple(said["names"]),
        said["group"],
        Fraction(said["max"]),
        tuple(_parts(said.get("parts", [whole]))),
        Decimal(said["portal_shows_for_zero"]) if "portal_shows_for_zero" in said else None,
        said.get("unverified", ""),
    )


def _parts(said: Iterable[Mapping[str, Any]]) -> Iterable[Part]:
    for one in said:
        names = tuple(one["numerator"]), tuple(one["denominator"])
        yield Part(one["name"], *names, Fraction(one["max"]), Fraction(one.get("target", 1)))


def _share(part: Part, given: Mapping[str, object]) -> Fraction | None:
    above, below = _field(given, part.numerator), _field(given, part.denominator)
    return None if above is None or not below else above / below


def _field(given: Mapping[str, object], names: tuple[str, ...]) -> Fraction | None:
    for name in names:
        if name in given:
            return number(given[name], name)
    raise ScoreRefused(f"Thiếu “{names[0]}”. Chưa có số liệu thì ghi null.")
