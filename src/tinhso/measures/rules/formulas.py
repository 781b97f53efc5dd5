"""Formulas: what counts as what, as data with versions and effective dates. Pure.

A formula gives each class of case an outcome by the first of its rules that fits. Numerator and denominator name
outcomes; every other outcome is an exclusion, told by name. Whatever the formula, a case falls into exactly one of
six groups, so that cases received and carried over = early + on time + late + running in time + running late +
ended otherwise.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import Any, Final

from tinhso.measures.rules.classes import FACETS, Class, every_class, unpack

#: Outcomes of a case past its due moment.
LATE: Final = frozenset({"late", "running_late"})
GROUPS: Final = ("early", "on_time", "late", "running_in_time", "running_late", "ended_otherwise")


@dataclass(frozen=True, slots=True)
class Rule:
    """Cases with one of the named values in each named fact have this outcome."""

    then: str
    when: Mapping[str, frozenset[str]]

    def fits(self, one: Class) -> bool:
        """Say whether a class falls under the rule."""
        return all(getattr(one, name) in values for name, values in self.when.items())


@dataclass(frozen=True)
class Formula:
    """One version of one formula. ``source_hash``: SHA-256 of the source's text; ``is_verified``: it was confirmed.

    ``target`` in percent and ``most`` in points, None: none was set. ``against`` is the due moment (``original`` or
    ``due``) that divides what ended in time into early and on time.
    """

    key: str
    version: str
    name: str
    explained: str
    effective_from: dt.date
    effective_to: dt.date | None
    rules: tuple[Rule, ...]
    numerator: frozenset[str]
    denominator: frozenset[str]
    against: str
    target: Decimal | None
    most: Decimal | None
    source: str
    source_text: str
    is_verified: bool
    #: The whole text of the version, as its data say it.
    document: Mapping[str, Any] = field(compare=False, repr=False)

    @property
    def source_hash(self) -> str:
        """Return the SHA-256 of the source's text."""
        return sha256(self.source_text.encode()).hexdigest()

    @cached_property
    def outcomes(self) -> dict[int, str]:
        """Return the outcome of every class."""
        return {cls: self._outcome(unpack(cls)) for cls in every_class()}

    @cached_property
    def groups(self) -> dict[int, str]:
        """Return which of the six groups every class falls into."""
        return {cls: self._group(unpack(cls), outcome) for cls, outcome in self.outcomes.items()}

    def in_force(self, on: dt.date) -> bool:
        """Say whether the version is in force on a day."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)

    def _outcome(self, one: Class) -> str:
        return next(rule.then for rule in self.rules if rule.fits(one))

    def _group(self, one: Class, outcome: str) -> str:
        if one.is_running:
            return "running_late" if outcome in LATE else "running_in_time"
        if outcome in LATE:
            return "late"
        if outcome not in self.denominator:
            return "ended_otherwise"
        return "early" if getattr(one, self.against) == "earlier_day" else "on_time"


@dataclass(frozen=True, slots=True)
class Figure:
    """A ratio with everything that was left out of it by reason. ``denominator`` 0: not applicable, which is not zero."""

    formula: Formula
    numerator: int
    denominator: int
    excluded: Mapping[str, int]
    groups: Mapping[str, int]

    @property
    def share(self) -> float | None:
        """Return the ratio; None where there is nothing to divide by."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def whole(self) -> int:
        """Return all cases that the period touched."""
        return sum(self.groups.values())


def figure(formula: Formula, classes: Mapping[int, int]) -> Figure:
    """Count the cases of a period, given by class, under a formula."""
    outcome_of, group_of = formula.outcomes, formula.groups
    outcomes: dict[str, int] = {}
    groups = dict.fromkeys(GROUPS, 0)
    above = below = 0
    for cls, n in classes.items():
        outcome = outcome_of[cls]
        groups[group_of[cls]] += n
        if outcome in formula.denominator:
            below += n
            above += n if outcome in formula.numerator else 0
        else:
            outcomes[outcome] = outcomes.get(outcome, 0) + n
    return Figure(formula, above, below, outcomes, groups)


