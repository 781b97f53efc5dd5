"""Decisions about plans: what a row is, when a plan is registered in time, what must hold before an act, who signs as what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final, Protocol

from tinhso.toolkit.text import fold, tidy
from tinhso.toolkit.words import number

#: Money in the annex is written in millions of VND.
MILLION: Final = 1_000_000
#: No row of a province's plan costs more (VND): a slip of the keys, not a plan.
MOST_AMOUNT: Final = 100_000 * 1_000_000 * 1_000
SECURITY: Final = "an-toan"
HEAD, DEPUTY = "head", "deputy"


class Registered(StrEnum):
    """How an office stands in a registration window."""

    ON_TIME = "on_time"
    LATE = "late"
    DRAFTING = "drafting"
    NOTHING = "nothing"
    MISSING = "missing"


def registered_as(
    deadline: dt.datetime, registered_at: dt.datetime | None, at: dt.datetime, *, has_plan: bool
) -> Registered:
    """Return how an office stands: the moment of issue against the end of the last day.

    After the deadline an unregistered plan is missing, however far its draft has come.
    """
    if registered_at is not None:
        return Registered.ON_TIME if registered_at <= deadline else Registered.LATE
    if at > deadline:
        return Registered.MISSING
    return Registered.DRAFTING if has_plan else Registered.NOTHING


def signs_as(title: str) -> str:
    """Return ``head`` or ``deputy``, by the title of the post: "Phó …" signs for the head (ký thay)."""
    return DEPUTY if fold(title).startswith("pho ") else HEAD


@dataclass(frozen=True, slots=True)
class Row:
    """One row of an annex, as a value: for drafts that are kept, files that are read and written, comparisons.

    ``lead_office`` is the office's id, None for a unit inside; ``amount`` in VND.
    """

    group: str
    content: str
    lead: str
    starts: dt.date
    ends: dt.date
    product: str
    sector: str = ""
    lead_office: int | None = None
    partners: str = ""
    amount: int = 0
    source: str = ""
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the row as it is kept in a draft: days as 2022-05-20."""
        return {
            "group": self.group,
            "sector": self.sector,
            "content": self.content,
            "lead": self.lead,
            "lead_office": self.lead_office,
            "partners": self.partners,
            "starts": self.starts.isoformat(),
            "ends": self.ends.isoformat(),
            "product": self.product,
            "amount": self.amount,
            "source": self.source,
            "note": self.note,
        }


def row_of(kept: Mapping[str, Any]) -> Row:
    """Return the row that ``Row.as_json`` wrote."""
    days = {name: dt.date.fromisoformat(kept[name]) for name in ("starts", "ends")}
    return Row(**{**kept, **days})


def million_vnd(text: str) -> int | None:
    """Return VND for an amount typed in millions: "1.150" or "180,5"; None where it is no amount. Blank is nothing."""
    plain = tidy(text).replace(" ", "")
    if not plain:
        return 0
    whole, comma, part = plain.partition(",")
    groups = whole.split(".")
    is_grouped = len(groups) == 1 or (
        0 < len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    )
    if not is_grouped or (comma and not part):
        return None
    digits = "".join(groups)
    if not (digits + (part or "0")).isascii() or not (digits + (part or "0")).isdigit() or not digits:
        return None
    try:
        amount = Decimal(f"{digits}.{part or 0}") * MILLION
    except InvalidOperation:
        return None
    return int(amount) if amount == int(amount) and amount <= MOST_AMOUNT else None


def millions(vnd: int) -> str:
    """Return an amount in millions as it is written: 1.150 or 180,5."""
    whole, rest = divmod(vnd, MILLION)
    return number(whole) + (f",{rest:06d}".rstrip("0") if rest else "")


# What must hold before an act


