"""The pages of money, inspections, commendations and the ranking, as their people use them."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tinhso.directory.api import Actor
from tinhso.documents.api import draw_pdf
from tinhso.plans.adapters.sheets import read_rows
from tinhso.plans.models import BudgetEntry, BudgetLine, Commendation, Finding, Inspection
from tinhso.plans.tests.factories import DAY, MORNING, Committee, make_committee, make_task
from tinhso.plans.tests.money_world import (
    MILLION,
    account_of,
    make_finding,
    make_issued_plan,
    make_line,
    make_round,
)
from tinhso.toolkit import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(db: None, monkeypatch: pytest.MonkeyPatch) -> Committee:
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    return make_committee()


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(account_of(actor))
    return client


def get(actor: Actor, name: str, *args: object, query: str = "") -> str:
    answer = client_of(actor).get(reverse(f"plans:{name}", args=args) + query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def post(actor: Actor, page: str, /, *args: object, **sent: object) -> tuple[int, str]:
    answer = client_of(actor).post(reverse(f"plans:{page}", args=args), sent)
    return answer.status_code, answer.content.decode()


def test_money_is_asked_for_allocated_spent_and_reversed_on_the_pages(house: Committee) -> None:
    typed = {
        "office": "giao duc va dao tao",
        "year": "2022",
        "name": "Lập hồ sơ cấp độ",
        "planned": "310 trieu",
        "source": "tinh",
        "capital": "recurrent",
        "is_security": "on",
    }
    status, page = post(house.kim, "money_new", **typed)
    assert (status, "Số tiền viết như 310.000.000" in page, "Lập hồ sơ cấp độ" in page) == (422, True, True)
    assert post(house.kim, "money_new", **typed | {"planned": "310 triệu"})[0] == 302
    line = BudgetLine.objects.get()
    assert (line.planned, line.office, line.is_security) == (310 * MILLION, house.bureau, True)
    entry = {"kind": "spent", "amount": "100 triệu", "on": "10/05/2022", "document_number": "UNC 12"}
    status, page = post(house.kim, "money_enter", line.pk, **entry)
    assert (status, "Ghi quyết định giao trước" in page, "UNC 12" in page) == (422, True, True)
    assert post(house.kim, "money_enter", line.pk, **entry | {"kind": "allocated"})[0] == 302
    assert post(house.kim, "money_enter", line.pk, **entry)[0] == 302
    page = get(house.du, "money_line", line.pk)
    assert "UNC 12" in page
    assert "Đảo bút toán" not in page, "the planner reads only"
    given, used = BudgetEntry.objects.order_by("id")
    status, page = post(house.kim, "money_reverse", given.pk, reason="Nhầm")
    assert (status, "Đảo bút toán chi trước" in page, "Nhầm" in page) == (422, True, True)
    assert post(house.kim, "money_reverse", used.pk, reason="Nhầm dòng")[0] == 302
    page = get(house.kim, "money_line", line.pk)
    assert "đã đảo" in page
    assert "-100" in page
    changed = typed | {"planned": "400 triệu", "reason": ""}
    assert post(house.kim, "money_change", line.pk, **changed)[0] == 422
    assert post(house.kim, "money_change", line.pk, **changed | {"reason": "Theo thẩm định"})[0] == 302
    assert "Theo thẩm định" in get(house.an, "money_line", line.pk)


def test_the_page_of_money_states_the_finding_and_filters(house: Committee) -> None:
    assert "chưa có khoản kinh phí nào" in get(house.kim, "money")
    make_line(house, planned=48_000 * MILLION)
    make_line(house, office=house.other, name="Tường lửa", is_security=True, planned=2_000 * MILLION)
    page = get(house.thinh, "money")
    assert "Năm 2022 đã chi 0,0 trên 50,0 tỷ đồng, 1 cơ quan thiếu tiền an toàn" in page
    assert "thiếu 4,8 tỷ đồng" in page
    assert "Mức tối thiểu 10 %, Chỉ thị 14/CT-TTg" in page
    assert "Tường lửa" not in page
    assert "Sở Giáo dục" not in get(house.thinh, "money", query="?an_toan=co").split("Theo cơ quan")[1]
    assert "Không có khoản nào như đang lọc" in get(house.thinh, "money", query="?nguon=tw")
    own = get(house.du, "money")
    assert "Chỉ kinh phí của cơ quan mình" in own
    assert "Sở Thông tin" not in own
    office = get(house.du, "money_office", house.bureau.pk)
    assert "Chuyển 4.800.000.000 đ trong cùng tổng số" in office
    assert "hoặc thêm 5.333.333.334 đ mới" in office
    for stranger in (house.su, house.nhap):
        path = reverse("plans:money_office", args=[house.bureau.pk])
        assert client_of(stranger).get(path).status_code == 404


def test_files_hold_the_lines_of_the_page_and_no_formula(house: Committee) -> None:
    make_line(house, name="=HYPERLINK(1)")
    make_line(house, office=house.other, name="Khác")
    text = client_of(house.kim).get(reverse("plans:money_csv")).content.decode()
    assert "'=HYPERLINK(1)" in text
    assert text.count("\r\n") == 3
    assert "Khác" not in client_of(house.du).get(reverse("plans:money_csv")).content.decode()
    book = client_of(house.kim).get(reverse("plans:money_xlsx") + f"?co_quan={house.bureau.pk}")
    rows = read_rows(book.content, "kinh-phi.xlsx")
    assert rows[-1][-3:] == [Decimal(300 * MILLION), Decimal(0), Decimal(0)]


def test_lines_of_a_plan_are_made_by_one_press(house: Committee) -> None:
    plan = make_issued_plan(
        house, ("Tập huấn", 180 * MILLION, "nhan-thuc"), ("Hồ sơ", 20 * MILLION, "an-toan")
    )
    assert "Lập 2 dòng" in get(house.kim, "money")
    assert post(house.kim, "money_of_plan", plan.pk)[0] == 302
    assert post(house.kim, "money_of_plan", plan.pk)[0] == 302
    assert BudgetLine.objects.count() == 2
    page = get(house.kim, "money")
    assert "Lập 2 dòng" not in page
    assert "10,0 %" in page


def test_norms_are_shown_by_date(house: Committee) -> None:
    assert "ít nhất 10 %" in get(house.du, "money_norms")
    page = get(house.du, "money_norms", query="?ngay=01/07/2026")
    assert "ít nhất 15 %" in page
    assert "chưa kiểm chứng" in page
    answer = client_of(house.du).get(reverse("plans:money_norms") + "?ngay=mai")
    assert (answer.status_code, "Viết ngày như" in answer.content.decode()) == (422, True)


def test_an_inspection_goes_from_the_plan_to_the_last_remedy_on_the_pages(house: Committee) -> None:
    typed = {
        "name": "Kiểm tra an toàn thông tin",
        "is_planned": "co",
        "lead": "Thanh tra tỉnh",
        "office": "Sở Giáo dục và Đào tạo",
        "starts": "09/05/2022",
        "ends": "08/05/2022",
        "decision_number": "",
    }
    status, page = post(house.an, "inspection_new", **typed)
    assert (status, "đứng trước ngày bắt đầu" in page) == (422, True)
    assert post(house.an, "inspection_new", **typed | {"ends": "12/05/2022"})[0] == 302
    found = Inspection.objects.get()
    assert "Chưa có số quyết định" in get(house.an, "inspection", found.pk)
    finding = {"is_violation": "khong", "text": "Thiếu hồ sơ cấp độ", "remedy": "Lập hồ sơ", "due": "31/05"}
    status, page = post(house.an, "inspection_finding", found.pk, **finding)
    assert (status, "Ngày viết như" in page, "Thiếu hồ sơ cấp độ" in page) == (422, True, True)
    assert post(house.an, "inspection_finding", found.pk, **finding | {"due": "31/05/2022"})[0] == 302
    done = {"on": "10/05/2022", "conclusion": "Còn một kiến nghị."}
    assert post(house.an, "inspection_conclude", found.pk, **done)[0] == 422
    change = {"starts": "09/05/2022", "ends": "12/05/2022", "decision_number": "07/QĐ-TTr", "reason": ""}
    assert post(house.dinh, "inspection_change", found.pk, **change)[0] == 302
    assert post(house.an, "inspection_conclude", found.pk, **done)[0] == 302
    assert "0 trên 1 kiến nghị đã khắc phục" in get(house.du, "inspections")
    one = Finding.objects.get()
    assert "Báo đã khắc phục" in get(house.du, "finding", one.pk)
    status, page = post(house.du, "finding_report", one.pk, text="Đã lập hồ sơ")
    assert (status, "Kèm giấy chứng minh" in page, "Đã lập hồ sơ" in page) == (422, True, True)
    bad = SimpleUploadedFile("x.pdf", b"MZ not a paper")
    status, page = post(house.du, "finding_report", one.pk, text="Đã lập", paper=bad)
    assert (status, 'class="err"' in page) == (422, True)
    content = draw_pdf("<!DOCTYPE html><html lang='vi'><title>Biên bản</title><body>Biên bản</body></html>")
    good = SimpleUploadedFile("bien-ban.pdf", content)
    assert post(house.du, "finding_report", one.pk, text="Đã lập hồ sơ", paper=good)[0] == 302
    paper = client_of(house.an).get(reverse("plans:finding_paper", args=[one.pk]))
    assert b"".join(io.BytesIO(paper.content)) == content
    assert client_of(house.nhap).get(reverse("plans:finding_paper", args=[one.pk])).status_code == 404
    assert "Người báo không tự xác nhận được" in get(house.du, "finding", one.pk)
    assert post(house.an, "finding_answer", one.pk, outcome="tra", reason="")[0] == 422
    assert post(house.an, "finding_answer", one.pk, outcome="dat", reason="")[0] == 302
    assert "1 trên 1 kiến nghị đã khắc phục, 0 quá hạn" in get(house.du, "findings")


def test_findings_are_listed_worst_first_with_counts_in_the_tabs(house: Committee) -> None:
    make_finding(house)
    make_finding(house, make_round(house, office=house.district), due=dt.date(2022, 6, 1), is_violation=True)
    page = get(house.an, "findings")
    assert "0 trên 2 kiến nghị đã khắc phục, 1 quá hạn" in page
    assert page.index("Quá 5 ngày làm việc") < page.index("Còn 16 ngày làm việc")
    only = get(house.an, "findings", query="?loai=vi-pham&xem=con-han")
    assert "Quá 5 ngày" not in only
    text = client_of(house.an).get(reverse("plans:findings_csv") + "?xem=qua-han").content.decode()
    assert text.count("\r\n") == 2
    assert "1 kiến nghị không khắc phục đúng hạn" in get(house.thinh, "inspections")


def test_a_commendation_is_written_from_the_suggestion(house: Committee) -> None:
    make_task(house.bureau, state="done", done_on=dt.date(2022, 4, 29))
    make_task(house.bureau, due=dt.date(2022, 5, 31))
    page = get(house.dinh, "commendations")
    assert "chưa khen ai" in page
    assert "Xếp hạng gợi ý" in page
    assert "Xếp hạng gợi ý" not in get(house.du, "commendations")
    assert "Sở Giáo dục và Đào tạo" in get(
        house.dinh, "commendation_new", query=f"?co_quan={house.bureau.pk}"
    )
    typed = {
        "office": "Sở Giáo dục và Đào tạo",
        "person": "Người Lạ",
        "form": "bang-khen-tinh",
        "reason": "Xong trước hạn",
        "decision_number": "812/QĐ-UBND",
        "on": "05/05/2022",
    }
    status, page = post(house.dinh, "commendation_new", **typed)
    assert (status, "không có ai tên như vậy" in page) == (422, True)
    assert post(house.dinh, "commendation_new", **typed | {"person": "tran van thi du"})[0] == 302
    assert Commendation.objects.get().person_id == house.du.person_id
    page = get(house.nhap, "commendations")
    assert "Năm 2022 đã khen 0 tập thể, 1 cá nhân" in page
    assert "Trần Văn Thí Dụ" in page


def test_the_ranking_explains_itself(house: Committee) -> None:
    assert "Chưa đủ số để xếp hạng" in get(house.du, "ranking")
    make_task(house.bureau, state="done", done_on=dt.date(2022, 4, 29))
    make_task(house.bureau)
    page = get(house.du, "ranking")
    assert "Sở Giáo dục và Đào tạo đứng đầu sở, ban, ngành" in page
    assert "Nhiệm vụ không quá hạn" in page
    own = get(house.nhap, "ranking_office", house.bureau.pk)
    assert "Sở Giáo dục và Đào tạo: 62,50 điểm, hạng 1 trên 1" in own
    assert "25 ÷ 40 × 100 × 1 ÷ 1" in own
    assert "5 phần chưa tính" in own
    text = client_of(house.du).get(reverse("plans:ranking_csv")).content.decode()
    assert "department,1,Sở Giáo dục và Đào tạo,62.50,tasks_on_time,1,1,25,62.50,62.50" in text
    path = reverse("plans:ranking_office", args=[house.commune.pk])
    assert client_of(house.du).get(path).status_code == 404


def test_the_forms_are_shown_to_those_who_use_them(house: Committee) -> None:
    line = make_line(house)
    assert "Thêm khoản này" in get(house.du, "money_new")
    assert "Lưu chỗ sửa" in get(house.du, "money_change", line.pk)
    assert "Ghi cuộc kiểm tra" in get(house.dinh, "inspection_new")
    found = make_round(house)
    assert "Ghi lại" in get(house.an, "inspection_change", found.pk)
    assert "Đã đến ngày bắt đầu" in get(house.du, "inspection", found.pk)
    assert DAY.year == 2022
