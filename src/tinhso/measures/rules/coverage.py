"""Which bodies run the one-stop, the interlinked one-stop and official signatures: each judged from evidence. Pure.

A body that cannot be judged for want of evidence is not a body that does not run it: it stays in the denominator as
unknown, so that nobody raises a share by keeping no evidence.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final


class System(StrEnum):
    """What a body runs or does not run."""

    ONE_STOP = "one_stop"
    INTERLINKED = "interlinked"
    SIGNATURES = "signatures"


class Status(StrEnum):
    """What the evidence says of a body on a day."""

    RUNS = "runs"
    RUNS_NOT = "runs_not"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why a body is in no denominator."""

    NOT_YET = "not_yet_established"
    CLOSED = "closed"
    NO_PROCEDURES = "no_procedures"
    NONE_INTERLINKED = "no_interlinked_procedures"
    DECLARED_ONLY = "declared_only"


class Doubt(StrEnum):
    """Where one piece of evidence does not fit another; told beside the figure, never mixed into it."""

    COUNTER_WITHOUT_DOSSIERS = "counter_without_dossiers"
    DOSSIERS_WITHOUT_COUNTER = "dossiers_without_counter"
    FEW_PASSED = "few_passed"
    HOLDER_GONE = "holder_gone"
    DECLARED_OTHERWISE = "declared_otherwise"


class Level(StrEnum):
    """The level of administration that a body belongs to."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


class Group(StrEnum):
    """The kinds of body that the coverage of signatures tells apart."""

    STATE = "state"
    PARTY = "party"
    MASS = "mass_organisation"
    PUBLIC_UNIT = "public_unit"
    ENTERPRISE = "state_enterprise"


#: Kinds of office (directory) that are not State offices; every other kind is one.
GROUP_OF: Final[Mapping[str, Group]] = {
    "party_body": Group.PARTY,
    "mass_organisation": Group.MASS,
    "public_unit": Group.PUBLIC_UNIT,
    "state_enterprise": Group.ENTERPRISE,
}
#: The kinds of office that are a level themselves.
LEVEL_OF: Final[Mapping[str, Level]] = {
    "province": Level.PROVINCE,
    "department": Level.PROVINCE,
    "district": Level.DISTRICT,
    "commune": Level.COMMUNE,
}


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of how a system's coverage is counted, in force between two days; ``effective_to`` None: still.

    ``days``: how far back dossiers are looked for, the day itself included. ``few_percent``: where fewer of the
    interlinked dossiers passed a second office, it is told. ``declared_only``: the groups of bodies of which there is
    no evidence but what was declared.
    """

    system: System
    version: str
    effective_from: dt.date
    effective_to: dt.date | None
    days: int
    few_percent: int
    declared_only: frozenset[Group]
    body: str
    runs: str
    check: str
    source: str
    unverified: str

    def since(self, day: dt.date) -> dt.date:
        """Return the first day on which dossiers are looked for."""
        return day - dt.timedelta(days=self.days - 1)


def definitions(document: Mapping[str, Any]) -> tuple[Definition, ...]:
    """Read the versions of ``data/coverage.json``."""
    return tuple(
        Definition(
            System(one["system"]),
            one["version"],
            dt.date.fromisoformat(one["effective_from"]),
            dt.date.fromisoformat(one["effective_to"]) if one["effective_to"] else None,
            one["days"],
            one["few_percent"],
            frozenset(Group(name) for name in one["declared_only"]),
            one["body"],
            one["runs"],
            one["check"],
            one["source"],
            one["unverified"],
        )
        for one in document["versions"]
    )


def definition_on(every: Iterable[Definition], system: System, day: dt.date) -> Definition | None:
    """Return the version that is in force for a system on a day; None where there is none."""
    return next(
        (
            one
            for one in every
            if one.system is system
            and one.effective_from <= day
            and (one.effective_to is None or day <= one.effective_to)
        ),
        None,
    )


