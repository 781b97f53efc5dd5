"""Where modules register what can be counted, so that those who publish figures import none of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DayRow:
    """One number of one day: what, where, of which procedure."""

    office_id: int
    procedure_code: str
    channel: str
    n: int


@dataclass(frozen=True, slots=True)
class Counter:
    """A thing that can be counted for a day. ``rows`` must give the same answer whenever it is asked."""

    name: str
    label: str
    unit: str
    definition: str
    source: str
    rows: Callable[[dt.date], Iterable[DayRow]]


COUNTERS: dict[str, Counter] = {}


def register(counter: Counter) -> None:
    """Make a counter known. Raises ``ValueError`` for a name that is taken."""
    if counter.name in COUNTERS:
        msg = f"counter {counter.name} is registered twice"
        raise ValueError(msg)
    COUNTERS[counter.name] = counter
