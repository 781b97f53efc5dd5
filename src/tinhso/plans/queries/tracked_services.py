"""The 25 services of Project 06 as a list that is followed: share online, where each hangs, which tasks move it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet

from tinhso.catalogue.api import Procedure
from tinhso.directory.api import Actor
from tinhso.measures.api import By, Received, counting, tallies
from tinhso.plans.models import Task, TrackedService
from tinhso.plans.permissions.tasks import TASKS, TRACKED, MayTask, MayTrack
from tinhso.plans.queries.documents import document
from tinhso.plans.queries.task_counts import Counts, counts
from tinhso.plans.queries.tasks import TaskRow, shaped, with_sums

#: The tag of tasks that belong to the project.
PROJECT_06: Final = "project-06"


@dataclass(frozen=True, slots=True)
class ProcedureUse:
    """A procedure that a service means, and the dossiers accepted for it in the period. ``name`` blank: not in the catalogue."""

    code: str
    name: str
    received: Received


@dataclass(frozen=True, slots=True)
class Tracked:
    """A service with the dossiers of its procedures. ``match``: how the names were matched (``equal``, ``near``, blank)."""

    service: TrackedService
    procedures: Sequence[ProcedureUse]
    received: Received
    match: str

    @property
    def share(self) -> float | None:
        """Return the share that came online, in percent; None where there is nothing to divide by."""
        whole = self.received.whole
        return 100 * self.received.online / whole if whole else None

    @property
    def is_counted(self) -> bool:
        """Say whether the service means a procedure of the province's list."""
        return bool(self.procedures)


@dataclass(frozen=True, slots=True)
class TrackedList:
    """The list for a period. ``uncounted``: days of it that no count has; then the numbers are at least so much."""

    first: dt.date
    last: dt.date
    rows: Sequence[Tracked]
    whole: Received
    uncounted: int
    source: str
    note: str

    @property
    def counted(self) -> int:
        """Return how many services have a procedure to count by."""
        return sum(1 for row in self.rows if row.is_counted)

    @property
    def blocked(self) -> int:
        """Return how many services hang somewhere."""
        return sum(1 for row in self.rows if row.service.blocker)

    @property
    def share(self) -> float | None:
        """Return the share online of all dossiers, in percent."""
        return 100 * self.whole.online / self.whole.whole if self.whole.whole else None


def tracked_list(by: Actor, first: dt.date, last: dt.date) -> TrackedList:
    """Return the services with the dossiers of a period, by their place in the list."""
    services = list(TRACKED.rows(by, MayTrack.READ).select_related("lead").order_by("ordinal"))
    codes = {code for service in services for code in service.procedure_codes}
    names = dict(Procedure.objects.filter(code__in=codes).values_list("code", "everyday_name"))
    found = {str(code): one.by_channel for code, one in tallies(first, last, By.PROCEDURE).items()}
    matches = {one["ordinal"]: one["match"] for one in document("project_06")["services"]}
    rows = [_tracked(one, names, found, matches.get(one.ordinal, "")) for one in services]
    seen = counting(first, last)
    whole = Received()
    for code in codes:
        whole = whole.plus(found.get(code, Received()))
    said = document("project_06")
    return TrackedList(first, last, rows, whole, len(seen.uncounted), said["source"], said["note"])


def _tracked(
    service: TrackedService, names: dict[str, str], found: dict[str, Received], match: str
) -> Tracked:
    procedures = [
        ProcedureUse(code, names.get(code, ""), found.get(code, Received()))
        for code in service.procedure_codes
    ]
    received = Received()
    for one in procedures:
        received = received.plus(one.received)
    return Tracked(service, procedures, received, match)


def linked_tasks(by: Actor, service: TrackedService) -> QuerySet[Task]:
    """Return the tasks of a service that the actor may read: tagged Project 06, and named after it (``task_title``)."""
    return TASKS.rows(by, MayTask.READ).filter(
        tags__contains=[PROJECT_06], folded__contains=f"de an 06, dich vu {service.ordinal}:"
    )


def other_tasks(by: Actor, service: TrackedService) -> QuerySet[Task]:
    """Return the other tasks of Project 06 of the office that leads a service."""
    if service.lead_id is None:
        return Task.objects.none()
    named = Q(folded__contains=f"de an 06, dich vu {service.ordinal}:")
    return (
        TASKS.rows(by, MayTask.READ)
        .filter(tags__contains=[PROJECT_06], lead_id=service.lead_id)
        .exclude(named)
    )


def shaped_tasks(rows: QuerySet[Task], on: dt.date) -> list[TaskRow]:
    """Return tasks of a service as lists show them, the earliest due first."""
    return shaped(with_sums(rows).order_by("due", "id"), on)


def project_counts(by: Actor, on: dt.date) -> Counts:
    """Count the tasks of Project 06 that the actor may read."""
    return counts(TASKS.rows(by, MayTask.READ).filter(tags__contains=[PROJECT_06]), on)


def task_title(service: TrackedService) -> str:
    """Return how the title of a task for a service begins: by this the two are linked."""
    return f"Đề án 06, dịch vụ {service.ordinal}: "
