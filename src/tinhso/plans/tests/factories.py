"""The people and offices of the committee's stories, and short ways to make its records."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from typing import Any

from tinhso.directory.api import Actor, Office, OfficeKind, Role, SpecialDay
from tinhso.directory.tests.factories import DAYS_OFF, make_actor, make_office
from tinhso.plans.models import Plan, Target, Task, Window
from tinhso.toolkit.clock import VN
from tinhso.toolkit.text import fold

#: The morning of the conference: Tuesday.
MORNING = dt.datetime(2022, 5, 10, 9, 15, tzinfo=VN)
DAY = MORNING.date()


@dataclass(frozen=True)
class Committee:
    """Thịnh chairs, Định keeps the desk, Lương appraises, Kim counts money, An inspects.

    Dụ plans and Điển signs for one bureau; Sử plans for another, Nháp for a district, Bé for a commune.
    """

    province: Office
    bureau: Office
    other: Office
    district: Office
    commune: Office
    thinh: Actor
    dinh: Actor
    luong: Actor
    kim: Actor
    an: Actor
    du: Actor
    dien: Actor
    su: Actor
    nhap: Actor
    be: Actor


def make_committee() -> Committee:
    """Make the offices and everybody in the committee's stories."""
    with DAYS_OFF.open(encoding="utf-8") as rows:
        SpecialDay.objects.bulk_create(
            (SpecialDay(**row) for row in csv.DictReader(rows)), ignore_conflicts=True
        )
    province = make_office("UBND tỉnh Nam Định", OfficeKind.PROVINCE, "000.00.00.H40")
    bureau = make_office("Sở Giáo dục và Đào tạo", OfficeKind.DEPARTMENT, "000.00.15.H40", province)
    other = make_office("Sở Thông tin và Truyền thông", OfficeKind.DEPARTMENT, "000.00.11.H40", province)
    inspectorate = make_office("Thanh tra tỉnh", OfficeKind.DEPARTMENT, "000.00.17.H40", province)
    district = make_office("UBND huyện Ý Yên", OfficeKind.DISTRICT, "000.00.33.H40", province)
    commune = make_office("UBND xã Yên Bằng", OfficeKind.COMMUNE, "000.15.33.H40", district)
    return Committee(
        province,
        bureau,
        other,
        district,
        commune,
        make_actor("thinh", "Trưởng Thịnh Minh Họa", (province, Role.COMMITTEE_CHAIR, "Trưởng ban")),
        make_actor("dinh", "Đinh Thị Giả Định", (other, Role.COMMITTEE_SECRETARY, "Thư ký")),
        make_actor("luong", "Lương Thẩm Định Mẫu", (other, Role.PLAN_APPRAISER, "Trưởng phòng")),
        make_actor("kim", "Kim Ngân Sách Thử", (province, Role.BUDGET_OFFICER, "Chuyên viên ngân sách")),
        make_actor("an", "Hoàng An Thử", (inspectorate, Role.INSPECTOR, "Thanh tra viên")),
        make_actor("du", "Trần Văn Thí Dụ", (bureau, Role.PLANNER, "Chuyên viên")),
        make_actor("dien", "Nguyễn Thị Điển Hình", (bureau, Role.LEADER, "Giám đốc")),
        make_actor("su", "Ngô Văn Giả Sử", (other, Role.PLANNER, "Chuyên viên")),
        make_actor("nhap", "Trịnh Văn Nháp", (district, Role.PLANNER, "Chuyên viên")),
        make_actor("be", "Lê Bé Thử", (commune, Role.PLANNER, "Công chức")),
    )


def make_window(*offices: Office, deadline: dt.date = dt.date(2022, 5, 20), **fields: Any) -> Window:
    """Make a registration window for the offices: plans of 2022, asked for since 18 April."""
    window = Window.objects.create(
        **{
            "name": "Kế hoạch chuyển đổi số năm 2022",
            "first_year": 2022,
            "last_year": 2022,
            "opens_on": dt.date(2022, 4, 18),
            "deadline": deadline,
            "opened_at": MORNING,
            **fields,
        }
    )
    for office in offices:
        window.requirements.create(office=office)
    return window


def make_plan(office: Office, by: Actor, window: Window | None = None, **fields: Any) -> Plan:
    """Make a plan of 2022 in its first draft."""
    return Plan.objects.create(
        **{
            "window": window,
            "office": office,
            "first_year": 2022,
            "last_year": 2022,
            "title": f"Kế hoạch chuyển đổi số năm 2022 của {office.short_name}",
            "drafted_by_id": by.account_id,
            "drafted_at": MORNING,
            "saved_at": MORNING,
            **fields,
        }
    )


def make_task(lead: Office, title: str = "Nối mạng chuyên dùng cấp II cho 60 xã", **fields: Any) -> Task:
    """Make a task of the office, due on 29 April 2022."""
    due = fields.pop("due", dt.date(2022, 4, 29))
    return Task.objects.create(
        **{
            "code": f"NV-{Task.objects.count() + 1:05d}",
            "title": title,
            "folded": fold(title),
            "lead": lead,
            "starts": dt.date(2022, 4, 4),
            "due": due,
            "original_due": due,
            "assigned_at": dt.datetime(2022, 4, 4, 8, 0, tzinfo=VN),
            **fields,
        }
    )


def make_target(name: str = "Dịch vụ công có phát sinh hồ sơ", **fields: Any) -> Target:
    """Make a target of the province, in percent, the more the better."""
    return Target.objects.create(
        **{
            "code": f"CT-{Target.objects.count() + 1:03d}",
            "name": name,
            "group": "chinh-quyen",
            "unit": "percent",
            "direction": "up",
            "source": "Quyết định minh họa",
            "rule": "lights-1",
            "created_at": MORNING,
            **fields,
        }
    )
