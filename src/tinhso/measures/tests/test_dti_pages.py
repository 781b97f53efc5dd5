"""The pages of the Digital Transformation Index: what everybody reads, how scores are given, a table is imported."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from lxml import html

from tinhso.directory.api import Account, Actor
from tinhso.measures.models import DtiAppraisal, DtiAssessment, DtiCriterion, DtiPeriod
from tinhso.measures.queries.dti import board_of
from tinhso.measures.rules.dti import Status
from tinhso.measures.rules.dti_sheet import COLUMNS
from tinhso.measures.services.ask_to_close_dti_period import ask_to_close_dti_period
from tinhso.measures.services.load_dti import load_dti
from tinhso.measures.tests.conftest import NOW
from tinhso.measures.tests.dti_world import Scoring, make_people, make_scoring
from tinhso.toolkit import clock

PUBLIC, LIST, IMPORT, PERIODS = (
    reverse(f"measures:{name}") for name in ("dti", "dti_criteria", "dti_import", "dti_periods")
)
SCORE = {
    "act": "tu-cham",
    "seen": "",
    "score": "8,5",
    "evidence": "41/BC-SNV – 20/01/2022: kết quả",
    "link": "",
}


@pytest.fixture
def scoring(db: None, monkeypatch: pytest.MonkeyPatch) -> Scoring:
    """Open the year 2021 with nine criteria, at nine in the morning."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return make_scoring()


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id or 0))
    return client


def words(content: bytes) -> str:
    return " ".join(html.fromstring(content.decode()).text_content().split())


