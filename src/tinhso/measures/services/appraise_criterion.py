"""Appraise a self-assessed score: give another, higher or lower or the same, or refuse it with a reason."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.measures.events import DtiCriterionAppraised
from tinhso.measures.models import DtiAppraisal, DtiAssessment, DtiPeriod
from tinhso.measures.permissions import ASSESSMENTS, MayScore
from tinhso.measures.rules.dti import needs_evidence
from tinhso.measures.services.assess_criterion import (
    DtiChanged,
    DtiRefused,
    about,
    check_score,
    criterion_of,
)
from tinhso.toolkit.policy import NotThere

__all__ = ["DtiChanged", "DtiRefused", "appraise_criterion"]

LONGEST_REASON = 500


@transaction.atomic
def appraise_criterion(
    *,
    by: Actor,
    at: dt.datetime,
    assessment: int,
    score: Decimal | None,
    reason: str,
    seen: int | None,
) -> DtiAppraisal:
    """Appraise an assessment of another person; ``score`` None refuses it, and then ``reason`` says why.

    ``seen`` is the appraisal that was seen to hold, None: none. Points want a paper here too. Raises ``DtiRefused`` with
    a sentence, ``DtiChanged`` where a later assessment or appraisal holds by now, ``NotThere``.
    """
    period = DtiPeriod.objects.select_for_update(of=("self",)).filter(assessments=assessment).first()
    if period is None:
        raise NotThere
    judged = ASSESSMENTS.one(by, MayScore.APPRAISE, pk=assessment)
    criterion = criterion_of(period, judged.criterion_id)
    held = DtiAppraisal.objects.filter(assessment=judged).order_by("-pk").first()
    if (held.pk if held else None) != seen or DtiAssessment.objects.filter(replaces=judged).exists():
        raise DtiChanged
    if len(reason) > LONGEST_REASON:
        raise DtiRefused(_("Lý do dài quá. Rút còn 500 chữ."))
    if score is None and not reason:
        raise DtiRefused(_("Ghi vì sao không chấp nhận điểm này."))
    if score is not None:
        check_score(score, criterion)
        if needs_evidence(score, list(judged.evidence.all()[:1])):
            raise DtiRefused(_("Chưa có minh chứng nào. Trả lại, hoặc chấm 0 điểm."))
    one = DtiAppraisal(
        assessment=judged,
        score=score,
        reason=reason,
        replaces=held,
        appraised_by_id=by.account_id,
        appraised_at=at,
    )
    try:
        with transaction.atomic():
            one.save()
    except IntegrityError:
        raise DtiChanged from None
    announce(
        DtiCriterionAppraised(period.year, criterion.code, judged.pk, one.pk, score),
        about=about(period, criterion),
        by=by,
        at=at,
    )
    return one
