"""The pages of targets, pressed as people press them: lists, one target, adding, changing, reports, solutions, files."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from lxml import html

from tinhso.documents.api import draw_pdf
from tinhso.plans.adapters.sheets import read_rows
from tinhso.plans.forms.targets import number_of
from tinhso.plans.models import Solution, Target, TargetReport
from tinhso.plans.tests.factories import DAY, MORNING, Committee, make_committee, make_plan, make_task
from tinhso.plans.tests.targets_world import client_of, confirm, make_aim, moment, tell
from tinhso.toolkit import clock

pytestmark = pytest.mark.django_db

FILLED = {
    "name": "Xã có tổ công nghệ số",
    "group": "xa-hoi",
    "unit": "%",
    "direction": "up",
    "marks": "30/06/2022: 62,5\n31/12/2022: 100",
    "source": "122/KH-UBND",
    "is_public": "on",
}


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Committee:
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    monkeypatch.setattr(clock, "today", lambda: DAY)
    return make_committee()


def text_of(client: Client, name: str, *args: object, status: int = 200, **query: str) -> str:
    answer = client.get(reverse(f"plans:{name}", args=args), query)
    assert answer.status_code == status, answer.status_code
    words: str = html.document_fromstring(answer.content).text_content()
    return " ".join(words.split())


def test_an_empty_list_says_what_will_stand_there(house: Committee) -> None:
    text = text_of(client_of(house.dinh), "targets")
    assert "Chưa có chỉ tiêu" in text
    assert "Đặt chỉ tiêu" in text
    assert (
        reverse("plans:add_target").encode() not in client_of(house.be).get(reverse("plans:targets")).content
    )


def test_the_list_tells_the_finding_and_takes_filters(house: Committee) -> None:
    slow, fine = (
        make_aim(house.dinh, house.bureau, name="Việc chậm"),
        make_aim(house.dinh, house.other, name="Việc kịp"),
    )
    confirm(house.dinh, tell(house.du, slow, 10, 100))
    confirm(house.dinh, tell(house.su, fine, 90, 100))
    client = client_of(house.nhap)
    text = text_of(client, "targets")
    assert "1 trên 2 chỉ tiêu kịp tiến độ, 1 chậm nhiều" in text
    assert text.index("Việc chậm") < text.index("Việc kịp")
    assert "90/100" in text
    narrowed = text_of(client, "targets", mau="very_slow")
    assert "Việc kịp" not in narrowed
    assert "Việc chậm" not in text_of(client, "targets", **{"co-quan": house.other.code})  # type: ignore[arg-type]
    assert "Bỏ bớt điều kiện lọc" in text_of(client, "targets", nguon="counter")
    assert "Việc chậm" in text_of(client, "targets", nhom="no-such", mau="x", nguon="y")


def test_files_hold_what_the_list_holds(house: Committee) -> None:
    target = make_aim(house.dinh, house.bureau, name="=1+1")
    confirm(house.dinh, tell(house.du, target, 88, 226))
    make_aim(house.dinh, house.other, name="Chưa có số")
    client = client_of(house.nhap)
    sheet = client.get(reverse("plans:targets_csv"))
    rows = list(csv.DictReader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert [row["ma"] for row in rows] == ["CT-001", "CT-002"]
    assert rows[0]["chi_tieu"] == "'=1+1"
    assert (rows[0]["tu_so"], rows[0]["mau_so"], rows[0]["thuc_hien"]) == ("88", "226", "38.9381")
    assert rows[1]["tu_so"] == ""
    book = client.get(reverse("plans:targets_xlsx"), {"mau": "unknown"})
    cells = read_rows(book.content, "chi-tieu.xlsx")
    said = [[one for one in row if one is not None] for row in cells]
    assert any("CT-002" in row for row in said)
    assert not any("CT-001" in row for row in said)


def test_the_page_of_a_target_shows_its_sums_reports_tasks_and_history(house: Committee) -> None:
    whole = make_aim(house.dinh)
    part = make_aim(house.dinh, house.bureau, parent=whole.pk, name="Phần của Sở")
    for month, day, done in ((2, 28, 20), (4, 29, 44)):
        when = moment(month, day)
        confirm(house.dinh, tell(house.du, part, done, 100, at=when), when)
    make_task(house.bureau, target=part)
    text = text_of(client_of(house.dinh), "target", part.pk)
    for words in (
        "44/100",
        "Lúc này cần",
        "Số ban đầu, 31/12/2021",
        "Dự báo đến 31/12/2022",
        "Biên bản 12/BB",
    ):
        assert words in text or words == "Biên bản 12/BB", words
    assert "Nối mạng chuyên dùng" in text
    assert "Xác nhận số báo cáo" in text
    assert "Trần Văn Thí Dụ báo lúc" in text
    sum_page = text_of(client_of(house.be), "target", whole.pk)
    assert "Cộng tử số và mẫu số của 1 phần" in sum_page
    assert "Phần của Sở" in sum_page
    other = text_of(client_of(house.su), "target", part.pk)
    assert "Xác nhận số báo cáo" not in other, "what another office reported is not theirs"
    assert text_of(client_of(house.dinh), "target_rule").count("Đạt:") == 1


def test_a_target_without_anything_says_what_is_missing(house: Committee) -> None:
    lonely, papers = (
        make_aim(house.dinh),
        make_aim(house.dinh, house.bureau, unit="xã", marks={dt.date(2022, 12, 31): "9"}),
    )
    assert "Chưa có cơ quan báo cáo" in text_of(client_of(house.dinh), "target", lonely.pk)
    assert "Sở Giáo dục và Đào tạo báo số" in text_of(client_of(house.du), "target", papers.pk)
    text_of(client_of(house.du), "target", 10**9, status=404)
    secret = make_aim(house.dinh, house.other, is_public=False)
    text_of(client_of(house.du), "target", secret.pk, status=404)


def test_the_secretary_sets_a_target_by_its_page(house: Committee) -> None:
    client, address = client_of(house.dinh), reverse("plans:add_target")
    wrong = client.post(address, {**FILLED, "marks": "30/06/2022 62", "name": "", "group": ""})
    assert wrong.status_code == 422
    assert "Còn 3 chỗ cần sửa" in wrong.content.decode()
    assert "122/KH-UBND" in wrong.content.decode(), "what was typed is kept"
    refused = client.post(address, {**FILLED, "marks": "30/06/2022: 101"})
    assert "Tỷ lệ từ 0 đến 100" in refused.content.decode()
    many = client.post(address, {**FILLED, "marks": "\n".join(f"{n % 28 + 1}/06/2022: 1" for n in range(25))})
    assert "Nhiều nhất 24" in many.content.decode()
    done = client.post(
        address,
        {**FILLED, "office": "thong tin va truyen thong", "baseline": "1,5", "baseline_on": "31/12/2021"},
    )
    target = Target.objects.get()
    assert done.url == reverse("plans:target", args=[target.pk])  # type: ignore[attr-defined]
    assert (target.unit, target.office, target.baseline) == ("percent", house.other, Decimal("1.5"))
    part = client.post(
        f"{address}?cha={target.pk}",
        {**FILLED, "name": "Phần", "parent": str(target.pk), "office": "giao duc"},
    )
    assert part.status_code == 302
    assert target.children.get().office == house.bureau


def test_a_planner_sets_one_for_the_own_plan_by_the_page(house: Committee) -> None:
    address = reverse("plans:add_target")
    assert client_of(house.du).get(address).status_code == 404, "there is no open plan"
    plan = make_plan(house.bureau, house.du)
    client = client_of(house.du)
    assert "Cơ quan báo cáo</label>" not in client.get(address).content.decode()
    assert client.post(address, FILLED).status_code == 422
    assert client.post(address, {**FILLED, "plan": str(plan.pk)}).status_code == 302
    assert Target.objects.get().office == house.bureau
    for by in (house.su, house.dien, house.thinh, house.an):
        assert client_of(by).get(address).status_code == 404


def test_a_value_is_changed_by_its_page(house: Committee) -> None:
    target = make_aim(house.dinh)
    client, address = client_of(house.dinh), reverse("plans:change_target", args=[target.pk])
    assert 'value="100"' in client.get(address, {"den": "31/12/2022"}).content.decode()
    assert client.post(address, {"last": "31/12/2022", "value": "x", "reason": ""}).status_code == 422
    refused = client.post(address, {"last": "31/12/2021", "value": "9", "reason": "Thử"})
    assert "sau ngày" in refused.content.decode()
    assert client.post(address, {"last": "31/12/2022", "value": "90", "reason": "45/TB"}).status_code == 302
    assert target.periods.get().value == 90
    assert client_of(house.du).get(address).status_code == 404


def test_an_office_reports_with_a_file_and_the_secretary_confirms(house: Committee) -> None:
    target = make_aim(house.dinh, house.bureau)
    client, address = client_of(house.du), reverse("plans:report_target", args=[target.pk])
    filled = {"on": "09/05/2022", "numerator": "88", "denominator": "226", "note": ""}
    assert client.post(address, {**filled, "denominator": ""}).status_code == 422
    assert "minh chứng" in client.post(address, filled).content.decode()
    bad = SimpleUploadedFile("ghi.txt", b"chi co chu")
    assert "tệp" in client.post(address, {**filled, "file": bad}).content.decode()
    paper = draw_pdf("<!DOCTYPE html><html lang='vi'><title>Giấy</title><body>Biên bản</body></html>")
    done = client.post(address, {**filled, "file": SimpleUploadedFile("bien-ban.pdf", paper)})
    assert done.status_code == 302
    report = TargetReport.objects.get()
    assert client.get(address).status_code == 200
    own = text_of(client, "target_report", report.pk)
    assert "không tự xác nhận" in own
    file = client.get(reverse("plans:target_evidence", args=[report.pk]))
    assert file.content == paper
    for by in (house.su, house.nhap, house.be):
        assert client_of(by).get(reverse("plans:target_report", args=[report.pk])).status_code == 404
        assert client_of(by).get(reverse("plans:target_evidence", args=[report.pk])).status_code == 404
    keeper, page = client_of(house.dinh), reverse("plans:target_report", args=[report.pk])
    assert "1 báo cáo số thực hiện chờ xác nhận" in text_of(keeper, "target_reports")
    told = keeper.post(page, {"answer": "returned", "text": " "})
    assert told.status_code == 422
    assert "vì sao" in told.content.decode()
    assert keeper.post(page, {"answer": "confirmed"}).status_code == 302
    assert keeper.post(page, {"answer": "confirmed"}).status_code == 404
    assert "88/226" in text_of(keeper, "target_reports", xem="da-xac-nhan")
    assert "Không báo cáo nào chờ" in text_of(keeper, "target_reports", xem="no-such")
    assert client_of(house.thinh).post(page, {"answer": "confirmed"}).status_code == 404
    without = tell(house.du, target, 90, 226)
    assert client.get(reverse("plans:target_evidence", args=[without.pk])).status_code == 404


def test_a_returned_report_leads_back_to_the_target(house: Committee) -> None:
    report = tell(house.du, make_aim(house.dinh, house.bureau), 88, 226)
    page = reverse("plans:target_report", args=[report.pk])
    assert (
        client_of(house.dinh).post(page, {"answer": "returned", "text": "Thiếu biên bản"}).status_code == 302
    )
    assert "Thiếu biên bản" in text_of(client_of(house.du), "target_reports", xem="tra-lai")
    again = client_of(house.du).post(
        reverse("plans:report_target", args=[report.target_id]),
        {"on": "11/05/2022", "numerator": "1", "denominator": "2", "note": "x"},
    )
    assert "chưa tới" in again.content.decode()


def test_solutions_by_the_page_of_a_target(house: Committee) -> None:
    target = make_aim(house.dinh, house.bureau)
    client, address = client_of(house.du), reverse("plans:target_solution", args=[target.pk])
    for text in ("", " "):
        assert client.post(address, {"viec": "them", "text": text}).status_code == 422
    assert client.post(address, {"viec": "them", "text": "Lập tổ lưu động"}).status_code == 302
    assert client.post(address, {"viec": "them", "text": "Lập tổ lưu động"}).status_code == 422
    key = str(Solution.objects.get().pk)
    assert "Lập tổ lưu động" in text_of(client, "target", target.pk)
    assert "Cho chỉ tiêu" in text_of(client_of(house.be), "solutions")
    for act in ("go", "go", "gan"):
        assert client.post(address, {"viec": act, "giai-phap": key}).status_code == 302
    assert target.solutions.count() == 1
    assert client.post(address, {"viec": "gan", "giai-phap": "x"}).status_code == 404
    assert client_of(house.su).post(address, {"viec": "them", "text": "Khác"}).status_code == 404
    assert client.get(address).status_code == 405


def test_strangers_sign_in_first(house: Committee) -> None:
    target = make_aim(house.dinh)
    for name, args in (("targets", []), ("target", [target.pk]), ("targets_csv", []), ("solutions", [])):
        assert Client().get(reverse(f"plans:{name}", args=args)).status_code == 302


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.605", "1605"), ("96,41", "96.41"), ("96.41 %", "96.41"), ("1.234.567,5", "1234567.5"), ("7", "7")],
)
def test_numbers_are_read_as_people_write_them(text: str, value: str) -> None:
    assert number_of(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "x", "-1", "1,2,3", "１２", "1e5", "9" * 20])
def test_what_is_no_number_is_none(text: str) -> None:
    assert number_of(text) is None
