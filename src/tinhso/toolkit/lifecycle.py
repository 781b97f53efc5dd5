"""A life-cycle as a value: which verb leads from which state to which.

``Lifecycle(initial, step(verb, *from_states, to=state), …)`` is asked, never executed; the one mutator of
an aggregate sets the state.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

S = TypeVar("S", bound=StrEnum)
V = TypeVar("V", bound=StrEnum)


class StepNotAllowed(Exception):
    """No step of the life-cycle leads from this state by this verb."""

    def __init__(self, state: StrEnum, verb: StrEnum) -> None:
        super().__init__(f"no step {verb!s} from {state!s}")
        self.state = state
        self.verb = verb


@dataclass(frozen=True, slots=True)
class Step(Generic[S, V]):
    """One arrow: from any of ``sources`` by ``verb`` to ``to``."""

    verb: V
    sources: tuple[S, ...]
    to: S


def step(verb: V, *sources: S, to: S) -> Step[S, V]:
    """Write one arrow of a life-cycle."""
    return Step(verb, sources, to)


class Lifecycle(Generic[S, V]):
    """All arrows of one aggregate. Raises ``ValueError`` when two arrows contradict each other."""

    def __init__(self, initial: S, *steps: Step[S, V]) -> None:
        self.initial = initial
        self._after: dict[tuple[S, V], S] = {}
        for one in steps:
            for source in one.sources:
                if (source, one.verb) in self._after:
                    msg = f"two steps {one.verb!s} from {source!s}"
                    raise ValueError(msg)
                self._after[source, one.verb] = one.to

    def after(self, state: S, verb: V) -> S:
        """Return the state after ``verb``. Raises ``StepNotAllowed``."""
        try:
            return self._after[state, verb]
        except KeyError:
            raise StepNotAllowed(state, verb) from None

    def verbs_from(self, state: S) -> frozenset[V]:
        """Return every verb that leads out of ``state``."""
        return frozenset(verb for source, verb in self._after if source == state)

    def reachable(self) -> frozenset[S]:
        """Return every state that can be reached from the first one, itself included."""
        seen, todo = {self.initial}, [self.initial]
        while todo:
            here = todo.pop()
            for (source, _), target in self._after.items():
                if source == here and target not in seen:
                    seen.add(target)
                    todo.append(target)
        return frozenset(seen)

    def as_mermaid(self) -> str:
        """Draw the life-cycle as a Mermaid state diagram."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        lines += [f"    {source} --> {target}: {verb}" for (source, verb), target in self._after.items()]
        lines += [f"    {state} --> [*]" for state in self._closed(self._after.values())]
        return "\n".join(lines)

    def _closed(self, states: Iterable[S]) -> list[S]:
        return list(dict.fromkeys(state for state in states if not self.verbs_from(state)))
