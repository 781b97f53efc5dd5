"""Set up the demo's steering bodies: at three levels, from the officers that the directory invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, Office, OfficeKind, Post, Role
from tinhso.plans.models import Body, BodyActivity, Establishment, History, Member
from tinhso.plans.queries.documents import labels
from tinhso.toolkit.clock import VN

#: Decisions, days, hours and counts here are invented: "minh họa" stands beside each.
_FOUNDED: Final = {
    "province": dt.date(2021, 11, 1),
    "department": dt.date(2021, 11, 22),
    "district": dt.date(2021, 11, 29),
    "commune": dt.date(2022, 1, 10),
}
_COUNTED: Final = dt.date(2022, 3, 31)
#: One commune in nine has no body yet, one department in three a core team of its own.
_COMMUNES_WITHOUT: Final = 9
_CORE_TEAMS: Final = 3
_PLAN: Final = """\
Tháng 5: rà soát thủ tục đủ điều kiện lên mức độ 4
Tháng 6: tập huấn kỹ năng số cho cán bộ một cửa
Quý III: kiểm tra việc dùng chữ ký số, báo cáo Trưởng ban
Quý IV: tổng kết năm, đề xuất khen thưởng"""
#: Day, what was done, hours of everybody together.
_MEETINGS: Final = (
    (dt.date(2022, 1, 12), "Họp triển khai Nghị quyết 09-NQ/TU năm 2022", "24"),
    (dt.date(2022, 2, 24), "Kiểm tra kết nối một cửa ở hai huyện", "16"),
    (dt.date(2022, 3, 30), "Họp quý I, nghe sáu sở báo cáo", "30"),
    (dt.date(2022, 4, 18), "Họp mở đợt đăng ký kế hoạch, Trưởng ban kết luận", "28"),
)
_HELP: Final = (
    (dt.date(2022, 3, 15), "Hướng dẫn cán bộ một cửa nộp hồ sơ trực tuyến thay dân", "7.5"),
    (dt.date(2022, 4, 21), "Soạn phụ lục kế hoạch chuyển đổi số năm 2022", "12"),
)

_Held = Mapping[tuple[int, str], Post]


@dataclass(frozen=True, slots=True)
class _Seat:
    """A seat to be filled: by the holder of a role at an office."""

    office: int
    role: Role
    duty: str
    hours: str = ""
    skills: tuple[str, ...] = ()


@transaction.atomic
def load_bodies(*, by: Actor, at: dt.datetime) -> int:
    """Set up the bodies of the province, of every department and district, and of most communes; return how many.

    Departments and districts have a steering body and a task force, as the facts say (100 %); communes are illustrative.
    People are officers of their offices; posts are counted for departments and districts. 0 where there are bodies.
    """
    if Body.objects.exists():
        return 0
    offices = list(Office.objects.on(at.date()).select_related("parent").order_by("sort_key", "id"))
    held: dict[tuple[int, str], Post] = {}
    for post in Post.objects.select_related("person", "office").order_by("-id"):
        held[post.office_id, post.role] = post
    wanted = list(_bodies(offices, held))
    bodies = Body.objects.bulk_create(body for body, _seats in wanted)
    members = list(_members(bodies, [seats for _body, seats in wanted], held))
    Member.objects.bulk_create(members)
    BodyActivity.objects.bulk_create(_activities(bodies, members, at))
    Establishment.objects.bulk_create(_posts(offices, at))
    History.objects.bulk_create(
        History(
            about=body.about,
            what=_("Thành lập"),
            after=body.decision_number,
            by_id=by.account_id,
            by_name="",
            at=dt.datetime.combine(body.valid_from, dt.time(8), VN),
        )
        for body in bodies
    )
    return len(bodies)


def _bodies(offices: list[Office], held: _Held) -> Iterator[tuple[Body, list[_Seat]]]:
    of_kind: dict[str, list[Office]] = {}
    for office in offices:
        of_kind.setdefault(office.kind, []).append(office)
    departments, districts = of_kind.get("department", []), of_kind.get("district", [])
    for province in of_kind.get("province", []):
        yield from _of_province(province, departments, districts, held)
    for place, office in enumerate((*departments, *districts)):
        yield _body(office, "steering"), _small(office, chair="2", desk="8")
        yield _body(office, "task_force"), _task_force(office)
        if place % _CORE_TEAMS == 0:
            yield _body(office, "core_team"), _core_team(office)
    for place, office in enumerate(of_kind.get("commune", []), 1):
        if place % _COMMUNES_WITHOUT:
            yield _body(office, "steering"), _small(office, chair="2", desk="4")


def _of_province(
    province: Office, departments: list[Office], districts: list[Office], held: _Held
) -> Iterator[tuple[Body, list[_Seat]]]:
    secretary = next((post for (_o, role), post in held.items() if role == Role.COMMITTEE_SECRETARY), None)
    appraiser = next((post for (_o, role), post in held.items() if role == Role.PLAN_APPRAISER), None)
    desk = secretary.office_id if secretary else 0
    leaders = [
        _Seat(office.pk, Role.LEADER, "deputy" if office.pk == desk else "member", "2")
        for office in (*departments, *districts)
    ]
    yield (
        _body(province, "steering"),
        [
            _Seat(province.pk, Role.COMMITTEE_CHAIR, "head", "4", ("lanh-dao",)),
            *leaders,
            _Seat(desk, Role.COMMITTEE_SECRETARY, "secretary", "20", ("quy-trinh", "phap-che")),
        ],
    )
    planners = [
        _Seat(office.pk, Role.PLANNER, "member", "4", _skills(place))
        for place, office in enumerate(departments)
        if office.pk != desk
    ]
    bureau = appraiser.office_id if appraiser else 0
    yield (
        _body(province, "task_force"),
        [
            _Seat(desk, Role.LEADER, "head", "4", ("lanh-dao",)),
            _Seat(bureau, Role.PLAN_APPRAISER, "standing", "12", ("quy-trinh", "dich-vu-cong")),
            _Seat(desk, Role.PLANNER, "secretary", "16", ("dich-vu-cong", "du-lieu")),
            *planners[:8],
        ],
    )
    yield (
        _body(province, "core_team"),
        [_Seat(bureau, Role.PLAN_APPRAISER, "head", "8", ("ha-tang", "an-toan", "du-lieu")), *planners],
    )


def _small(office: Office, *, chair: str, desk: str) -> list[_Seat]:
    return [
        _Seat(office.pk, Role.LEADER, "head", chair, ("lanh-dao",)),
        _Seat(office.pk, Role.PLANNER, "secretary", desk, _skills(office.pk)),
        _Seat(office.pk, Role.SPECIALIST, "member"),
    ]


def _task_force(office: Office) -> list[_Seat]:
    return [
        _Seat(office.pk, Role.PLANNER, "head", "16", _skills(office.pk)),
        _Seat(office.pk, Role.SPECIALIST, "member", "4", ("quy-trinh",)),
        _Seat(office.pk, Role.COUNTER_CLERK, "member", "4", ("dich-vu-cong", "tap-huan")),
    ]


def _core_team(office: Office) -> list[_Seat]:
    return [
        _Seat(office.pk, Role.LEADER, "head", "4", ("lanh-dao",)),
        _Seat(office.pk, Role.PLANNER, "member", "20", _skills(office.pk)),
    ]


def _skills(seed: int) -> tuple[str, ...]:
    keys = [key for key in labels("skills") if key != "lanh-dao"]
    return tuple(key for key in keys if key in {keys[seed % len(keys)], keys[(seed // 3 + 2) % len(keys)]})


def _body(office: Office, kind: str) -> Body:
    place = ("steering", "task_force", "core_team").index(kind)
    begins = _FOUNDED[office.kind] + dt.timedelta(days=3 * place)
    name = _("%(kind)s chuyển đổi số %(office)s") % {
        "kind": labels("bodies")[kind],
        "office": office.short_name.removeprefix("UBND "),
    }
    return Body(
        kind=kind,
        office=office,
        name=name,
        decision_number=_("%(n)d/QĐ (minh họa)") % {"n": 100 + office.pk * 3 + place},
        decision_date=begins,
        valid_from=begins,
        work_plan="" if office.kind == OfficeKind.COMMUNE else _PLAN,
    )


def _members(bodies: list[Body], wanted: list[list[_Seat]], held: _Held) -> Iterator[Member]:
    for body, seats in zip(bodies, wanted, strict=True):
        seated: set[int] = set()
        for seat in seats:
            post = held.get((seat.office, seat.role))
            if post is None or post.person_id in seated:
                continue
            seated.add(post.person_id)
            yield Member(
                body=body,
                person=post.person,
                post_title=f"{post.title}, {post.office.short_name}"[:150],
                duty=seat.duty,
                hours_per_week=Decimal(seat.hours) if seat.hours else None,
                skills=list(seat.skills),
                valid_from=body.valid_from,
            )


def _activities(bodies: list[Body], members: list[Member], at: dt.datetime) -> Iterator[BodyActivity]:
    heads = {one.body_id: one for one in members if one.duty == "head"}
    for body in bodies:
        is_whole = body.office.kind == OfficeKind.PROVINCE
        if body.office.kind == OfficeKind.COMMUNE:
            continue
        lines = (
            _MEETINGS if is_whole and body.kind == "steering" else _HELP[: 2 if is_whole else 1 + body.pk % 2]
        )
        for day, text, hours in lines:
            if day <= at.date():
                yield BodyActivity(
                    body=body,
                    on=day,
                    text=text,
                    hours=Decimal(hours),
                    member=None if body.kind == "steering" else heads.get(body.pk),
                    at=dt.datetime.combine(day, dt.time(17), VN),
                )


def _posts(offices: Iterable[Office], at: dt.datetime) -> Iterator[Establishment]:
    """Yield counts of posts as the home-affairs side would give them: one to three planned, now and then one vacant."""
    if at.date() < _COUNTED:
        return
    for office in offices:
        if office.kind in (OfficeKind.DEPARTMENT, OfficeKind.DISTRICT):
            planned = 1 + office.pk % 3
            yield Establishment(
                office=office,
                on=_COUNTED,
                planned=planned,
                filled=planned - (office.pk % 4 == 1),
                source=_("Báo cáo của Sở Nội vụ (minh họa)"),
                at=dt.datetime.combine(_COUNTED, dt.time(16), VN),
            )
