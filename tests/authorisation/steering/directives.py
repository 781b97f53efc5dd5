"""Who gets what of directives, steering bodies and their people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tinhso.directory.api import Post, Role
from tinhso.documents.api import Upload
from tinhso.plans.models import Body, Directive, DirectiveItem, Member
from tinhso.plans.rules.directives import NewItem
from tinhso.plans.services.count_posts import count_posts
from tinhso.plans.services.edit_work_plan import edit_work_plan
from tinhso.plans.services.enter_directive import enter_directive
from tinhso.plans.services.found_body import found_body
from tinhso.plans.services.log_activity import log_activity
from tinhso.plans.services.seat_member import seat_member
from tinhso.toolkit.clock import VN

if TYPE_CHECKING:
    from tests.authorisation.matrix import Line
    from tests.authorisation.world import World

Address = Callable[["World", str], tuple[list[Any], str]]

NINE = dt.datetime(2022, 5, 10, 9, 0, tzinfo=VN)
DAY = NINE.date()
READ, POST, BOTH = ("GET", "HEAD"), ("POST",), ("GET", "HEAD", "POST")
METHODS: dict[str, tuple[str, ...]] = {
    "plans:directives": READ,
    "plans:new_directive": BOTH,
    "plans:directive": READ,
    "plans:directive_file": READ,
    "plans:edit_directive": BOTH,
    "plans:add_directive_items": POST,
    "plans:end_directive": POST,
    "plans:assign_directive_item": BOTH,
    "plans:solve_directive_item": BOTH,
    "plans:bodies": READ,
    "plans:new_body": BOTH,
    "plans:posts": BOTH,
    "plans:body": READ,
    "plans:seat_member": BOTH,
    "plans:body_work_plan": POST,
    "plans:body_log": POST,
    "plans:end_body": POST,
    "plans:unseat_member": BOTH,
}
#: The first directive of this world and its first body; other parts may make more.
NUMBER, TEAM = "122/KH-UBND", "45/QĐ-SGDĐT"


def _directive() -> Directive:
    return Directive.objects.order_by("pk")[0]


def _body() -> Body:
    return Body.objects.order_by("pk")[0]


def _of_directive(world: World, state: str) -> tuple[list[Any], str]:
    return [_directive().pk], ""


def _of_item(world: World, state: str) -> tuple[list[Any], str]:
    return [DirectiveItem.objects.filter(directive=_directive(), kind="task").order_by("pk")[0].pk], ""


def _of_body(world: World, state: str) -> tuple[list[Any], str]:
    return [_body().pk], ""


def _of_member(world: World, state: str) -> tuple[list[Any], str]:
    return [Member.objects.filter(body=_body()).order_by("pk")[0].pk], ""


def _nothing_there(world: World, state: str) -> tuple[list[Any], str]:
    return [999_999_999], ""


def _sheet(world: World, state: str) -> tuple[list[Any], str]:
    return [], "?tai=csv"


ADDRESSES: dict[tuple[str, str], Address] = {
    **{
        (f"plans:{name}", ""): _of_directive
        for name in ("directive", "directive_file", "edit_directive", "add_directive_items", "end_directive")
    },
    **{(f"plans:{name}", ""): _of_item for name in ("assign_directive_item", "solve_directive_item")},
    **{
        (f"plans:{name}", ""): _of_body
        for name in ("body", "seat_member", "body_work_plan", "body_log", "end_body")
    },
    ("plans:unseat_member", ""): _of_member,
    **{(f"plans:{name}", "as a sheet"): _sheet for name in ("directives", "bodies", "posts")},
    **{
        (f"plans:{name}", "no such one"): _nothing_there
        for name in (
            *("directive", "directive_file", "edit_directive", "add_directive_items", "end_directive"),
            *("assign_directive_item", "solve_directive_item", "body", "seat_member", "body_work_plan"),
            *("body_log", "end_body", "unseat_member"),
        )
    },
}
DOCUMENT = {
    "number": "505/QĐ-TTg",
    "kind": "quyet-dinh",
    "issuer": "Thủ tướng Chính phủ",
    "issued_on": "22/04/2022",
    "summary": "Ngày Chuyển đổi số quốc gia",
    "urgency": "normal",
}
ARRIVAL = {"received_on": "09/05/2022", "received_clock": "8 giờ"}
LEAVE = {"valid_to": "10/05/2022", "reason": "Kiện toàn"}
BODY = {
    "kind": "core_team",
    "office": "Sở Giáo dục và Đào tạo",
    "name": "Đội nòng cốt",
    "decision_number": "46/QĐ",
    "decision_date": "01/04/2022",
}
COUNT = {
    "office": "Sở Giáo dục và Đào tạo",
    "on": "09/05/2022",
    "planned": "3",
    "filled": "2",
    "source": "35/QĐ",
}


def _seat(world: World, state: str) -> dict[str, Any]:
    post = Post.objects.get(person_id=world.actors["planner"].person_id or 0, role=Role.PLANNER)
    return {"post": str(post.pk), "duty": "member", "valid_from": "10/05/2022", "ten": ""}


CONTENTS: dict[tuple[str, str], Callable[[World, str], dict[str, Any]]] = {
    ("plans:new_directive", "a document"): lambda w, s: {**DOCUMENT, **ARRIVAL, "tasks": "Một việc"},
    ("plans:new_directive", "one that is entered"): lambda w, s: {
        **DOCUMENT,
        **ARRIVAL,
        "number": NUMBER,
        "issuer": "UBND tỉnh Nam Định",
        "issued_on": "30/11/2021",
    },
    ("plans:edit_directive", "a correction"): lambda w, s: {**DOCUMENT, "reason": "Gõ nhầm"},
    ("plans:add_directive_items", "an item"): lambda w, s: {"tasks": "Một việc nữa"},
    ("plans:end_directive", "a day"): lambda w, s: LEAVE,
    ("plans:assign_directive_item", "a task"): lambda w, s: {
        "title": "Đăng ký kế hoạch",
        "lead": "Sở Giáo dục và Đào tạo",
        "due": "20/05/2022",
    },
    ("plans:solve_directive_item", "a solution"): lambda w, s: {"text": "Giao ban hằng tuần"},
    ("plans:new_body", "of the bureau"): lambda w, s: BODY,
    ("plans:posts", "of the bureau"): lambda w, s: COUNT,
    ("plans:seat_member", "a planner"): _seat,
    ("plans:body_work_plan", "a plan"): lambda w, s: {"text": "Tháng 5: họp"},
    ("plans:body_log", "a meeting"): lambda w, s: {"on": "09/05/2022", "text": "Họp", "hours": "2"},
    ("plans:end_body", "a day"): lambda w, s: LEAVE,
    ("plans:unseat_member", "a day"): lambda w, s: LEAVE,
}
_INSIDE = ("inside",)
READERS: dict[str, tuple[str, ...]] = {
    "plans.Directive.number": _INSIDE,
    "plans.Directive.issuer": _INSIDE,
    "plans.Directive.summary": _INSIDE,
    "plans.Directive.file_name": _INSIDE,
    "plans.Directive.folded": (),
    "plans.DirectiveItem.text": _INSIDE,
    "plans.Body.name": _INSIDE,
    "plans.Body.decision_number": _INSIDE,
    "plans.Body.work_plan": _INSIDE,
    "plans.Member.post_title": _INSIDE,
    "plans.Member.decision_number": _INSIDE,
    "plans.BodyActivity.text": _INSIDE,
    "plans.Establishment.source": _INSIDE,
}
_CODE = "a code of the software's own, not a word of anybody's"
NOT_PLANTED: dict[str, str] = {
    "plans.Directive.kind": _CODE,
    "plans.Directive.urgency": _CODE,
    "plans.DirectiveItem.kind": _CODE,
    "plans.Body.kind": _CODE,
    "plans.Member.duty": _CODE,
}
WRITTEN_ONCE: tuple[str, ...] = ()


def add(world: World) -> None:
    """Enter a directive with its paper, and set up the bureau's body with its head, plan, log and posts."""
    secretary, bureau = world.actors["secretary"], world.offices["bureau"]
    enter_directive(
        by=secretary,
        at=NINE,
        number=NUMBER,
        kind="ke-hoach",
        issued_on=dt.date(2021, 11, 30),
        issuer="UBND tỉnh Nam Định",
        summary="Thực hiện Nghị quyết 09-NQ/TU",
        received_at=NINE - dt.timedelta(hours=1),
        upload=Upload(world.paper_file, "ke-hoach-122.pdf", "", was_photo=False),
        is_public=False,
        items=[NewItem("target", "Đúng hạn từ 99 %"), NewItem("task", "Đăng ký kế hoạch trước 20/05/2022")],
    )
    body = found_body(
        by=secretary,
        at=NINE,
        kind="steering",
        office=bureau,
        name="Ban Chỉ đạo chuyển đổi số Sở Giáo dục và Đào tạo",
        decision_number=TEAM,
        decision_date=dt.date(2022, 4, 1),
        valid_from=dt.date(2022, 4, 1),
    )
    head = Post.objects.get(person_id=world.actors["head"].person_id or 0, role=Role.LEADER)
    seat_member(
        by=secretary,
        at=NINE,
        body=body.pk,
        post=head.pk,
        duty="head",
        valid_from=DAY,
        decision_number="46/QĐ-SGDĐT",
    )
    edit_work_plan(by=secretary, at=NINE, body=body.pk, text="Tháng 5: rà soát thủ tục")
    log_activity(by=secretary, at=NINE, body=body.pk, on=DAY, text="Họp ban", hours=Decimal(2))
    count_posts(by=secretary, at=NINE, office=bureau, on=DAY, planned=3, filled=2, source="35/QĐ-SNV")


