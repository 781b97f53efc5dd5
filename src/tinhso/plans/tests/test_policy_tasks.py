"""Who may do what with tasks: each row of the table, for everybody, by the rows they get."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from tinhso.directory.api import ANYBODY, SYSTEM, Actor
from tinhso.plans.models import TrackedService
from tinhso.plans.permissions.tasks import (
    EXTENSIONS,
    REPORTS,
    TASKS,
    TRACKED,
    MayAnswerTask,
    MayTask,
    MayTrack,
)
from tinhso.plans.queries.task_page import task_page
from tinhso.plans.services.ask_task_extension import ask_task_extension
from tinhso.plans.services.split_task import split_task
from tinhso.plans.tests.factories import DAY, Committee, make_committee
from tinhso.plans.tests.task_world import APRIL, DUE, given, paper, reported
from tinhso.toolkit.policy import NotThere

pytestmark = pytest.mark.django_db
STEERS, LEADS = {"thinh", "dinh"}, {"du", "dien"}
OVERSEES = {*STEERS, "luong", "kim", "an"}
#: Of one task: the bureau leads (Dụ, Điển), the district co-ordinates (Nháp), the commune leads a part (Bé).
ALLOWED = {
    MayTask.ASK_EXTENSION: LEADS,
    MayTask.COMMENT: {*LEADS, *STEERS, "nhap"},
    MayTask.INSIST: STEERS,
    MayTask.LINK: STEERS,
    MayTask.MERGE: STEERS,
    MayTask.POSTPONE: STEERS,
    MayTask.PUBLISH: STEERS,
    MayTask.READ: {*LEADS, *OVERSEES, "nhap"},
    MayTask.REASSIGN: STEERS,
    MayTask.REFUSE: {"dien"},
    MayTask.REOPEN: STEERS,
    MayTask.REPORT: LEADS,
    MayTask.RESTORE: STEERS,
    MayTask.RESUME: STEERS,
    MayTask.SPLIT: {*LEADS, *STEERS},
    MayTask.START: LEADS,
    MayTask.TAG: STEERS,
    MayTask.URGE: STEERS,
    MayTask.WITHDRAW: STEERS,
}


@pytest.fixture
def who() -> Committee:
    return make_committee()


def people(who: Committee) -> dict[str, Actor]:
    every = {field.name: getattr(who, field.name) for field in dataclasses.fields(who)}
    found = {name: one for name, one in every.items() if isinstance(one, Actor)}
    return found | {"anybody": ANYBODY, "system": SYSTEM}


@pytest.mark.parametrize("may", [*MayTask])
def test_who_may_do_it_to_a_task(who: Committee, may: MayTask) -> None:
    task = given(who, partners=[who.district])
    assert {name for name, one in people(who).items() if TASKS.holds(one, may, task)} == ALLOWED[may]


def test_the_leads_of_a_part_and_of_the_whole_read_both(who: Committee) -> None:
    task = given(who, partners=[who.district])
    part = split_task(by=who.dinh, at=APRIL, code=task.code, title="Phần", lead=who.commune, due=DUE)
    other = split_task(by=who.dinh, at=APRIL, code=task.code, title="Khác", lead=who.district, due=DUE)
    assert TASKS.holds(who.du, MayTask.READ, part)
    assert TASKS.holds(who.du, MayTask.COMMENT, part)
    assert not TASKS.holds(who.du, MayTask.REPORT, part)
    assert TASKS.holds(who.be, MayTask.READ, task)
    assert not TASKS.holds(who.be, MayTask.REPORT, task)
    assert not TASKS.holds(who.be, MayTask.READ, other)
    page = task_page(who.be, task.code, DAY)
    assert ([row.task for row in page.parts], page.hidden_parts, page.row.parts) == ([part], 1, 2)


def test_a_stranger_to_a_task_does_not_see_it(who: Committee) -> None:
    task = given(who)
    for one in (who.su, who.nhap, who.be, ANYBODY):
        with pytest.raises(NotThere):
            task_page(one, task.code, DAY)


def test_who_answers_reports_and_extensions(who: Committee) -> None:
    task = given(who, quantity=5, unit="xã")
    report = reported(task, who.du, APRIL, paper("Một", 1), is_final=False)
    asked = ask_task_extension(
        by=who.du, at=APRIL, code=task.code, due_after=dt.date(2022, 5, 5), reason="Mưa"
    )
    every = people(who).items()
    assert {n for n, one in every if REPORTS.holds(one, MayAnswerTask.ANSWER_REPORT, report)} == STEERS
    assert {n for n, one in every if EXTENSIONS.holds(one, MayAnswerTask.ANSWER_EXTENSION, asked)} == {
        "thinh"
    }


def test_who_keeps_the_services_of_project_06(who: Committee) -> None:
    service = TrackedService.objects.create(ordinal=1, name="Khai sinh", lead=who.bureau, updated_at=APRIL)
    every = people(who).items()
    insiders = set(people(who)) - {"anybody", "system"}
    assert {n for n, one in every if TRACKED.holds(one, MayTrack.READ, service)} == insiders
    assert {n for n, one in every if TRACKED.holds(one, MayTrack.UPDATE, service)} == {*STEERS, *LEADS}
