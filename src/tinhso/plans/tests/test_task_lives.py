"""Random lives: whatever happens to tasks, in whatever order, the identities of the counts hold.

A thousand times over the life-cycle alone, and some dozen times through the services and the database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tinhso.plans.lifecycle import TASK, TASK_COUNTED, TaskState, TaskVerb
from tinhso.plans.models import Task, TaskExtension, TaskReport
from tinhso.plans.queries.task_counts import Counts, counts, counts_by, soon_days
from tinhso.plans.queries.task_page import task_page
from tinhso.plans.queries.task_parts import pieces_done, pieces_left
from tinhso.plans.queries.tasks import TaskFilters, shaped, task_rows
from tinhso.plans.rules.deadlines import Deadline, deadline_of
from tinhso.plans.services.answer_task_extension import answer_task_extension
from tinhso.plans.services.answer_task_report import answer_task_report
from tinhso.plans.services.ask_task_extension import ask_task_extension
from tinhso.plans.services.assign_task import assign_task
from tinhso.plans.services.insist_on_task import insist_on_task
from tinhso.plans.services.link_tasks import link_tasks
from tinhso.plans.services.merge_tasks import merge_tasks
from tinhso.plans.services.note_progress import note_progress
from tinhso.plans.services.postpone_task import postpone_task
from tinhso.plans.services.reassign_task import reassign_task
from tinhso.plans.services.refuse_task import refuse_task
from tinhso.plans.services.reopen_task import reopen_task
from tinhso.plans.services.report_task import Progress, report_task
from tinhso.plans.services.restore_task import restore_task
from tinhso.plans.services.resume_task import resume_task
from tinhso.plans.services.split_task import split_task
from tinhso.plans.services.start_task import start_task
from tinhso.plans.services.withdraw_task import withdraw_task
from tinhso.plans.tests.factories import Committee, make_committee
from tinhso.plans.tests.task_world import APRIL, paper
from tinhso.toolkit.lifecycle import StepNotAllowed
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.working_time import in_vietnam

DAYS = st.dates(dt.date(2022, 1, 1), dt.date(2022, 12, 31))
LIVES = st.lists(
    st.tuples(
        st.none() | DAYS, st.lists(st.tuples(st.sampled_from([*TaskVerb]), st.integers(0, 40)), max_size=10)
    ),
    max_size=8,
)


@given(LIVES, DAYS)
@settings(max_examples=1_000, deadline=None)
def test_the_identities_hold_over_random_lives(
    lives: list[tuple[dt.date | None, list[tuple[TaskVerb, int]]]], on: dt.date
) -> None:
    classes: list[Deadline] = []
    states: list[TaskState] = []
    for due, verbs in lives:
        state, day, reported, done_on = TASK.initial, dt.date(2022, 1, 1), None, None
        for verb, days in verbs:
            day += dt.timedelta(days=days)
            try:
                state = TASK.after(state, verb)
            except StepNotAllowed:
                continue
            if verb is TaskVerb.REPORT_DONE:
                reported = day
            done_on = reported if state is TaskState.DONE else None
        if state in TASK_COUNTED:
            states.append(state)
            classes.append(deadline_of(state, due, done_on, on, 3))
    n = {key: classes.count(key) for key in Deadline}
    done = states.count(TaskState.DONE)
    Counts(
        total=len(states),
        done=done,
        not_done=len(states) - done,
        on_time=n[Deadline.ON_TIME],
        late=n[Deadline.LATE],
        done_no_due=n[Deadline.DONE_NO_DUE],
        in_time=n[Deadline.IN_TIME] + n[Deadline.DUE_SOON],
        due_soon=n[Deadline.DUE_SOON],
        overdue=n[Deadline.OVERDUE],
        no_due=n[Deadline.NO_DUE],
        by_state={state: states.count(state) for state in TASK_COUNTED},
    )


class Life:
    """Some tasks, and people who do to them whatever comes to mind; what is refused is refused and no more."""

    def __init__(self, who: Committee) -> None:
        self.who, self.at, self.codes = who, APRIL, list[str]()
        for fields in ({"quantity": 6, "unit": "xã"}, {}, {"due": None}):
            self.assign(**fields)

    def assign(self, **fields: Any) -> None:
        due = self.at.date() + dt.timedelta(days=9)
        asked = {"title": f"Việc {len(self.codes)}", "lead": self.who.bureau, "due": due, **fields}
        self.codes.append(assign_task(by=self.who.dinh, at=self.at, **asked).code)

    def press(self, act: Callable[..., Any], **said: Any) -> None:
        """Let somebody press: it works, or a sentence says why not."""
        try:
            act(at=self.at, **said)
        except ValueError as refused:
            assert str(refused).endswith("."), refused  # noqa: PT017
        except NotThere:
            pass

    def lead(self, code: str) -> Any:
        """Return who plans for the lead of a task."""
        lead = Task.objects.values_list("lead_id", flat=True).get(code=code)
        return {self.who.bureau.pk: self.who.du, self.who.other.pk: self.who.su}.get(lead, self.who.nhap)

    def do(self, act: str, code: str, other: str, n: int) -> None:
        """Do one of the acts; ``n`` says how many, or which way."""
        who = self.who
        lead, secretary = {"by": self.lead(code), "code": code}, {"by": who.dinh, "code": code}
        match act:
            case "days pass":
                self.at += dt.timedelta(days=n)
            case "another task":
                self.assign(quantity=n or None, unit="xã" if n else "")
            case "start":
                self.press(start_task, **lead)
            case "note":
                self.press(note_progress, **lead, progress=Progress("Đang làm", 20))
            case "report":
                self.press(report_task, **lead, progress=Progress("Xong một phần"), claims=[paper("Xã", n)])
            case "finish":
                left = pieces_left(Task.objects.get(code=code))
                claims = [paper("Xã", left), paper("Ảnh")]
                self.press(report_task, **lead, progress=Progress("Xong"), claims=claims, is_final=True)
            case "refuse":
                self.press(refuse_task, by=who.dien, code=code, reason="Không phải việc của sở")
            case "answer":
                self.answer("Thiếu chữ ký" if n == 1 else "")
            case "extend":
                self.extend(lead, days=n * 5 + 1, grants=n != 1)
            case "hand over":
                office = who.bureau if n % 2 else who.other
                self.press(reassign_task, **secretary, lead=office, reason="Đúng việc hơn")
            case "merge":
                self.press(merge_tasks, **secretary, into=other)
            case "tie":
                self.press(link_tasks, **secretary, needed=other)
            case "split":
                due = Task.objects.values_list("due", flat=True).get(code=code)
                said = {"title": "Phần", "lead": who.district, "due": due, "quantity": n or None}
                self.press(split_task, **secretary, **said)
                self.codes = list(Task.objects.order_by("id").values_list("code", flat=True))
            case "restore" | "resume":
                self.press(restore_task if act == "restore" else resume_task, **secretary)
            case _:
                self.press(WITH_REASON[act], **secretary, reason="Cần như vậy")

    def answer(self, returned: str) -> None:
        """Answer every report that waits; its first piece is returned where words say why."""
        for report in TaskReport.objects.filter(answer="").order_by("id"):
            pieces = report.evidence.order_by("id")
            verdicts = {piece.pk: returned if place == 0 else "" for place, piece in enumerate(pieces)}
            self.press(answer_task_report, by=self.who.thinh, report=report.pk, verdicts=verdicts)

    def extend(self, lead: dict[str, Any], *, days: int, grants: bool) -> None:
        """Ask for days, and get them or not."""
        later = self.at.date() + dt.timedelta(days=days)
        self.press(ask_task_extension, **lead, due_after=later, reason="Mưa bão")
        for asked in TaskExtension.objects.filter(answer=""):
            said = {"extension": asked.pk, "grants": grants, "text": "Đã xét"}
            self.press(answer_task_extension, by=self.who.thinh, **said)

    def see_counts(self) -> None:
        """See that the counts are those of the rule, task by task, and of the list."""
        on, tasks = self.at.date(), list(Task.objects.all())
        found = counts(Task.objects.all(), on)
        by_rule = [
            deadline_of(task.state, task.due, task.done_on, on, soon_days())
            for task in tasks
            if task.state in TASK_COUNTED
        ]
        assert found.total == len(by_rule)
        assert (found.overdue, found.late) == (by_rule.count(Deadline.OVERDUE), by_rule.count(Deadline.LATE))

    def see_tasks(self) -> None:
        """See that each task makes sense, and that its page opens."""
        on = self.at.date()
        found = counts(Task.objects.all(), on)
        assert sum(one.counts.total for one in counts_by(Task.objects.all(), "office", on)) == found.total
        assert len(shaped(task_rows(self.who.dinh, TaskFilters(), on), on)) == found.total
        for task in Task.objects.all():
            see_sense(task)
            assert task_page(self.who.dinh, task.code, on).row.task == task


def see_sense(task: Task) -> None:
    """See what must hold of a task whatever happened to it."""
    assert task.due is None or (task.original_due is not None and task.due >= task.original_due)
    waits = task.reports.filter(answer="", is_final=True).exists()
    assert waits == (task.state == TaskState.WAITING)
    if task.quantity is not None:
        assert pieces_done(task) <= task.quantity
    if task.state == TaskState.DONE:
        last = task.reports.filter(is_final=True, answer="confirmed").latest("reported_at", "id")
        assert task.done_on == in_vietnam(last.reported_at).date()
        assert task.quantity is None or pieces_done(task) == task.quantity
        assert not task.children.exclude(state__in=("done", "withdrawn")).exists()


WITH_REASON: dict[str, Callable[..., Any]] = {
    "postpone": postpone_task,
    "insist": insist_on_task,
    "reopen": reopen_task,
    "withdraw": withdraw_task,
}
#: What happens often stands here more than once.
ACTS = (
    *(
        "days pass",
        "days pass",
        "another task",
        "start",
        "note",
        "report",
        "report",
        "finish",
        "finish",
        "finish",
    ),
    *(
        "answer",
        "answer",
        "answer",
        "refuse",
        "extend",
        "hand over",
        "merge",
        "tie",
        "split",
        "restore",
        "resume",
    ),
    *WITH_REASON,
)
STEPS = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 7), st.integers(0, 7), st.integers(0, 5)),
    min_size=6,
    max_size=20,
)


@pytest.mark.django_db
def test_the_identities_hold_through_the_services() -> None:
    who = make_committee()
    ended: set[str] = set()

    @given(STEPS)
    @example([("finish", 1, 0, 0), ("answer", 0, 0, 0), ("finish", 0, 0, 0), ("withdraw", 2, 0, 0)])
    @example([("finish", 0, 0, 0), ("answer", 0, 0, 1), ("start", 1, 0, 0)])
    @settings(max_examples=24, deadline=None, suppress_health_check=[*HealthCheck], database=None)
    def live(steps: list[tuple[str, int, int, int]]) -> None:
        with transaction.atomic():
            life = Life(who)
            for act, one, two, n in steps:
                codes = life.codes
                life.do(act, codes[one % len(codes)], codes[two % len(codes)], n)
                life.see_counts()
            life.see_tasks()
            ended.update(Task.objects.values_list("state", flat=True))
            transaction.set_rollback(True)

    live()
    assert {"done", "redo", "running", "withdrawn", "waiting"} <= ended
