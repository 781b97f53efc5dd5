"""The Digital Transformation Index of provinces: one value from the main indices, and ranks. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tinhso.measures.rules.scores import ScoreRefused, number, rounded


@dataclass(frozen=True, slots=True)
class IndexSet:
    """One version: points by scored main index, the points that make 1, decimals of the value."""

    version: str
    points: Mapping[str, Fraction]
    whole: Fraction
    places: int

    def value(self, row: Mapping[str, object]) -> Decimal | None:
        """Return the index of a row of achieved shares (0 to 1); None where one of them is not known yet."""
        shares = {name: self._share(row, name) for name in self.points}
        known = {name: share for name, share in shares.items() if share is not None}
        if len(known) < len(shares):
            return None
        exact = sum((self.points[name] * share for name, share in known.items()), Fraction(0)) / self.whole
        return rounded(exact, self.places)

    def _share(self, row: Mapping[str, object], name: str) -> Fraction | None:
        if name not in row:
            raise ScoreRefused(f"Thiếu “{name}”. Chưa có số liệu thì ghi null.")
        share = number(row[name], name)
        if share is not None and share > 1:
            raise ScoreRefused(f"“{name}” là tỷ lệ đạt được, từ 0 đến 1.")
        return share


def index_sets(document: Mapping[str, Any]) -> dict[str, IndexSet]:
    """Return the versions of the index from their data; a main index of 0 points is not scored."""
    return {
        said["version"]: IndexSet(
            said["version"],
            {one["id"]: Fraction(one["points"]) for one in said["indices"] if one["points"]},
            Fraction(said["whole"]),
            said["places"],
        )
        for said in document["versions"]
    }


def ranks(values: Sequence[Decimal | None]) -> list[int | None]:
    """Return the rank of each value, highest first; equal values share a rank and the next ones are skipped."""
    order = sorted((value for value in values if value is not None), reverse=True)
    return [None if value is None else order.index(value) + 1 for value in values]
