"""The committee's desk and the running of the house in the small province: each part has its own file.

Every part says: ``add(world)`` (rows are made before the questions), ``METHODS``, ``lines()`` (called late: the table's words
come from ``matrix``), ``ADDRESSES``, ``CONTENTS``, ``READERS`` (field → kinds), ``NOT_PLANTED`` (field → why),
``WRITTEN_ONCE`` (tables whose rows take no word later: the words go in as they are written, by ``plant(world, word)``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from tests.authorisation import house
from tests.authorisation.steering import annex, board, directives, money, plans, reviews, targets, tasks

if TYPE_CHECKING:
    from tests.authorisation.world import World

PARTS = (directives, plans, annex, targets, tasks, money, reviews, board, house)


def add(world: World) -> None:
    """Make the rows of every part, in their order."""
    for part in PARTS:
        part.add(world)


def plant(world: World, word: Callable[[str], str]) -> None:
    """Write the rows that can be written only once, with the words in them."""
    for part in PARTS:
        part.plant(world, word)


def of(name: str) -> Iterator[tuple[Any, Any]]:
    """Yield the entries of every part's table of that name."""
    for part in PARTS:
        yield from getattr(part, name).items()


def written_once() -> tuple[str, ...]:
    """Return the tables whose rows are written once."""
    return tuple(name for part in PARTS for name in part.WRITTEN_ONCE)
