"""The search for other worlds behind `cells`, on numbered cells and sums. Pure.

A world is a change of hidden cells that leaves every sum whole. The search lifts one cell to the threshold and mends sum
after sum, preferring a cell that mends several. Where it finds no way, one more cell of the sums in question is hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from random import Random

#: How many cells of a sum are looked at, among how many one is drawn, how many steps a try takes, and how many tries.
SEEN, TRIED, STEPS, TURNS = 40, 4, 24, 24
#: How often more is hidden for one cell before it is left for the next pass, when more is hidden anyway; and the passes.
ROUNDS, PASSES = 40, 4


class Worlds:
    """Numbers of cells, sums among them, and which cells stay away."""

    def __init__(
        self,
        values: Sequence[int],
        sums: Sequence[tuple[int, Sequence[int]]],
        threshold: int,
        unpublished: Iterable[int] = (),
    ) -> None:
        """Hide every small cell and every cell that is not published."""
        self.values, self.threshold = values, threshold
        self.sums = [[(total, -1), *((part, 1) for part in parts)] for total, parts in sums]
        self.sums_of: list[list[tuple[int, int]]] = [[] for _ in values]
        for number, members in enumerate(self.sums):
            for cell, sign in members:
                self.sums_of[cell].append((number, sign))
        self.is_hidden = [False] * len(values)
        self.hidden_in: list[list[tuple[int, int]]] = [[] for _ in self.sums]
        self.is_safe = [not 0 < value < threshold for value in values]
        self.unproven: list[int] = []
        self._draw = Random(len(values)).random  # noqa: S311 - the same choice each time, nothing secret
        for cell, is_safe in enumerate(self.is_safe):
            if not is_safe:
                self.hide(cell)
        for cell in unpublished:
            self.hide(cell)

    def hide(self, cell: int) -> None:
        """Hold back a cell."""
        if self.is_hidden[cell]:
            return
        self.is_hidden[cell] = True
        for number, sign in self.sums_of[cell]:
            self.hidden_in[number].append((cell, sign))

    def protect_all(self) -> None:
        """Close the gaps within each sum, then find a world for every small cell."""
        self.close()
        small = [cell for cell, is_safe in enumerate(self.is_safe) if not is_safe]
        small.sort(key=lambda cell: (len(self.sums_of[cell]), -self.values[cell], cell))
        for _ in range(PASSES):
            for cell in small:
                self._prove(cell)
            small = [cell for cell in small if not self.is_safe[cell]]
        self.unproven = small

    def _prove(self, cell: int) -> None:
        """Look for a world, hide one more cell nearby where there is none, and look again."""
        for _ in range(ROUNDS):
            if self.is_safe[cell]:
                return
            self._find(cell)
            if not self.is_safe[cell] and not self._hide_near(cell):
                return

    def close(self) -> None:
        """Hide until no sum has a single hidden cell, or hidden parts that together are small under a told total."""
        self._close([number for number, hidden in enumerate(self.hidden_in) if hidden])

    def _close(self, waiting: list[int]) -> None:
        while waiting:
            number = waiting.pop()
            while self._is_open(number):
                cell = self._cheapest([number])
                if cell is None:
                    break
                self.hide(cell)
                waiting += [other for other, _ in self.sums_of[cell]]

    def _is_open(self, number: int) -> bool:
        hidden = self.hidden_in[number]
        if not hidden:
            return False
        if len(hidden) == 1:
            return True
        return (
            all(sign > 0 for _, sign in hidden)
            and sum(self.values[cell] for cell, _ in hidden) < self.threshold
        )

    def _cheapest(self, numbers: Iterable[int]) -> int | None:
        """Return the told cell whose absence costs least: few sums without a hidden cell so far, then a small number."""
        best: tuple[int, int, int] | None = None
        for number in numbers:
            for cell, sign in self.sums[number]:
                value = self.values[cell]
                if value and not self.is_hidden[cell]:
                    fresh = sum(not self.hidden_in[other] for other, _ in self.sums_of[cell])
                    price = value * (1 + fresh) * (1 if sign > 0 else 2), value, cell
                    best = price if best is None or price < best else best
        return None if best is None else best[2]

    def _hide_near(self, cell: int) -> bool:
        """Hide one more cell of the sums in which a cell stands, or of theirs; say whether there was one."""
        near = [number for number, _ in self.sums_of[cell]]
        more = self._cheapest(near)
        if more is None:
            around = {
                other
                for number in near
                for one, _ in self.hidden_in[number]
                for other, _ in self.sums_of[one]
            }
            more = self._cheapest(sorted(around))
        if more is None:
            return False
        self.hide(more)
        self._close([number for number, _ in self.sums_of[more]])
        return True

    def _find(self, cell: int) -> None:
        """Look for a world with this cell at the threshold; every small cell that it lifts as far is safe."""
        missing = self.threshold - self.values[cell]
        for step in dict.fromkeys((missing, 1)):
            world: dict[int, int] = {}
            for _ in range(0, missing, step):
                move = self._move(cell, step, world)
                if move is None:
                    break
                for one, by in move.items():
                    world[one] = world.get(one, 0) + by
            else:
                for one, by in world.items():
                    if self.values[one] + by >= self.threshold:
                        self.is_safe[one] = True
                return

    def _move(self, cell: int, by: int, world: dict[int, int]) -> dict[int, int] | None:
        """Return a change of hidden cells that lifts one and leaves every sum whole, or None where none was met."""
        for turn in range(TURNS):
            move = {cell: by}
            gaps = {number: sign * by for number, sign in self.sums_of[cell]}
            for _ in range(STEPS):
                if not gaps:
                    return move
                number = min(gaps, key=lambda one: len(self.hidden_in[one]))
                found = self._menders(number, move, gaps, world)
                if not found:
                    break
                best = found[0][0]
                near = [one for one in found if one[0] == best] if turn % 3 else found[:TRIED]
                _score, chosen, much = near[int(self._draw() * len(near))]
                move[chosen] = much
                for other, sign in self.sums_of[chosen]:
                    _add(gaps, other, sign * much)
        return None

    def _menders(
        self, number: int, move: dict[int, int], gaps: dict[int, int], world: dict[int, int]
    ) -> list[tuple[int, int, int]]:
        """Return changes that mend a sum, those first that mend others too and open few."""
        found: list[tuple[int, int, int]] = []
        gap = gaps[number]
        hidden = self.hidden_in[number]
        start = (number * 7919 + gap) % len(hidden) if len(hidden) > SEEN else 0
        for cell, sign in islice((*hidden[start : start + SEEN], *hidden[:SEEN]), SEEN):
            by = -gap * sign
            if cell in move or self.values[cell] + world.get(cell, 0) + by < 0:
                continue
            score = 0
            for other, turn in self.sums_of[cell]:
                there = gaps.get(other, 0)
                score += 1 if not there else (-2 if there + turn * by == 0 else 0)
            found.append((score, cell, by))
        found.sort()
        return found


def _add(gaps: dict[int, int], number: int, by: int) -> None:
    left = gaps.get(number, 0) + by
    if left:
        gaps[number] = left
    else:
        del gaps[number]
