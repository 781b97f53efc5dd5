"""Scores of the Digital Transformation Index in the small province, and what is sent to their pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.authorisation.world import NINE, World
from tinhso.measures.models import (
    DtiAppraisal,
    DtiAssessment,
    DtiAssignment,
    DtiCriterion,
    DtiEvidence,
    DtiPeriod,
)
from tinhso.measures.rules.dti import Status

#: One year takes scores; the other waits to be closed.
OPEN, ASKED = 2021, 2020
#: The rows of these are changed by nobody.
WRITTEN_ONCE = (
    "measures.DtiAssessment",
    "measures.DtiEvidence",
    "measures.DtiAppraisal",
    "measures.DtiAssignment",
)
TABLE = "Mã,Chỉ tiêu,Nhóm,Điểm tối đa\n4.2,Chỉ tiêu thử,Nhân lực số,10\n".encode()


def add_scores(world: World) -> None:
    """Give one criterion a score that was appraised, in an open period and in one that waits to be closed."""
    who = world.actors
    criterion = DtiCriterion.objects.create(
        version="dti-2022", code="4.1", name="Chỉ tiêu thử", group="i4", max_score=10, added_at=NINE
    )
    for year in (OPEN, ASKED):
        period = DtiPeriod.objects.create(year=year, version="dti-2022", opened_at=NINE)
        write(world, period, criterion, lambda _field: "thử")
        if year == ASKED:
            period.closing_asked_by_id, period.closing_asked_at = who["statistician"].account_id, NINE
            period.save()


def write(world: World, period: DtiPeriod, criterion: DtiCriterion, word: Callable[[str], str]) -> None:
    """Replace what is said of a criterion, with a word for each text."""
    of = {"period": period, "criterion": criterion}
    who = world.actors
    said = DtiAssessment.objects.create(
        **of,
        score=Decimal(8),
        link=f"https://namdinh.gov.vn/{word('measures.DtiAssessment.link')}",
        replaces=DtiAssessment.objects.filter(**of).order_by("-pk").first(),
        assessed_by_id=who["statistician"].account_id,
        assessed_at=NINE,
    )
    DtiEvidence.objects.create(
        assessment=said,
        place=1,
        number=word("measures.DtiEvidence.number"),
        date=dt.date(2022, 1, 20),
        content=word("measures.DtiEvidence.content"),
    )
    DtiAppraisal.objects.create(
        assessment=said,
        score=Decimal(7),
        reason=word("measures.DtiAppraisal.reason"),
        appraised_by_id=who["figures_approver"].account_id,
        appraised_at=NINE,
    )
    DtiAssignment.objects.create(
        **of,
        status=Status.DONE,
        note=word("measures.DtiAssignment.note"),
        replaces=DtiAssignment.objects.filter(**of).order_by("-pk").first(),
        assigned_by_id=who["statistician"].account_id,
        assigned_at=NINE,
    )


def criterion_address(world: World, state: str) -> tuple[list[Any], str]:
    """Return the address of the criterion in the open year."""
    return [OPEN, DtiCriterion.objects.get(code="4.1").pk], ""


def _latest(model: Any, field: str = "period") -> int:
    row = model.objects.filter(**{f"{field}__year": OPEN}).order_by("-pk").first()
    assert row is not None
    return int(row.pk)


def _score(world: World, state: str) -> dict[str, Any]:
    return {
        "act": "tu-cham",
        "seen": _latest(DtiAssessment),
        "score": "5,5",
        "evidence": "41/BC-SNV – 20/01/2022: kết quả",
        "link": "",
    }


def _appraisal(act: str, reason: str) -> Callable[[World, str], dict[str, Any]]:
    return lambda world, state: {
        "act": act,
        "assessment": _latest(DtiAssessment),
        "seen": _latest(DtiAppraisal, "assessment__period"),
        "appraised": "6",
        "reason": reason,
    }


def _assignment(world: World, state: str) -> dict[str, Any]:
    duty = {"office": "", "deadline": "31/05/2022", "status": "in_progress", "note": ""}
    return {"act": "phan-cong", "seen": _latest(DtiAssignment), **duty}


#: What is sent, by address and case.
CONTENTS: dict[tuple[str, str], Callable[[World, str], dict[str, Any]]] = {
    ("measures:dti_criterion", "a score"): _score,
    ("measures:dti_criterion", "no number"): lambda w, s: _score(w, s) | {"score": "nhiều"},
    ("measures:dti_criterion", "an office"): _assignment,
    ("measures:dti_criterion", "an appraisal"): _appraisal("tham-dinh", ""),
    ("measures:dti_criterion", "a refusal"): _appraisal("tra-lai", "Văn bản nói năm khác."),
    ("measures:dti_criterion", "a refusal without a reason"): _appraisal("tra-lai", ""),
    ("measures:dti_periods", "a year"): lambda w, s: {"act": "mo", "year": "2022", "version": "dti-2022"},
    ("measures:dti_periods", "to be closed"): lambda w, s: {"act": "de-nghi", "of": OPEN},
    ("measures:dti_periods", "the other, closed"): lambda w, s: {"act": "chot", "of": ASKED},
    ("measures:dti_periods", "the other, handed back"): lambda w, s: {
        "act": "tra-lai",
        "of": ASKED,
        "reason": "Thiếu nhóm 8.",
    },
}
