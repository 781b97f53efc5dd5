"""What a mutant is: one rule changed, in the program or in its throw-away database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
#: Everything but the walks in a browser.
ALL: Final = ("src", "tests")


def _do_nothing() -> None:
    """Change nothing in the program."""


@dataclass(frozen=True)
class Mutant:
    """One change; ``stages`` are the tests that may notice it, the likeliest first.

    ``apply`` changes the running program, ``statements`` the database (as its owner, after every fresh copy), and
    ``undo`` takes that back. Tests whose name holds ``hint`` are asked first.
    """

    name: str
    kind: str
    stages: tuple[tuple[str, ...], ...]
    apply: Callable[[], None] = _do_nothing
    statements: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()
    hint: str = "\0"


def stages(module: str, first: str, *further: str) -> tuple[tuple[str, ...], ...]:
    """Return the stages of a module's mutant: its own test file, further folders, its tests, all tests."""
    own = f"src/tinhso/{module}/tests"
    wanted = ((f"{own}/{first}",), *((one,) for one in further), (own,), ALL)
    return tuple(stage for stage in wanted if all((ROOT / path).exists() for path in stage))
