"""Conclude a round of inspection."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.messages.api import tell
from tinhso.plans.events.money import InspectionConcluded
from tinhso.plans.models import History, Inspection
from tinhso.plans.permissions import AGENCY
from tinhso.plans.permissions.money import INSPECTIONS, MayInspect
from tinhso.plans.queries.inspections import people_of
from tinhso.toolkit.words import date_text
from tinhso.toolkit.working_time import in_vietnam

LONGEST: Final = 5000


class CannotConclude(ValueError):
    """The round cannot be concluded yet; the sentence says what is missing."""


@transaction.atomic
def conclude_inspection(
    *, by: Actor, at: dt.datetime, inspection_id: int, conclusion: str, on: dt.date
) -> Inspection:
    """Conclude a round on a day, with words; from now on nothing is added to it and its findings are followed.

    The inspected office is told. Raises ``NotThere``, ``CannotConclude``.
    """
    found = INSPECTIONS.one(by, MayInspect.CONCLUDE, pk=inspection_id)
    conclusion = conclusion.strip()
    if not found.decision_number:
        raise CannotConclude(_("Chưa có quyết định kiểm tra. Ghi số quyết định rồi kết luận."))
    if not conclusion or len(conclusion) > LONGEST:
        raise CannotConclude(_("Ghi kết luận, tối đa %(n)d chữ.") % {"n": LONGEST})
    if on < found.starts or on > in_vietnam(at).date():
        raise CannotConclude(
            _("Ngày kết luận từ %(a)s đến hôm nay. Xem lại ngày.") % {"a": date_text(found.starts)}
        )
    found.conclusion, found.concluded_on = conclusion, on
    found.save(update_fields=["conclusion", "concluded_on"])
    n = found.findings.count()
    after = _("%(n)d kiến nghị") % {"n": n}
    History.objects.record(found.about, _("Kết luận"), by=by, at=at, after=after, reason=conclusion[:1000])
    announce(InspectionConcluded(found.pk, n), about=found.about, by=by, at=at)
    for person_id in people_of([found.office_id], AGENCY, on):
        tell(
            person_id,
            title=_("Có kết luận kiểm tra"),
            body=_("%(n)d kiến nghị phải khắc phục. Mở ra xem hạn từng kiến nghị.") % {"n": n},
            link=reverse("plans:inspection", args=[found.pk]),
            at=at,
        )
    return found
