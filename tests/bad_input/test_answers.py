"""Answers that cannot be right: the sentence at the box, the words still in it."""

from __future__ import annotations

import unicodedata

import pytest
from django.urls import reverse

from tests.bad_input.browser import Browser
from tests.bad_input.conftest import Story
from tinhso.catalogue.api import import_sheet
from tinhso.catalogue.services.publish import SHEETS
from tinhso.catalogue.tests.samples import answers
from tinhso.directory.api import SYSTEM
from tinhso.dossiers.api import save_draft, start_draft
from tinhso.dossiers.services.submit import submit
from tinhso.dossiers.tests.factories import NINE, make_filing
from tinhso.dossiers.views.filing import CHECK, OFFICE, PAPERS

CHILD = {"child_name": "Nguyễn Ví Dụ An", "child_sex": "nu"}
NFD = unicodedata.normalize("NFD", "Nguyễn Thị Ướm Thử")
NFC = unicodedata.normalize("NFC", NFD)

#: Page, what is sent, the box, what stands in it afterwards, the sentence.
WRONG = {
    "a missing answer": (
        "ten-chau",
        {"child_name": "", "child_sex": "nu"},
        "child_name",
        "",
        "Hãy ghi họ và tên của cháu.",
    ),
    "only spaces": (
        "ten-chau",
        {"child_name": " \u3000\u00a0 ", "child_sex": "nu"},
        "child_name",
        None,
        "Hãy ghi họ và tên của cháu.",
    ),
    "only letters that nobody sees": (
        "ten-chau",
        {"child_name": "\u200b\u200b\u2060", "child_sex": "nu"},
        "child_name",
        "",
        "Hãy ghi họ và tên của cháu.",
    ),
    "a day in the future": (
        "sinh-ngay",
        {"child_birth": "12/05/2022"},
        "child_birth",
        "12/05/2022",
        "Ngày sinh chưa tới. Hôm nay là 10/05/2022, hãy xem lại.",
    ),
    "the 31st of February": (
        "sinh-ngay",
        {"child_birth": "31/02/2022"},
        "child_birth",
        "31/02/2022",
        "Tháng 02/2022 không có ngày 31. Hãy xem lại ngày.",
    ),
    "a date in words": (
        "sinh-ngay",
        {"child_birth": "hôm kia"},
        "child_birth",
        "hôm kia",
        "Hãy ghi đủ ngày, tháng, năm theo mẫu 10/05/2022.",
    ),
    "ten thousand letters": (
        "ten-chau",
        {"child_name": "An " * 3334, "child_sex": "nu"},
        "child_name",
        None,
        "Phần này dài 10.001 chữ cái, nhiều nhất là 150. Hãy viết gọn lại.",
    ),
    "a figure in a name": (
        "ten-chau",
        {"child_name": "Nguyễn An 2", "child_sex": "nu"},
        "child_name",
        "Nguyễn An 2",
        "Họ tên không có chữ số. Hãy bỏ số 2.",
    ),
    "a tampered choice": (
        "ten-chau",
        {"child_name": "Nguyễn Ví Dụ Bình", "child_sex": "khac'; --"},
        "child_name",
        "Nguyễn Ví Dụ Bình",
        "Hãy chọn một ô trong danh sách.",
    ),
    "a NUL in a choice": (
        "ten-chau",
        {"child_name": "Nguyễn Ví Dụ Bình", "child_sex": "n\x00u\x00?"},
        "child_name",
        "Nguyễn Ví Dụ Bình",
        "Hãy chọn một ô trong danh sách.",
    ),
    "a NUL in a day": (
        "sinh-ngay",
        {"child_birth": "01/13\x00/2022"},
        "child_birth",
        "01/13/2022",
        "Không có tháng 13. Hãy ghi từ 01 đến 12.",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_answer_is_told_at_its_box_and_stays_in_it(story: Story, case: str) -> None:
    key, sent, box, stands, sentence = WRONG[case]
    before = story.rows()
    page = story.lan.post(story.page(key), sent)
    page.says(sentence)
    assert page.status == 422
    assert page.html.count(sentence) >= 2, "in the summary on top and at the box"
    assert "Lỗi: " in page.html[: page.html.index("</title>")]
    if stands is not None:
        assert page.boxes()[box] == stands
        assert Browser(story.cast.lan).get(story.page(key)).boxes()[box] == stands, "kept for tomorrow too"
    else:
        assert page.boxes()[box].strip() == sent[box].strip().replace("\u00a0", "").replace("\u3000", "")
    assert story.rows() == before
    assert story.draft.answers == answers("1.001193"), (
        "what was right before is not replaced by what is wrong"
    )


def test_a_name_in_parts_is_stored_whole_and_found_without_marks(story: Story) -> None:
    """Some keyboards send a letter and its marks apart (NFD); one name must not become two."""
    assert NFD != NFC
    page = story.lan.post(story.page("ten-chau"), {"child_name": NFD, "child_sex": "nu"})
    assert page.leads_to
    assert story.typed()["child_name"] == NFC
    filing = make_filing(story.cast, name=NFC)
    dossier = submit(by=story.cast.lan, at=NINE, key="nfd", filing=filing)
    for asked in (NFD, NFC, "nguyen thi uom", "UOM THU"):
        found = Browser(story.cast.minh).get(reverse("dossiers:find"), q=asked)
        found.says(NFC, dossier.tracking_code)


def test_hidden_letters_and_turned_writing_never_reach_the_draft(story: Story) -> None:
    sent = {"child_name": "Nguyễn\u200b Ví\u202e Dụ\x07 An\ufeff", "child_sex": "nu"}
    assert story.lan.post(story.page("ten-chau"), sent).leads_to
    assert story.typed()["child_name"] == "Nguyễn Ví Dụ An"
    sent = {
        "birthplace": "Trạm y tế\u2066 xã\x00 Mẫu,\r\nhuyện Ví Dụ",
        "child_hometown": "Xã Mẫu, huyện Ví Dụ",
    }
    story.lan.post(story.page("noi-sinh"), sent)
    assert story.typed()["birthplace"] == "Trạm y tế xã Mẫu,\nhuyện Ví Dụ"


@pytest.mark.parametrize("office", ["", "abc", "999999", "district", "-1", "1 or 1=1", "\x00"])
def test_an_office_that_does_not_take_the_procedure_cannot_be_chosen(story: Story, office: str) -> None:
    parent = str(story.cast.commune.parent_id)
    page = story.lan.post(story.page(OFFICE), {"office": parent if office == "district" else office})
    page.says("Chưa chọn nơi nộp. Chọn một cơ quan trong danh sách.")
    assert page.status == 422
    assert page.boxes()["office"] == str(story.cast.commune.pk), "the choice made before still stands"
    story.draft.refresh_from_db()
    assert story.draft.office_id == story.cast.commune.pk


def test_an_answer_taken_out_behind_the_pages_is_asked_for_before_submitting(story: Story) -> None:
    story.add_papers()
    save_draft(by=story.cast.lan, at=NINE, token=story.draft.token, typed={}, answers={"child_name": None})
    before = story.rows()
    page = story.lan.post(story.page(CHECK), {"key": "thieu", "declared": "1"})
    page.says("Còn chỗ cần sửa trước khi nộp", "Hãy ghi họ và tên của cháu.")
    assert f'href="{story.page("ten-chau")}"' in page.html
    assert (page.status, story.rows()) == (422, before)


def test_a_missing_paper_is_asked_for_before_submitting_whatever_pages_were_skipped(story: Story) -> None:
    story.add_papers("giay-tuy-than")
    before = story.rows()
    page = story.lan.post(story.page(CHECK), {"key": "thieu-giay", "declared": "1"})
    page.says("Còn chỗ cần sửa trước khi nộp", "Còn thiếu: Giấy chứng sinh")
    assert f'href="{story.page(PAPERS)}"' in page.html
    assert (page.status, story.rows()) == (422, before)


def test_without_the_declaration_nothing_is_sent_and_the_key_stays(story: Story) -> None:
    story.add_papers()
    before = story.rows()
    page = story.lan.post(story.page(CHECK), {"key": "chua-cam-doan"})
    page.says("Chưa cam đoan lời khai đúng sự thật. Đánh dấu vào ô cam đoan rồi nộp.", CHILD["child_name"])
    assert (page.status, page.boxes()["key"], story.rows()) == (422, "chua-cam-doan", before)


@pytest.mark.parametrize("count", ["999999", "-5", "x", "1e9", "\u0663", ""])
def test_rows_counted_by_a_forger_stay_within_the_form(story: Story, count: str) -> None:
    shop = import_sheet(SHEETS / "1.001612.json", by=SYSTEM, at=NINE)
    schema = shop.form.schema
    (key,) = (page["key"] for page in schema["x-pages"] if "trades" in page["fields"])
    by, draft = story.cast.lan, story.draft
    draft = start_draft(by=by, at=NINE, version=shop, office=None)
    save_draft(by=by, at=NINE, token=draft.token, typed={}, answers=answers("1.001612"))
    address = reverse("dossiers:draft_page", args=[draft.token, key])
    page = story.lan.post(address, {"trades__rows": count, "trades__0__trade": "Bán lẻ quần áo"})
    page = story.lan.follow(page)
    page.says("Dòng 1")
    assert f"Dòng {schema['properties']['trades']['maxItems'] + 1}" not in page.text
    draft.refresh_from_db()
    assert draft.typed["trades"][0]["trade"] == "Bán lẻ quần áo"
    assert len(draft.typed["trades"]) <= schema["properties"]["trades"]["maxItems"]
