"""A small branch to administer: the cast, an administrator of the district, one of a commune, a division."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tinhso.directory.models import Office
from tinhso.directory.rules import Actor, OfficeKind, Role
from tinhso.directory.services.give_post import NewPost
from tinhso.directory.tests.factories import DAY, Cast, make_actor, make_cast, make_office
from tinhso.toolkit.clock import VN

NINE = dt.datetime(2022, 5, 10, 9, 0, tzinfo=VN)
ONE = dt.timedelta(days=1)
PAPER = {"decision": "12/QĐ-UBND", "reason": "Sắp xếp bộ máy"}


@dataclass(frozen=True)
class Branch:
    """The cast; Quyên administers the district of Hải Hậu, Xa another district, Đào the commune of Hải Bắc."""

    cast: Cast
    district: Office
    division: Office
    far: Office
    quyen: Actor
    xa: Actor
    dao: Actor


def make_branch() -> Branch:
    """Make the cast and the three administrators."""
    cast = make_cast()
    district = cast.commune.parent
    assert district is not None
    far = make_office("UBND huyện Ý Yên", OfficeKind.DISTRICT, "000.00.40.H40", district.parent)
    division = make_office("Phòng Tư pháp", OfficeKind.DIVISION, "000.03.33.H40", district)
    return Branch(
        cast,
        district,
        division,
        far,
        make_actor("quyen", "Thạch Quyên Thử", (district, Role.ADMINISTRATOR, "Quản trị huyện")),
        make_actor("xa", "Thạch Xa Thử", (far, Role.ADMINISTRATOR, "Quản trị huyện")),
        make_actor("dao", "Lã Đào Thử", (cast.elsewhere, Role.ADMINISTRATOR, "Quản trị xã")),
    )


def post_at(office: Office, role: Role, day: dt.date = DAY) -> NewPost:
    """Return a post to give."""
    return NewPost(office.pk, role, "Công chức", day)
