"""The report of imported sheets: totals that add up, what a person must look at, and that they did."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from tinhso.catalogue import api
from tinhso.catalogue.models import SheetRecord
from tinhso.catalogue.queries.imports import kept, runs
from tinhso.catalogue.services.import_records import import_records
from tinhso.catalogue.services.see_record import see_record
from tinhso.catalogue.services.write_draft import OfficeRefused
from tinhso.catalogue.tests.office import AT, Keepers, make_keepers
from tinhso.catalogue.tests.test_import_records import real
from tinhso.catalogue.tests.test_office_pages import client_of
from tinhso.catalogue.tests.test_sheet_records import file_of, sheet
from tinhso.directory.api import SYSTEM
from tinhso.directory.tests.factories import make_cast
from tinhso.journal.api import history
from tinhso.toolkit import clock, counting

__all__ = ("real",)
pytestmark = pytest.mark.django_db
WHO = "Đối tượng thực hiện"
#: A table of papers as the Word sheets have it; the second paper has no number of copies.
HEADER = ["Tên giấy tờ", "Mẫu đơn, tờ khai", "Số lượng"]
ROWS = [["Tờ khai", "", "Bản chính: 1\nBản sao: 0"], ["Ảnh thẻ", "", "vài tấm"]]
TERMS = ["Hình thức nộp", "Thời hạn giải quyết", "Phí, lệ phí", "Mô tả"]
CLEAN: dict[str, Any] = {
    "Cấp thực hiện": "Cấp Xã",
    WHO: "Công dân Việt Nam",
    "Lĩnh vực": "Hộ tịch",
    "Kết quả thực hiện": "Giấy",
    "Cách thức thực hiện": [
        {"header": TERMS, "rows": [["Trực tiếp", "3 Ngày làm việc", "Phí : 8000 Đồng", ""]]}
    ],
    "Thành phần hồ sơ": [{"header": HEADER, "rows": ROWS[:1]}],
    "Căn cứ pháp lý": [
        {
            "header": ["Số ký hiệu", "Trích yếu", "Ngày ban hành", "Cơ quan ban hành"],
            "rows": [["60/2014/QH13", "Luật Hộ tịch", "20-11-2014", "Quốc hội"]],
        }
    ],
}


@pytest.fixture
def keepers(monkeypatch: pytest.MonkeyPatch) -> Keepers:
    monkeypatch.setattr(clock, "now", lambda: AT)
    return make_keepers()


@pytest.fixture
def imported(keepers: Keepers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Keepers:
    """Import a clean sheet with a repeat and a variant, two with flags, and a cut line."""
    one = sheet(**CLEAN)
    lines = (
        one,
        {**one, "_bo": "nơi khác"},
        {**one, "Lĩnh vực": "Đất đai", "Kết quả thực hiện": "Giấy khác"},
        sheet("1.000002", **{**CLEAN, "Thành phần hồ sơ": [{"header": HEADER, "rows": ROWS}]}),
        sheet("1.000003", **{**CLEAN, WHO: "Người lạ"}),
    )
    import_records(file_of(tmp_path, *map(json.dumps, lines), "{"), by=SYSTEM, at=AT)
    monkeypatch.setitem(counting._uses, "test", lambda start, end: {"1.000003": 9, "1.000002": 4})
    return keepers


def rows(client: Client, query: str = "") -> list[str]:
    answer = client.get(reverse("catalogue:imports") + query)
    assert answer.status_code == 200
    tree = html.fromstring(answer.content.decode())
    codes = tree.xpath("//section[@aria-labelledby='danh-sach']//tbody/tr/th//bdi[@class='code']")
    return [code.text_content().strip() for code in codes]


def test_an_import_is_told_to_the_journal_and_all_totals_add_up(imported: Keepers) -> None:
    (run,) = runs()
    assert (run.read, run.imported, run.variants, run.repeats, run.listed) == (6, 3, 1, 1, 1)
    assert run.read == run.imported + run.variants + run.repeats + run.listed
    assert (run.source, run.changed) == ("bang.jsonl", 5)
    assert history("sheet-import")[0].event == "catalogue.SheetsImported"
    whole = kept(imported.vy)
    assert whole.outcomes == (("Nhập mới", 3), ("Bản khác", 1), ("Không nhận được", 1))
    assert whole.whole == sum(n for _words, n in whole.outcomes) == SheetRecord.objects.count()
    assert whole.waiting + whole.seen + whole.clean == whole.whole
    assert (whole.waiting, whole.clean) == (4, 1)
    assert {key: n for key, _words, n in whole.parts} == {"papers": 1, "audience": 1}


def test_a_second_run_that_changes_nothing_is_told_too(imported: Keepers, tmp_path: Path) -> None:
    import_records(tmp_path / "bang.jsonl", by=SYSTEM, at=AT)
    assert [(run.read, run.repeats, run.changed) for run in runs()] == [(6, 5, 0), (6, 1, 5)]


def test_the_list_shows_what_needs_a_person_the_most_used_first(imported: Keepers) -> None:
    vy = client_of(imported.vy)
    listed = SheetRecord.objects.get(outcome="listed").code or "không có mã"
    assert rows(vy) == ["1.000003", "1.000002", listed, "1.000001"]
    assert rows(vy, "?dieu=papers") == ["1.000002"]
    assert rows(vy, "?ket-qua=variant") == ["1.000001"]
    assert rows(vy, "?linh-vuc=%C4%90%E1%BA%A5t+%C4%91ai") == ["1.000001"]
    assert rows(vy, "?xem=roi") == []
    assert rows(vy, "?dieu=zz&ket-qua=zz&trang=x&linh-vuc=%00") == rows(vy)


def test_one_sheet_stands_beside_its_raw_text_and_a_variant_beside_the_first(imported: Keepers) -> None:
    vy = client_of(imported.vy)

    def text(**found: Any) -> str:
        number = SheetRecord.objects.get(**found).pk
        answer = vy.get(reverse("catalogue:import_record", args=[number]))
        assert answer.status_code == 200
        return str(answer.content.decode())

    papers = text(code="1.000002")
    assert "Ảnh thẻ |  | vài tấm" in papers
    assert "Tờ khai: 1 bản chính, 0 bản sao" in papers
    assert "Không đọc được số bản." in papers
    assert "8.000 đ" not in papers, "a part without a flag is not shown"
    variant = html.fromstring(text(outcome="variant")).xpath("//table[contains(@class, 'cmp')]//tbody/tr")
    assert [[cell.text_content().strip() for cell in row] for row in variant] == [
        ["Lĩnh vực", "Hộ tịch", "Đất đai"],
        ["Kết quả thực hiện", "Giấy", "Giấy khác"],
    ]
    assert "Dòng bị cắt giữa chừng." in text(outcome="listed")
    assert "không có gì cần người xem" in text(code="1.000001", outcome="imported")


def test_a_sheet_of_the_other_shape_is_compared_by_what_was_read(imported: Keepers, tmp_path: Path) -> None:
    portal = {"ma_thu_tuc": "1.000001", "ten_thu_tuc": "Đăng ký mẫu", "linh_vuc": "Đất đai"}
    import_records(file_of(tmp_path, json.dumps(portal)), by=SYSTEM, at=AT)
    record = SheetRecord.objects.get(shape="portal")
    answer = client_of(imported.vy).get(reverse("catalogue:import_record", args=[record.pk]))
    tree = html.fromstring(answer.content.decode())
    (who,) = tree.xpath("//tr[th[text()='Đối tượng thực hiện']]")
    assert [cell.text_content().strip() for cell in who] == [WHO, "Công dân", "Không có"]
    (field,) = tree.xpath("//tr[th[text()='Lĩnh vực']]")
    assert [cell.text_content().strip() for cell in field] == ["Lĩnh vực", "Hộ tịch", "Đất đai"]


def test_a_seen_sheet_leaves_the_list_with_who_and_what_and_comes_back(imported: Keepers) -> None:
    vy, number = client_of(imported.vy), SheetRecord.objects.get(code="1.000003").pk
    see = reverse("catalogue:import_see", args=[number])
    back = reverse("catalogue:import_unsee", args=[number])
    blank = vy.post(see, {"note": " \x00"})
    assert blank.status_code == 422
    assert "Ghi một câu" in blank.content.decode()
    long = vy.post(see, {"note": "a" * 501})
    assert (long.status_code, "a" * 501 in long.content.decode()) == (422, True)
    assert vy.post(see, {"note": "Đã hỏi bộ"}).status_code == 302
    assert "1.000003" not in rows(vy)
    assert rows(vy, "?xem=roi") == ["1.000003"]
    assert "Đã hỏi bộ" in vy.get(reverse("catalogue:imports") + "?xem=roi").content.decode()
    with pytest.raises(OfficeRefused, match="Lý Vy Ví Dụ đã xem bảng này trước, lúc 8 giờ 30"):
        see_record(by=imported.khoa, at=AT, number=number, note="Tôi cũng xem")
    assert client_of(imported.khoa).post(back).status_code == 302
    assert rows(vy)[0] == "1.000003"
    record = SheetRecord.objects.get(pk=number)
    assert (record.seen_at, record.seen_name, record.seen_note) == (None, "", "")
    told = vy.get(reverse("catalogue:import_record", args=[number])).content.decode()
    assert "Đã xem, Lý Vy Ví Dụ" in told
    assert "Đưa lại vào danh sách, Tô Khoa Giả Định" in told


def test_an_empty_report_says_how_to_import(keepers: Keepers) -> None:
    text = client_of(keepers.vy).get(reverse("catalogue:imports")).content.decode()
    assert "tinhso import-procedures" in text
    assert "Chưa nhập bảng nào" in text


def test_others_find_no_report(imported: Keepers) -> None:
    client, number = client_of(make_cast().minh), SheetRecord.objects.all()[0].pk
    assert client.get(reverse("catalogue:imports")).status_code == 404
    assert client.get(reverse("catalogue:import_record", args=[number])).status_code == 404
    for name in ("import_see", "import_unsee"):
        assert client.post(reverse(f"catalogue:{name}", args=[number])).status_code == 404


def test_every_real_sheet_that_needs_a_person_can_be_read(keepers: Keepers, real: Path) -> None:
    api.import_records(real / "portal-2026-sample.jsonl", by=SYSTEM, at=AT)
    khoa = client_of(keepers.khoa)
    for number in SheetRecord.objects.exclude(flags=[]).values_list("pk", flat=True):
        assert khoa.get(reverse("catalogue:import_record", args=[number])).status_code == 200
