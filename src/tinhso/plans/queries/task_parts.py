"""How tasks hang together: parts of a whole and their pieces, and tasks that need others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet, Sum

from tinhso.plans.lifecycle import TASK_COUNTED
from tinhso.plans.models import Evidence, Task
from tinhso.plans.queries.tasks import OPEN

#: Whoever waits for the first waits for all of these: needed tasks, and the parts of a whole.
_WAITS: Final = """
with recursive edge(waiting, awaited) as (
  select task_id, needed_id from plans_taskdependency
  union all select parent_id, id from plans_task where parent_id is not null
), reached(id) as (
  select awaited from edge where waiting = %(first)s
  union select edge.awaited from edge join reached on edge.waiting = reached.id
)
select exists (select from reached where id = %(last)s)
"""


def pieces_done(task: Task) -> int:
    """Return how many pieces of a task are confirmed, its parts' included: a whole is the sum of its parts."""
    return task.confirmed_quantity + _sum(_parts_in_pieces(task), "confirmed_quantity")


def pieces_left(task: Task) -> int:
    """Return how many pieces of a task are neither confirmed nor claimed by itself nor given to a part.

    Every piece belongs to the whole itself or to one part, so that none is counted twice. 0 where it is not counted
    in pieces.
    """
    if task.quantity is None:
        return 0
    claimed = _sum(Evidence.objects.filter(report__task=task, report__answer=""), "quantity")
    given = _sum(_parts_in_pieces(task), "quantity")
    return max(0, task.quantity - task.confirmed_quantity - claimed - given)


def open_parts(task: Task) -> Sequence[Task]:
    """Return the parts of a task that are not done and were not withdrawn, in order."""
    return list(task.children.filter(state__in=OPEN).select_related("lead").order_by("id"))


def open_needs(task: Task) -> Sequence[Task]:
    """Return the tasks that a task needs and that are not done, in order."""
    return list(Task.objects.filter(needed_by__task=task, state__in=OPEN).order_by("id"))


def waits_for(task: Task, other: Task) -> bool:
    """Say whether ``task`` cannot be finished before ``other``, by whatever way: needed tasks and parts."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITS, {"first": task.pk, "last": other.pk})
        (found,) = cursor.fetchone()
    return bool(found)


def _parts_in_pieces(task: Task) -> QuerySet[Task]:
    return task.children.filter(state__in=TASK_COUNTED, unit=task.unit, quantity__isnull=False)


def _sum(rows: QuerySet[Any], column: str) -> int:
    return int(rows.aggregate(n=Sum(column))["n"] or 0)
