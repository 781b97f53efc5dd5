"""What the clock and people press for: reminders, urging, the next of a task that recurs. All can be called again."""

from __future__ import annotations

import datetime as dt

import pytest

from tinhso.messages.api import Notice
from tinhso.plans.models import History, Reminder, Task
from tinhso.plans.queries.task_page import task_page
from tinhso.plans.services.answer_task_extension import answer_task_extension
from tinhso.plans.services.ask_task_extension import ask_task_extension
from tinhso.plans.services.postpone_task import postpone_task
from tinhso.plans.services.recur_tasks import recur_tasks
from tinhso.plans.services.remind_tasks import remind_due
from tinhso.plans.services.split_task import split_task
from tinhso.plans.services.urge_task import CannotUrge, urge_task
from tinhso.plans.services.withdraw_task import withdraw_task
from tinhso.plans.tests.factories import DAY, Committee, make_committee
from tinhso.plans.tests.task_world import APRIL, DUE, at, done, given, reported
from tinhso.toolkit.policy import NotThere

pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> Committee:
    return make_committee()


def told(title: str) -> set[int]:
    return set(Notice.objects.filter(title__startswith=title).values_list("recipient_id", flat=True))


# Reminders by the rule


def test_the_rule_reminds_the_planner_first_and_the_head_from_five_days_late(who: Committee) -> None:
    task = given(who, partners=[who.district])
    levels, planner, head = [], who.du.person_id, who.dien.person_id
    seen: list[set[int]] = []
    day = dt.date(2022, 4, 20)
    while day <= dt.date(2022, 5, 20):
        Notice.objects.all().delete()
        if remind_due(at=at(day.month, day.day)):
            levels.append((day.day, Reminder.objects.latest("pk").level))
            seen.append(told("Nhắc nhiệm vụ"))
        assert remind_due(at=at(day.month, day.day, 15)) == 0
        day += dt.timedelta(days=1)
    assert levels == [
        (26, "-3@2022-04-29"),
        (29, "0@2022-04-29"),
        (4, "+1@2022-04-29"),
        (10, "+5@2022-04-29"),
        (17, "+10@2022-04-29"),
    ]
    assert seen == [{planner}, {planner}, {planner}, {planner, head}, {planner, head}]
    lines = History.objects.filter(about=task.about, what__startswith="Nhắc").order_by("pk")
    assert [line.after for line in lines][2:] == [
        "Quá 1 ngày làm việc",
        "Quá 5 ngày làm việc",
        "Quá 10 ngày làm việc",
    ]
    assert {line.by_name for line in lines} == {""}


def test_nobody_is_reminded_before_the_hour_of_the_rule(who: Committee) -> None:
    given(who)
    assert remind_due(at=at(4, 29, 7)) == 0
    assert remind_due(at=at(4, 29, 8)) == 1


def test_steps_that_passed_unseen_are_not_made_up_for(who: Committee) -> None:
    given(who)
    assert remind_due(at=at(5, 12)) == 1
    assert Reminder.objects.get().level == "+5@2022-04-29"


def test_after_an_extension_the_rule_begins_anew(who: Committee) -> None:
    task = given(who)
    assert remind_due(at=at(5, 10)) == 1
    asked = ask_task_extension(
        by=who.du, at=at(5, 10), code=task.code, due_after=dt.date(2022, 5, 25), reason="Mưa"
    )
    answer_task_extension(by=who.thinh, at=at(5, 10), extension=asked.pk, grants=True)
    assert remind_due(at=at(5, 11)) == 0
    assert remind_due(at=at(5, 22)) == 1
    assert Reminder.objects.latest("pk").level == "-3@2022-05-25"


def test_what_is_done_put_off_waits_or_was_withdrawn_is_not_reminded_of(who: Committee) -> None:
    tasks = [given(who, title=f"Việc {n}") for n in range(4)]
    given(who, title="Không hạn", due=None)
    done(tasks[0], who.du, who.dinh, at(4, 20))
    reported(tasks[1], who.du, at(4, 20))
    postpone_task(by=who.dinh, at=at(4, 20), code=tasks[2].code, reason="Chờ")
    withdraw_task(by=who.dinh, at=at(4, 20), code=tasks[3].code, reason="Thôi")
    assert remind_due(at=at(5, 10)) == 0


# Urging


def test_urging_reaches_planner_and_head_of_every_office_once_a_day_by_each_person(who: Committee) -> None:
    task = given(who, partners=[who.district])
    Notice.objects.all().delete()
    assert urge_task(by=who.dinh, at=at(5, 4), code=task.code, text="Báo trước 17 giờ.") == 1
    assert told("Ban Chỉ đạo đôn đốc") == {who.du.person_id, who.dien.person_id, who.nhap.person_id}
    assert Notice.objects.first().body.endswith("Quá 1 ngày làm việc. Báo trước 17 giờ.")  # type: ignore[union-attr]
    with pytest.raises(CannotUrge, match="Hôm nay đã đôn đốc việc này lúc 9 giờ"):
        urge_task(by=who.dinh, at=at(5, 4, 16), code=task.code)
    assert urge_task(by=who.thinh, at=at(5, 4, 16), code=task.code) == 2
    assert urge_task(by=who.dinh, at=at(5, 5), code=task.code) == 3
    remind_due(at=at(5, 10))
    assert task_page(who.du, task.code, DAY).urged == 3
    assert History.objects.filter(about=task.about, what="Đôn đốc lần 3").exists()


