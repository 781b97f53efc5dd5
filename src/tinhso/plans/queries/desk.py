"""One's own desk: what I owe and by when, what waits for me, what my office takes part in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, calendar
from tinhso.plans.lifecycle import FindingState, ReviewState, TaskState
from tinhso.plans.models import Finding, Task, TaskExtension, TaskReport
from tinhso.plans.permissions import own_offices
from tinhso.plans.permissions.money import FINDINGS, MayInspect
from tinhso.plans.permissions.plans import PLANS, REQUESTS, MayOpine, MayPlan
from tinhso.plans.permissions.reviews import REVIEWS, MayReview
from tinhso.plans.permissions.targets import TARGET_REPORTS, MayReportTarget
from tinhso.plans.permissions.tasks import EXTENSIONS, REPORTS, MayAnswerTask
from tinhso.plans.queries.registration import registrations, windows_open
from tinhso.plans.queries.tasks import TaskRow, owed, shaped, with_sums
from tinhso.plans.rules.reminders import days_left

#: So many lines of one kind are shown; the list behind has all.
MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do: what, of which kind, by when, where it is done. ``days``: working days left, negative: over.

    ``due`` NULL: as soon as may be. ``note``: what it hangs on.
    """

    kind: str
    title: str
    url: str
    due: dt.date | None = None
    days: int = 0
    note: str = ""

    @property
    def is_late(self) -> bool:
        """Say whether its day has passed."""
        return self.due is not None and self.days < 0


@dataclass(frozen=True, slots=True)
class Desk:
    """What one owes (the earliest due first), what waits for one's answer, tasks owed, tasks taken part in."""

    owed: list[Line]
    waiting: list[Line]
    tasks: list[TaskRow]
    taking_part: list[TaskRow]
    sent: list[Line]

    @property
    def late(self) -> int:
        """Return how much of what is owed is late."""
        return sum(line.is_late for line in self.owed) + sum(row.kind == "late" for row in self.tasks)


def desk(by: Actor, at: dt.datetime) -> Desk:
    """Return the desk of an actor at a moment."""
    on, own = at.date(), own_offices(by)
    owing = [*_registrations(own, at), *_opinions(by, on), *_findings(own, on)]
    owing.sort(key=lambda line: (line.due or dt.date.max, line.title))
    part = Task.objects.filter(partners__office_id__in=own).exclude(lead_id__in=own)
    open_part = part.filter(
        state__in=[TaskState.NOT_STARTED, TaskState.RUNNING, TaskState.WAITING, TaskState.REDO]
    )
    return Desk(
        owed=owing,
        waiting=[*_to_sign(by), *_to_answer(by), *_to_approve(by)],
        tasks=owed(own, on)[:MOST] if own else [],
        taking_part=shaped(with_sums(open_part.distinct()).order_by("due", "id")[:MOST], on) if own else [],
        sent=list(_sent(own)),
    )


def _left(on: dt.date, due: dt.date) -> int:
    return days_left(on, due, calendar().working_days_between)


def _registrations(own: tuple[int, ...], at: dt.datetime) -> Iterator[Line]:
    """Yield the plans that an own office must register and has not."""
    if not own:
        return
    for one in registrations(windows_open(at.date()), at):
        for row in one.rows:
            if row.office.pk in own and not row.is_done:
                url = reverse("plans:plan", args=[row.plan.pk]) if row.plan else reverse("plans:plans")
                note = _("đang soạn") if row.plan else _("chưa soạn")
                yield Line(
                    _("Đăng ký kế hoạch"), one.window.name, url, one.window.deadline, one.days_left, note
                )


def _opinions(by: Actor, on: dt.date) -> Iterator[Line]:
    """Yield the plans on which an own office was asked and is silent."""
    rows = REQUESTS.rows(by, MayOpine.GIVE).filter(answered_at=None).select_related("plan")
    for one in rows.order_by("due", "id")[:MOST]:
        url = reverse("plans:plan", args=[one.plan_id])
        yield Line(_("Góp ý"), one.plan.title, url, one.due, _left(on, one.due))


def _findings(own: tuple[int, ...], on: dt.date) -> Iterator[Line]:
    """Yield what an inspection found at an own office and is not remedied."""
    rows = Finding.objects.filter(inspection__office_id__in=own, state=FindingState.OPEN)
    for one in rows.select_related("inspection").order_by("due", "id")[:MOST]:
        url = reverse("plans:inspection", args=[one.inspection_id])
        yield Line(_("Khắc phục"), one.remedy, url, one.due, _left(on, one.due), one.text)


def _to_sign(by: Actor) -> Iterator[Line]:
    """Yield the plans that wait for one's appraisal or signature."""
    for may, kind in ((MayPlan.APPRAISE, _("Thẩm định")), (MayPlan.SIGN, _("Ký kế hoạch"))):
        for one in PLANS.rows(by, may).order_by("saved_at", "id")[:MOST]:
            yield Line(kind, one.title, reverse("plans:plan", args=[one.pk]))


def _to_answer(by: Actor) -> Iterator[Line]:
    """Yield the reports, requests and remedies that wait for one's answer, the oldest first."""
    reports = REPORTS.rows(by, MayAnswerTask.ANSWER_REPORT).select_related("task__lead")
    for report in reports.order_by("reported_at", "id")[:MOST]:
        yield _of_task(_("Xác nhận nhiệm vụ"), report.task)
    asked = EXTENSIONS.rows(by, MayAnswerTask.ANSWER_EXTENSION).select_related("task__lead")
    for one in asked.order_by("asked_at", "id")[:MOST]:
        yield _of_task(_("Duyệt gia hạn"), one.task)
    told = TARGET_REPORTS.rows(by, MayReportTarget.ANSWER).select_related("target", "office")
    for report_ in told.order_by("reported_at", "id")[:MOST]:
        url = reverse("plans:target", args=[report_.target_id])
        yield Line(_("Xác nhận số chỉ tiêu"), report_.target.name, url, note=report_.office.short_name)
    mended = FINDINGS.rows(by, MayInspect.ANSWER).select_related("inspection__office")
    for finding in mended.order_by("fixed_on", "id")[:MOST]:
        url = reverse("plans:inspection", args=[finding.inspection_id])
        yield Line(_("Xác nhận khắc phục"), finding.remedy, url, note=finding.inspection.office.short_name)


def _of_task(kind: str, task: Task) -> Line:
    return Line(kind, task.title, reverse("plans:task", args=[task.code]), note=task.lead.short_name)


def _to_approve(by: Actor) -> Iterator[Line]:
    """Yield the reviews that wait for one's approval."""
    rows = REVIEWS.rows(by, MayReview.APPROVE).filter(state=ReviewState.SUBMITTED)
    for one in rows.order_by("submitted_at", "id")[:MOST]:
        yield Line(_("Duyệt sơ kết"), one.title, reverse("plans:review", args=[one.pk]))


def _sent(own: tuple[int, ...]) -> Iterator[Line]:
    """Yield what an own office sent and nobody has answered yet."""
    if not own:
        return
    for report in TaskReport.objects.filter(task__lead_id__in=own, answer="").select_related("task__lead")[
        :MOST
    ]:
        yield _of_task(_("Báo cáo chờ xác nhận"), report.task)
    for one in TaskExtension.objects.filter(task__lead_id__in=own, answer="").select_related("task__lead")[
        :MOST
    ]:
        yield _of_task(_("Gia hạn chờ duyệt"), one.task)
