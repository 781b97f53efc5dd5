"""Short ways to make directives and steering bodies in the committee's stories."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tinhso.directory.api import Actor, Office, Post, Role
from tinhso.plans.models import Body, Directive
from tinhso.plans.rules.directives import NewItem
from tinhso.plans.services.enter_directive import enter_directive
from tinhso.plans.services.found_body import found_body
from tinhso.plans.tests.factories import DAY, MORNING

ITEMS = (
    NewItem("target", "Hồ sơ đúng hạn đạt từ 99 %"),
    NewItem("solution", "Người đứng đầu trực tiếp chỉ đạo"),
    NewItem("task", "Đăng ký kế hoạch trước ngày 20/05/2022"),
)


def make_directive(by: Actor, items: tuple[NewItem, ...] = ITEMS, **fields: Any) -> Directive:
    """Enter plan 122 of the province, which came at eight this morning."""
    return enter_directive(
        by=by,
        at=fields.pop("at", MORNING),
        items=items,
        **{
            "number": "122/KH-UBND",
            "kind": "ke-hoach",
            "issued_on": dt.date(2021, 11, 30),
            "issuer": "UBND tỉnh Nam Định",
            "summary": "Thực hiện Nghị quyết 09 về chuyển đổi số",
            "received_at": MORNING.replace(hour=8, minute=0),
            **fields,
        },
    )


def make_body(by: Actor, office: Office, kind: str = "steering", **fields: Any) -> Body:
    """Set up a body of the office."""
    return found_body(
        by=by,
        at=MORNING,
        kind=kind,
        office=office,
        **{
            "name": f"Ban Chỉ đạo chuyển đổi số {office.short_name}",
            "decision_number": "45/QĐ",
            "decision_date": dt.date(2022, 4, 1),
            "valid_from": dt.date(2022, 4, 1),
            **fields,
        },
    )


def post_of(actor: Actor, role: Role) -> int:
    """Return the post by which somebody holds a role."""
    return Post.objects.get(person_id=actor.person_id or 0, role=role, valid_from__lte=DAY).pk