@dataclass(frozen=True, slots=True)
class Body:
    """A body as the directory has it; ``valid_to`` None: still open."""

    office_id: int
    code: str
    name: str
    kind: str
    level: Level
    valid_from: dt.date
    valid_to: dt.date | None

    @property
    def group(self) -> Group:
        """Return the kind of body."""
        return GROUP_OF.get(self.kind, Group.STATE)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one body on a day.

    ``procedures`` may be filed there, ``interlinked`` of them pass a second office. ``posts`` are held there that
    day, ``counters`` of them at the counter. ``received``: dossiers accepted in the days looked at; None: a day of
    them was not counted. ``came`` and ``passed``: dossiers of interlinked procedures accepted in those days, and how
    many of them a second office really had. ``officers`` and ``seals`` are certificates in force at the end of the
    day, ``gone`` of them held by somebody who no longer holds a post there. ``has_registry``: some certificate of
    any body was in force by then.
    """

    procedures: int = 0
    interlinked: int = 0
    posts: int = 0
    counters: int = 0
    received: int | None = None
    came: int = 0
    passed: int = 0
    officers: int = 0
    seals: int = 0
    gone: int = 0
    has_registry: bool = False


def one_stop(known: Evidence) -> Status:
    """Judge by the open counter; a body of which no post is known cannot be judged."""
    if known.counters:
        return Status.RUNS
    return Status.RUNS_NOT if known.posts else Status.UNKNOWN


def interlinked(known: Evidence) -> Status:
    """Judge by the dossiers that a second office really had; where none came there is nothing to judge by."""
    if known.passed:
        return Status.RUNS
    return Status.RUNS_NOT if known.came else Status.UNKNOWN


def signatures(known: Evidence) -> Status:
    """Judge by the registry: an officer's certificate and the seal's, both in force; an empty registry says nothing."""
    if known.officers and known.seals:
        return Status.RUNS
    return Status.RUNS_NOT if known.has_registry else Status.UNKNOWN


JUDGES: Final[Mapping[System, Callable[[Evidence], Status]]] = {
    System.ONE_STOP: one_stop,
    System.INTERLINKED: interlinked,
    System.SIGNATURES: signatures,
}


def left_out(body: Body, known: Evidence, definition: Definition, day: dt.date) -> Reason | None:
    """Return why a body is in no denominator on a day; None where it is. The last day of a body still counts."""
    if body.valid_from > day:
        return Reason.NOT_YET
    if body.valid_to is not None and body.valid_to < day:
        return Reason.CLOSED
    if body.group in definition.declared_only:
        return Reason.DECLARED_ONLY
    if definition.system is System.SIGNATURES:
        return None
    if not known.procedures:
        return Reason.NO_PROCEDURES
    if definition.system is System.INTERLINKED and not known.interlinked:
        return Reason.NONE_INTERLINKED
    return None


def doubts(
    definition: Definition, known: Evidence, status: Status, declared: Status | None
) -> tuple[Doubt, ...]:
    """Return where the evidence of a body does not fit together, or not what was declared."""
    found = []
    if definition.system is System.ONE_STOP and known.counters and known.received == 0:
        found.append(Doubt.COUNTER_WITHOUT_DOSSIERS)
    if definition.system is System.ONE_STOP and not known.counters and known.received:
        found.append(Doubt.DOSSIERS_WITHOUT_COUNTER)
    if (
        definition.system is System.INTERLINKED
        and 0 < 100 * known.passed < definition.few_percent * known.came
    ):
        found.append(Doubt.FEW_PASSED)
    if definition.system is System.SIGNATURES and known.gone:
        found.append(Doubt.HOLDER_GONE)
    if declared is not None and status is not Status.UNKNOWN and status is not declared:
        found.append(Doubt.DECLARED_OTHERWISE)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Judged:
    """One body and what became of it: in the denominator with a status, or left out for a reason.

    ``declared`` None: nothing was declared of it. What was declared is in no computed figure.
    """

    body: Body
    known: Evidence
    status: Status | None
    reason: Reason | None
    declared: Status | None
    doubts: tuple[Doubt, ...] = ()


def judge(
    body: Body, known: Evidence, definition: Definition, day: dt.date, declared: Status | None = None
) -> Judged:
    """Judge one body on a day by one definition."""
    reason = left_out(body, known, definition, day)
    if reason is not None:
        return Judged(body, known, None, reason, declared)
    status = JUDGES[definition.system](known)
    return Judged(body, known, status, None, declared, doubts(definition, known, status, declared))


@dataclass(slots=True)
class Coverage:
    """How many bodies run a system, of how many; who was left out by reason; what was declared, apart.

    ``denominator`` = ``runs`` + ``runs_not`` + ``unknown``, and with all that was left out it is every body known.
    ``doubted`` counts bodies by doubt; a body may have several. ``with_officer`` and ``with_seal`` count those of the
    denominator that have one of the two certificates; ``runs`` needs both.
    """

    runs: int = 0
    runs_not: int = 0
    unknown: int = 0
    with_officer: int = 0
    with_seal: int = 0
    excluded: Counter[Reason] = field(default_factory=Counter)
    declared: Counter[Status] = field(default_factory=Counter)
    doubted: Counter[Doubt] = field(default_factory=Counter)

    @property
    def denominator(self) -> int:
        """Return how many bodies count."""
        return self.runs + self.runs_not + self.unknown

    @property
    def is_told(self) -> bool:
        """Say whether there is a share to tell: somebody counts, and not all of them are unknown."""
        return self.runs + self.runs_not > 0


def tally(rows: Iterable[Judged]) -> Coverage:
    """Add up bodies. What closed or is not yet there has declared nothing that holds."""
    found = Coverage()
    for one in rows:
        if one.reason is not None:
            found.excluded[one.reason] += 1
        else:
            found.runs += one.status is Status.RUNS
            found.runs_not += one.status is Status.RUNS_NOT
            found.unknown += one.status is Status.UNKNOWN
            found.with_officer += one.known.officers > 0
            found.with_seal += one.known.seals > 0
        if one.declared is not None and one.reason not in (Reason.CLOSED, Reason.NOT_YET):
            found.declared[one.declared] += 1
        found.doubted.update(one.doubts)
    return found


def groups(rows: Iterable[Judged], key: Callable[[Judged], Hashable]) -> dict[Any, Coverage]:
    """Add up bodies by what ``key`` says of them; together the parts are the whole."""
    parts: dict[Any, list[Judged]] = {}
    for one in rows:
        parts.setdefault(key(one), []).append(one)
    return {name: tally(part) for name, part in parts.items()}
