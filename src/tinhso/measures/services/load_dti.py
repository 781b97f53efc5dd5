"""Load the demo's criteria of the Digital Transformation Index, all marked illustrative. Not announced: nobody did it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction

from tinhso.directory.api import Office
from tinhso.measures.models import (
    DtiAppraisal,
    DtiAssessment,
    DtiAssignment,
    DtiCriterion,
    DtiEvidence,
    DtiPeriod,
)
from tinhso.measures.queries.documents import document


@transaction.atomic
def load_dti(*, until: dt.datetime) -> int:
    """Load what was said up to a moment, once; return how many criteria, 0 where there is a period already."""
    said = document("dti_demo")
    opened = dt.datetime.fromisoformat(said["opened_at"])
    if DtiPeriod.objects.exists() or opened > until:
        return 0
    period = DtiPeriod.objects.create(
        year=said["year"], version=said["version"], is_illustrative=True, opened_at=opened
    )
    offices = dict(Office.objects.on(until.date()).order_by("-pk").values_list("name", "pk"))
    for one in said["criteria"]:
        criterion = DtiCriterion.objects.create(
            version=said["version"],
            code=one["code"],
            name=one["name"],
            group=one["group"],
            max_score=Decimal(one["max"]),
            is_illustrative=True,
            added_at=opened,
        )
        DtiAssignment.objects.create(
            criterion=criterion,
            period=period,
            office_id=offices.get(one["office"]),
            deadline=dt.date.fromisoformat(one["deadline"]) if "deadline" in one else None,
            status=one["status"],
            assigned_at=opened,
        )
        _scores(one, criterion, period, until)
    return len(said["criteria"])


def _scores(one: dict[str, Any], criterion: DtiCriterion, period: DtiPeriod, until: dt.datetime) -> None:
    if "score" not in one or (at := dt.datetime.fromisoformat(one["assessed_at"])) > until:
        return
    assessment = DtiAssessment.objects.create(
        criterion=criterion, period=period, score=Decimal(one["score"]), assessed_at=at
    )
    DtiEvidence.objects.bulk_create(
        DtiEvidence(
            assessment=assessment,
            place=place,
            number=paper["number"],
            date=dt.date.fromisoformat(paper["date"]),
            content=paper["content"],
        )
        for place, paper in enumerate(one.get("evidence", ()), 1)
    )
    if "appraised_at" not in one or (at := dt.datetime.fromisoformat(one["appraised_at"])) > until:
        return
    DtiAppraisal.objects.create(
        assessment=assessment,
        score=Decimal(one["appraised"]) if "appraised" in one else None,
        reason=one.get("refused", ""),
        appraised_at=at,
    )