def test_the_parts_are_urged_too_where_asked(who: Committee) -> None:
    task = given(who)
    part = split_task(by=who.dinh, at=APRIL, code=task.code, title="Phần", lead=who.commune, due=DUE)
    urge_task(by=who.dinh, at=at(5, 4), code=part.code)
    other = split_task(by=who.dinh, at=at(4, 4), code=task.code, title="Khác", lead=who.district, due=DUE)
    urge_task(by=who.dinh, at=at(5, 4), code=task.code, also_parts=True)
    assert Reminder.objects.filter(about=part.about).count() == 1
    assert Reminder.objects.filter(about=other.about).count() == 1


def test_who_waits_for_the_committee_is_not_urged(who: Committee) -> None:
    task = given(who)
    with pytest.raises(CannotUrge, match="400 chữ"):
        urge_task(by=who.dinh, at=APRIL, code=task.code, text="x" * 401)
    reported(task, who.du, APRIL)
    with pytest.raises(CannotUrge, match="“Chờ xác nhận”"):
        urge_task(by=who.dinh, at=APRIL, code=task.code)
    for one in (who.du, who.dien, who.luong, who.an):
        with pytest.raises(NotThere):
            urge_task(by=one, at=APRIL, code=task.code)


# Recurrence


def monthly(who: Committee, **fields: object) -> Task:
    asked = {
        "due": dt.date(2022, 4, 30),
        "recurrence": "monthly",
        "recurs_until": dt.date(2022, 7, 31),
        "partners": [who.district],
        "tags": ["cchc"],
        **fields,
    }
    return given(who, **asked)


def test_the_next_is_made_when_the_present_one_is_due_and_only_once(who: Committee) -> None:
    task = monthly(who)
    assert recur_tasks(at=at(4, 29)) == 0
    assert recur_tasks(at=at(4, 30)) == 1
    assert recur_tasks(at=at(4, 30)) == 0
    following = Task.objects.get(recurs_from=task)
    assert (following.due, following.starts) == (dt.date(2022, 5, 30), dt.date(2022, 5, 4))
    assert (following.tags, following.partners.get().office) == (["cchc"], who.district)
    assert (following.assigned_by_id, following.state) == (who.dinh.account_id, "not_started")
    assert History.objects.filter(about=task.about, what="Đã giao kỳ kế tiếp").count() == 1


def test_the_next_is_made_when_the_present_one_is_done_early(who: Committee) -> None:
    done(monthly(who), who.du, who.dinh, at(4, 10))
    assert recur_tasks(at=at(4, 10)) == 1


def test_quarters_that_passed_unseen_are_made_up_for(who: Committee) -> None:
    monthly(who, due=dt.date(2022, 4, 30), recurs_until=dt.date(2023, 3, 31), recurrence="quarterly")
    assert recur_tasks(at=at(12, 31)) == 3
    days = Task.objects.order_by("pk").values_list("due", flat=True)
    assert [f"{day:%d/%m}" for day in days if day] == ["30/04", "30/07", "30/10", "30/01"]


def test_nothing_is_made_after_the_last_day(who: Committee) -> None:
    done(
        monthly(who, due=dt.date(2022, 4, 30), recurs_until=dt.date(2022, 5, 29)), who.du, who.dinh, at(4, 8)
    )
    assert recur_tasks(at=at(6, 30)) == 0


def test_the_31st_comes_back_after_short_months(who: Committee) -> None:
    monthly(who, due=dt.date(2022, 5, 31), recurs_until=dt.date(2022, 8, 31))
    assert recur_tasks(at=at(12, 1)) == 3
    days = Task.objects.order_by("pk").values_list("due", flat=True)
    assert [f"{day:%d/%m}" for day in days if day] == ["31/05", "30/06", "31/07", "31/08"]


def test_an_extension_does_not_move_the_next_and_a_withdrawn_task_recurs_no_more(who: Committee) -> None:
    task = monthly(who)
    asked = ask_task_extension(
        by=who.du, at=APRIL, code=task.code, due_after=dt.date(2022, 5, 10), reason="Mưa"
    )
    answer_task_extension(by=who.thinh, at=APRIL, extension=asked.pk, grants=True)
    assert recur_tasks(at=at(5, 9)) == 0
    assert recur_tasks(at=at(5, 10)) == 1
    following = Task.objects.get(recurs_from=task)
    assert following.due == dt.date(2022, 5, 30)
    withdraw_task(by=who.dinh, at=at(5, 10), code=following.code)
    assert recur_tasks(at=at(12, 1)) == 0
