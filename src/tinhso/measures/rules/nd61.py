"""How well procedures are settled, by Decree 61/2018/NĐ-CP, article 31: points and class of an office or officer. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tinhso.measures.rules.scores import ScoreRefused, number


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion: its number, its title, and its points by answer."""

    number: str
    title: str
    answers: Mapping[str, Fraction]

    @property
    def most(self) -> Fraction:
        """Return the points of the best answer."""
        return max(self.answers.values())


@dataclass(frozen=True, slots=True)
class Kind:
    """Who is rated: the criteria that count, and the classes (points from which, name), best first."""

    criteria: tuple[str, ...]
    classes: tuple[tuple[Fraction, str], ...]
    unverified: str


@dataclass(frozen=True, slots=True)
class Rating:
    """Points of one office or officer; None while nothing is rated. ``grade`` is "" while it cannot be told."""

    points: Fraction | None
    most: Fraction
    grade: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Criteria:
    """One version of the criteria; ``names``: every name of a criterion → its number."""

    version: str
    criteria: Mapping[str, Criterion]
    names: Mapping[str, str]
    kinds: Mapping[str, Kind]

    def kind(self, name: object) -> Kind:
        """Return who is rated."""
        found = self.kinds.get(name) if isinstance(name, str) else None
        if found is None:
            raise ScoreRefused(f"“kind” phải là một trong: {', '.join(self.kinds)}.")
        return found

    def criterion(self, name: object, kind: Kind) -> Criterion:
        """Return the criterion of that name, which must count for that kind."""
        plain = str(name) if isinstance(name, int | str) and not isinstance(name, bool) else ""
        found = self.names.get(plain)
        if found is None:
            raise ScoreRefused(f"Không có chỉ số tính điểm “{name}”.")
        if found not in kind.criteria:
            raise ScoreRefused(f"Chỉ số {found} không tính cho đối tượng này.")
        return self.criteria[found]

    def rate(self, kind: Kind, points: Mapping[str, Fraction]) -> Rating:
        """Add the points up; the class is told once what is missing can no longer change it."""
        most = sum((self.criteria[one].most for one in kind.criteria), Fraction(0))
        missing = tuple(one for one in kind.criteria if one not in points)
        low = sum(points.values(), Fraction(0))
        high = low + sum((self.criteria[one].most for one in missing), Fraction(0))
        grades = {_grade(kind, low), _grade(kind, high)} if points else set()
        grade = grades.pop() if len(grades) == 1 else ""
        return Rating(low if points else None, most, grade, missing)


def points_of(criterion: Criterion, line: Mapping[str, object]) -> Fraction | None:
    """Return the points a line gives, as `points` or as the letter of an `answer`; None: not rated yet."""
    if "answer" in line:
        answer = line["answer"]
        if answer is None:
            return None
        if not isinstance(answer, str) or answer not in criterion.answers:
            raise ScoreRefused(f"“answer” phải là một trong: {', '.join(criterion.answers)}.")
        return criterion.answers[answer]
    if "points" not in line:
        raise ScoreRefused("Thiếu “points” hoặc “answer”. Chưa chấm thì ghi null.")
    given = number(line["points"], "points")
    if given is not None and given > criterion.most:
        raise ScoreRefused(f"Chỉ số {criterion.number} có nhiều nhất {criterion.most} điểm.")
    return given


def criteria(document: Mapping[str, Any]) -> dict[str, Criteria]:
    """Return the versions of the criteria from their data."""
    return {said["version"]: _criteria(said) for said in document["versions"]}


def _criteria(said: Mapping[str, Any]) -> Criteria:
    every = [
        Criterion(
            one["number"], one["title"], {key: Fraction(it["points"]) for key, it in one["answers"].items()}
        )
        for one in said["criteria"]
    ]
    names = {name: one["number"] for one in said["criteria"] for name in (one["number"], *one["names"])}
    kinds = {
        name: Kind(
            tuple(kind["criteria"]),
            tuple((Fraction(grade["from"]), grade["name"]) for grade in kind["classes"]),
            kind.get("unverified", ""),
        )
        for name, kind in said["kinds"].items()
    }
    return Criteria(said["version"], {one.number: one for one in every}, names, kinds)


def _grade(kind: Kind, points: Fraction) -> str:
    return next((name for least, name in kind.classes if points >= least), "")
