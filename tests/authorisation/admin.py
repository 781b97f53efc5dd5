"""Who gets what of administration: offices, decisions about them, officers, hand-overs, roles, delegation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tinhso.directory.api import Change, Delegation, Office, OfficeKind, Person, Post, Role
from tinhso.directory.models import HandOver, OfficeReform
from tinhso.directory.services.add_office import NewOffice, add_office
from tinhso.directory.services.decide_reform import Reform, decide_reform
from tinhso.directory.services.give_post import NewPost
from tinhso.directory.services.invite_officer import NewOfficer, invite_officer
from tinhso.directory.services.release_officer import Release, release_officer
from tinhso.directory.services.suspend_account import suspend_account
from tinhso.toolkit.clock import VN

if TYPE_CHECKING:
    from tests.authorisation.matrix import Line
    from tests.authorisation.world import World

Address = Callable[["World", str], tuple[list[Any], str]]

NINE = dt.datetime(2022, 5, 10, 9, 0, tzinfo=VN)
DAY = NINE.date()
ONE = dt.timedelta(days=1)
READ, POST, BOTH = ("GET", "HEAD"), ("POST",), ("GET", "HEAD", "POST")
METHODS: dict[str, tuple[str, ...]] = {
    "directory:offices": READ,
    "directory:office": READ,
    "directory:new_office": BOTH,
    "directory:rename_office": BOTH,
    "directory:move_office": BOTH,
    "directory:close_office": BOTH,
    "directory:withdraw_reform": POST,
    "directory:officers": READ,
    "directory:invite": BOTH,
    "directory:officer": READ,
    "directory:new_post": BOTH,
    "directory:leave": BOTH,
    "directory:transfer": BOTH,
    "directory:lock": POST,
    "directory:unlock": POST,
    "directory:new_code": POST,
    "directory:hand_over": READ,
    "directory:roles": READ,
    "directory:loans": READ,
    "directory:lend": BOTH,
    "directory:end_loan": BOTH,
}
NUMBER, WHY = "12/QĐ-UBND", "Sắp xếp bộ máy"
PAPER = {"decision": NUMBER, "reason": WHY}
UNIT, SECOND = "000.03.33.H40", "000.04.33.H40"
#: Who was invited: stays; left and handed over; is locked.
STAYS, LEFT, LOCKED = "Hồ Ở Lại Thử", "Hồ Đã Thôi Thử", "Hồ Bị Khóa Thử"


def _unit(code: str = UNIT) -> Office:
    return Office.objects.get(code=code)


def _person(name: str) -> Person:
    return Person.objects.get(name=name)


def _of_unit(world: World, state: str) -> tuple[list[Any], str]:
    return [_unit(SECOND).pk], ""


def _of_waiting_unit(world: World, state: str) -> tuple[list[Any], str]:
    return [_unit().pk], ""


def _of_district(world: World, state: str) -> tuple[list[Any], str]:
    return [world.offices["here"].parent_id], ""


def _of_reform(world: World, state: str) -> tuple[list[Any], str]:
    return [OfficeReform.objects.order_by("pk")[0].pk], ""


def _of(name: str) -> Address:
    return lambda world, state: ([_person(name).pk], "")


def _of_hand_over(world: World, state: str) -> tuple[list[Any], str]:
    return [HandOver.objects.order_by("pk")[0].pk], ""


def _of_loan(world: World, state: str) -> tuple[list[Any], str]:
    """Return the head's own delegation to the deputy."""
    return [Delegation.objects.order_by("pk")[0].pk], ""


def _nothing_there(world: World, state: str) -> tuple[list[Any], str]:
    return [999_999_999], ""


def _sheet(world: World, state: str) -> tuple[list[Any], str]:
    return [], "?tai=csv"


_WITH_NUMBER = (
    *("office", "new_office", "rename_office", "move_office", "close_office", "withdraw_reform", "officer"),
    *("new_post", "leave", "transfer", "lock", "unlock", "new_code", "hand_over", "end_loan"),
)
ADDRESSES: dict[tuple[str, str], Address] = {
    ("directory:office", ""): _of_waiting_unit,
    ("directory:new_office", ""): _of_district,
    **{(f"directory:{name}_office", ""): _of_unit for name in ("rename", "move", "close")},
    ("directory:withdraw_reform", ""): _of_reform,
    **{
        (f"directory:{name}", ""): _of(STAYS)
        for name in ("officer", "new_post", "leave", "transfer", "lock", "new_code")
    },
    ("directory:unlock", ""): _of(LOCKED),
    ("directory:hand_over", ""): _of_hand_over,
    ("directory:end_loan", ""): _of_loan,
    ("directory:hand_over", "as a sheet"): lambda w, s: (_of_hand_over(w, s)[0], "?tai=csv"),
    **{(f"directory:{name}", "as a sheet"): _sheet for name in ("offices", "officers", "roles", "loans")},
    **{(f"directory:{name}", "no such one"): _nothing_there for name in _WITH_NUMBER},
}


