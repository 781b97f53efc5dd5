"""Load the demo province: the offices of May 2022, the days off, invented officers for every office, the cast."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import hmac
import json
from base64 import b32encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import transaction

from tinhso.directory.models import Account, Office, Person, Post, SpecialDay
from tinhso.directory.rules import OfficeKind, Role
from tinhso.toolkit.text import fold, sort_key

DATA = Path(__file__).parents[1] / "data"
OPENED = dt.date(2021, 1, 1)
PASSWORD = "trinh-dien-2022"  # noqa: S105 - printed on the demo's sign-in page
SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Dương", "Đinh")
MIDDLES = ("Văn", "Thị", "Đức", "Ngọc", "Minh", "Thanh", "Hữu", "Thu")
GIVEN = ("Thử", "Mẫu", "Nháp", "Ví Dụ", "Giả Định", "Minh Họa")
#: Which roles are filled at which kind of office, with the title of the post.
ESTABLISHMENT = {
    OfficeKind.COMMUNE: (
        (Role.LEADER, "Chủ tịch"),
        (Role.SEAL_CLERK, "Văn thư"),
        (Role.COUNTER_CLERK, "Công chức Bộ phận Một cửa"),
        (Role.SPECIALIST, "Công chức tư pháp – hộ tịch"),
        (Role.PLANNER, "Công chức văn phòng – thống kê"),
    ),
    OfficeKind.DISTRICT: (
        (Role.LEADER, "Chủ tịch"),
        (Role.SEAL_CLERK, "Văn thư"),
        (Role.COUNTER_CLERK, "Chuyên viên Bộ phận Một cửa"),
        (Role.SPECIALIST, "Chuyên viên Văn phòng"),
        (Role.PLANNER, "Chuyên viên chuyển đổi số"),
    ),
    OfficeKind.DIVISION: (
        (Role.LEADER, "Trưởng phòng"),
        (Role.SEAL_CLERK, "Văn thư"),
        (Role.SPECIALIST, "Chuyên viên"),
    ),
    OfficeKind.DEPARTMENT: (
        (Role.LEADER, "Giám đốc"),
        (Role.SEAL_CLERK, "Văn thư"),
        (Role.COUNTER_CLERK, "Chuyên viên tiếp nhận"),
        (Role.SPECIALIST, "Chuyên viên"),
        (Role.PLANNER, "Chuyên viên chuyển đổi số"),
        (Role.LEADER, "Phó Giám đốc"),
    ),
    OfficeKind.PROVINCE: ((Role.LEADER, "Chủ tịch"), (Role.SEAL_CLERK, "Văn thư")),
    OfficeKind.PUBLIC_UNIT: ((Role.LEADER, "Giám đốc"), (Role.SEAL_CLERK, "Văn thư")),
    OfficeKind.STATE_ENTERPRISE: ((Role.LEADER, "Giám đốc"), (Role.SEAL_CLERK, "Văn thư")),
}


#: What the head of a department is called where it is not "Giám đốc", by how the department's name begins.
HEADS = {
    "Văn phòng": "Chánh Văn phòng",
    "Thanh tra": "Chánh Thanh tra",
    "Cục": "Cục trưởng",
    "Ban": "Trưởng ban",
}


def cast() -> list[dict[str, Any]]:
    """Return the people that the demo's sign-in page offers."""
    return list(json.loads((DATA / "cast.json").read_text(encoding="utf-8")))


def one_time_secret(username: str, key: str) -> str:
    """Return the demo account's one-time-code secret, 20 bytes in base 32, derived from the installation's key."""
    digest = hmac.new(key.encode(), f"totp:{username}".encode(), hashlib.sha1).digest()
    return b32encode(digest).decode()


@transaction.atomic
def load_demo(*, key: str) -> bool:
    """Load everything once; ``False`` where the province is there already."""
    if Office.objects.exists():
        return False
    offices = _load_offices()
    with (DATA / "working_days.csv").open(encoding="utf-8") as rows:
        SpecialDay.objects.bulk_create(SpecialDay(**row) for row in csv.DictReader(rows))
    staff = list(_staff(offices))
    people = Person.objects.bulk_create(_person(row) for row in staff)
    password = make_password(PASSWORD)
    accounts = Account.objects.bulk_create(
        Account(username=row["username"], person=person, password=password)
        for row, person in zip(staff, people, strict=True)
    )
    Post.objects.bulk_create(
        Post(person=person, office=office, role=role, title=title, valid_from=OPENED)
        for row, person in zip(staff, people, strict=True)
        for office, role, title in row["posts"]
    )
    Authenticator.objects.bulk_create(
        Authenticator(user=account, type="totp", data={"secret": one_time_secret(account.username, key)})
        for row, account in zip(staff, accounts, strict=True)
        if row["posts"]
    )
    return True


def _load_offices() -> dict[str, Office]:
    offices: dict[str, Office] = {}
    with (DATA / "offices.csv").open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            parent = row.pop("parent")
            offices[row["code"]] = Office.objects.create(
                **row,
                folded=fold(f"{row['name']} {row['short_name']}"),
                sort_key=sort_key(row["short_name"]),
                parent=offices.get(parent),
                valid_from=OPENED,
            )
    return offices


def _staff(offices: dict[str, Office]) -> Iterator[dict[str, Any]]:
    """Yield the cast first, then invented officers for every role that the cast leaves empty."""
    filled: set[tuple[int, str]] = set()
    for row in cast():
        posts = [(_named(offices, name), role, title) for name, role, title in row["posts"]]
        filled |= {(office.pk, role) for office, role, _ in posts}
        yield {**row, "posts": posts}
    seed = 0
    for office in offices.values():
        vacant = [
            (role, _called(office, title))
            for role, title in ESTABLISHMENT.get(OfficeKind(office.kind), ())
            if (office.pk, role) not in filled or title.startswith("Phó")
        ]
        for share in _shared_out(office, vacant):
            seed += 1
            name = f"{SURNAMES[seed % 12]} {MIDDLES[seed // 5 % 8]} {GIVEN[seed // 3 % 6]}"
            yield {
                "username": f"{office.code_2020.lower()}.{_account_word(*share[0])}",
                "name": name,
                "posts": [(office, role, title) for role, title in share],
            }


def _called(office: Office, title: str) -> str:
    """Return a title as the office calls it."""
    head = next((head for begins, head in HEADS.items() if office.name.startswith(begins)), "Giám đốc")
    return title.replace("Giám đốc", head)


def _account_word(role: Role, title: str) -> str:
    """Return what tells an officer's account from the others of the office."""
    return "deputy" if title.startswith("Phó") else role.value


def _shared_out(office: Office, vacant: list[tuple[Role, str]]) -> Iterator[list[tuple[Role, str]]]:
    """Yield the posts of each officer; in a third of the communes one receives and prepares (kiêm nhiệm)."""
    both = [post for post in vacant if post[0] in (Role.COUNTER_CLERK, Role.SPECIALIST)]
    is_small = office.kind == OfficeKind.COMMUNE and office.pk % 3 == 0 and len(both) == 2
    yield from ([post] for post in vacant if not (is_small and post in both))
    if is_small:
        yield both


def _named(offices: dict[str, Office], name: str) -> Office:
    return next(office for office in offices.values() if office.name.endswith(name))


def _person(row: dict[str, Any]) -> Person:
    birth = row.get("birth")
    return Person(
        name=row["name"],
        folded=fold(row["name"]),
        sort_key=sort_key(row["name"]),
        birth_date=dt.date.fromisoformat(birth) if birth else None,
        identity_number=row.get("identity", ""),
        phone=row.get("phone", ""),
    )
