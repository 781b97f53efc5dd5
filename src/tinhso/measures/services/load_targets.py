"""Load the demo's targets of use, all marked illustrative. Not announced: nobody set them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction

from tinhso.directory.api import Office
from tinhso.measures.models import UseTarget
from tinhso.measures.queries.documents import document


@transaction.atomic
def load_targets(*, until: dt.datetime) -> int:
    """Load the targets set up to a moment, once; return how many, 0 where there are some already."""
    said = document("targets")
    set_at = dt.datetime.fromisoformat(said["set_at"])
    if UseTarget.objects.exists() or set_at > until:
        return 0
    rows = []
    for one in said["targets"]:
        office = None
        if "office" in one:
            office = (
                Office.objects.on(until.date()).filter(name__endswith=one["office"]).order_by("pk").first()
            )
            if office is None:
                continue
        rows.append(
            UseTarget(
                month=dt.date.fromisoformat(said["month"]),
                office=office,
                procedure_code=one.get("procedure", ""),
                online_count=one.get("count"),
                online_share=Decimal(one["share"]) if "share" in one else None,
                decision_number=said["decision"]["number"],
                decision_date=dt.date.fromisoformat(said["decision"]["date"]),
                is_illustrative=True,
                set_at=set_at,
            )
        )
    return len(UseTarget.objects.bulk_create(rows))
