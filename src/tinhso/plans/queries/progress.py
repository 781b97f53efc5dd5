"""What everybody is told of the province's digital transformation: public targets, issued plans, public tasks, directives."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from tinhso.plans.lifecycle import TASK_COUNTED, PlanState
from tinhso.plans.models import Directive, Plan, Task
from tinhso.plans.queries.targets import Finding, TargetRow, finding_of, target_rows
from tinhso.plans.queries.task_counts import Counts, counts
from tinhso.plans.queries.tasks import TaskRow, shaped, with_sums

#: So many tasks and directives are shown on the page; the open data have all.
MOST: Final = 30


@dataclass(frozen=True, slots=True)
class Progress:
    """The public state of a day."""

    targets: list[TargetRow]
    finding: Finding
    counts: Counts
    tasks: list[TaskRow]
    plans: list[Plan]
    directives: list[Directive]


def public_tasks() -> QuerySet[Task]:
    """Return the tasks that the committee named in public, and that were not withdrawn."""
    return Task.objects.filter(is_public=True, state__in=TASK_COUNTED)


def progress(on: dt.date) -> Progress:
    """Return what everybody is told on a day."""
    targets = target_rows(on, public_only=True)
    plans = Plan.objects.filter(state=PlanState.ISSUED, adjusted_by=None, registered_at__date__lte=on)
    directives = Directive.objects.filter(is_public=True, issued_on__lte=on).exclude(valid_to__lt=on)
    return Progress(
        targets=targets,
        finding=finding_of(targets),
        counts=counts(public_tasks(), on),
        tasks=shaped(with_sums(public_tasks()).order_by("due", "id")[:MOST], on),
        plans=list(
            plans.select_related("office").order_by("office__sort_key", "first_year", "last_year", "id")
        ),
        directives=list(directives.order_by("-issued_on", "id")[:MOST]),
    )
