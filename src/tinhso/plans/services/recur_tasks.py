"""Make the next of every task that recurs, once the present one is due or done."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tinhso.directory.api import SYSTEM, Office
from tinhso.journal.api import announce
from tinhso.plans.events.tasks import TaskRecurred
from tinhso.plans.lifecycle import TaskState
from tinhso.plans.models import History, Task
from tinhso.plans.rules.recurrence import MONTHS, Recurrence, months_after, next_due
from tinhso.plans.services.assign_task import due_text, place_task
from tinhso.toolkit.working_time import in_vietnam

#: The lock of those who make the next ones.
_LOCK: Final = 0x7C
#: The first of a chain, whose due day says which day of the month is meant.
_FIRST: Final = """
with recursive chain(id, recurs_from_id, day) as (
  select id, recurs_from_id, extract(day from original_due)::int from plans_task where id = %s
  union all
  select t.id, t.recurs_from_id, extract(day from t.original_due)::int
  from plans_task t join chain on t.id = chain.recurs_from_id
)
select day from chain where recurs_from_id is null
"""
_COPIED: Final = (
    *("title", "description", "product", "group", "target_id", "plan_item_id", "directive_item_id"),
    *("quantity", "unit", "recurrence", "recurs_until", "is_priority", "is_public"),
)


@transaction.atomic
def recur_tasks(*, at: dt.datetime) -> int:
    """Make what is missing, also of periods that passed meanwhile; return how many were made.

    Called again at the same moment it makes nothing. A withdrawn task recurs no more. The due day keeps its day of the
    month, or the last where a month has none such.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, 0)", [_LOCK])
    today, made = in_vietnam(at).date(), 0
    while True:
        rows = list(
            Task.objects.select_for_update(of=("self",))
            .exclude(recurrence="")
            .exclude(state=TaskState.WITHDRAWN)
            .filter(Q(due__lte=today) | Q(state=TaskState.DONE), recurs_in=None)
            .select_related("lead")
            .order_by("id")
        )
        new = [following for task in rows if (following := _next(task, at=at)) is not None]
        made += len(new)
        if not new:
            return made


def _next(task: Task, *, at: dt.datetime) -> Task | None:
    if task.original_due is None or task.recurs_until is None:
        return None
    recurrence = Recurrence(task.recurrence)
    with connection.cursor() as cursor:
        cursor.execute(_FIRST, [task.pk])
        (anchor,) = cursor.fetchone()
    due = next_due(task.original_due, recurrence, task.recurs_until, anchor)
    if due is None:
        return None
    partners = Office.objects.filter(pk__in=task.partners.values("office_id")).order_by("pk")
    following = place_task(
        by=SYSTEM,
        at=at,
        lead=task.lead,
        partners=list(partners),
        task=Task(
            **{name: getattr(task, name) for name in _COPIED},
            tags=list(task.tags),
            starts=min(due, months_after(task.starts, MONTHS[recurrence])),
            due=due,
            recurs_from=task,
        ),
        what=_("Tự động giao kỳ kế tiếp"),
    )
    following.assigned_by_id = task.assigned_by_id
    following.save(update_fields=["assigned_by"])
    History.objects.record(
        task.about,
        _("Đã giao kỳ kế tiếp"),
        by=SYSTEM,
        at=at,
        after=f"{following.code}, {due_text(due)}",
    )
    announce(TaskRecurred(task.code, following.code, due), about=task.about, by=SYSTEM, at=at)
    return following
