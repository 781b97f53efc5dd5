"""Take a reported remedy, or return it with the reason."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.messages.api import tell
from tinhso.plans.events.money import RemedyAnswered
from tinhso.plans.lifecycle import FindingVerb
from tinhso.plans.models import Finding, History
from tinhso.plans.permissions import PLANNER
from tinhso.plans.permissions.money import FINDINGS, MayInspect
from tinhso.plans.queries.inspections import people_of
from tinhso.toolkit.text import tidy
from tinhso.toolkit.working_time import in_vietnam


class CannotAnswerRemedy(ValueError):
    """The remedy cannot be answered like this; the sentence says what is missing."""


@transaction.atomic
def answer_remedy(
    *, by: Actor, at: dt.datetime, finding_id: int, is_taken: bool, reason: str = ""
) -> Finding:
    """Close a finding whose remedy is good, or return it with the reason: then it is open again and its due day stays.

    Never who reported it. The office is told. Raises ``NotThere``, ``CannotAnswerRemedy``.
    """
    finding = FINDINGS.one(by, MayInspect.ANSWER, pk=finding_id)
    reason, today = tidy(reason), in_vietnam(at).date()
    if not is_taken and not reason:
        raise CannotAnswerRemedy(_("Trả lại thì ghi lý do: còn thiếu gì, phải làm gì."))
    if len(reason) > 1000:
        raise CannotAnswerRemedy(_("Lý do tối đa 1000 chữ. Viết gọn lại."))
    verb = FindingVerb.CLOSE if is_taken else FindingVerb.RETURN
    finding.take(verb)
    if is_taken:
        finding.closed_by_id, finding.closed_on = by.account_id, today
    finding.save(update_fields=["state", "closed_by", "closed_on"])
    what = _("Xác nhận đã khắc phục") if is_taken else _("Trả lại báo cáo khắc phục")
    History.objects.record(finding.about, what, by=by, at=at, reason=reason)
    announce(RemedyAnswered(finding.pk, verb.value), about=finding.about, by=by, at=at)
    office = Finding.objects.values_list("inspection__office_id", flat=True).get(pk=finding.pk)
    body = (
        _("Kiến nghị đã được xác nhận khắc phục.")
        if is_taken
        else _("Báo cáo khắc phục bị trả lại. Mở ra xem lý do rồi báo lại.")
    )
    for person_id in people_of([office], PLANNER, today):
        tell(person_id, title=what, body=body, link=reverse("plans:finding", args=[finding.pk]), at=at)
    return finding
