"""The tasks of the scenario, what became of them, and the meeting that is called."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from typing import Any

from tinhso.directory.api import Actor, Role
from tinhso.plans.models import DirectiveItem, Task
from tinhso.plans.services.answer_task_report import answer_task_report
from tinhso.plans.services.ask_task_extension import ask_task_extension
from tinhso.plans.services.assign_task import assign_task
from tinhso.plans.services.call_meeting import call_meeting
from tinhso.plans.services.comment_on_task import comment_on_task
from tinhso.plans.services.note_progress import note_progress
from tinhso.plans.services.refuse_task import refuse_task
from tinhso.plans.services.report_task import Claim, Progress, report_task
from tinhso.plans.services.scenario_stage import Act, Scenario, Stage, moment
from tinhso.plans.services.split_task import split_task
from tinhso.plans.services.start_task import start_task
from tinhso.plans.services.urge_task import urge_task


def acts(stage: Stage, scenario: Scenario) -> Iterator[Act]:
    """Yield the acts about tasks and the meeting, in no order."""
    for one in scenario["tasks"]:
        yield from _task(stage, one)
    told: dict[str, Any] = scenario["meeting"]
    yield Act(moment(told["at"]), "meeting", partial(_call, stage, told))


def _task(stage: Stage, one: dict[str, Any]) -> Iterator[Act]:
    key, at = one["key"], moment(one["at"])
    yield Act(at, f"task:{key}", partial(_assign, stage, one, at))
    for place, report in enumerate(one.get("reports", [])):
        yield Act(moment(report["at"]), f"task:{key}:report:{place}", partial(_report, stage, one, report))
        if "answered_at" in report:
            answered = moment(report["answered_at"])
            yield Act(answered, f"task:{key}:answer:{place}", partial(_answer, stage, one, answered))
    if "progress" in one:
        yield Act(moment(one["progress"][0]), f"task:{key}:progress", partial(_note, stage, one))
    if "done" in one:
        yield Act(moment(one["done"][0]), f"task:{key}:done", partial(_finish, stage, one))
        answered = moment(one["done"][2])
        yield Act(answered, f"task:{key}:confirmed", partial(_answer, stage, one, answered))
    if "refused" in one:
        yield Act(moment(one["refused"][0]), f"task:{key}:refused", partial(_refuse, stage, one))
    if "extension" in one:
        yield Act(moment(one["extension"]["at"]), f"task:{key}:extension", partial(_extend, stage, one))
    for text in one.get("urged", []):
        yield Act(moment(text), f"task:{key}:urged:{text}", partial(_urge, stage, one, moment(text)))
    for text, who, words in one.get("comments", []):
        yield Act(
            moment(text), f"task:{key}:said:{text}", partial(_say, stage, one, moment(text), who, words)
        )


def _code(one: dict[str, Any]) -> str:
    """Return the code of the scenario's task."""
    return (
        Task.objects.filter(title=one["title"], parent=None)
        .order_by("pk")
        .values_list("code", flat=True)[:1]
        .get()
    )


def _item(begins: str) -> DirectiveItem | None:
    """Return the thing assigned by a directive whose text begins so; None where there is none."""
    return DirectiveItem.objects.filter(kind="task", text__startswith=begins).first() if begins else None


def _planner(stage: Stage, one: dict[str, Any], at: dt.datetime) -> Actor:
    return stage.of(one["lead"], Role.PLANNER, at)


