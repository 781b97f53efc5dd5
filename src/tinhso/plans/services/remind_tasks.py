"""Remind offices of what falls due, and of what is late, by the rule in ``data/task_reminders.json``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import SYSTEM, calendar
from tinhso.journal.api import announce
from tinhso.plans.events.tasks import TaskUrged
from tinhso.plans.models import History, Reminder, Task
from tinhso.plans.queries.documents import document
from tinhso.plans.queries.task_counts import soon_days
from tinhso.plans.queries.tasks import due_words
from tinhso.plans.rules.task_reminders import Step, step_on, steps_from
from tinhso.plans.rules.tasks import URGED
from tinhso.plans.services.tell_task import PLANNERS, PLANNERS_AND_HEADS, tell_offices
from tinhso.toolkit.working_time import WorkingCalendar, in_vietnam

#: The lock of those who remind.
_LOCK: Final = 0x7D


@transaction.atomic
def remind_due(*, at: dt.datetime) -> int:
    """Remind the lead of each open task of the step of the rule that holds today; return how many were reminded.

    Each step once for each due day: called again it reminds nobody, and after an extension the rule begins anew. Steps
    that passed while nobody called are not made up for, only the last. Before the rule's hour of the day nobody is
    reminded. What waits for an answer is not the office's to do, so nobody is reminded of it.
    """
    rule, moment = document("task_reminders"), in_vietnam(at)
    if moment.time() < dt.time.fromisoformat(rule["from_clock"]):
        return 0
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, 0)", [_LOCK])
    today, steps, days_worked = moment.date(), steps_from(rule["steps"]), calendar()
    soonest = max((step.before or 0) for step in steps)
    rows = Task.objects.filter(state__in=URGED, due__lte=today + dt.timedelta(days=soonest)).order_by("id")
    wanted = [
        (task, step)
        for task in rows.select_related("lead")
        if task.due is not None and (step := step_on(task.due, today, steps, days_worked)) is not None
    ]
    sent = _sent(wanted)
    new = [
        (task, step) for task, step in wanted if (task.about, task.lead_id, _level(task, step)) not in sent
    ]
    for task, step in new:
        _remind(task, step, today, days_worked, at=at)
    return len(new)


def _level(task: Task, step: Step) -> str:
    """Return how the database knows that a step fired: with the due day, so that an extension begins anew."""
    return f"{step.level}@{task.due:%Y-%m-%d}"


def _sent(wanted: Sequence[tuple[Task, Step]]) -> set[tuple[str, int, str]]:
    rows = Reminder.objects.filter(about__in=[task.about for task, _step in wanted]).exclude(level="")
    return set(rows.values_list("about", "office_id", "level"))


def _remind(task: Task, step: Step, today: dt.date, days_worked: WorkingCalendar, *, at: dt.datetime) -> None:
    stands = due_words(task, today, days_worked, soon_days())
    said = _("%(task)s. %(stands)s. Báo cáo kết quả, hoặc xin gia hạn kèm lý do.") % {
        "task": task.title,
        "stands": stands,
    }
    Reminder.objects.create(
        about=task.about,
        kind="task",
        office_id=task.lead_id,
        level=_level(task, step),
        text=said[:600],
        at=at,
    )
    what = _("Nhắc cán bộ và người đứng đầu") if step.to_head else _("Nhắc cán bộ phụ trách")
    History.objects.record(task.about, what, by=SYSTEM, at=at, after=stands)
    announce(TaskUrged(task.code, (task.lead_id,), step.level), about=task.about, by=SYSTEM, at=at)
    tell_offices(
        task,
        [task.lead_id],
        title=_("Nhắc nhiệm vụ: %(stands)s") % {"stands": stands.lower()},
        body=said,
        by=SYSTEM,
        at=at,
        roles=PLANNERS_AND_HEADS if step.to_head else PLANNERS,
    )