def _post_of(name: str) -> Post:
    return Post.objects.filter(person__name=name).order_by("-pk")[0]


def _release(world: World, state: str) -> dict[str, Any]:
    return {**PAPER, "day": "11/05/2022", "chuc": str(_post_of(STAYS).pk)}


def _new_post(world: World, state: str) -> dict[str, Any]:
    place = {"office": "Phòng Tài chính huyện", "role": Role.SPECIALIST, "title": "Chuyên viên"}
    return {**PAPER, **place, "valid_from": "10/05/2022"}


def _loan(world: World, state: str) -> dict[str, Any]:
    head, other = world.actors["leader"], world.actors["leader_elsewhere"]
    post = Post.objects.get(person_id=head.person_id or 0, role=Role.LEADER)
    days = {"valid_from": "11/05/2022", "valid_to": "17/05/2022"}
    return {**PAPER, **days, "post": str(post.pk), "to_person": str(other.person_id)}


_NAME = {"name": "Phòng Mới", "short_name": "P. Mới", "effective_date": "10/05/2022"}
_MOVE = {"code": "000.03.05.H40", "code_2020": "H40.05.3", "parent": "Sở Tài chính"}
_CLOSE = {"effective_date": "10/05/2022", "successor": "", "second": ""}
_OFFICE = {
    "kind": "division",
    "name": "Phòng Y tế",
    "short_name": "P. Y tế",
    "code": "000.09.33.H40",
    "code_2020": "H40.33.9",
    "place": "Hải Hậu",
    "valid_from": "10/05/2022",
}
CONTENTS: dict[tuple[str, str], Callable[[World, str], dict[str, Any]]] = {
    ("directory:new_office", "an office"): lambda w, s: {**PAPER, **_OFFICE},
    ("directory:rename_office", "looked at first"): lambda w, s: {**PAPER, **_NAME},
    ("directory:rename_office", "pressed"): lambda w, s: {**PAPER, **_NAME, "viec": "doi"},
    ("directory:move_office", "looked at first"): lambda w, s: {**PAPER, **_MOVE, **_CLOSE},
    ("directory:move_office", "pressed"): lambda w, s: {**PAPER, **_MOVE, **_CLOSE, "viec": "doi"},
    ("directory:close_office", "looked at first"): lambda w, s: {**PAPER, **_CLOSE},
    ("directory:close_office", "pressed"): lambda w, s: {**PAPER, **_CLOSE, "viec": "doi"},
    ("directory:withdraw_reform", "with a reason"): lambda w, s: {"reason": "Chưa cần"},
    ("directory:invite", "an officer"): lambda w, s: {**_new_post(w, s), "name": "Hồ Sắp Đến"},
    ("directory:new_post", "a post"): _new_post,
    ("directory:leave", "the post"): _release,
    ("directory:transfer", "the post"): lambda w, s: {**_new_post(w, s), **_release(w, s)},
    **{
        (f"directory:{name}", "with a reason"): lambda w, s: {"reason": "Theo yêu cầu"}
        for name in ("lock", "unlock", "new_code", "end_loan")
    },
    ("directory:lend", "a post"): _loan,
}
_HOUSE = ("house",)
READERS: dict[str, tuple[str, ...]] = {
    **{
        f"directory.OfficeReform.{field}": _HOUSE
        for field in (
            *("decision", "reason", "name_before", "short_name_before", "name_after", "short_name_after"),
            "by_name",
        )
    },
    **{f"directory.HandOver.{field}": _HOUSE for field in ("decision", "reason", "by_name", "lines")},
    "directory.Delegation.decision": ("house", "self", "inside"),
    # An officer's page tells how to reach the officer; administrators never see a mere citizen's.
    "directory.Person.phone": ("self", "house"),
    "directory.Person.email": ("self", "house"),
    "directory.Account.username": ("self", "house"),
    "directory.Post.title": ("self", "workers", "office", "house"),
}
_CODE = "a code of the software's own, not a word of anybody's"
NOT_PLANTED: dict[str, str] = {
    "directory.OfficeReform.kind": _CODE,
    "directory.OfficeReform.plan": "row numbers",
}
WRITTEN_ONCE: tuple[str, ...] = ()


