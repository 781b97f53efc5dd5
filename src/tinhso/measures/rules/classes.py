"""The class of a case: how it stands to its due moments at its end, or at the last moment of a day. Pure.

Day rows count cases by class, so a formula is only a table from classes to outcomes: a new version of a formula, or
another one beside it, needs no new count. A class is one number, packed from six small facts (``FACETS``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

#: The facts of a class in the order in which they are packed, each with its possible values.
FACETS: Final[Mapping[str, tuple[str, ...]]] = {
    "how": ("running", "issued", "rejected", "withdrawn"),
    #: Against the first due moment: none; an earlier day; in time; past it.
    "original": ("none", "earlier_day", "in_time", "late"),
    #: The same against the due moment as pauses and extensions had moved it.
    "due": ("none", "earlier_day", "in_time", "late"),
    #: How often the citizen was asked for papers after acceptance.
    "asked": ("never", "once", "more"),
    #: A running case that waits for the citizen: asked before the due moment or after it.
    "waits": ("no", "asked_in_time", "asked_late"),
    "extended": ("no", "yes"),
}
#: What one step of each fact is worth in the packed number.
WORTH: Final = {"how": 1, "original": 4, "due": 16, "asked": 64, "waits": 256, "extended": 1024}


@dataclass(frozen=True, slots=True)
class Class:
    """One class, unpacked; values are those of ``FACETS``."""

    how: str
    original: str
    due: str
    asked: str
    waits: str
    extended: str

    @property
    def is_running(self) -> bool:
        """Say whether the case had not ended."""
        return self.how == "running"


def unpack(cls: int) -> Class:
    """Return the class of a packed number. Raises ``ValueError`` for a number that is none."""
    values = {}
    for name, worth in WORTH.items():
        place = cls // worth % 4 if name != "extended" else cls // worth
        if place >= len(FACETS[name]):
            msg = f"{cls} is no class"
            raise ValueError(msg)
        values[name] = FACETS[name][place]
    return Class(**values)


def pack(one: Class) -> int:
    """Return the packed number of a class."""
    return sum(FACETS[name].index(getattr(one, name)) * worth for name, worth in WORTH.items())


def every_class() -> Iterator[int]:
    """Yield each packed number that is a class."""
    for cls in range(2 * WORTH["extended"]):
        try:
            unpack(cls)
        except ValueError:
            continue
        yield cls