@dataclass(frozen=True, slots=True)
class Bridge:
    """The difference between two formulas as an addition: each line moves cases from one count to another."""

    first: Figure
    second: Figure
    #: (outcome under the first, under the second) → cases, of which some were ever asked for papers.
    moved: Mapping[tuple[str, str], tuple[int, int]]


def bridge(first: Formula, second: Formula, classes: Mapping[int, int]) -> Bridge:
    """Count both formulas and every way in which they disagree."""
    moved: dict[tuple[str, str], tuple[int, int]] = {}
    for cls, n in classes.items():
        pair = first.outcomes[cls], second.outcomes[cls]
        if pair[0] != pair[1]:
            so_far, waited = moved.get(pair, (0, 0))
            moved[pair] = so_far + n, waited + (n if unpack(cls).asked != "never" else 0)
    return Bridge(figure(first, classes), figure(second, classes), moved)


class FormulaRefused(ValueError):
    """A formula's data say something that cannot be; the sentence says what."""


@dataclass(frozen=True, slots=True)
class Formulas:
    """All versions of all formulas."""

    every: Sequence[Formula] = field(default_factory=tuple)

    def version(self, name: str) -> Formula | None:
        """Return one version by its name."""
        return next((one for one in self.every if one.version == name), None)

    def of(self, key: str) -> list[Formula]:
        """Return the versions of one formula, the oldest first."""
        return sorted((one for one in self.every if one.key == key), key=lambda one: one.effective_from)

    def usual(self, key: str, on: dt.date) -> Formula:
        """Return the version in force on a day; before the first one the first, applied backwards."""
        versions = self.of(key)
        if not versions:
            raise FormulaRefused(f"Không có công thức “{key}”.")
        return next((one for one in reversed(versions) if one.in_force(on)), versions[0])


def formulas(document: Mapping[str, Any]) -> Formulas:
    """Return the formulas from their data. Raises ``FormulaRefused``."""
    found = [_formula(said) for said in document["formulas"]]
    names = Counter(one.version for one in found)
    if twice := [name for name, n in names.items() if n > 1]:
        raise FormulaRefused(f"Phiên bản “{twice[0]}” có hai lần.")
    return Formulas(tuple(found))


def _formula(said: Mapping[str, Any]) -> Formula:
    rules = tuple(_rules(said["version"], said["rules"]))
    if rules[-1].when:
        raise FormulaRefused(f"“{said['version']}”: dòng cuối phải nhận mọi hồ sơ còn lại.")
    known = {rule.then for rule in rules}
    numerator, denominator = frozenset(said["numerator"]), frozenset(said["denominator"])
    if not numerator <= denominator <= known:
        raise FormulaRefused(
            f"“{said['version']}”: tử số phải nằm trong mẫu số, và mẫu số trong các kết cục."
        )
    until = said.get("effective_to")
    return Formula(
        key=said["key"],
        version=said["version"],
        name=said["name"],
        explained=said["explained"],
        effective_from=dt.date.fromisoformat(said["effective_from"]),
        effective_to=dt.date.fromisoformat(until) if until else None,
        rules=rules,
        numerator=numerator,
        denominator=denominator,
        against=said["against"],
        target=Decimal(str(said["target"])) if said.get("target") is not None else None,
        most=Decimal(str(said["most"])) if said.get("most") is not None else None,
        source=said["source"],
        source_text=said["source_text"],
        is_verified=said["is_verified"],
        document=said,
    )


def _rules(version: str, said: Iterable[Mapping[str, Any]]) -> Iterable[Rule]:
    for one in said:
        when = {name: frozenset(values) for name, values in one.get("when", {}).items()}
        for name, values in when.items():
            if name not in FACETS or not values <= set(FACETS[name]):
                raise FormulaRefused(f"“{version}”: không có “{name}” với {', '.join(sorted(values))}.")
        yield Rule(one["then"], when)
