"""Report that a finding is remedied, with its paper."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.documents.api import StoredFile
from tinhso.journal.api import announce
from tinhso.plans.events.money import RemedyReported
from tinhso.plans.lifecycle import FindingVerb
from tinhso.plans.models import Finding, History
from tinhso.plans.permissions.money import FINDINGS, MayInspect
from tinhso.toolkit.text import tidy
from tinhso.toolkit.working_time import in_vietnam

LONGEST: Final = 1000


class CannotReportRemedy(ValueError):
    """The remedy cannot be reported like this; the sentence says what is missing. ``field``: which box it is about."""

    def __init__(self, sentence: str, field: str) -> None:
        """Keep the sentence and the box."""
        super().__init__(sentence)
        self.field = field


@transaction.atomic
def report_remedy(
    *,
    by: Actor,
    at: dt.datetime,
    finding_id: int,
    text: str,
    paper: StoredFile | None,
    paper_name: str = "",
) -> Finding:
    """Say what the office did, with the paper that proves it; somebody else looks at it.

    Raises ``NotThere`` (other offices; a finding that is not open), ``CannotReportRemedy``.
    """
    finding = FINDINGS.one(by, MayInspect.REPORT, pk=finding_id)
    text = tidy(text)
    if not text or len(text) > LONGEST:
        raise CannotReportRemedy(_("Ghi đã khắc phục thế nào, tối đa %(n)d chữ.") % {"n": LONGEST}, "text")
    if paper is None:
        raise CannotReportRemedy(
            _("Kèm giấy chứng minh đã khắc phục: biên bản, ảnh chụp, văn bản đã ký."), "paper"
        )
    finding.take(FindingVerb.REPORT_FIXED)
    finding.fixed_text, finding.file, finding.file_name = text, paper, paper_name[:200]
    finding.fixed_by_id, finding.fixed_on = by.account_id, in_vietnam(at).date()
    finding.save(update_fields=["state", "fixed_text", "file", "file_name", "fixed_by", "fixed_on"])
    said = f"{text[:300]} ({finding.file_name[:90]})" if finding.file_name else text[:400]
    History.objects.record(finding.about, _("Báo đã khắc phục"), by=by, at=at, after=said)
    office = Finding.objects.values_list("inspection__office_id", flat=True).get(pk=finding.pk)
    announce(RemedyReported(finding.pk, office), about=finding.about, by=by, at=at)
    return finding
