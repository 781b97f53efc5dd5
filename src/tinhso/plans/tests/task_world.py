"""Short ways through the life of a task, for the tests of tasks."""

from __future__ import annotations

import datetime as dt

from tinhso.directory.api import Actor
from tinhso.plans.models import Task, TaskReport
from tinhso.plans.services.answer_task_report import answer_task_report
from tinhso.plans.services.assign_task import assign_task
from tinhso.plans.services.report_task import Claim, Progress, report_task
from tinhso.plans.tests.factories import Committee
from tinhso.toolkit.clock import VN

APRIL = dt.datetime(2022, 4, 4, 8, 0, tzinfo=VN)
DUE = dt.date(2022, 4, 29)
SAID = Progress("Đã nối xong, có biên bản.")


def at(month: int, day: int, hour: int = 9, year: int = 2022) -> dt.datetime:
    """Return a moment of 2022."""
    return dt.datetime(year, month, day, hour, tzinfo=VN)


def paper(label: str = "Biên bản nghiệm thu", quantity: int = 0) -> Claim:
    """Return a claim that a page of the platform shows."""
    return Claim(label, quantity, link="/so-lieu/")


def given(who: Committee, **fields: object) -> Task:
    """Return a task of the bureau, given by the secretary on 4 April and due on 29 April."""
    asked = {"title": "Nối mạng cho 60 xã", "lead": who.bureau, "due": DUE, **fields}
    return assign_task(by=who.dinh, at=APRIL, **asked)  # type: ignore[arg-type]


def reported(task: Task, by: Actor, when: dt.datetime, *claims: Claim, is_final: bool = True) -> TaskReport:
    """Return a report by the lead that waits."""
    return report_task(
        by=by, at=when, code=task.code, progress=SAID, claims=claims or (paper(),), is_final=is_final
    )


def answered(report: TaskReport, by: Actor, when: dt.datetime, **reasons: str) -> TaskReport:
    """Return a report whose pieces were confirmed, but for those returned by their label."""
    verdicts = {piece.pk: reasons.get(piece.label, "") for piece in report.evidence.all()}
    return answer_task_report(by=by, at=when, report=report.pk, verdicts=verdicts)


def done(task: Task, by: Actor, confirmed_by: Actor, when: dt.datetime) -> Task:
    """Return the task, reported and confirmed at a moment."""
    answered(reported(task, by, when), confirmed_by, when)
    task.refresh_from_db()
    return task
