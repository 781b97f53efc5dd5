"""The counts hold their identities, agree with the rule of each task, and with the lists below them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tinhso.plans.lifecycle import TaskState
from tinhso.plans.models import Directive, Task
from tinhso.plans.queries.task_counts import (
    CountsContradict,
    CountsOf,
    counts,
    counts_by,
    soon_days,
    standing,
)
from tinhso.plans.queries.tasks import ORDERS, TaskFilters, filtered, late_tasks, owed, shaped, task_rows
from tinhso.plans.rules.deadlines import Deadline, deadline_of
from tinhso.plans.services.load_tasks_at_scale import load_tasks_at_scale
from tinhso.plans.tests.factories import DAY, MORNING, Committee, make_committee, make_task
from tinhso.plans.tests.task_world import APRIL, DUE, given, paper, reported

pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> Committee:
    return make_committee()


def random_task(who: Committee, dice: random.Random, **fields: Any) -> Task:
    """Make a task in any state with any days around the day that is counted."""

    def near() -> dt.date:
        return DAY + dt.timedelta(days=dice.randint(-8, 8))

    state = dice.choice([*TaskState])
    due = dice.choice((None, near(), near()))
    return make_task(
        dice.choice((who.bureau, who.other, who.district)),
        state=state,
        starts=DAY - dt.timedelta(days=20),
        due=due,
        done_on=near() if state is TaskState.DONE else None,
        group=dice.choice(("", "ha-tang", "an-toan")),
        tags=dice.sample(("cchc", "ntm"), dice.randint(0, 2)),
        **fields,
    )


def test_the_statement_counts_what_the_rule_says_of_each_task(who: Committee) -> None:
    dice = random.Random(7)  # noqa: S311
    tasks = [random_task(who, dice) for _n in range(150)]
    for day in (DAY - dt.timedelta(days=9), DAY, DAY + dt.timedelta(days=4)):
        by_rule = [
            deadline_of(task.state, task.due, task.done_on, day, soon_days())
            for task in tasks
            if task.state != TaskState.WITHDRAWN
        ]
        found = counts(Task.objects.all(), day)
        assert found.total == len(by_rule)
        named = {key: by_rule.count(key) for key in Deadline}
        assert named == {
            Deadline.NO_DUE: found.no_due,
            Deadline.IN_TIME: found.in_time - found.due_soon,
            Deadline.DUE_SOON: found.due_soon,
            Deadline.OVERDUE: found.overdue,
            Deadline.ON_TIME: found.on_time,
            Deadline.LATE: found.late,
            Deadline.DONE_NO_DUE: found.done_no_due,
        }
        for key, q in standing(day).items():
            rows = shaped(task_rows(who.dinh, TaskFilters(deadline=key), day), day)
            extra = found.due_soon if key is Deadline.IN_TIME else 0
            assert len(rows) == named[key] + extra
            assert Task.objects.filter(q).count() == named[key]
            assert {row.deadline for row in rows} <= {key, *([Deadline.DUE_SOON] if extra else [])}
    assert len(task_rows(who.dinh, TaskFilters(deadline="done"), DAY)) == counts(Task.objects.all(), DAY).done
    assert (
        len(task_rows(who.dinh, TaskFilters(deadline="not_done"), DAY))
        == counts(Task.objects.all(), DAY).not_done
    )


def test_parts_add_up_to_the_whole_but_for_tags(who: Committee) -> None:
    dice = random.Random(8)  # noqa: S311
    directive = Directive.objects.create(
        number="46/TB",
        kind="TB",
        issued_on=DAY,
        issuer="Ban Chỉ đạo",
        summary="Kết luận",
        received_at=MORNING,
        entered_at=MORNING,
        valid_from=DAY,
    )
    item = directive.items.create(ordinal=1, kind="task", text="Nối mạng")
    for n in range(60):
        random_task(who, dice, directive_item=item if n % 3 == 0 else None)
    whole = counts(Task.objects.all(), DAY)
    for by in ("office", "group", "directive"):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            parts = counts_by(Task.objects.all(), by, DAY)
        assert len([one for one in asked if "plans_task" in one["sql"]]) == 1
        for field in ("total", "done", "late", "overdue", "in_time", "no_due", "due_soon"):
            assert sum(getattr(part.counts, field) for part in parts) == getattr(whole, field)
        assert [part.counts.overdue for part in parts] == sorted(
            (part.counts.overdue for part in parts), reverse=True
        )
    directives = {part.key: part.label for part in counts_by(Task.objects.all(), "directive", DAY)}
    assert directives == {directive.pk: "46/TB", None: ""}
    tags = counts_by(Task.objects.all(), "tag", DAY)
    kept = Task.objects.exclude(state=TaskState.WITHDRAWN)
    assert {part.key: (part.label, part.counts.total) for part in tags} == {
        "cchc": ("Cải cách hành chính", kept.filter(tags__contains=["cchc"]).count()),
        "ntm": ("Nông thôn mới", kept.filter(tags__contains=["ntm"]).count()),
    }
    groups: list[CountsOf] = counts_by(Task.objects.all(), "group", DAY)
    assert {part.label for part in groups} == {"", "Hạ tầng số", "An toàn thông tin"}


def test_a_count_is_one_statement(who: Committee) -> None:
    given(who)
    with CaptureQueriesContext(connection) as asked:
        assert counts(Task.objects.all(), DAY).overdue == 1
    assert len(asked) == 1


@pytest.mark.parametrize(
    "wrong", [{"total": 2}, {"done": 1}, {"late": 1}, {"overdue": 0}, {"due_soon": 1}, {"not_done": 0}]
)
def test_counts_that_do_not_add_up_are_not_told(who: Committee, wrong: dict[str, Any]) -> None:
    given(who)
    found = counts(Task.objects.all(), DAY)
    with pytest.raises(CountsContradict):
        dataclasses.replace(found, **wrong)


# Lists


def test_filters_and_orders_of_a_list(who: Committee) -> None:
    one = given(who, title="Nối mạng cấp II", partners=[who.district], tags=["ntm"], group="ha-tang")
    two = given(who, title="Tập huấn", lead=who.other, due=None, is_priority=True)
    three = given(
        who, title="Nối mạng xã", lead=who.district, due=dt.date(2022, 4, 20), quantity=2, unit="xã"
    )
    reported(three, who.nhap, APRIL, paper("Một", 1), is_final=False)

    def codes(**asked: Any) -> list[str]:
        return [task.code for task in task_rows(who.dinh, TaskFilters(**asked), DAY)]

    assert codes() == [three.code, one.code, two.code]
    assert codes(order="-due") == [one.code, three.code, two.code]
    assert codes(order="newest") == [three.code, two.code, one.code]
    assert codes(order="title") == [one.code, three.code, two.code]
    assert {order: len(codes(order=order)) for order in (*ORDERS, "khac")} == dict.fromkeys(
        (*ORDERS, "khac"), 3
    )
    assert codes(words="NOI mang") == [three.code, one.code]
    assert codes(words=two.code.lower()) == [two.code]
    assert codes(office=who.district.pk) == [three.code, one.code]
    assert codes(lead=who.district.pk) == [three.code]
    assert codes(tag="ntm") == codes(group="ha-tang") == [one.code]
    assert codes(state="running") == codes(waits="report") == [three.code]
    assert codes(waits="extension") == codes(waits="khac") == codes(deadline="khac") == []
    assert codes(is_priority=True) == codes(deadline="no_due") == [two.code]
    assert codes(due_from=dt.date(2022, 4, 21), due_to=DUE) == [one.code]
    assert codes(parent=one.pk) == []
    assert filtered(Task.objects.all(), TaskFilters(whole_only=True), DAY).count() == 3


def test_a_list_takes_few_statements(who: Committee) -> None:
    for n in range(12):
        given(who, title=f"Việc {n}")
    shaped(task_rows(who.dinh, TaskFilters(), DAY), DAY)
    with CaptureQueriesContext(connection) as asked:
        rows = shaped(task_rows(who.dinh, TaskFilters(), DAY)[:10], DAY)
    assert (len(rows), len(asked)) == (10, 2)
    assert rows[0].task.lead.short_name == "Sở Giáo dục và Đào tạo"


def test_what_is_late_and_what_is_owed(who: Committee) -> None:
    late = given(who, title="Trễ", due=dt.date(2022, 4, 20))
    less = given(who, title="Trễ ít", lead=who.other)
    given(who, title="Còn hạn", due=dt.date(2022, 6, 1))
    assert [row.task for row in late_tasks(DAY, 5)] == [late, less]
    assert [row.task for row in late_tasks(DAY, 1)] == [late]
    assert [row.task for row in late_tasks(DAY, 5, who.su)] == [less]
    assert [row.task.title for row in owed([who.bureau.pk], DAY)] == ["Trễ", "Còn hạn"]
    assert owed([], DAY) == []


def test_loading_at_scale_gives_what_was_asked(who: Committee) -> None:
    numbers = {key: 3 + place for place, key in enumerate(Deadline)}
    assert load_tasks_at_scale(at=MORNING, numbers=numbers, offices=[who.bureau, who.other]) == 42
    found = counts(Task.objects.all(), DAY)
    assert (found.no_due, found.due_soon, found.overdue) == (3, 5, 6)
    assert (found.on_time, found.late, found.done_no_due) == (7, 8, 9)
    waiting = Task.objects.filter(state=TaskState.WAITING)
    assert all(task.reports.filter(answer="").count() == 1 for task in waiting)
    assert load_tasks_at_scale(at=MORNING, numbers={Deadline.LATE: 1}) == 1
    assert Task.objects.latest("pk").code == "NV-00043"
