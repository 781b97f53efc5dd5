"""Remind offices of findings that are soon due or overdue, by the steps of a rule."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.directory.api import SYSTEM, Role, calendar
from tinhso.journal.api import announce
from tinhso.messages.api import tell
from tinhso.plans.events.money import FindingReminded
from tinhso.plans.lifecycle import FindingState
from tinhso.plans.models import Finding, History, Reminder
from tinhso.plans.queries.documents import document
from tinhso.plans.queries.inspections import people_of
from tinhso.plans.rules.inspections import Level, days_late, level_due, levels_of
from tinhso.toolkit.words import date_text
from tinhso.toolkit.working_time import in_vietnam


def remind_due(*, at: dt.datetime) -> int:
    """Remind the office of every open finding that has reached a new step; return how many reminders were sent.

    Called again it sends nothing twice; a step that was passed over is not sent later.
    """
    today, days_worked = in_vietnam(at).date(), calendar()
    levels = levels_of(document("finding_reminders"))
    sent = 0
    for pk in (
        Finding.objects.filter(state=FindingState.OPEN).order_by("due", "pk").values_list("pk", flat=True)
    ):
        with transaction.atomic():
            finding = (
                Finding.objects.select_for_update(of=("self",))
                .select_related("inspection__office")
                .filter(pk=pk, state=FindingState.OPEN)
                .first()
            )
            if finding is None:
                continue
            level = level_due(levels, finding.due, today, days_worked)
            if level is None or _was_sent(finding, level, levels):
                continue
            _send(finding, level, days_late(finding.due, today, days_worked), at=at)
            sent += 1
    return sent


def _was_sent(finding: Finding, level: Level, levels: tuple[Level, ...]) -> bool:
    """Say whether this step or a further one was sent."""
    further = [one.key for one in levels[levels.index(level) :]]
    return Reminder.objects.filter(about=finding.about, level__in=further).exists()


def _send(finding: Finding, level: Level, late: int, *, at: dt.datetime) -> None:
    office = finding.inspection.office
    due = {"day": date_text(finding.due), "n": late}
    text = (
        _("Kiến nghị kiểm tra quá hạn %(n)d ngày làm việc, hạn %(day)s. Khắc phục rồi báo ngay.")
        if level.is_late
        else _("Kiến nghị kiểm tra sắp đến hạn %(day)s. Khắc phục rồi báo trước hạn.")
    ) % due
    Reminder.objects.create(
        about=finding.about, kind="finding", office=office, level=level.key, text=text, by=None, at=at
    )
    History.objects.record(finding.about, _("Nhắc khắc phục"), by=SYSTEM, at=at, after=text)
    announce(FindingReminded(finding.pk, office.pk, level.key), about=finding.about, by=SYSTEM, at=at)
    title = _("Kiến nghị quá hạn") if level.is_late else _("Kiến nghị sắp đến hạn")
    roles = tuple(Role(one) for one in level.tells)
    for person_id in people_of([office.pk], roles, in_vietnam(at).date()):
        tell(person_id, title=title, body=text, link=reverse("plans:finding", args=[finding.pk]), at=at)
