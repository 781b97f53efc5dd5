"""The central figures of 2017 come out of the counting (shared/domain/digital-transformation.md, section 1)."""

from __future__ import annotations

import pytest

from tinhso.plans.models import Task
from tinhso.plans.queries.task_counts import counts, counts_by
from tinhso.plans.rules.deadlines import Deadline
from tinhso.plans.services.load_tasks_at_scale import load_tasks_at_scale
from tinhso.plans.tests.factories import DAY, MORNING, make_committee

pytestmark = pytest.mark.django_db


def test_the_central_counts_of_2017() -> None:
    make_committee()
    numbers = {
        Deadline.ON_TIME: 14_068,
        Deadline.LATE: 1_983,
        Deadline.IN_TIME: 5_000,
        Deadline.DUE_SOON: 640,
        Deadline.OVERDUE: 223,
    }
    assert load_tasks_at_scale(at=MORNING, numbers=numbers) == 21_914
    found = counts(Task.objects.all(), DAY)
    assert (found.total, found.done, found.not_done) == (21_914, 16_051, 5_863)
    assert (found.on_time, found.late, found.done_no_due) == (14_068, 1_983, 0)
    assert (found.in_time, found.overdue, found.no_due) == (5_640, 223, 0)
    assert round(100 * found.overdue / found.not_done, 2) == 3.8
    by_office = counts_by(Task.objects.all(), "office", DAY)
    assert sum(one.counts.total for one in by_office) == 21_914
    assert sum(one.counts.overdue for one in by_office) == 223
