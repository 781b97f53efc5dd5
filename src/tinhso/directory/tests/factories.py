"""Offices, people and posts for tests, and the cast that exists in every story."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from allauth.mfa.models import Authenticator

from tinhso.directory.models import Account, Office, Person, Post, SpecialDay
from tinhso.directory.queries import actor_of
from tinhso.directory.rules import Actor, OfficeKind, Role
from tinhso.toolkit.text import fold, sort_key

OPENED = dt.date(2021, 1, 1)
DAY = dt.date(2022, 5, 10)
DAYS_OFF = Path(__file__).parents[1] / "data/working_days.csv"


def make_office(name: str, kind: OfficeKind, code: str, parent: Office | None = None) -> Office:
    """Make an office that is open in 2022."""
    return Office.objects.create(
        code=code,
        code_2020=code,
        name=name,
        short_name=name,
        folded=fold(name),
        sort_key=sort_key(name),
        kind=kind,
        parent=parent,
        place=name,
        valid_from=OPENED,
    )


def make_person(name: str, identity: str = "") -> Person:
    """Make a person without an account."""
    return Person.objects.create(
        name=name, folded=fold(name), sort_key=sort_key(name), identity_number=identity
    )


def make_actor(username: str, name: str, *posts: tuple[Office, Role, str]) -> Actor:
    """Make a person with an account, posts and, for officers, a one-time-code device; return the actor."""
    person = make_person(name)
    account = Account.objects.create(username=username, person=person, password="!")
    for office, role, title in posts:
        Post.objects.create(person=person, office=office, role=role, title=title, valid_from=OPENED)
    if posts:
        Authenticator.objects.create(user=account, type="totp", data={"secret": "A" * 32})
    return actor_of(account.pk, DAY)


@dataclass(frozen=True)
class Cast:
    """Lan files, Minh receives, Sơn prepares, Hoa signs, Thu seals, Tâm sits elsewhere, An inspects, Quân runs it."""

    commune: Office
    elsewhere: Office
    lan: Actor
    binh: Actor
    minh: Actor
    son: Actor
    hoa: Actor
    thu: Actor
    tam: Actor
    an: Actor
    quan: Actor


def make_cast() -> Cast:
    """Make two communes and everybody."""
    province = make_office("UBND tỉnh Nam Định", OfficeKind.PROVINCE, "000.00.00.H40")
    district = make_office("UBND huyện Hải Hậu", OfficeKind.DISTRICT, "000.00.33.H40", province)
    commune = make_office("UBND xã Hải Hưng", OfficeKind.COMMUNE, "000.15.33.H40", district)
    elsewhere = make_office("UBND xã Hải Bắc", OfficeKind.COMMUNE, "000.16.33.H40", district)
    with DAYS_OFF.open(encoding="utf-8") as rows:
        SpecialDay.objects.bulk_create(
            (SpecialDay(**row) for row in csv.DictReader(rows)), ignore_conflicts=True
        )
    return Cast(
        commune,
        elsewhere,
        make_actor("lan", "Trần Thị Lan Thử"),
        make_actor("binh", "Phạm Văn Bình Mẫu"),
        make_actor("minh", "Đỗ Minh Họa", (commune, Role.COUNTER_CLERK, "Công chức một cửa")),
        make_actor("son", "Lê Sơn Ví Dụ", (commune, Role.SPECIALIST, "Công chức tư pháp – hộ tịch")),
        make_actor("hoa", "Vũ Thị Hoa Giả Định", (commune, Role.LEADER, "Chủ tịch")),
        make_actor("thu", "Ngô Thu Nháp", (commune, Role.SEAL_CLERK, "Văn thư")),
        make_actor("tam", "Bùi Tâm Mẫu", (elsewhere, Role.COUNTER_CLERK, "Công chức một cửa")),
        make_actor("an", "Hoàng An Thử", (province, Role.INSPECTOR, "Thanh tra viên")),
        make_actor("quan", "Đinh Quân Nháp", (province, Role.ADMINISTRATOR, "Quản trị")),
    )
