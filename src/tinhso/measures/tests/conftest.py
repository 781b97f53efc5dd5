"""Who promotes use, and a business morning."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest

from tinhso.directory.api import Actor, OfficeKind, Role
from tinhso.directory.tests.factories import Cast, make_actor, make_cast, make_office
from tinhso.toolkit import clock
from tinhso.toolkit.clock import VN

NOW = dt.datetime(2022, 5, 10, 9, 0, tzinfo=VN)


@dataclass(frozen=True)
class Promoting:
    """The cast, and Oanh and Phúc, who promote use."""

    cast: Cast
    oanh: Actor
    phuc: Actor


@pytest.fixture
def promoting(db: None, monkeypatch: pytest.MonkeyPatch) -> Promoting:
    """Make everybody and stand at nine in the morning."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    cast = make_cast()
    office = make_office("Sở Thông tin và Truyền thông", OfficeKind.DEPARTMENT, "000.00.11.H40")
    post = (office, Role.PROMOTER, "Chuyên viên")
    return Promoting(
        cast, make_actor("oanh", "Kiều Oanh Nháp", post), make_actor("phuc", "Kiều Phúc Mẫu", post)
    )
