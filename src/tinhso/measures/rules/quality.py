"""Points by Decree 61/2018, article 31, as far as they can be computed, and the classes that are still possible. Pure.

A criterion that nobody has rated is open between no points and all of them: the class is told as a range, never as
one made of zeros.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from tinhso.measures.rules.nd61 import Criteria, Criterion, Kind

_BEST, _MIDDLE, _WORST = "a", "b", "c"


@dataclass(frozen=True, slots=True)
class Points:
    """Points of one criterion, from at least to at most; ``n``: how many dossiers it was judged from."""

    low: Fraction
    high: Fraction
    n: int = 0
    is_rated: bool = True

    @property
    def is_exact(self) -> bool:
        """Say whether there is one number."""
        return self.is_rated and self.low == self.high


@dataclass(frozen=True, slots=True)
class Standing:
    """Points of an office or officer: sure ones, at most, and the classes still possible, best first.

    ``rated`` are the points of which the sure ones are a part: those of criteria that have a number.
    """

    points: Mapping[str, Points]
    low: Fraction
    high: Fraction
    sure: Fraction
    rated: Fraction
    most: Fraction
    classes: tuple[str, ...]


def open_points(criterion: Criterion) -> Points:
    """Return a criterion that nobody rated."""
    return Points(Fraction(0), criterion.most, is_rated=False)


def mean(criterion: Criterion, better: int, just: int, worse: int) -> Points:
    """Return the mean points of dossiers; without any the criterion is open."""
    n = better + just + worse
    if not n:
        return open_points(criterion)
    points = criterion.answers
    sum_of = better * points[_BEST] + just * points[_MIDDLE] + worse * points[_WORST]
    return Points(sum_of / n, sum_of / n, n)


@dataclass(frozen=True, slots=True)
class OnlineLimits:
    """From which percent on criterion 9 gives points."""

    eligible_from: int
    online_from: int
    online_some: int


def online(
    criterion: Criterion,
    limits: OnlineLimits,
    *,
    eligible_online: int,
    eligible: int,
    received_online: int,
    received: int,
    late_online: int,
) -> Points:
    """Return the points for services online; without any dossier received the criterion is open."""
    if not received:
        return open_points(criterion)
    share = Fraction(100 * received_online, received)
    enough = bool(eligible) and Fraction(100 * eligible_online, eligible) >= limits.eligible_from
    answer = _WORST
    if eligible_online and not late_online and share >= limits.online_some:
        answer = _BEST if enough and share >= limits.online_from else _MIDDLE
    points = criterion.answers[answer]
    return Points(points, points, received)


def published(criterion: Criterion, complete: int, listed: int) -> Points:
    """Return the points for publication: complete on line gives at least the middle, posted too the best."""
    if not listed:
        return open_points(criterion)
    if complete < listed:
        points = criterion.answers[_WORST]
        return Points(points, points, listed)
    return Points(criterion.answers[_MIDDLE], criterion.answers[_BEST], listed)


def standing(criteria: Criteria, kind: Kind, points: Mapping[str, Points]) -> Standing:
    """Add up what is sure and what is possible, and name the classes between them."""
    every = {key: points.get(key) or open_points(criteria.criteria[key]) for key in kind.criteria}
    low = sum((one.low for one in every.values()), Fraction(0))
    high = sum((one.high for one in every.values()), Fraction(0))
    names = [name for _least, name in kind.classes]
    worst, best = (
        criteria.rate(kind, {key: get(one) for key, one in every.items()}).grade for get in (_low, _high)
    )
    classes = tuple(names[names.index(best) : names.index(worst) + 1]) if names else ()
    rated = {key: one for key, one in every.items() if one.is_exact}
    return Standing(
        every,
        low,
        high,
        sum((one.low for one in rated.values()), Fraction(0)),
        sum((criteria.criteria[key].most for key in rated), Fraction(0)),
        sum((criteria.criteria[key].most for key in kind.criteria), Fraction(0)),
        classes,
    )


def _low(one: Points) -> Fraction:
    return one.low


def _high(one: Points) -> Fraction:
    return one.high
