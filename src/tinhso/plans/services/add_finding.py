"""Write down what an inspection found and how it must be remedied."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.money import FindingAdded
from tinhso.plans.models import Finding, History
from tinhso.plans.permissions.money import INSPECTIONS, MayInspect
from tinhso.toolkit.text import tidy
from tinhso.toolkit.words import date_text
from tinhso.toolkit.working_time import in_vietnam

LONGEST: Final = 1000


class CannotAddFinding(ValueError):
    """The finding cannot be written like this; the sentence says what to mend. ``field``: which box it is about."""

    def __init__(self, sentence: str, field: str) -> None:
        """Keep the sentence and the box."""
        super().__init__(sentence)
        self.field = field


@transaction.atomic
def add_finding(
    *,
    by: Actor,
    at: dt.datetime,
    inspection_id: int,
    text: str,
    remedy: str,
    due: dt.date,
    is_violation: bool = False,
) -> Finding:
    """Add a finding or a violation to a round that is not concluded, with its remedy and due day.

    Raises ``NotThere``, ``CannotAddFinding``.
    """
    inspection = INSPECTIONS.one(by, MayInspect.ADD_FINDING, pk=inspection_id)
    text, remedy, today = tidy(text), tidy(remedy), in_vietnam(at).date()
    if inspection.starts > today:
        raise CannotAddFinding(
            _("Cuộc kiểm tra bắt đầu ngày %(day)s. Ghi kiến nghị từ ngày ấy.")
            % {"day": date_text(inspection.starts)},
            "text",
        )
    if not text or len(text) > LONGEST:
        raise CannotAddFinding(_("Ghi điều đã thấy, tối đa %(n)d chữ.") % {"n": LONGEST}, "text")
    if not remedy or len(remedy) > LONGEST:
        raise CannotAddFinding(_("Ghi cách khắc phục, tối đa %(n)d chữ.") % {"n": LONGEST}, "remedy")
    if due < today:
        raise CannotAddFinding(_("Hạn %(day)s đã qua. Chọn hạn từ hôm nay.") % {"day": date_text(due)}, "due")
    finding = Finding.objects.create(
        inspection=inspection, is_violation=is_violation, text=text, remedy=remedy, due=due
    )
    what = _("Ghi vi phạm") if is_violation else _("Ghi kiến nghị")
    after = _("hạn %(day)s") % {"day": date_text(due)}
    History.objects.record(finding.about, what, by=by, at=at, after=after)
    History.objects.record(inspection.about, what, by=by, at=at, after=f"{text[:300]}, {after}")
    announce(FindingAdded(finding.pk, inspection.pk, is_violation, due), about=finding.about, by=by, at=at)
    return finding
