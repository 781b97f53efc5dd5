"""The ranking of agencies: departments and districts apart, each with the numbers that anybody can redo."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from tinhso.directory.api import Office, OfficeKind, offices
from tinhso.measures.api import By, tallies, usual
from tinhso.plans.lifecycle import TaskState
from tinhso.plans.models import Finding, Inspection, Target, Task, TaskReport, Window
from tinhso.plans.queries.documents import document
from tinhso.plans.queries.inspections import inspections_of_year
from tinhso.plans.queries.registration import registrations
from tinhso.plans.queries.targets import rows_of
from tinhso.plans.queries.task_counts import counts_by
from tinhso.plans.rules.lights import Light
from tinhso.plans.rules.plans import Registered
from tinhso.plans.rules.ranking import Score, Scored, Version, costliest, ranks, score, versions_of
from tinhso.toolkit.clock import VN

#: (numerator, denominator) by office.
Counts = Mapping[int, tuple[int, int]]


class NoRanking(LookupError):
    """No version of the ranking is in force on the day."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """An agency in its group (``department``, ``district``). ``rank`` None: too few parts can be judged."""

    office: Office
    group: str
    rank: int | None
    score: Score

    @property
    def costliest(self) -> Scored | None:
        """Return the part that took away the most points."""
        return costliest(self.score.parts)


def version_on(day: dt.date) -> Version:
    """Return the version of the ranking in force on a day. Raises ``NoRanking``."""
    for one in versions_of(document("ranking")):
        if one.in_force(day):
            return one
    raise NoRanking(day)


def ranking(on: dt.date, at: dt.datetime) -> list[Ranked]:
    """Return the agencies as they rank on a day, as known at a moment: group by group, best first, ties by name.

    About ten statements, however many agencies. Raises ``NoRanking``.
    """
    version = version_on(on)
    every = {key: offices(OfficeKind(key), on) for key in version.groups}
    ids = [office.pk for rows in every.values() for office in rows]
    counts = counts_of(ids, on, at)
    found: list[Ranked] = []
    for group, rows in every.items():
        scores = [
            (office, score(version, {key: of[office.pk] for key, of in counts.items() if office.pk in of}))
            for office in rows
        ]
        scores.sort(key=lambda one: (not one[1].is_enough, -one[1].total, one[0].sort_key, one[0].pk))
        ranked = [one for one in scores if one[1].is_enough]
        places = ranks([one[1].total for one in ranked])
        found += [
            Ranked(office, group, places[n] if n < len(places) else None, made)
            for n, (office, made) in enumerate(scores)
        ]
    return found


def counts_of(office_ids: Collection[int], on: dt.date, at: dt.datetime) -> dict[str, Counts]:
    """Return what each part counts, by office: from 1 January to the day."""
    on_time, not_overdue = _tasks(office_ids, on)
    return {
        "plans": _plans(on, at),
        "tasks_on_time": on_time,
        "tasks_not_overdue": not_overdue,
        "targets": _targets(office_ids, on),
        "dossiers": _dossiers(on),
        "findings": _findings(office_ids, on),
        "reports": _reports(office_ids, on),
    }


def _plans(on: dt.date, at: dt.datetime) -> Counts:
    """Count the plans that had to be registered in windows which are over, and those that were in time."""
    over = Window.objects.filter(deadline__lt=on, deadline__year=on.year).order_by("pk")
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for window in registrations(list(over), at):
        for row in window.rows:
            found[row.office.pk][0] += row.status is Registered.ON_TIME
            found[row.office.pk][1] += 1
    return {pk: (a, b) for pk, (a, b) in found.items()}


def _tasks(office_ids: Collection[int], on: dt.date) -> tuple[Counts, Counts]:
    """Count tasks of the year, and those that are still owed: on time of done, not overdue of not done (with due day)."""
    rows = Task.objects.filter(lead_id__in=office_ids).filter(
        Q(due__year=on.year) | Q(done_on__year=on.year) | ~Q(state=TaskState.DONE)
    )
    done: dict[int, tuple[int, int]] = {}
    owed: dict[int, tuple[int, int]] = {}
    for one in counts_by(rows, "office", on):
        n = one.counts
        done[int(one.key or 0)] = (n.on_time, n.on_time + n.late)
        owed[int(one.key or 0)] = (n.in_time, n.in_time + n.overdue)
    return done, owed


def _targets(office_ids: Collection[int], on: dt.date) -> Counts:
    """Count the targets of offices of which something is known, and those that are met or on track."""
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows_of(Target.objects.filter(office_id__in=office_ids), on):
        if row.light is not Light.UNKNOWN and row.target.office_id:
            found[row.target.office_id][0] += row.light in (Light.MET, Light.ON_TRACK)
            found[row.target.office_id][1] += 1
    return {pk: (a, b) for pk, (a, b) in found.items()}


def _dossiers(on: dt.date) -> Counts:
    """Count dossiers by the strict formula, from 1 January to the day before."""
    first, last = dt.date(on.year, 1, 1), on - dt.timedelta(days=1)
    if last < first:
        return {}
    strict = usual("strict", on)
    return {
        int(pk): (figure.numerator, figure.denominator)
        for pk, figure in ((pk, one.under(strict)) for pk, one in tallies(first, last, By.OFFICE).items())
    }


def _findings(office_ids: Collection[int], on: dt.date) -> Counts:
    """Count the findings of the year's rounds that are closed, and those that are closed or not remedied in time."""
    rounds = Inspection.objects.filter(office_id__in=office_ids)
    year = inspections_of_year(on.year, on, rounds, Finding.objects.all())
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for one in year.rounds:
        found[one.inspection.office_id][0] += one.closed
        found[one.inspection.office_id][1] += one.closed + one.overdue
    return {pk: (a, b) for pk, (a, b) in found.items()}


def _reports(office_ids: Collection[int], on: dt.date) -> Counts:
    """Count the final reports that were answered this year, and those that were confirmed."""
    first = dt.datetime(on.year, 1, 1, tzinfo=VN)
    end = dt.datetime.combine(on + dt.timedelta(days=1), dt.time(), VN)
    rows = (
        TaskReport.objects.filter(
            is_final=True,
            answer__in=("confirmed", "returned"),
            answered_at__gte=first,
            answered_at__lt=end,
            task__lead_id__in=office_ids,
        )
        .order_by()
        .values_list("task__lead_id")
        .annotate(good=Count("pk", filter=Q(answer="confirmed")), n=Count("pk"))
    )
    return {pk: (good, n) for pk, good, n in rows}
