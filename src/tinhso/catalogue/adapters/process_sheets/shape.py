"""What an internal process sheet says, as structure. Where the text allows none, it stays and a ``Flag`` tells a person."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tinhso.catalogue.adapters.sheets.shape import Flag

HOURS_A_DAY = 8


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time: ``value`` in ``unit`` (h, wd, d, m, sameday or blank), ``hours`` at 8 a day; None: not known.

    ``is_whole`` False: words stand around the length that change it ("kể từ ngày …", "có thể kéo dài").
    """

    text: str
    value: Decimal | None
    unit: str
    hours: Decimal | None
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """A column of times: its words, its limit, the sum of its steps, and whether the sum fits.

    ``fit``: exact, shorter, too_long or unknown; ``note`` says why in words.
    """

    name: str
    limit: Length | None
    hours: Decimal | None
    fit: str
    note: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``part`` above 1: a branch under the same number. ``times`` has one length or None for each column.

    ``role``: counter_clerk, specialist, leader, seal_clerk, or blank where the text names none of them.
    ``covers``: orders of the steps that have no time of their own and lie within this one's.
    """

    order: int
    part: int
    what: str
    responsible: str
    role: str
    times: tuple[Length | None, ...]
    time_text: str
    output: str = ""
    covers: tuple[int, ...] = ()

    @property
    def hours(self) -> Decimal | None:
        """The working hours in the first column, or None."""
        first = self.times[0] if self.times else None
        return first.hours if first else None


@dataclass(frozen=True, slots=True)
class Process:
    """A table of steps."""

    columns: tuple[Column, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A line of the paper list; ``kind``: hand_in, show, note or blank where the sheet does not say."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class FeeLine:
    """A line on fees with the amounts in it; ``vnd`` only where there is exactly one or none is due."""

    text: str
    vnd: int | None
    amounts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """A record kept: what, where, how long. ``years`` None: for ever, or not known (then ``is_forever`` is False)."""

    name: str
    place: str
    text: str
    years: Decimal | None
    is_forever: bool


@dataclass(frozen=True, slots=True)
class WorkflowSheet:
    """Everything read from one sheet."""

    file: str
    agency: str
    number: str
    name: str
    issued_on: str
    limit: Length | None
    limits: tuple[Length, ...]
    papers: tuple[PaperLine, ...]
    sets: int | None
    fees: tuple[FeeLine, ...]
    sections: dict[str, str]
    processes: tuple[Process, ...]
    records: tuple[Kept, ...]
    flags: tuple[Flag, ...]
