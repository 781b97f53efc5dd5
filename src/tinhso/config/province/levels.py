"""Take the levels of procedures in from a province's folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction

from tinhso.catalogue.api import Procedure, ServiceLevel
from tinhso.catalogue.events import ServiceLevelDecided
from tinhso.config.province.tables import Row
from tinhso.directory.api import Actor
from tinhso.directory.events import TakenIn
from tinhso.journal.api import announce

_FIELDS = ("level", "valid_to", "basis", "reason", "decision_number", "decision_date", "is_illustrative")


@transaction.atomic
def take_in_levels(rows: Sequence[Row], *, fresh: Collection[str], by: Actor, at: dt.datetime) -> int:
    """Add or change levels; return how many.

    ``fresh``: procedures that came in just now; where the folder tells the levels of one, those of its default sheet,
    which are illustrative, give way.
    """
    codes = {row["ma"] for row in rows}
    procedures = Procedure.objects.in_bulk(codes, field_name="code")
    there = {
        (one.procedure.code, one.system, one.valid_from): one
        for one in ServiceLevel.objects.select_for_update(of=("self",))
        .filter(procedure__code__in=codes)
        .select_related("procedure")
    }
    told = {(row["ma"], int(row["he_thong"]), row["tu_ngay"]): row for row in rows}
    gone = [one.pk for key, one in there.items() if key[0] in fresh and key not in told]
    ServiceLevel.objects.filter(pk__in=gone, decision_date=None).delete()
    new: list[ServiceLevel] = []
    old: list[ServiceLevel] = []
    for (code, system, first), row in told.items():
        level = there.get((code, system, first))
        (old if level else new).append(
            _written(level or ServiceLevel(procedure=procedures[code], system=system, valid_from=first), row)
        )
    ServiceLevel.objects.bulk_update(old, _FIELDS, batch_size=500)
    ServiceLevel.objects.bulk_create(new, batch_size=500)
    for (code, system, _first), row in told.items():
        announce(_event(code, system, row), about=f"procedure:{code}", by=by, at=at)
    return len(told)


def _written(level: ServiceLevel, row: Row) -> ServiceLevel:
    level.level = int(row["muc_do"])
    level.valid_to = row["den_ngay"]
    level.basis = row["can_cu"]
    level.reason = row["ly_do"] or ""
    level.decision_number = row["so_quyet_dinh"] or ""
    level.decision_date = row["ngay_quyet_dinh"]
    level.is_illustrative = row["minh_hoa"] == "yes"
    return level


def _event(code: str, system: int, row: Row) -> Any:
    day: dt.date | None = row["ngay_quyet_dinh"]
    if day is None:
        return TakenIn("level", code, "muc_do")
    return ServiceLevelDecided(
        code, system, int(row["muc_do"]), None, row["tu_ngay"], row["so_quyet_dinh"], day
    )
