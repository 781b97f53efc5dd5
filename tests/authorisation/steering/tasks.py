"""Who gets what of tasks and the services of Project 06."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from tinhso.plans.lifecycle import TaskState
from tinhso.plans.models import Evidence, Task, TaskReport, TrackedService
from tinhso.plans.services.answer_task_extension import answer_task_extension
from tinhso.plans.services.answer_task_report import answer_task_report
from tinhso.plans.services.ask_task_extension import ask_task_extension
from tinhso.plans.services.comment_on_task import comment_on_task
from tinhso.plans.services.report_task import Claim, Progress, report_task
from tinhso.toolkit.clock import VN

if TYPE_CHECKING:
    from tests.authorisation.matrix import Line
    from tests.authorisation.world import World

Address = Callable[["World", str], tuple[list[Any], str]]

NINE = dt.datetime(2022, 5, 10, 9, 0, tzinfo=VN)
TODAY, LATER = NINE.date(), dt.date(2022, 6, 30)
READ, POST, BOTH = ("GET", "HEAD"), ("POST",), ("GET", "HEAD", "POST")
#: The tasks of the bureau, by what is asked of them.
CODES: Final = {
    name: f"NV-{number}"
    for number, name in enumerate(("fresh", "run", "wait", "ext", "off", "no", "done", "gone"), 90_001)
}
_STATES: Final = {
    "run": TaskState.RUNNING,
    "wait": TaskState.RUNNING,
    "ext": TaskState.RUNNING,
    "off": TaskState.POSTPONED,
    "no": TaskState.REFUSED,
    "done": TaskState.DONE,
    "gone": TaskState.WITHDRAWN,
}
METHODS: dict[str, tuple[str, ...]] = {
    **{
        f"plans:{name}": READ
        for name in (
            *("tasks", "tasks_csv", "tasks_xlsx", "tasks_ics", "task", "task_evidence"),
            *("tracked_services", "tracked_csv"),
        )
    },
    **{
        f"plans:{name}": BOTH
        for name in ("assign_task", "assign_in_meeting", "report_task", "task_act", "tracked_service")
    },
    **{f"plans:{name}": POST for name in ("tasks_bulk", "answer_task")},
}
#: Each act: on which task, and what is typed.
ACTS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "bat-dau": ("fresh", {}),
    "tien-do": ("run", {"progress": "50", "text": "Đang làm"}),
    "gia-han": ("run", {"due_after": "15/07/2022", "reason": "Chờ thiết bị"}),
    "tra-loi-gia-han": ("ext", {"outcome": "granted", "reason": ""}),
    "tam-hoan": ("run", {"reason": "Chờ kinh phí"}),
    "tiep-tuc": ("off", {}),
    "tu-choi": ("fresh", {"reason": "Không thuộc chức năng"}),
    "yeu-cau": ("no", {"reason": "Thuộc chức năng"}),
    "mo-lai": ("done", {"reason": "Cần làm thêm"}),
    "thu-hoi": ("run", {"reason": "Không cần nữa"}),
    "khoi-phuc": ("gone", {}),
    "giao-lai": ("run", {"lead": "Sở Tài chính", "reason": "Đúng chức năng"}),
    "gop": ("run", {"code": CODES["fresh"], "reason": "Trùng"}),
    "don-doc": ("run", {"text": ""}),
    "viec-con": ("run", {"title": "Phần một", "lead": "Sở Giáo dục và Đào tạo", "due": "01/06/2022"}),
    "cho-viec": ("run", {"code": CODES["fresh"]}),
    "bo-cho-viec": ("run", {"can": CODES["off"]}),
    "nhan": ("run", {"tags": ["cchc"]}),
    "cong-khai": ("run", {}),
    "trao-doi": ("run", {"text": "Đã nhận"}),
}


def _on(name: str, *rest: Any) -> Address:
    return lambda world, state: ([CODES[name], *rest], "")


def _waiting() -> TaskReport:
    return TaskReport.objects.get(task__code=CODES["wait"], answer="")


def _piece(world: World, state: str) -> tuple[list[Any], str]:
    return [CODES["wait"], Evidence.objects.get(report=_waiting(), file__isnull=False).pk], ""


ADDRESSES: dict[tuple[str, str], Address] = {
    ("plans:task", ""): _on("wait"),
    ("plans:task", "no such one"): lambda world, state: (["NV-99999"], ""),
    ("plans:task_evidence", ""): _piece,
    ("plans:task_evidence", "of another task"): lambda world, state: (
        [CODES["run"], _piece(world, state)[0][1]],
        "",
    ),
    ("plans:report_task", ""): _on("run"),
    ("plans:report_task", "nothing typed"): _on("run"),
    ("plans:answer_task", ""): _on("wait"),
    ("plans:answer_task", "nothing chosen"): _on("wait"),
    ("plans:tracked_service", ""): lambda world, state: ([1], ""),
    ("plans:tracked_service", "no such one"): lambda world, state: ([99], ""),
    **{("plans:task_act", key): _on(name, key) for key, (name, _typed) in ACTS.items()},
    ("plans:task_act", "no such act"): _on("run", "la"),
}
_TYPED = {"title": "Lập kho dữ liệu", "lead": "Sở Tài chính", "due": "30/06/2022", "product": "Kho dữ liệu"}


def _sent(**content: Any) -> Callable[[World, str], dict[str, Any]]:
    return lambda world, state: dict(content)


def _answers(world: World, state: str) -> dict[str, Any]:
    report = _waiting()
    return {
        "bao-cao": report.pk,
        "viec": "ket-luan",
        **{f"y-{piece.pk}": "confirmed" for piece in report.evidence.all()},
    }


def _act(typed: dict[str, Any]) -> Callable[[World, str], dict[str, Any]]:
    return lambda world, state: dict(typed)


CONTENTS: dict[tuple[str, str], Callable[[World, str], dict[str, Any]]] = {
    ("plans:assign_task", ""): _sent(**_TYPED),
    ("plans:assign_in_meeting", ""): _sent(**_TYPED),
    ("plans:tasks_bulk", ""): _sent(viec="cong-khai", ma=[CODES["run"]]),
    ("plans:report_task", ""): _sent(
        **{"text": "Xong một phần", "progress": "40", "minh-chung-1": "Biên bản", "duong-dan-1": "/so-lieu/"}
    ),
    ("plans:answer_task", ""): _answers,
    ("plans:answer_task", "nothing chosen"): lambda world, state: {"bao-cao": _waiting().pk},
    ("plans:tracked_service", ""): _sent(blocker="Chờ nối phần mềm"),
    **{("plans:task_act", key): _act(typed) for key, (_name, typed) in ACTS.items()},
}
_OWN = ("steerers", "doers")
READERS: dict[str, tuple[str, ...]] = {
    **{f"plans.Task.{name}": _OWN for name in ("title", "description", "product", "unit", "blocker")},
    "plans.Task.folded": (),
    **{f"plans.TaskReport.{name}": _OWN for name in ("text", "blocker", "answer_text")},
    **{f"plans.Evidence.{name}": _OWN for name in ("label", "file_name", "link", "answer_text")},
    **{f"plans.TaskExtension.{name}": _OWN for name in ("reason", "answer_text")},
    **{f"plans.TaskComment.{name}": _OWN for name in ("text", "by_name")},
    **{f"plans.TrackedService.{name}": ("inside",) for name in ("name", "blocker")},
}
_CODE = "a code of the software's own, not a word of anybody's"
NOT_PLANTED: dict[str, str] = dict.fromkeys(
    (
        *("plans.Task.code", "plans.Task.group", "plans.Task.state", "plans.Task.recurrence"),
        *("plans.TaskReport.answer", "plans.Evidence.answer", "plans.TaskExtension.answer"),
    ),
    _CODE,
)
WRITTEN_ONCE: tuple[str, ...] = ()


def add(world: World) -> None:
    """Let the bureau have a task in every state, a report and a request that wait, and others that were answered."""
    who, bureau = world.actors, world.offices["bureau"]
    made = {
        name: Task.objects.create(
            code=code,
            title=f"Nhiệm vụ {name}",
            description="Nói rõ",
            product="Sản phẩm",
            blocker="Chờ thiết bị",
            folded=f"nhiem vu {name}",
            lead=bureau,
            state=_STATES.get(name, TaskState.NOT_STARTED),
            starts=dt.date(2022, 4, 4),
            due=LATER,
            original_due=LATER,
            done_on=TODAY if name == "done" else None,
            assigned_by_id=who["secretary"].account_id,
            assigned_at=dt.datetime(2022, 4, 4, 8, 0, tzinfo=VN),
        )
        for name, code in CODES.items()
    }
    made["run"].needs.create(needed=made["off"])
    comment_on_task(by=who["planner"], at=NINE, code=CODES["wait"], text="Đã bàn giao")
    first, second = (
        ask_task_extension(
            by=who["planner"], at=NINE, code=CODES[name], due_after=dt.date(2022, 7, 15), reason="Chờ máy"
        )
        for name in ("wait", "ext")
    )
    answer_task_extension(by=who["chair"], at=NINE, extension=first.pk, grants=False, text="Giữ hạn")
    assert second.answer == ""
    for is_answered in (True, False):
        report = report_task(
            by=who["planner"],
            at=NINE,
            code=CODES["wait"],
            progress=Progress("Đã làm", 50, "Chờ thiết bị"),
            claims=[
                Claim("Biên bản", file=world.paper_file, file_name="bien-ban.pdf"),
                Claim("Số liệu", link="/so-lieu/"),
            ],
        )
        if is_answered:
            reasons = {piece.pk: "Thiếu chữ ký" for piece in report.evidence.all()}
            answer_task_report(by=who["secretary"], at=NINE, report=report.pk, verdicts=reasons)
    TrackedService.objects.create(
        ordinal=1,
        name="Đăng ký khai sinh",
        procedure_codes=["1.001193"],
        lead=bureau,
        blocker="Chưa nối",
        updated_at=NINE,
    )


def plant(world: World, word: Callable[[str], str]) -> None:
    """Write the rows that can be written only once, with a word for each field in them."""


def lines() -> tuple[Line, ...]:
    """Return the lines of the table."""
    from tests.authorisation.matrix import (  # noqa: PLC0415 - the table asks its parts while it is being made
        ALL_SIGN_IN,
        DONE,
        NOTHING,
        PAGE,
        TOLD,
        Line,
        these,
    )
    from tests.authorisation.world import AT_THE_DESK, STEERED, STEERERS_OF_ALL  # noqa: PLC0415 - the same

    def only(roles: tuple[str, ...], outcome: str) -> dict[str, Any]:
        return {**ALL_SIGN_IN, **these(roles, outcome)}

    inside, own = only(AT_THE_DESK, PAGE), only((*STEERERS_OF_ALL, *STEERED), PAGE)
    committee = ("chair", "secretary")
    may: dict[str, tuple[str, ...]] = {
        **dict.fromkeys(ACTS, committee),
        **dict.fromkeys(("bat-dau", "tien-do", "gia-han"), STEERED),
        **dict.fromkeys(("viec-con", "trao-doi"), (*committee, *STEERED)),
        "tra-loi-gia-han": ("chair",),
        "tu-choi": ("head",),
    }
    return (
        *(
            Line(f"plans:{name}", "GET", inside)
            for name in (
                *("tasks", "tasks_csv", "tasks_xlsx", "tasks_ics"),
                *("tracked_services", "tracked_csv", "tracked_service"),
            )
        ),
        *(Line(f"plans:{name}", "GET", own) for name in ("task", "task_evidence")),
        Line("plans:task", "GET", ALL_SIGN_IN, case="no such one"),
        Line("plans:task_evidence", "GET", ALL_SIGN_IN, case="of another task"),
        Line("plans:tracked_service", "GET", ALL_SIGN_IN, case="no such one"),
        Line("plans:tracked_service", "POST", only((*committee, *STEERED), DONE)),
        *(
            line
            for name in ("assign_task", "assign_in_meeting")
            for line in (
                Line(f"plans:{name}", "GET", only(committee, PAGE)),
                Line(f"plans:{name}", "POST", only(committee, DONE)),
                Line(f"plans:{name}", "POST", only(committee, TOLD), case="nothing typed"),
            )
        ),
        Line("plans:tasks_bulk", "POST", only(committee, DONE)),
        Line("plans:tasks_bulk", "POST", only(AT_THE_DESK, NOTHING), case="nothing chosen"),
        Line("plans:report_task", "GET", only(STEERED, PAGE)),
        Line("plans:report_task", "POST", only(STEERED, DONE)),
        Line("plans:report_task", "POST", only(STEERED, TOLD), case="nothing typed"),
        Line("plans:answer_task", "POST", only(committee, DONE)),
        Line("plans:answer_task", "POST", only(committee, TOLD), case="nothing chosen"),
        *(
            line
            for key, roles in may.items()
            for line in (
                Line("plans:task_act", "GET", only(roles, PAGE), case=key),
                Line("plans:task_act", "POST", only(roles, DONE), case=key),
            )
        ),
        Line("plans:task_act", "GET", ALL_SIGN_IN, case="no such act"),
        Line("plans:task_act", "POST", ALL_SIGN_IN, case="no such act"),
    )
