"""Write very many tasks at once with known counts, to measure with and to prove the counting: never in a real house."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from django.db import connection, transaction

from tinhso.directory.api import Office
from tinhso.plans.lifecycle import TaskState
from tinhso.plans.models import Task, TaskReport
from tinhso.plans.queries.documents import labels
from tinhso.plans.queries.task_counts import soon_days
from tinhso.plans.rules.deadlines import Deadline
from tinhso.plans.services.assign_task import code_of, next_number
from tinhso.toolkit.text import fold
from tinhso.toolkit.working_time import in_vietnam

BATCH: Final = 2_000
_OPEN: Final = (
    TaskState.NOT_STARTED,
    TaskState.RUNNING,
    TaskState.RUNNING,
    TaskState.WAITING,
    TaskState.REDO,
)
_ACTS: Final = ("Nối mạng", "Số hóa", "Tập huấn", "Kết nối", "Rà soát", "Cấu hình", "Nâng cấp", "Công bố")
_THINGS: Final = (
    *(
        "hồ sơ đất đai",
        "một cửa điện tử",
        "trục liên thông",
        "chữ ký số",
        "trang thông tin",
        "dữ liệu dân cư",
    ),
    *("phòng họp trực tuyến", "sổ sức khỏe", "học bạ", "dịch vụ công", "điểm phát sóng", "camera an ninh"),
)


@transaction.atomic
def load_tasks_at_scale(
    *, at: dt.datetime, numbers: Mapping[Deadline, int], offices: Sequence[Office] = (), seed: int = 1
) -> int:
    """Write so many tasks of each class as of the day of ``at``, over all offices of the day or those given.

    The same seed writes the same. Tasks that wait have their report; nothing is announced and nobody is told. Returns
    how many were written.
    """
    with connection.cursor() as cursor:
        cursor.execute("set local statement_timeout = 0; set local transaction_timeout = 0")
    today, dice = in_vietnam(at).date(), random.Random(seed)  # noqa: S311 - no secret
    leads = [one.pk for one in offices] or list(
        Office.objects.on(today).order_by("pk").values_list("pk", flat=True)
    )
    groups, tags = list(labels("groups")), list(labels("tags"))
    wanted = [cls for cls in Deadline for _n in range(numbers.get(cls, 0))]
    dice.shuffle(wanted)

    def made(first: int) -> Iterator[Task]:
        for place, cls in enumerate(wanted):
            title = f"{dice.choice(_ACTS)} {dice.choice(_THINGS)}, đợt {place + 1}"
            starts, due, done_on = _days(cls, today, dice)
            state = TaskState.DONE if done_on else dice.choice(_OPEN)
            yield Task(
                code=code_of(first + place),
                title=title,
                folded=fold(title),
                lead_id=leads[place % len(leads)],
                group=dice.choice(groups),
                state=state,
                starts=starts,
                due=due,
                original_due=due,
                done_on=done_on,
                progress=100 if done_on else dice.randrange(0, 100, 5) if state != "not_started" else 0,
                tags=sorted(dice.sample(tags, dice.choice((0, 0, 1, 1, 2)))),
                is_priority=dice.random() < 0.1,
                assigned_at=dt.datetime.combine(starts, dt.time(8), at.tzinfo),
            )

    written = Task.objects.bulk_create(made(next_number()), batch_size=BATCH)
    TaskReport.objects.bulk_create(
        (
            TaskReport(task=task, is_final=True, progress=100, text="Đã làm xong.", reported_at=at)
            for task in written
            if task.state == TaskState.WAITING
        ),
        batch_size=BATCH,
    )
    return len(written)


def _days(
    cls: Deadline, today: dt.date, dice: random.Random
) -> tuple[dt.date, dt.date | None, dt.date | None]:
    """Return start, due day and day of completion of a task of a class."""

    def ago(least: int, most: int) -> dt.date:
        return today - dt.timedelta(days=dice.randint(least, most))

    def later(least: int, most: int) -> dt.date:
        return today + dt.timedelta(days=dice.randint(least, most))

    if cls is Deadline.ON_TIME:
        due = ago(1, 200)
        done = due - dt.timedelta(days=dice.randint(0, 20))
        return done - dt.timedelta(days=10), due, done
    if cls is Deadline.LATE:
        due = ago(20, 200)
        return due - dt.timedelta(days=30), due, due + dt.timedelta(days=dice.randint(1, 20))
    if cls is Deadline.DONE_NO_DUE:
        done = ago(1, 200)
        return done - dt.timedelta(days=10), None, done
    starts = ago(5, 100)
    if cls is Deadline.OVERDUE:
        return starts - dt.timedelta(days=30), ago(1, 30), None
    if cls is Deadline.IN_TIME:
        return starts, later(soon_days() + 1, 200), None
    if cls is Deadline.DUE_SOON:
        return starts, later(0, soon_days()), None
    return starts, None, None