@pytest.fixture
def demo(db: None, monkeypatch: pytest.MonkeyPatch) -> DtiPeriod:
    """Load the demo's criteria and stand at nine in the morning."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    load_dti(until=NOW)
    return DtiPeriod.objects.get()


def test_the_set_in_force_is_named_and_the_coming_one_can_be_looked_at(demo: DtiPeriod) -> None:
    page = words(Client().get(PUBLIC).content)
    assert "Ngày 10/05/2022, Bộ 2020 đang có hiệu lực" in page
    assert "Chấm thử theo bộ chưa có hiệu lực" in page
    assert "Trọng số của bộ này chưa có trong nguồn" in page
    coming = words(Client().get(PUBLIC, {"bo": "dti-2022"}).content)
    assert "DTI = (100·i1 + 100·i2 + 100·i3 + 100·i4 + 100·i5 + 200·i7 + 150·i8 + 150·i9) / 1.000" in coming
    assert Client().get(PUBLIC, {"bo": "lạ"}).status_code == 404
    assert Client().get(PUBLIC, {"nam": "2019"}).status_code == 404


def test_after_its_day_the_set_of_2022_is_in_force(demo: DtiPeriod, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + dt.timedelta(days=10))
    page = words(Client().get(PUBLIC).content)
    assert "Ngày 20/05/2022, Bộ 2022 đang có hiệu lực" in page
    assert "Chấm thử theo bộ chưa có hiệu lực" not in page


def test_what_is_missing_is_told_and_no_evidence_nor_person_is(demo: DtiPeriod) -> None:
    page = words(Client().get(PUBLIC).content)
    assert "còn thiếu điểm 2 chỉ tiêu" in page
    assert "thiếu 1 trên 3 chỉ tiêu" in page
    assert "minh họa" in page
    assert "BC-STTTT" not in page
    assert "kiêm nhiệm" not in page


def test_without_a_period_the_sets_and_ranks_are_there_all_the_same(db: None) -> None:
    page = words(Client().get(PUBLIC).content)
    assert "Chưa có năm nào" in page
    assert "Hạng đã công bố" in page
    assert json.loads(Client().get(reverse("measures:dti_json")).content)["nhom"] == []


def test_the_file_and_the_data_leave_the_unknown_empty(demo: DtiPeriod) -> None:
    text = Client().get(reverse("measures:dti_csv")).content.decode("utf-8-sig")
    rows = {row["nhom"]: row for row in csv.DictReader(io.StringIO(text))}
    assert len(rows) == 9
    assert (rows["i4"]["tu_cham_thieu"], rows["i4"]["tu_cham_ty_le"]) == ("1", "")
    assert (rows["i1"]["tu_cham_diem"], rows["i1"]["diem_cuoi_diem"]) == ("23.50", "")
    document = json.loads(Client().get(reverse("measures:dti_json")).content)
    assert document["dti"]["tu_cham"]["gia_tri"] is None
    assert document["dti"]["tu_cham"]["thieu"] == 2
    assert (document["bo_chi_so"], document["la_minh_hoa"]) == ("dti-2022", True)


def test_published_ranks_stand_beside_what_their_shares_give(db: None) -> None:
    page = Client().get(reverse("measures:dti_ranks"), {"nam": "2022"})
    told = words(page.content)
    assert "Năm 2022 Nam Định đứng hạng 10" in told
    assert "Tính lại được 5 tỉnh có điểm từng chỉ số chính, 1 tỉnh lệch" in told
    assert "+0,0001" in told
    assert "0 hạng công bố trái với quy tắc" in told
    rows = html.fromstring(page.content.decode()).xpath("//tbody/tr")
    assert len(rows) == 63
    assert [row.xpath("string(td[1])") for row in rows[14:17]] == ["15", "15", "17"]
    assert "hạng 11" in words(Client().get(reverse("measures:dti_ranks"), {"nam": "2021"}).content)


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"thieu": "1"}, ["2.3", "9.3"]),
        ({"chenh": "1"}, ["1.2", "2.2", "5.1", "7.1", "7.2", "8.2"]),
        ({"nhom": "i4"}, ["4.1", "4.2", "4.22.1"]),
        ({"trang-thai": "not_started"}, ["4.22.1", "8.3"]),
        ({"tinh-hinh": "refused"}, ["4.2"]),
        ({"nhom": "i8", "chenh": "1"}, ["8.2"]),
    ],
)
def test_the_list_is_filtered(demo: DtiPeriod, asked: dict[str, str], codes: list[str]) -> None:
    _ngan, tham, _kep = make_people()
    page = html.fromstring(client_of(tham).get(LIST, asked).content.decode())
    assert [cell.text for cell in page.xpath("//tbody/tr/th/span[contains(@class, 'code')]")] == codes


def test_the_change_of_a_week_is_shown(demo: DtiPeriod) -> None:
    ngan, _tham, _kep = make_people()
    assert "Bảy ngày qua: +43 điểm tự chấm, ở 3 chỉ tiêu." in words(client_of(ngan).get(LIST).content)


def test_a_score_is_given_appraised_and_shown_with_who_and_when(scoring: Scoring) -> None:
    ngan, tham = client_of(scoring.ngan), client_of(scoring.tham)
    address = reverse("measures:dti_criterion", args=[2021, scoring.criteria["4.1"].pk])
    assert ngan.post(address, SCORE).status_code == 302
    said = DtiAssessment.objects.get()
    appraisal = {"act": "tham-dinh", "assessment": said.pk, "seen": "", "appraised": "8", "reason": ""}
    assert ngan.post(address, appraisal).status_code == 404
    assert tham.post(address, SCORE).status_code == 404
    assert tham.post(address, appraisal).status_code == 302
    page = words(tham.get(address).content)
    assert "tự chấm trừ thẩm định: +0,5" in page
    assert "Vương Ngân Mẫu" in page
    assert "Nghiêm Thắm Giả Định" in page
    assert "41/BC-SNV" in page
    assert ngan.post(address, {"act": "khác"}).status_code == 404


@pytest.mark.parametrize(
    ("typed", "box"),
    [
        ({"score": "tám"}, "score"),
        ({"score": "1,234"}, "score"),
        ({"evidence": "đang làm"}, "evidence"),
    ],
)
def test_a_mistake_is_said_at_its_box_and_nothing_typed_is_lost(
    scoring: Scoring, typed: dict[str, str], box: str
) -> None:
    address = reverse("measures:dti_criterion", args=[2021, scoring.criteria["4.1"].pk])
    answer = client_of(scoring.ngan).post(address, SCORE | typed)
    assert answer.status_code == 422
    page = html.fromstring(answer.content.decode())
    assert [one.get("href") for one in page.iterfind(".//div[@class='errors measure']//a")] == [f"#{box}"]
    kept = page.get_element_by_id(box)
    assert (kept.get("value") or kept.text_content().strip()) == typed[box]
    assert not DtiAssessment.objects.exists()


def test_a_sentence_stands_above_where_the_score_cannot_be(scoring: Scoring) -> None:
    address = reverse("measures:dti_criterion", args=[2021, scoring.criteria["4.1"].pk])
    answer = client_of(scoring.ngan).post(address, SCORE | {"score": "11"})
    assert answer.status_code == 422
    assert "Điểm từ 0 đến 10,00." in words(answer.content)
    assert "11" in answer.content.decode()


def test_who_comes_second_sees_the_score_that_holds_first(scoring: Scoring) -> None:
    ngan = client_of(scoring.ngan)
    address = reverse("measures:dti_criterion", args=[2021, scoring.criteria["4.1"].pk])
    ngan.post(address, SCORE)
    answer = ngan.post(address, SCORE | {"score": "3"})
    assert answer.status_code == 422
    assert "Người khác vừa đổi" in words(answer.content)
    assert DtiAssessment.objects.get().score == Decimal("8.5")
    form = html.fromstring(answer.content.decode()).xpath("//form[.//input[@value='tu-cham']]")[0]
    again = dict(form.form_values())
    assert again["score"] == "3"
    assert ngan.post(address, again).status_code == 302


def test_a_refusal_without_a_reason_is_told_and_with_one_it_is_shown(scoring: Scoring) -> None:
    tham = client_of(scoring.tham)
    said = scoring.assess()
    address = reverse("measures:dti_criterion", args=[2021, scoring.criteria["4.1"].pk])
    refusal = {"act": "tra-lai", "assessment": said.pk, "seen": "", "appraised": "", "reason": ""}
    assert tham.post(address, refusal).status_code == 422
    assert tham.post(address, refusal | {"reason": "Văn bản nói năm khác."}).status_code == 302
    assert DtiAppraisal.objects.get().score is None
    assert "bị trả lại: Văn bản nói năm khác." in words(tham.get(address).content)


def test_an_assignment_is_written(scoring: Scoring) -> None:
    ngan = client_of(scoring.ngan)
    address = reverse("measures:dti_criterion", args=[2021, scoring.criteria["4.1"].pk])
    typed = {
        "act": "phan-cong",
        "seen": "",
        "office": "",
        "deadline": "31/05/2022",
        "status": "done",
        "note": "",
    }
    assert ngan.post(address, typed | {"deadline": "mai"}).status_code == 422
    assert ngan.post(address, typed | {"office": "999999999"}).status_code == 422
    assert ngan.post(address, typed).status_code == 302
    line = scoring.line()
    assert line.assignment is not None
    assert (line.assignment.deadline, line.status) == (dt.date(2022, 5, 31), Status.DONE)


SHEET = "\n".join(
    (
        ",".join(COLUMNS),
        '4.1,Kỹ năng số,Nhân lực số,10,"8,5",8,"0,5",Hoàn thành,,31/05/2022,41/BC-SNV – 20/01/2022: kết quả',
        "4.2,Chuyên trách,nhan luc so,10,,,,,,,",
        "4.3,Sai nhóm,Dữ liệu số,10,,,,,,,",
        "4.4,Quá điểm,Nhân lực số,10,11,,,,,,",
        "5.1,Cấp độ an toàn,5. An toàn thông tin,20,0,,,,,,chờ thống kê",
        "9.1,Chỉ tiêu thử 9,9,10,,,,,,,",
    )
)


def sent(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("chi-tieu.csv", text.encode(), content_type="text/csv")


def test_a_table_is_previewed_line_by_line_and_then_the_good_lines_are_taken(scoring: Scoring) -> None:
    ngan = client_of(scoring.ngan)
    answer = ngan.post(IMPORT, {"file": sent(SHEET)})
    assert answer.status_code == 200
    page = words(answer.content)
    assert "3 dòng sẽ nhập, 2 dòng lỗi" in page
    assert "1 dòng giống hệt số đang có" in page
    assert "Nhóm: “Dữ liệu số” không khớp nhóm nào của Bộ 2022." in page
    assert "Tự đánh giá: 11 lớn hơn điểm tối đa 10." in page
    assert not DtiAssessment.objects.exists()
    (form,) = html.fromstring(answer.content.decode()).xpath("//form[.//input[@value='nhap']]")
    assert ngan.post(IMPORT, dict(form.form_values())).status_code == 302
    lines = {line.criterion.code: line for line in board_of(scoring.period).lines}
    assert {"4.3", "4.4"}.isdisjoint(lines)
    assert (lines["4.1"].self_score, lines["4.1"].appraised_score) == (Decimal("8.5"), None)
    assert lines["4.1"].criterion.name == "Kỹ năng số"
    assert [paper.number for paper in lines["4.1"].evidence] == ["41/BC-SNV"]
    assert (lines["4.2"].self_score, lines["5.1"].self_score) == (None, Decimal(0))
    assert lines["5.1"].assignment is not None
    assert lines["5.1"].assignment.note == "chờ thống kê"
    again = ngan.post(IMPORT, {"file": sent(SHEET)})
    assert "0 dòng sẽ nhập, 2 dòng lỗi" in words(again.content)


def test_a_preview_that_no_longer_holds_is_shown_again(scoring: Scoring) -> None:
    ngan = client_of(scoring.ngan)
    answer = ngan.post(IMPORT, {"file": sent(SHEET)})
    (form,) = html.fromstring(answer.content.decode()).xpath("//form[.//input[@value='nhap']]")
    scoring.assess("4.1", "2")
    late = ngan.post(IMPORT, dict(form.form_values()))
    assert late.status_code == 422
    assert "Số liệu vừa đổi" in words(late.content)
    assert DtiAssessment.objects.count() == 1
    named = "Mã: 4.1 đã có điểm, tên, nhóm và điểm tối đa giữ nguyên “Chỉ tiêu thử 4”"
    assert named in words(late.content)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Chọn tệp CSV"),
        ({"file": SimpleUploadedFile("a.csv", "Mã".encode("utf-16"))}, "không phải CSV UTF-8"),
        ({"file": SimpleUploadedFile("a.csv", b"x" * 1_000_001)}, "Tệp nặng quá 1 MB"),
        ({"file": SimpleUploadedFile("a.csv", b"a,b\n1,2")}, "Dòng đầu thiếu cột"),
        ({"content": "a,b", "act": "nhap"}, "Dòng đầu thiếu cột"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(scoring: Scoring, data: dict[str, object], sentence: str) -> None:
    answer = client_of(scoring.ngan).post(IMPORT, data)
    assert answer.status_code == 422
    assert sentence in words(answer.content)


def test_a_period_is_opened_and_closed_on_its_page_by_two_persons(scoring: Scoring) -> None:
    ngan, tham = client_of(scoring.ngan), client_of(scoring.tham)
    assert ngan.post(PERIODS, {"act": "mo", "year": "2021", "version": "dti-2022"}).status_code == 422
    assert ngan.post(PERIODS, {"act": "mo", "year": "2022", "version": "dti-2022"}).status_code == 302
    assert ngan.post(PERIODS, {"act": "de-nghi", "of": "2021"}).status_code == 422
    scoring.appraise(scoring.assess())
    assert ngan.post(PERIODS, {"act": "de-nghi", "of": "2021"}).status_code == 302
    assert ngan.post(PERIODS, {"act": "chot", "of": "2021"}).status_code == 404
    assert tham.post(PERIODS, {"act": "tra-lai", "of": "2021", "reason": ""}).status_code == 422
    assert tham.post(PERIODS, {"act": "chot", "of": "2021"}).status_code == 302
    assert "Đã chốt" in words(tham.get(PERIODS).content)
    page = words(Client().get(PUBLIC, {"nam": "2021"}).content)
    assert "Kỳ này đã chốt lúc" in page
    assert "chưa đủ số liệu" in page
    assert ngan.post(f"{IMPORT}?nam=2021", {"file": sent(SHEET)}).status_code == 404


def test_while_a_period_waits_to_be_closed_it_takes_no_score(scoring: Scoring) -> None:
    scoring.appraise(scoring.assess())
    ask_to_close_dti_period(by=scoring.ngan, at=NOW, year=2021)
    address = reverse("measures:dti_criterion", args=[2021, scoring.criteria["1.1"].pk])
    assert client_of(scoring.ngan).post(address, SCORE).status_code == 404
    assert "Kỳ đang chờ chốt" in words(client_of(scoring.ngan).get(address).content)


@pytest.mark.parametrize("address", [LIST, PERIODS, IMPORT])
def test_these_pages_are_not_there_for_others(scoring: Scoring, address: str) -> None:
    assert client_of(scoring.cast.minh).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_before_a_period_is_opened_the_pages_say_so(scoring: Scoring) -> None:
    DtiCriterion.objects.all().delete()
    assert "Bộ này chưa có chỉ tiêu nào" in words(client_of(scoring.ngan).get(LIST).content)
    assert client_of(scoring.ngan).get(LIST, {"nam": "2020"}).status_code == 404
