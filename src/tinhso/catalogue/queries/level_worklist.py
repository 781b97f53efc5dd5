"""What the office reads of levels: both systems on a day side by side, and who could be on level 4 and is not."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from tinhso.catalogue.models import Eligibility, Procedure, ProcedureVersion, ServiceLevel
from tinhso.catalogue.permissions import PROCEDURES, MayProcedure
from tinhso.catalogue.queries.catalogue import NEW_SYSTEM_FROM, can_file_online, levels_in_force
from tinhso.catalogue.queries.levels import Share, service_levels
from tinhso.directory.api import Actor
from tinhso.toolkit.clock import VN
from tinhso.toolkit.counting import uses
from tinhso.toolkit.words import percent

#: What is counted as use: dossiers filed in so many days up to a day.
USE_DAYS: Final = 365
HIGHEST: Final = 4
#: The levels of each system, the highest first, as officials call them.
SYSTEM_LEVELS: Final = {2011: (4, 3, 2, 1), 2022: (4, 3, 2)}
SYSTEM_WORDS: Final = {2011: "Nghị định 43/2011", 2022: "Nghị định 42/2022"}


def level_words(system: int, level: int) -> str:
    """Return what a level is called; 0 where none was decided."""
    if level == 0:
        return _("Chưa có quyết định")
    if system == 2022:
        return {4: _("Toàn trình"), 3: _("Một phần"), 2: _("Cung cấp thông tin")}[level]
    return _("Mức độ %(n)s") % {"n": level}


def used(on: dt.date) -> Counter[str]:
    """Return how many dossiers of each procedure were filed in the year up to a day, by code."""
    end = dt.datetime.combine(on + dt.timedelta(days=1), dt.time(), VN)
    return uses(end - dt.timedelta(days=USE_DAYS), end)


@dataclass(frozen=True, slots=True)
class Side:
    """One system on a day: (name of the level, procedures) from the highest, and the share that is online.

    ``is_in_force``: the day lies within the time of the system.
    """

    name: str
    rows: tuple[tuple[str, int], ...]
    whole: Share
    is_in_force: bool

    @property
    def share(self) -> str:
        """Return the share of the list that is online, in words; a dash where nothing was decided in this system."""
        if self.whole.by_level.keys() <= {0}:
            return "–"
        return percent(self.whole.online, self.whole.listed, 1)


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Both systems on a day, and the procedures of Project 06: (how many, how many of them on the highest level)."""

    on: dt.date
    sides: tuple[Side, ...]
    project_06: tuple[int, int]
    is_illustrative: bool