def add(world: World) -> None:
    """Set up two divisions of the district, one of which waits for a new name, and three officers."""
    by, district = world.actors["administrator"], world.offices["here"].parent_id or 0
    for code, short in ((UNIT, "Phòng Tư pháp huyện"), (SECOND, "Phòng Tài chính huyện")):
        wanted = NewOffice(
            district,
            OfficeKind.DIVISION,
            code,
            f"H40.33.{code[4:6]}",
            short,
            short,
            "Hải Hậu",
            DAY - 30 * ONE,
        )
        add_office(by=by, at=NINE, wanted=wanted, **PAPER)
    unit = _unit()
    invited = {
        name: invite_officer(
            by=by,
            at=NINE,
            real_at=dt.datetime(2026, 1, 5, tzinfo=dt.UTC),
            wanted=NewOfficer(name),
            post=NewPost(unit.pk, Role.SEAL_CLERK, "Văn thư", DAY),
            **PAPER,
        ).account.person_id
        for name in (STAYS, LEFT, LOCKED)
    }
    left = _post_of(LEFT)
    release_officer(
        by=by,
        at=NINE,
        person=invited[LEFT],
        wanted=Release(DAY + ONE, NUMBER, WHY, posts=[left.pk], receivers={left.pk: invited[STAYS]}),
    )
    suspend_account(by=by, at=NINE, person=invited[LOCKED], reason="Thử")
    rename = Reform("rename", DAY + ONE, NUMBER, WHY, name="Phòng Tư pháp mới", short_name="P. Tư pháp mới")
    decide_reform(by=by, at=NINE, office=unit.pk, wanted=rename)


def plant(world: World, word: Callable[[str], str]) -> None:
    """Write a line of an officer's history, with a word in each text."""
    fields = ("what", "before", "after", "reason", "by_name", "for_name")
    about = f"person:{_person_of_unit()}"
    Change.objects.create(about=about, at=NINE, **{name: word(f"directory.Change.{name}") for name in fields})


def _person_of_unit() -> int:
    return Post.objects.filter(office__code=UNIT).order_by("pk")[0].person_id


def lines() -> tuple[Line, ...]:
    """Return the lines of the table."""
    from tests.authorisation.matrix import ALL_SIGN_IN, DONE, NOT_THERE, PAGE, TOLD, Line, these  # noqa: PLC0415 - it asks us
    from tests.authorisation.world import LEAD_AN_OFFICE  # noqa: PLC0415 - it asks us

    lenders = ("administrator", *LEAD_AN_OFFICE, "head", "head_elsewhere", "chair")

    def line(
        name: str, method: str, outcome: str, case: str = "", roles: tuple[str, ...] = ("administrator",)
    ) -> Line:
        return Line(f"directory:{name}", method, {**ALL_SIGN_IN, **these(roles, outcome)}, NOT_THERE, case)

    reads = ("offices", "office", "officers", "officer", "hand_over", "roles")
    forms = (
        *("new_office", "rename_office", "move_office", "close_office", "invite", "new_post"),
        *("leave", "transfer"),
    )
    told = (*forms, "withdraw_reform", "lock", "unlock", "new_code")
    looked = ("rename_office", "move_office", "close_office")
    posted = {"withdraw_reform", "lock", "unlock", "new_code"}
    return (
        *(line(name, "GET", PAGE) for name in (*reads, *forms)),
        *(line(name, "GET", PAGE, "as a sheet") for name in ("offices", "officers", "roles", "hand_over")),
        *(line(name, "POST", TOLD, "nothing typed") for name in told),
        *(line(name, "POST", PAGE, "looked at first") for name in looked),
        *(line(name, "POST", DONE, "pressed") for name in looked),
        line("new_office", "POST", DONE, "an office"),
        line("invite", "POST", DONE, "an officer"),
        line("new_post", "POST", DONE, "a post"),
        *(line(name, "POST", DONE, "the post") for name in ("leave", "transfer")),
        *(line(name, "POST", DONE, "with a reason") for name in sorted(posted)),
        *(line(name, "GET", PAGE, case, lenders) for name, case in (("loans", ""), ("lend", ""))),
        line("loans", "GET", PAGE, "as a sheet", lenders),
        line("lend", "POST", TOLD, "nothing typed", lenders),
        Line(
            "directory:lend",
            "POST",
            {**ALL_SIGN_IN, **these(lenders, TOLD), "leader": DONE},
            NOT_THERE,
            "a post",
        ),
        line("end_loan", "GET", PAGE, "", ("administrator", "leader")),
        line("end_loan", "POST", TOLD, "nothing typed", ("administrator", "leader")),
        line("end_loan", "POST", DONE, "with a reason", ("administrator", "leader")),
        *(
            Line(
                f"directory:{name}",
                "POST" if name in posted else "GET",
                ALL_SIGN_IN,
                NOT_THERE,
                "no such one",
            )
            for name in _WITH_NUMBER
        ),
    )
