"""The public catalogue as rows for open data (dữ liệu mở): one for each procedure with a version in force on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import Max

from tinhso.catalogue.models import Case, ChannelTerm, ProcedureVersion, ServiceLevel
from tinhso.catalogue.queries.catalogue import (
    NEW_SYSTEM_FROM,
    ONLINE_FROM,
    fee_text,
    levels_in_force,
    levels_on,
    limit_text,
)

BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class OpenRow:
    """What open data tells of a procedure on a day. Limit and fee are those of the ordinary case at the counter.

    ``level`` of ``system`` (2011: 1 to 4; 2022: 2 information, 3 một phần, 4 toàn trình), None where none was decided.
    ``limit_unit``: h, wd, d, m, sameday, handover, none. ``is_illustrative``: level, limit or fee is set for the demo.
    """

    code: str
    name: str
    legal_name: str
    field: str
    responsible: str
    executing_levels: tuple[str, ...]
    level: int | None
    system: int
    limit: str
    limit_value: str
    limit_unit: str
    fee: str
    fee_vnd: int | None
    can_file_online: bool
    audience: tuple[str, ...]
    effective_from: dt.date
    is_listed: bool
    is_illustrative: bool
    is_unverified: bool


def open_rows(on: dt.date) -> Iterator[OpenRow]:
    """Yield every procedure in force on a day, by code; read in batches, so that thousands never stand in memory."""
    system = 2022 if on >= NEW_SYSTEM_FROM else 2011
    levels, counting = levels_on(on, system=system), levels_in_force(on)
    online = {pk for pk, level in counting.items() if level.level >= ONLINE_FROM}
    last = ""
    while True:
        batch = list(
            ProcedureVersion.objects.on(on)
            .filter(procedure__code__gt=last)
            .select_related("procedure__field")
            .prefetch_related("cases__terms")
            .order_by("procedure__code")[:BATCH]
        )
        for version in batch:
            is_online = version.can_file_online and version.procedure_id in online
            yield _row(version, levels.get(version.procedure_id), system, is_online=is_online)
        if len(batch) < BATCH:
            return
        last = batch[-1].procedure.code


def _row(version: ProcedureVersion, level: ServiceLevel | None, system: int, *, is_online: bool) -> OpenRow:
    procedure = version.procedure
    term = _ordinary_term(list(version.cases.all()))
    return OpenRow(
        code=procedure.code,
        name=procedure.everyday_name,
        legal_name=procedure.legal_name,
        field=procedure.field.name,
        responsible=procedure.responsible,
        executing_levels=tuple(procedure.executing_levels or version.levels),
        level=level.level if level else None,
        system=system,
        limit=limit_text(term.limit_value, term.limit_unit) if term else "",
        limit_value=f"{term.limit_value.normalize():f}" if term and term.limit_value else "",
        limit_unit=term.limit_unit if term else "",
        fee=fee_text(term) if term else "",
        fee_vnd=term.fee_vnd if term else None,
        can_file_online=is_online,
        audience=tuple(procedure.audience),
        effective_from=version.effective_from,
        is_listed=procedure.is_listed,
        is_illustrative=bool((level and level.is_illustrative) or (term and term.is_illustrative)),
        is_unverified=bool(procedure.code_is_unverified or (term and term.is_unverified)),
    )


def last_published() -> dt.datetime | None:
    """Return when a version was last published, in business time; None before the first."""
    found: dt.datetime | None = ProcedureVersion.objects.aggregate(last=Max("published_at"))["last"]
    return found


def _ordinary_term(cases: list[Case]) -> ChannelTerm | None:
    """Return limit and fee of the case that holds without a condition, at the counter where it is served there."""
    ordinary = [case for case in cases if case.when is None and not case.is_chosen_by_officer] or cases
    if not ordinary:
        return None
    terms = {term.channel: term for term in ordinary[0].terms.all()}
    return terms.get("counter") or terms.get("online") or next(iter(terms.values()), None)