def _assign(stage: Stage, one: dict[str, Any], at: dt.datetime) -> None:
    by = stage.secretary(at)
    due = dt.date.fromisoformat(one["due"]) if one["due"] else None
    made = assign_task(
        by=by,
        at=at,
        title=one["title"],
        lead=stage.office(one["lead"]),
        due=due,
        starts=dt.date.fromisoformat(one["starts"]) if "starts" in one else None,
        product=one["product"],
        partners=[stage.office(name) for name in one.get("partners", [])],
        group=one["group"],
        tags=one.get("tags", []),
        quantity=one.get("quantity"),
        unit=one.get("unit", ""),
        recurrence=one.get("recurrence", ""),
        recurs_until=dt.date.fromisoformat(one["recurs_until"]) if "recurs_until" in one else None,
        is_public=one.get("public", False),
        directive_item=_item(one.get("item", "")),
    )
    if "refused" not in one:
        start_task(by=_planner(stage, one, at), at=at + dt.timedelta(hours=1), code=made.code)
    for part in one.get("parts", []):
        piece = split_task(
            by=by,
            at=at,
            code=made.code,
            title=part["title"],
            lead=stage.office(part["lead"]),
            due=due,
            quantity=part["quantity"],
        )
        expected = dt.date.fromisoformat(part["expected"])
        said = Progress(text=part["blocker"], blocker=part["blocker"], percent=0, expected_on=expected)
        later = at + dt.timedelta(days=20)
        note_progress(
            by=stage.of(part["lead"], Role.PLANNER, later), at=later, code=piece.code, progress=said
        )


def _report(stage: Stage, one: dict[str, Any], report: dict[str, Any]) -> None:
    at = moment(report["at"])
    report_task(
        by=_planner(stage, one, at),
        at=at,
        code=_code(one),
        progress=Progress(text=report["text"], blocker=report.get("blocker", "")),
        claims=[Claim(label, quantity, link="/so-lieu/") for label, quantity in report["claims"]],
    )


def _answer(stage: Stage, one: dict[str, Any], at: dt.datetime) -> None:
    """Confirm what waits, with every piece."""
    report = Task.objects.get(code=_code(one)).reports.get(answer="")
    verdicts = dict.fromkeys(report.evidence.values_list("pk", flat=True), "")
    answer_task_report(by=stage.secretary(at), at=at, report=report.pk, verdicts=verdicts)


def _note(stage: Stage, one: dict[str, Any]) -> None:
    text, percent, words, blocker = one["progress"]
    at = moment(text)
    said = Progress(text=words, percent=percent, blocker=blocker)
    note_progress(by=_planner(stage, one, at), at=at, code=_code(one), progress=said)


def _finish(stage: Stage, one: dict[str, Any]) -> None:
    text, words, _answered = one["done"]
    at = moment(text)
    report_task(
        by=_planner(stage, one, at),
        at=at,
        code=_code(one),
        progress=Progress(text=words, percent=100),
        claims=[Claim(one["product"], link="/so-lieu/")],
        is_final=True,
    )


def _refuse(stage: Stage, one: dict[str, Any]) -> None:
    text, reason = one["refused"]
    at = moment(text)
    refuse_task(by=stage.of(one["lead"], Role.LEADER, at), at=at, code=_code(one), reason=reason)


def _extend(stage: Stage, one: dict[str, Any]) -> None:
    told = one["extension"]
    at = moment(told["at"])
    due = dt.date.fromisoformat(told["to"])
    ask_task_extension(
        by=_planner(stage, one, at), at=at, code=_code(one), due_after=due, reason=told["reason"]
    )


def _urge(stage: Stage, one: dict[str, Any], at: dt.datetime) -> None:
    urge_task(by=stage.secretary(at), at=at, code=_code(one))


def _say(stage: Stage, one: dict[str, Any], at: dt.datetime, who: str, words: str) -> None:
    by = stage.secretary(at) if who == "secretary" else stage.of(who, Role.PLANNER, at)
    comment_on_task(by=by, at=at, code=_code(one), text=words)


def _call(stage: Stage, told: dict[str, Any]) -> None:
    at = moment(told["at"])
    call_meeting(
        by=stage.secretary(at),
        at=at,
        title=told["title"],
        starts_at=moment(told["starts_at"]),
        place=told["place"],
        offices=[one.pk for one in stage.agencies()],
    )
