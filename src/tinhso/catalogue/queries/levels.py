"""Count the province's procedures by the level on which they are served online, as decided for a day.

Counted are the procedures of the province's own list. Online means level 3 or 4 of NĐ 43/2011/NĐ-CP, or một phần and
toàn trình of NĐ 42/2022/NĐ-CP, in force from 15/08/2022. A level of one system says nothing of the other.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tinhso.catalogue.models import Eligibility, Procedure, ServiceLevel
from tinhso.catalogue.queries.catalogue import NEW_SYSTEM_FROM, ONLINE_FROM, levels_in_force, levels_on


@dataclass(frozen=True, slots=True)
class Share:
    """How many of ``listed`` procedures are ``online``; ``by_level`` counts each level, 0 where none was decided."""

    name: str
    listed: int
    online: int
    by_level: dict[int, int]


@dataclass(frozen=True, slots=True)
class NotOnline:
    """A listed procedure that is not online, and the reason that its decision gives."""

    code: str
    name: str
    field: str
    department: str
    level: int
    reason: str


@dataclass(frozen=True, slots=True)
class Levels:
    """The figure of a day with everything behind it."""

    on: dt.date
    system: int
    whole: Share
    by_field: tuple[Share, ...]
    by_department: tuple[Share, ...]
    not_online: tuple[NotOnline, ...]
    is_illustrative: bool
    eligible: int
    eligible_not_yet: tuple[tuple[str, str, int], ...]


def service_levels(on: dt.date, *, system: int | None = None) -> Levels:
    """Count the listed procedures by level on a day: of one system, or without it by the level that counts that day.

    ``eligible_not_yet``: may be on level 4 and are not (code, name, level).
    """
    decided = levels_in_force(on) if system is None else levels_on(on, system=system)
    listed = list(Procedure.objects.filter(is_listed=True).select_related("field").order_by("code"))
    eligible = set(
        Eligibility.objects.filter(is_eligible=True, valid_from__lte=on)
        .exclude(valid_to__lt=on)
        .values_list("procedure_id", flat=True)
    )
    rows = [(procedure, decided.get(procedure.pk)) for procedure in listed]
    return Levels(
        on=on,
        system=system or (2022 if on >= NEW_SYSTEM_FROM else 2011),
        whole=_share("", (level for _procedure, level in rows)),
        by_field=_groups((procedure.field.name, level) for procedure, level in rows),
        by_department=_groups((procedure.responsible, level) for procedure, level in rows),
        not_online=tuple(
            NotOnline(
                procedure.code,
                procedure.everyday_name,
                procedure.field.name,
                procedure.responsible,
                level.level if level else 0,
                level.reason if level else "Chưa có quyết định về mức độ",
            )
            for procedure, level in rows
            if level is None or level.level < ONLINE_FROM
        ),
        is_illustrative=any(level.is_illustrative for _procedure, level in rows if level),
        eligible=sum(procedure.pk in eligible for procedure in listed),
        eligible_not_yet=tuple(
            (procedure.code, procedure.everyday_name, level.level if level else 0)
            for procedure, level in rows
            if procedure.pk in eligible and (level is None or level.level < 4)
        ),
    )


def _share(name: str, levels: Iterable[ServiceLevel | None]) -> Share:
    counts = Counter(level.level if level else 0 for level in levels)
    online = sum(n for level, n in counts.items() if level >= ONLINE_FROM)
    return Share(name, counts.total(), online, dict(sorted(counts.items())))


def _groups(rows: Iterable[tuple[str, ServiceLevel | None]]) -> tuple[Share, ...]:
    groups: dict[str, list[ServiceLevel | None]] = {}
    for name, level in rows:
        groups.setdefault(name, []).append(level)
    return tuple(_share(name, groups[name]) for name in sorted(groups))
