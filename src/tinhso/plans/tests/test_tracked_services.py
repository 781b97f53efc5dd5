"""The 25 services of Project 06: loaded once, counted from the measures, each with where it hangs and its tasks."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from html import unescape

import pytest
from django.test import Client

from tinhso.directory.api import Account, Actor, OfficeKind, Role
from tinhso.directory.tests.factories import make_actor, make_office
from tinhso.measures.api import Tally, count_day
from tinhso.plans.models import TrackedService
from tinhso.plans.queries import tracked_services as queries
from tinhso.plans.queries.documents import document
from tinhso.plans.queries.tracked_services import linked_tasks, other_tasks, task_title, tracked_list
from tinhso.plans.services.load_tracked_services import load_tracked_services
from tinhso.plans.tests.factories import MORNING, Committee, make_committee, make_task
from tinhso.toolkit import clock

pytestmark = pytest.mark.django_db
LIST = "/ban-chi-dao/de-an-06/"
FIRST, LAST = dt.date(2022, 1, 1), dt.date(2022, 5, 9)


@pytest.fixture
def who(monkeypatch: pytest.MonkeyPatch) -> Committee:
    """Stand in the morning of 10 May, the services loaded."""
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    committee = make_committee()
    make_office("Sở Tư pháp", OfficeKind.DEPARTMENT, "000.00.03.H40", committee.province)
    assert load_tracked_services(at=MORNING) == 25
    return committee


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id or 0))
    return client


def page(actor: Actor, rest: str = "", status: int = 200) -> str:
    response = client_of(actor).get(f"{LIST}{rest}")
    assert response.status_code == status
    return unescape(response.content.decode())


def test_the_list_has_11_services_of_the_ministry_and_14_others_and_none_is_said_to_be_verified() -> None:
    services = document("project_06")["services"]
    assert [one["ordinal"] for one in services] == list(range(1, 26))
    assert sum(one["ministry"] == "Bộ Công an" for one in services) == 11
    assert not any(one["is_verified"] for one in services)
    assert len({one["name"] for one in services}) == 25
    assert all(bool(one["procedure_codes"]) == (one["match"] in ("equal", "near")) for one in services)


def test_what_people_brought_up_to_date_stays_when_loaded_again(who: Committee) -> None:
    TrackedService.objects.filter(ordinal=1).update(blocker="Chờ máy")
    assert load_tracked_services(at=MORNING) == 0
    assert TrackedService.objects.get(ordinal=1).blocker == "Chờ máy"
    assert TrackedService.objects.get(ordinal=12).lead is not None
    assert TrackedService.objects.get(ordinal=20).lead is None


def test_the_share_is_that_of_the_procedures_the_service_means(
    who: Committee, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        queries,
        "tallies",
        lambda *_: {
            "1.001193": Tally(received=Counter(online=30, counter=60, post=10)),
            "1.000656": Tally(received=Counter(online=50, counter=50)),
            "9.999999": Tally(received=Counter(online=1_000)),
        },
    )
    found = tracked_list(who.dinh, FIRST, LAST)
    birth = found.rows[11]
    assert (birth.service.ordinal, birth.share, birth.received.whole) == (12, 30.0, 100)
    assert found.rows[0].share is None
    assert (found.whole.online, found.whole.whole, found.share) == (80, 200, 40.0)
    assert found.counted == sum(1 for one in document("project_06")["services"] if one["procedure_codes"])
    text = page(who.dinh)
    assert "Nộp qua mạng 40 % hồ sơ" in text
    assert "30/100" in text
    assert text.count("tên chưa kiểm chứng") == 25
    low_first = page(who.dinh, "?xep=ty-le")
    assert low_first.index("Đăng ký khai sinh") < low_first.index("Đăng ký khai tử")


def test_days_that_were_not_counted_are_told(who: Committee) -> None:
    assert "129 ngày của kỳ chưa đếm" in page(who.dinh)
    count_day(LAST, at=MORNING)
    assert "128 ngày của kỳ chưa đếm" in page(who.dinh)


def test_the_lead_office_says_where_it_hangs_and_others_do_not(who: Committee) -> None:
    lead = TrackedService.objects.get(ordinal=12).lead
    assert lead is not None
    phap = make_actor("phap", "Lê Pháp Thử", (lead, Role.PLANNER, "Chuyên viên"))
    text = page(phap, "12/")
    assert "procedure_codes" not in text
    client = client_of(phap)
    assert client.post(f"{LIST}12/", {"blocker": "Phần mềm hộ tịch chưa nối"}).status_code == 302
    service = TrackedService.objects.get(ordinal=12)
    assert service.blocker == "Phần mềm hộ tịch chưa nối"
    assert service.procedure_codes == ["1.001193"]
    assert client.post(f"{LIST}13/", {"blocker": "x"}).status_code == 302
    assert client_of(who.du).post(f"{LIST}12/", {"blocker": "x"}).status_code == 404
    assert client_of(who.an).post(f"{LIST}12/", {"blocker": "x"}).status_code == 404
    assert 'name="blocker"' not in page(who.du, "12/")
    assert "Phần mềm hộ tịch chưa nối" in page(who.du, "?vuong=1")


def test_the_committee_changes_lead_and_procedures(who: Committee) -> None:
    client = client_of(who.dinh)
    sent = {"blocker": "", "lead": "y yen", "procedure_codes": "1.001193\n1.004884"}
    assert client.post(f"{LIST}12/", sent).status_code == 302
    service = TrackedService.objects.get(ordinal=12)
    assert (service.lead, service.procedure_codes) == (who.district, ["1.001193", "1.004884"])
    response = client.post(f"{LIST}12/", {**sent, "lead": "Sở Trăng Sao", "blocker": "Giữ lại"})
    assert response.status_code == 422
    assert "Giữ lại" in unescape(response.content.decode())
    assert page(who.dinh, "26/", 404)


def test_tasks_are_linked_by_the_name_that_they_are_given_from_the_service(who: Committee) -> None:
    service = TrackedService.objects.get(ordinal=12)
    assert service.lead is not None
    title = task_title(service) + "nối phần mềm hộ tịch"
    mine = make_task(who.bureau, title, tags=["project-06"])
    untagged = make_task(who.bureau, title)
    other = make_task(service.lead, "Việc Đề án 06 khác", tags=["project-06"])
    assert list(linked_tasks(who.dinh, service)) == [mine]
    assert list(other_tasks(who.dinh, service)) == [other]
    assert list(linked_tasks(who.su, service)) == []
    text = page(who.dinh, "12/")
    assert title in text
    assert untagged.code not in text
    link = re.search(r'href="(/ban-chi-dao/nhiem-vu/giao/[^"]+)"', text)
    assert link is not None
    form = unescape(client_of(who.dinh).get(link[1]).content.decode())
    assert "Đề án 06, dịch vụ 12:" in form
    assert 'value="Sở Tư pháp"' in form
    assert 'value="project-06" id="id_tags_1" checked' in form


def test_the_file_holds_every_service(who: Committee) -> None:
    TrackedService.objects.filter(ordinal=1).update(blocker="=1+1")
    text = client_of(who.dinh).get(f"{LIST}25-dich-vu.csv").content.decode("utf-8-sig")
    assert len(text.splitlines()) == 26
    assert "'=1+1" in text
    assert text.count("chưa kiểm chứng") == 25


def test_strangers_do_not_see_the_list(who: Committee) -> None:
    assert Client().get(LIST).status_code == 302
