"""Urge the offices of a task (đôn đốc)."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, calendar
from tinhso.journal.api import announce
from tinhso.plans.events.tasks import TaskUrged
from tinhso.plans.models import History, Reminder, Task
from tinhso.plans.permissions.tasks import TASKS, MayTask
from tinhso.plans.queries.task_counts import soon_days
from tinhso.plans.queries.tasks import due_words, state_words
from tinhso.plans.rules.tasks import URGED
from tinhso.plans.services.tell_task import PLANNERS_AND_HEADS, tell_offices
from tinhso.toolkit.words import clock_text
from tinhso.toolkit.working_time import in_vietnam

LONGEST_TEXT: Final = 400


class CannotUrge(ValueError):
    """There is nobody to urge now; the sentence says why."""


@transaction.atomic
def urge_task(*, by: Actor, at: dt.datetime, code: str, text: str = "", also_parts: bool = False) -> int:
    """Urge planner and head of the lead and of every office that co-ordinates; return how many times it was urged.

    Once a day by each person. ``also_parts``: the offices of its open parts too, but for those urged today. Raises
    ``NotThere``, ``CannotUrge``.
    """
    task = TASKS.one(by, MayTask.URGE, code=code)
    if task.state not in URGED:
        raise CannotUrge(
            _("Nhiệm vụ đang ở trạng thái “%(state)s” nên không đôn đốc.")
            % {"state": state_words(task.state)}
        )
    if len(text.strip()) > LONGEST_TEXT:
        raise CannotUrge(_("Viết lời đôn đốc tối đa %(n)d chữ.") % {"n": LONGEST_TEXT})
    earlier = _urged_today(task, by=by, at=at)
    if earlier is not None:
        raise CannotUrge(
            _("Hôm nay đã đôn đốc việc này lúc %(time)s. Mai đôn đốc tiếp được.")
            % {"time": clock_text(in_vietnam(earlier.at))}
        )
    times = _urge(task, by=by, at=at, text=text.strip())
    if also_parts:
        for part in task.children.select_for_update(of=("self",)).filter(state__in=URGED).order_by("id"):
            if _urged_today(part, by=by, at=at) is None:
                _urge(part, by=by, at=at, text=text.strip())
    return times


def _urged_today(task: Task, *, by: Actor, at: dt.datetime) -> Reminder | None:
    morning = in_vietnam(at).replace(hour=0, minute=0, second=0, microsecond=0)
    urged = Reminder.objects.filter(about=task.about, level="", by_id=by.account_id, at__gte=morning)
    return urged.order_by("-at").first()


def _urge(task: Task, *, by: Actor, at: dt.datetime, text: str) -> int:
    offices = [task.lead_id, *task.partners.order_by("office_id").values_list("office_id", flat=True)]
    times = Reminder.objects.filter(about=task.about, office_id=task.lead_id, level="").count() + 1
    stands = due_words(task, in_vietnam(at).date(), calendar(), soon_days())
    said = " ".join(part for part in (f"{task.title}.", f"{stands}.", text) if part)
    Reminder.objects.bulk_create(
        Reminder(about=task.about, kind="task", office_id=office, text=said[:600], by_id=by.account_id, at=at)
        for office in offices
    )
    History.objects.record(
        task.about, _("Đôn đốc lần %(n)d") % {"n": times}, by=by, at=at, after=stands, reason=text
    )
    announce(TaskUrged(task.code, tuple(offices), ""), about=task.about, by=by, at=at)
    tell_offices(
        task,
        offices,
        title=_("Ban Chỉ đạo đôn đốc nhiệm vụ"),
        body=said,
        by=by,
        at=at,
        roles=PLANNERS_AND_HEADS,
    )
    return times
