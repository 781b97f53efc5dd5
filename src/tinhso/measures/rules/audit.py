"""What a reader can work out from told cells and known sums, by narrowing ranges until nothing moves. Pure.

This reads only what is told, so it checks `cells` from outside. It narrows sum by sum; it does not combine sums as
algebra can, which is why protection rests on other worlds and this is the second look.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from tinhso.measures.rules.cells import Line

#: A sum is looked at so often at most: ranges that creep by one would go on for long.
MOST_LOOKS = 50


@dataclass(frozen=True, slots=True)
class Exposure:
    """A hidden cell of which the reader knows that it is small: from lowest to highest, by this sum."""

    key: Hashable
    lowest: int
    highest: int
    by: Line


def audit(published: Mapping[Hashable, int | None], lines: Iterable[Line], threshold: int) -> list[Exposure]:
    """Return every cell that stays away (None) and is yet known to be from 1 up to below the threshold.

    A cell that is not named is 0. A cell whose range is told as 0 to 4 is not listed: it may be empty.
    """
    sums = list(lines)
    bounds: dict[Hashable, tuple[int, int | None]] = {
        key: (0, None) if n is None else (n, n) for key, n in published.items()
    }
    found = Ranges(bounds, sums)
    found.narrow()
    return [
        Exposure(key, low, high, found.reason[key])
        for key, n in published.items()
        if n is None
        for low, high in [found.bounds[key]]
        if low >= 1 and high is not None and high < threshold
    ]


class Ranges:
    """The lowest and highest value that each cell can still have; no highest yet is None."""

    def __init__(self, bounds: dict[Hashable, tuple[int, int | None]], lines: list[Line]) -> None:
        """Start from what is told."""
        self.bounds, self.lines = bounds, lines
        self.reason: dict[Hashable, Line] = {}
        self._lines_of: dict[Hashable, list[int]] = {}
        for number, line in enumerate(lines):
            for key in (line.total, *line.parts):
                self._lines_of.setdefault(key, []).append(number)

    def narrow(self) -> None:
        """Use every sum until no range moves."""
        waiting = dict.fromkeys(range(len(self.lines)))
        looks = [0] * len(self.lines)
        while waiting:
            number = next(iter(waiting))
            del waiting[number]
            looks[number] += 1
            if looks[number] > MOST_LOOKS:
                continue
            for key in self._use(self.lines[number]):
                waiting |= dict.fromkeys(self._lines_of[key])

    def _use(self, line: Line) -> list[Hashable]:
        """Narrow the cells of one sum; return those that moved."""
        low_total, high_total = self.bounds.get(line.total, (0, 0))
        ranges = [self.bounds.get(part, (0, 0)) for part in line.parts]
        lowest = sum(low for low, _ in ranges)
        open_ended = sum(high is None for _, high in ranges)
        highest = sum(high or 0 for _, high in ranges)
        moved = self._set(line.total, lowest, None if open_ended else highest, line)
        for part, (low, high) in zip(line.parts, ranges, strict=True):
            most = None if high_total is None else high_total - (lowest - low)
            others_open = open_ended - (high is None)
            least = 0 if others_open else low_total - (highest - (high or 0))
            moved += self._set(part, least, most, line)
        return moved

    def _set(self, key: Hashable, low: int, high: int | None, line: Line) -> list[Hashable]:
        old_low, old_high = self.bounds.get(key, (0, 0))
        new = (
            max(old_low, low),
            old_high if high is None else high if old_high is None else min(old_high, high),
        )
        if new == (old_low, old_high):
            return []
        self.bounds[key] = new
        self.reason[key] = line
        return [key]
