"""Nearest counters with their hours, and the form filled in as a sample."""

from __future__ import annotations

import datetime as dt
import re

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from tinhso.catalogue.api import import_sheets
from tinhso.directory.api import SYSTEM, Office, load_demo
from tinhso.portal.services import draw_print
from tinhso.portal.views import prints as views
from tinhso.toolkit import clock

AT = dt.datetime(2022, 5, 10, 9, 30, tzinfo=clock.VN)
BIRTH, HOUSE, RECORD = "1.001193", "1.013225", "3.000333"


@pytest.fixture(autouse=True)
def _the_province(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)
    load_demo(key="thử")
    import_sheets(by=SYSTEM, at=AT)


def where(client: Client, code: str, **chosen: str) -> str:
    answer = client.get(reverse("portal:counters", args=[code]), chosen)
    assert answer.status_code == 200
    assert len(answer.content) < 40_000
    return answer.content.decode()


def named(page: str) -> list[str]:
    return re.findall(r"<li><p><b>([^<]+)</b>", page)


def test_the_person_names_a_place_step_by_step_and_the_nearest_counter_stands_first(client: Client) -> None:
    commune = Office.objects.get(name="Ủy ban nhân dân xã Hải Hưng")
    district = commune.parent
    assert district is not None
    asked = where(client, BIRTH)
    assert named(asked) == []
    assert asked.count("<option") == 11
    inside = where(client, BIRTH, huyen=district.territory_code)
    assert "Chọn thêm xã" in inside
    assert f'value="{commune.territory_code}"' in inside
    assert inside.count("<option") < 70
    near = where(client, BIRTH, huyen=district.territory_code, xa=commune.territory_code)
    assert named(near) == [commune.name]
    assert f'value="{commune.territory_code}" selected' in near
    elsewhere = Office.objects.filter(kind="commune").exclude(parent=district)[0]
    strange = where(client, BIRTH, huyen=district.territory_code, xa=elsewhere.territory_code)
    assert named(strange) == []


def test_a_district_procedure_asks_for_no_commune_and_a_provincial_one_for_nothing(client: Client) -> None:
    district = Office.objects.get(name="Ủy ban nhân dân huyện Hải Hậu")
    house = where(client, HOUSE, huyen=district.territory_code)
    assert named(house) == [district.name]
    assert 'name="xa"' not in house
    record = where(client, RECORD)
    assert named(record) == ["Sở Tư pháp"]
    assert "Trung tâm Phục vụ hành chính công tỉnh" in record
    assert "chưa kiểm chứng" in record
    assert "<select" not in record


def test_what_the_directory_does_not_know_is_not_made_up_and_what_it_knows_is_shown(client: Client) -> None:
    office = Office.objects.get(name="Ủy ban nhân dân huyện Hải Hậu")
    page = where(client, HOUSE, huyen=office.territory_code)
    assert "danh bạ chưa có số nhà" in page
    assert "tổng đài của tỉnh, số minh họa" in page
    Office.objects.filter(pk=office.pk).update(address="Số 1, đường Ví Dụ", phone="0228 000 0001")
    known = where(client, HOUSE, huyen=office.territory_code)
    assert "Số 1, đường Ví Dụ" in known
    assert "tel:02280000001" in known
    assert "số minh họa" not in known


def test_the_page_says_whether_counters_are_open_now(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page = where(client, RECORD)
    assert "Đang mở cửa, đến 11:30." in page
    assert "7:00–11:30 và 13:30–17:00" in page
    assert "Quốc khánh" in page
    monkeypatch.setattr(clock, "now", lambda: AT.replace(hour=18))
    assert "mở lại 7:00 thứ Tư, 11/05/2022." in where(client, RECORD)


def test_nothing_is_there_for_a_procedure_that_nobody_knows(client: Client) -> None:
    for name in ("portal:counters", "portal:sample_form"):
        assert client.get(reverse(name, args=["9.999999"])).status_code == 404


@pytest.mark.parametrize("code", [BIRTH, "1.004873", "1.001612", HOUSE, RECORD, "2.000815"])
def test_the_sample_is_the_statutory_form_stamped_on_every_page(client: Client, code: str) -> None:
    answer = client.get(reverse("portal:sample_form", args=[code]))
    assert answer["Content-Type"] == "application/pdf"
    file = pypdfium2.PdfDocument(answer.content)
    sheets = [page.get_textpage().get_text_range() for page in file]
    file.close()
    assert all("MẪU – dữ liệu đặt ra" in sheet for sheet in sheets)
    assert "Nguyễn Thị Mẫu" in " ".join(sheets)
    assert "None" not in " ".join(sheets)


def test_the_sample_is_drawn_once_and_kept_by_the_browser(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PRINTS", draw_print.Prints())
    drawn: list[str] = []

    def draw(html: str) -> bytes:
        drawn.append(html)
        return b"%PDF-1"

    monkeypatch.setattr(views, "draw_pdf", draw)
    address = reverse("portal:sample_form", args=[BIRTH])
    first = client.get(address)
    client.get(address)
    assert len(drawn) == 1
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_the_service_page_leads_to_both(client: Client) -> None:
    page = client.get(reverse("portal:service", args=[BIRTH])).content.decode()
    assert reverse("portal:counters", args=[BIRTH]) in page
    assert reverse("portal:sample_form", args=[BIRTH]) in page
