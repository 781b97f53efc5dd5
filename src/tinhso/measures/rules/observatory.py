"""The French observatory of digital services: availability and speed as points, and four rules beside them. Pure.

Each step of a scale is a lower bound and takes its bound in; a step with ``over`` begins just above it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from tinhso.measures.rules.scores import ScoreRefused, number, rounded


class Lack(StrEnum):
    """Why there is no score; the three are never mixed."""

    NOT_APPLICABLE = "n/a"
    PENDING = "pending"
    TOO_FEW = "too few"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a scale: what is worth so much, from its bound on, or only above it."""

    bound: Fraction
    is_over: bool
    worth: Any

    def takes(self, value: Fraction) -> bool:
        """Say whether a value has reached this step."""
        return value > self.bound if self.is_over else value >= self.bound


Scale = Sequence[Step]


@dataclass(frozen=True, slots=True)
class Observatory:
    """One version of the rules."""

    version: str
    source: str
    unverified: str
    fewest_known_minutes: int
    availability: Scale
    response: Scale
    colours: Scale
    fewest_channels: int
    ask_once: Scale
    dematerialised: Mapping[str, int]
    satisfaction: Mapping[str, int]

    def score(self, row: Mapping[str, object]) -> dict[str, object]:
        """Score whatever a row tells; what it does not tell is left out. Raises ``ScoreRefused``."""
        answers = {
            "speed": self._speed(row) if {"availability", "minutes_known"} & row.keys() else None,
            "help": self._help(row) if "human_channels" in row else None,
            "ask_once": self._ask_once(row) if "ask_once" in row else None,
            "dematerialised": self._dematerialised(row) if "dematerialised" in row else None,
            "satisfaction": self._satisfaction(row) if "satisfied" in row else None,
        }
        told: dict[str, object] = {name: one for name, one in answers.items() if one is not None}
        if not told:
            raise ScoreRefused("Dòng này không có số nào để chấm.")
        return told

    def _speed(self, row: Mapping[str, object]) -> dict[str, object]:
        share = self._share(row)
        seconds = _value(row, "response_s")
        points = _points(self.availability, share), _points(self.response, seconds)
        document: dict[str, object] = {"availability": points[0], "response": points[1]}
        lacks = [one for one in (share, seconds) if isinstance(one, Lack)]
        if lacks:
            return {**document, "points": None, "colour": None, "state": _worst(lacks)}
        total = points[0] + points[1]
        return {**document, "points": total, "colour": _worth(self.colours, Fraction(total))}

    def _share(self, row: Mapping[str, object]) -> Fraction | Lack:
        """Return the availability in percent, from the minutes where they are given."""
        if "minutes_known" not in row:
            share = _value(row, "availability")
            if isinstance(share, Fraction) and share > 100:
                raise ScoreRefused("“availability” là phần trăm, từ 0 đến 100.")
            return share
        known = _value(row, "minutes_known")
        if isinstance(known, Lack):
            return known
        opened = _value(row, "minutes_available")
        if isinstance(opened, Lack):
            return opened
        if opened > known:
            raise ScoreRefused("“minutes_available” lớn hơn “minutes_known”.")
        if known < self.fewest_known_minutes:
            return Lack.TOO_FEW if known else Lack.PENDING
        return 100 * opened / known

    def _help(self, row: Mapping[str, object]) -> dict[str, object]:
        channels = _whole(row, "human_channels")
        if isinstance(channels, Lack):
            return {"reachable": None, "state": channels}
        return {"reachable": channels >= self.fewest_channels, "channels": channels}

    def _ask_once(self, row: Mapping[str, object]) -> dict[str, object]:
        """Take the effort itself, or the weights of what is asked again."""
        given = row["ask_once"]
        if isinstance(given, list):
            weights = [_whole({"ask_once": one}, "ask_once") for one in given]
            lacks = [one for one in weights if isinstance(one, Lack)]
            effort = _worst(lacks) if lacks else sum(one for one in weights if not isinstance(one, Lack))
        else:
            effort = _whole(row, "ask_once")
        if isinstance(effort, Lack):
            return {"effort": None, "colour": None, "state": effort}
        return {"effort": effort, "colour": _worth(self.ask_once, Fraction(effort))}

    def _dematerialised(self, row: Mapping[str, object]) -> dict[str, object]:
        given = row["dematerialised"]
        lack = _lack(given)
        if lack is not None:
            return {"percent": None, "state": lack}
        if not isinstance(given, str) or given not in self.dematerialised:
            raise ScoreRefused(f"“dematerialised” là một trong: {', '.join(self.dematerialised)}.")
        return {"percent": self.dematerialised[given]}

    def _satisfaction(self, row: Mapping[str, object]) -> dict[str, object]:
        names = ("satisfied", "neutral", "dissatisfied")
        given = {name: _whole(row, name) for name in names}
        lacks = [one for one in given.values() if isinstance(one, Lack)]
        if lacks:
            return {"mean": None, "opinions": None, "state": _worst(lacks)}
        opinions = {name: n for name, n in given.items() if not isinstance(n, Lack)}
        whole = sum(opinions.values())
        if whole <= self.satisfaction["hidden_up_to"]:
            return {"mean": None, "opinions": None, "state": Lack.TOO_FEW}
        total = sum(self.satisfaction[name] * n for name, n in opinions.items())
        return {"mean": rounded(Fraction(total, whole), self.satisfaction["places"]), "opinions": whole}


def observatories(document: Mapping[str, Any]) -> dict[str, Observatory]:
    """Return the versions of the rules from their data."""
    return {
        said["version"]: Observatory(
            said["version"],
            said["source"],
            said["unverified"],
            said["fewest_known_minutes"],
            _scale(said["availability"], "points"),
            _scale(said["response"], "points"),
            _scale(said["colours"], "colour"),
            said["help"]["fewest_channels"],
            _scale(said["ask_once"], "colour"),
            said["dematerialised"],
            said["satisfaction"],
        )
        for said in document["versions"]
    }


def _scale(steps: Sequence[Mapping[str, Any]], worth: str) -> Scale:
    """Return the steps, highest first."""
    found = [Step(Fraction(one.get("over", one.get("from"))), "over" in one, one[worth]) for one in steps]
    return sorted(found, key=lambda step: (step.bound, step.is_over), reverse=True)


def _worth(scale: Scale, value: Fraction) -> Any:
    return next(step.worth for step in scale if step.takes(value))


def _points(scale: Scale, value: Fraction | Lack) -> Any:
    return None if isinstance(value, Lack) else _worth(scale, value)


def _lack(raw: object) -> Lack | None:
    if raw is None:
        return Lack.PENDING
    return Lack(raw) if isinstance(raw, str) and raw in set(Lack) else None


def _worst(lacks: Sequence[Lack]) -> Lack:
    """Return which of several lacks speaks: what does not apply, then what is not measured, then what is too few."""
    return min(lacks, key=list(Lack).index)


def _value(row: Mapping[str, object], name: str) -> Fraction | Lack:
    if name not in row:
        raise ScoreRefused(f"Thiếu “{name}”. Chưa đo thì ghi null, không áp dụng thì ghi “n/a”.")
    lack = _lack(row[name])
    if lack is not None:
        return lack
    value = number(row[name], name)
    assert value is not None
    return value


def _whole(row: Mapping[str, object], name: str) -> int | Lack:
    value = _value(row, name)
    if isinstance(value, Lack):
        return value
    if value.denominator != 1:
        raise ScoreRefused(f"“{name}” phải là số nguyên.")
    return int(value)