def side_by_side(on: dt.date) -> SideBySide:
    """Count the province's list by level on a day, in each system."""
    counted = {system: service_levels(on, system=system) for system in SYSTEM_LEVELS}
    flagged = set(Procedure.objects.filter(is_listed=True, is_project_06=True).values_list("pk", flat=True))
    levels = levels_in_force(on)
    highest = sum(pk in levels and levels[pk].level == HIGHEST for pk in flagged)
    return SideBySide(
        on,
        tuple(
            Side(
                SYSTEM_WORDS[system],
                tuple(
                    (level_words(system, level), found.whole.by_level.get(level, 0))
                    for level in (*SYSTEM_LEVELS[system], 0)
                ),
                found.whole,
                (system == 2022) == (on >= NEW_SYSTEM_FROM),
            )
            for system, found in counted.items()
        ),
        (len(flagged), highest),
        any(found.is_illustrative for found in counted.values()),
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A procedure that may be on level 4 and is not. ``used`` counts its dossiers of the year up to the day."""

    code: str
    name: str
    field: str
    department: str
    executing_levels: tuple[str, ...]
    level: str
    used: int
    is_listed: bool
    is_project_06: bool
    eligibility: Eligibility


@dataclass(frozen=True, slots=True)
class WantedWaiting:
    """The filters of the worklist; blank is all."""

    field: str = ""
    department: str = ""
    level: str = ""
    project_06: bool = False

    def takes(self, one: Waiting) -> bool:
        """Say whether a line is wanted."""
        return (
            self.field in ("", one.field)
            and self.department in ("", one.department)
            and (not self.level or self.level in one.executing_levels)
            and (one.is_project_06 or not self.project_06)
        )


def eligible_not_yet(by: Actor, on: dt.date) -> list[Waiting]:
    """Return the procedures in force that may be on level 4 on a day and are not, the most used first."""
    levels, filed = levels_in_force(on), used(on)
    eligible = {
        one.procedure_id: one
        for one in Eligibility.objects.filter(is_eligible=True, valid_from__lte=on).exclude(valid_to__lt=on)
    }
    in_force = ProcedureVersion.objects.on(on).filter(procedure=OuterRef("pk"))
    rows = (
        PROCEDURES.rows(by, MayProcedure.READ)
        .filter(Exists(in_force), pk__in=[pk for pk in eligible if not _is_highest(levels.get(pk))])
        .select_related("field")
        .defer("folded", "synonyms", "legal_name")
    )
    found = [
        Waiting(
            one.code,
            one.everyday_name,
            one.field.name,
            one.responsible,
            tuple(one.executing_levels),
            _said(levels.get(one.pk)),
            filed[one.code],
            one.is_listed,
            one.is_project_06,
            eligible[one.pk],
        )
        for one in rows
    ]
    return sorted(found, key=lambda one: (-one.used, one.code))


def _is_highest(level: ServiceLevel | None) -> bool:
    return level is not None and level.level == HIGHEST


def _said(level: ServiceLevel | None) -> str:
    return level_words(level.system, level.level) if level else level_words(2011, 0)


def counted_by(rows: Iterable[Waiting], name: str) -> list[tuple[str, int]]:
    """Return the values of a column with how many lines have each, by name."""
    return sorted(Counter(str(getattr(row, name)) for row in rows).items())


@dataclass(frozen=True, slots=True)
class OfProcedure:
    """A procedure with all its decisions, the latest first; ``seen`` is the number of the last one that was written."""

    procedure: Procedure
    levels: tuple[ServiceLevel, ...]
    eligibility: tuple[Eligibility, ...]
    level_now: ServiceLevel | None
    eligibility_now: Eligibility | None
    seen: int
    eligibility_seen: int
    used: int
    files_online: bool


def levels_of(by: Actor, code: str, on: dt.date) -> OfProcedure:
    """Return the level decisions and the eligibility of a procedure. Raises ``NotThere``."""
    procedure = PROCEDURES.look(by, MayProcedure.READ, code=code)
    version = ProcedureVersion.objects.on(on).filter(procedure=procedure).select_related("procedure").first()
    levels = tuple(procedure.service_levels.order_by("-valid_from", "-system"))
    eligibility = tuple(procedure.eligibility.order_by("-valid_from"))
    return OfProcedure(
        procedure,
        levels,
        eligibility,
        level_within(levels, on),
        next((one for one in eligibility if is_within(one, on)), None),
        max((one.pk for one in levels), default=0),
        max((one.pk for one in eligibility), default=0),
        used(on)[code],
        version is not None and can_file_online(version, on),
    )


def is_within(one: ServiceLevel | Eligibility, day: dt.date) -> bool:
    """Say whether a decision holds on a day."""
    return one.valid_from <= day and (one.valid_to is None or day <= one.valid_to)


def level_within(levels: Iterable[ServiceLevel], day: dt.date) -> ServiceLevel | None:
    """Return the one of these levels that counts on a day: that of the later system where it holds already."""
    systems = (2022, 2011) if day >= NEW_SYSTEM_FROM else (2011,)
    within = {one.system: one for one in levels if is_within(one, day)}
    return next((within[system] for system in systems if system in within), None)


def eligibility_on(procedure: Procedure, day: dt.date) -> Eligibility | None:
    """Return whether a procedure may be on level 4 on a day, None where nobody has decided."""
    return next((one for one in procedure.eligibility.all() if is_within(one, day)), None)