def plant(world: World, word: Callable[[str], str]) -> None:
    """Write the rows that can be written only once, with a word for each field in them."""


def lines() -> tuple[Line, ...]:
    """Return the lines of the table."""
    from tests.authorisation.matrix import ALL_SIGN_IN, DONE, NOT_THERE, PAGE, TOLD, Line, these  # noqa: PLC0415
    from tests.authorisation.world import AT_THE_DESK  # noqa: PLC0415

    keep, here, write = (
        ("chair", "secretary"),
        ("chair", "secretary", "planner"),
        ("chair", "secretary", "planner", "planner_elsewhere"),
    )

    def line(name: str, method: str, roles: tuple[str, ...], outcome: str, case: str = "") -> Line:
        return Line(f"plans:{name}", method, {**ALL_SIGN_IN, **these(roles, outcome)}, NOT_THERE, case)

    def whatever(name: str, method: str) -> Line:
        return Line(f"plans:{name}", method, ALL_SIGN_IN, NOT_THERE, "no such one")

    return (
        *(
            line(name, "GET", AT_THE_DESK, PAGE)
            for name in ("directives", "directive", "directive_file", "bodies", "body", "posts")
        ),
        *(line(name, "GET", AT_THE_DESK, PAGE, "as a sheet") for name in ("directives", "bodies", "posts")),
        *(
            line(name, "GET", keep, PAGE)
            for name in ("new_directive", "edit_directive", "assign_directive_item", "solve_directive_item")
        ),
        line("new_body", "GET", write, PAGE),
        *(line(name, "GET", here, PAGE) for name in ("seat_member", "unseat_member")),
        *(
            whatever(name, "GET")
            for name in (
                *("directive", "directive_file", "edit_directive", "assign_directive_item", "body"),
                *("solve_directive_item", "seat_member", "unseat_member"),
            )
        ),
        *(
            whatever(name, "POST")
            for name in (
                *("add_directive_items", "end_directive", "body_work_plan", "body_log", "end_body"),
                *("assign_directive_item", "solve_directive_item", "seat_member", "unseat_member"),
            )
        ),
        *(
            line(name, "POST", keep, TOLD, "nothing typed")
            for name in (
                *("new_directive", "edit_directive", "add_directive_items", "end_directive"),
                *("assign_directive_item", "solve_directive_item"),
            )
        ),
        line("new_directive", "POST", keep, DONE, "a document"),
        line("new_directive", "POST", keep, TOLD, "one that is entered"),
        line("edit_directive", "POST", keep, DONE, "a correction"),
        line("add_directive_items", "POST", keep, DONE, "an item"),
        line("end_directive", "POST", keep, DONE, "a day"),
        line("assign_directive_item", "POST", keep, DONE, "a task"),
        line("solve_directive_item", "POST", keep, DONE, "a solution"),
        line("new_body", "POST", write, TOLD, "nothing typed"),
        line("posts", "POST", write, TOLD, "nothing typed"),
        *(
            line(name, "POST", here, TOLD, "nothing typed")
            for name in ("seat_member", "body_log", "end_body", "unseat_member")
        ),
        *(
            Line(
                f"plans:{name}",
                "POST",
                {**ALL_SIGN_IN, **these(here, DONE), "planner_elsewhere": TOLD},
                NOT_THERE,
                "of the bureau",
            )
            for name in ("new_body", "posts")
        ),
        line("seat_member", "POST", here, DONE, "a planner"),
        line("body_work_plan", "POST", here, DONE, "a plan"),
        line("body_log", "POST", here, DONE, "a meeting"),
        line("end_body", "POST", here, DONE, "a day"),
        line("unseat_member", "POST", here, DONE, "a day"),
    )