class MustRow(Protocol):
    """What a must asks of a row."""

    @property
    def group(self) -> str:
        """Return the key of its group."""

    @property
    def content(self) -> str:
        """Return what is to be done."""

    @property
    def lead(self) -> str:
        """Return who leads."""

    @property
    def product(self) -> str:
        """Return what comes out."""

    @property
    def starts(self) -> dt.date:
        """Return its first day."""

    @property
    def ends(self) -> dt.date:
        """Return its last day."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An office that was asked: whether it answered, and until when it may."""

    office: str
    due: dt.date
    has_answered: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What the musts look at. ``unanswered``: opinions nobody accepted or rejected; ``on``: the day that is asked about."""

    rows: Sequence[MustRow]
    groups: Mapping[str, str]
    first_year: int
    last_year: int
    has_head: bool
    has_goal: bool
    opinions: int
    unanswered: int
    asked: Sequence[Asked]
    on: dt.date


@dataclass(frozen=True, slots=True)
class Found:
    """How a must stands: ``numbers`` and ``names`` go into its sentence."""

    key: str
    act: str
    holds: bool
    numbers: Mapping[str, int]
    names: tuple[str, ...] = ()


def silent(asked: Iterable[Asked], on: dt.date) -> list[Asked]:
    """Return the offices whose time is over and that said nothing: by the rule they agree."""
    return [one for one in asked if not one.has_answered and one.due < on]


def awaited(asked: Iterable[Asked], on: dt.date) -> list[Asked]:
    """Return the offices that have not answered and still may."""
    return [one for one in asked if not one.has_answered and one.due >= on]


def missing_groups(rows: Iterable[MustRow], groups: Mapping[str, str]) -> list[str]:
    """Return the names of the groups in which no row stands, in the order of the list."""
    there = {row.group for row in rows}
    return [name for key, name in groups.items() if key not in there]


def rows_outside(rows: Sequence[MustRow], first_year: int, last_year: int) -> list[int]:
    """Return the places (from 1) of the rows whose days leave the plan's years."""
    first, last = dt.date(first_year, 1, 1), dt.date(last_year, 12, 31)
    return [place for place, row in enumerate(rows, 1) if row.starts < first or row.ends > last]


def rows_unfinished(rows: Sequence[MustRow]) -> list[int]:
    """Return the places (from 1) of the rows without lead, product or content."""
    return [
        place
        for place, row in enumerate(rows, 1)
        if not (row.lead.strip() and row.product.strip() and row.content.strip())
    ]


def musts_of(facts: Facts, document: Mapping[str, Any]) -> list[Found]:
    """Return how every must in force on the day stands, in the order of ``data/plan_musts.json``."""
    on = facts.on.isoformat()
    return [
        _found(one["key"], one["act"], facts)
        for one in document["musts"]
        if one["valid_from"] <= on and (one["valid_to"] is None or on <= one["valid_to"])
    ]


def open_musts(musts: Iterable[Found], acts: Collection[str]) -> list[Found]:
    """Return the musts of the acts that do not hold yet."""
    return [one for one in musts if one.act in acts and not one.holds]


def _found(key: str, act: str, facts: Facts) -> Found:
    holds = True
    numbers: Mapping[str, int] = {}
    names: tuple[str, ...] = ()
    if key == "rows":
        holds, numbers = bool(facts.rows), {"n": len(facts.rows)}
    elif key == "head":
        holds = facts.has_head
    elif key == "goal":
        holds = facts.has_goal
    elif key == "groups":
        names = tuple(missing_groups(facts.rows, facts.groups))
        holds, numbers = not names, {"n": len(facts.groups), "missing": len(names)}
    elif key == "whole_rows":
        places = rows_unfinished(facts.rows)
        holds, names = bool(facts.rows) and not places, tuple(map(str, places))
    elif key == "dates":
        places = rows_outside(facts.rows, facts.first_year, facts.last_year)
        holds, names, numbers = not places, tuple(map(str, places)), {"year": facts.last_year}
    elif key == "opinions_answered":
        holds, numbers = not facts.unanswered, {"n": facts.opinions, "open": facts.unanswered}
    elif key == "offices_answered":
        waiting = awaited(facts.asked, facts.on)
        holds, names = bool(facts.asked) and not waiting, tuple(one.office for one in waiting)
        numbers = {"n": len(facts.asked), "silent": len(silent(facts.asked, facts.on))}
    else:
        raise UnknownMust(key)
    return Found(key, act, holds, numbers, names)


class UnknownMust(ValueError):
    """The list names a must that nobody knows how to look for."""


def security_amounts(rows: Iterable[tuple[str, int]]) -> tuple[int, int]:
    """Return the VND of (group, amount) rows for information security, and of all rows."""
    parts = list(rows)
    return sum(amount for group, amount in parts if group == SECURITY), sum(amount for _, amount in parts)
