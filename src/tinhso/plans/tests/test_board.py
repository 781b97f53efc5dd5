"""The board, one's own desk, and what everybody is told."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.test import Client
from django.urls import reverse

from tinhso.directory.api import Account, Actor
from tinhso.plans.models import TargetActual, TargetPeriod, TaskReport
from tinhso.plans.queries.board import Stage, registering, short
from tinhso.plans.queries.desk import desk
from tinhso.plans.tests.factories import (
    DAY,
    MORNING,
    Committee,
    make_committee,
    make_plan,
    make_target,
    make_task,
    make_window,
)
from tinhso.toolkit import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Committee:
    """Make everybody, at a quarter past nine of the conference's morning."""
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    return make_committee()


def client_of(actor: Actor) -> Client:
    """Return a browser in which the actor is signed in."""
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id or 0))
    return client


def _page(actor: Actor, name: str) -> str:
    return client_of(actor).get(reverse(f"plans:{name}")).content.decode()


def test_an_office_stands_where_its_least_plan_stands(house: Committee) -> None:
    year = make_window(house.bureau, house.other, house.district)
    period = make_window(house.bureau, house.other, house.district, name="Giai đoạn", last_year=2025)
    make_plan(house.bureau, house.du, year)
    make_plan(house.other, house.su, year)
    make_plan(house.other, house.su, period, last_year=2025)
    (both,) = registering(MORNING)
    assert both.of(Stage.NOTHING) == [house.bureau, house.district]
    assert both.of(Stage.DRAFTING) == [house.other]
    assert (both.done, both.days_left) == (0, 8)
    (over,) = registering(MORNING + dt.timedelta(days=11))
    assert len(over.of(Stage.MISSING)) == 3, "only after the deadline does anybody lack"


def test_the_board_says_what_it_finds(house: Committee) -> None:
    make_task(house.other, blocker="22 xã chưa bàn giao tủ mạng")
    make_task(house.bureau, "Tập huấn", due=dt.date(2022, 6, 30))
    target = make_target()
    TargetPeriod.objects.create(
        target=target, first=dt.date(2022, 1, 1), last=dt.date(2022, 12, 31), value=50
    )
    TargetActual.objects.create(
        target=target,
        on=DAY,
        source="counter",
        numerator=868,
        denominator=1605,
        value="54.08",
        light="met",
        reckoned_at=MORNING,
    )
    make_window(house.bureau)
    seen = _page(house.dinh, "board")
    assert "Bốn tháng: 1 trên 1 chỉ tiêu kịp tiến độ, 1 nhiệm vụ trễ" in seen
    for words in ("868/1.605", "22 xã chưa bàn giao tủ mạng", "0 trên 1 cơ quan", "Chưa có gì (1)"):
        assert words in seen
    own = _page(house.du, "board")
    assert "22 xã chưa bàn giao" not in own, "an office sees its own tasks and those it takes part in"
    assert "Tập huấn" in own


def test_the_board_asks_the_database_little(house: Committee, django_assert_max_num_queries: object) -> None:
    for n in range(30):
        make_task(house.other, f"Nhiệm vụ {n}")
    make_window(house.bureau)
    make_window(house.bureau, name="Giai đoạn", last_year=2025)
    client = client_of(house.dinh)
    client.get(reverse("plans:board"))
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        client.get(reverse("plans:board"))


def test_a_desk_tells_what_is_owed_and_what_waits(house: Committee) -> None:
    window = make_window(house.bureau)
    task = make_task(house.bureau)
    report = TaskReport.objects.create(
        task=task,
        progress=100,
        text="Xong.",
        is_final=True,
        reported_by_id=house.du.account_id,
        reported_at=MORNING,
    )
    own, secretary = desk(house.du, MORNING), desk(house.dinh, MORNING)
    assert [line.title for line in own.owed] == [window.name]
    assert [row.task for row in own.tasks] == [task]
    assert [line.title for line in own.sent] == [task.title]
    assert own.late == 1
    assert [line.title for line in secretary.waiting] == [task.title]
    assert not desk(house.su, MORNING).tasks
    assert window.name in _page(house.du, "desk")
    assert "Xác nhận nhiệm vụ" in _page(house.dinh, "desk")
    assert report.answer == ""


def test_strangers_read_what_is_public_and_nothing_else(house: Committee) -> None:
    make_task(house.other, "Việc công khai", is_public=True)
    make_task(house.other, "Việc trong nhà")
    make_target("Chỉ tiêu công khai")
    make_target("Chỉ tiêu trong nhà", is_public=False)
    seen = Client().get(reverse("plans:progress")).content.decode()
    told = json.loads(Client().get(reverse("plans:progress_json")).content)
    assert "Việc công khai" in seen
    assert "Chỉ tiêu công khai" in seen
    assert "trong nhà" not in seen
    assert [one["title"] for one in told["tasks"]] == ["Việc công khai"]
    assert [one["name"] for one in told["targets"]] == ["Chỉ tiêu công khai"]
    assert Client().get(reverse("plans:board")).status_code == 302


def test_a_tile_bears_a_short_name() -> None:
    assert short("Sở Giáo dục và Đào tạo") == "Sở GD&ĐT"
    assert short("UBND huyện Ý Yên") == "Ý Yên"
    assert short("Sở Xây dựng") == "Sở Xây dựng"
