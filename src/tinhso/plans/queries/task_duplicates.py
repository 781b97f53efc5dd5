"""Find tasks that probably say the same: like words, the same lead office, due in the same month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import connection

from tinhso.directory.api import Actor
from tinhso.plans.lifecycle import TASK_COUNTED
from tinhso.plans.models import Task
from tinhso.plans.permissions.tasks import TASKS, MayTask
from tinhso.plans.queries.documents import document
from tinhso.plans.queries.tasks import OPEN

#: Pairs of an office and a month are found first, by equal keys, and only they are compared letter by letter.
_PAIRS: Final = """
with task as materialized (
  select id, lead_id, coalesce(date_trunc('month', due)::date, 'infinity') as month, state, parent_id, folded
  from plans_task where state = any(%(counted)s)
), pair as materialized (
  select a.id as one, b.id as two, a.folded as said, b.folded as other
  from task a join task b using (lead_id, month)
  where a.id <> b.id and a.state = any(%(open)s) and (b.id < a.id or b.state = 'done')
   and (%(only)s::bigint is null or a.id = %(only)s or b.id = %(only)s)
   and a.parent_id is distinct from b.id and b.parent_id is distinct from a.id
)
select one, two, floor(100 * similarity(said, other))::int as alike
from pair where similarity(said, other) * 100 >= %(least)s
order by alike desc, one, two limit %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Alike:
    """A task that may be merged into ``into``: the older of the two, or the one that is done. ``percent``: how alike."""

    task: Task
    into: Task
    percent: int


def likely_duplicates(by: Actor, *, code: str | None = None, limit: int = 50) -> list[Alike]:
    """Return pairs that whoever may merge should look at, the most alike first; of one task, or of all.

    Raises ``NotThere`` for a task that the actor may not merge.
    """
    only = TASKS.look(by, MayTask.MERGE, code=code).pk if code else None
    with connection.cursor() as cursor:
        cursor.execute(
            _PAIRS,
            {
                "open": [state.value for state in OPEN],
                "counted": [state.value for state in TASK_COUNTED],
                "only": only,
                "least": document("task_duplicates")["similarity_percent"],
                "limit": limit,
            },
        )
        pairs = cursor.fetchall()
    ids = {pk for one, two, _alike in pairs for pk in (one, two)}
    tasks = TASKS.rows(by, MayTask.MERGE).filter(pk__in=ids).select_related("lead").in_bulk()
    return [
        Alike(tasks[one], tasks[two], alike) for one, two, alike in pairs if one in tasks and two in tasks
    ]
