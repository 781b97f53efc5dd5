"""The forms: what passes, and the sentence for what does not."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import Any

import pytest

from tinhso.catalogue.queries.checking import check_answers
from tinhso.catalogue.queries.forms import PageUnknown, form_class, pages
from tinhso.catalogue.queries.reading import drafted, readable, summary
from tinhso.catalogue.tests.samples import (
    CODES,
    COMMUNES,
    TODAY,
    Form,
    answers,
    form_of,
    identity,
    sheet,
)


def errors(
    code: str, said: dict[str, Any], today: dt.date = TODAY, area: frozenset[str] | None = None
) -> dict[str, str]:
    found = check_answers(form_of(code), said, today, communes=COMMUNES, area=area)
    return {one.path: one.text for one in found if not one.is_warning}


def warnings(code: str, said: dict[str, Any]) -> dict[str, str]:
    return {
        w.path: w.text for w in check_answers(form_of(code), said, TODAY, communes=COMMUNES) if w.is_warning
    }


@pytest.mark.parametrize("code", CODES)
def test_valid_answers_pass_without_a_word(code: str) -> None:
    assert check_answers(form_of(code), answers(code), TODAY, communes=COMMUNES) == []


@pytest.mark.parametrize("code", CODES)
def test_an_empty_form_names_every_needed_answer(code: str) -> None:
    found = check_answers(form_of(code), {}, TODAY, communes=COMMUNES)
    assert len(found) >= 2
    assert all(one.page and one.text.startswith("Hãy ") for one in found)


def test_a_card_that_differs_from_the_birth_year_is_only_a_warning() -> None:
    said = answers("1.001612", owner_id=identity("036185000001", expires_on="2030-01-01"))
    assert errors("1.001612", said) == {}
    assert warnings("1.001612", said) == {
        "owner_id.number": "Năm sinh khác với số căn cước. Hãy so lại với thẻ."
    }


def test_a_surname_of_neither_parent_and_a_long_name_are_warnings() -> None:
    said = answers("1.001193", child_name="Lê Thị Ví Dụ Minh Họa Giả Định An")
    assert errors("1.001193", said) == {}
    assert (
        len([w for w in check_answers(form_of("1.001193"), said, TODAY, communes=COMMUNES) if w.is_warning])
        == 2
    )


def test_a_seat_outside_the_district_is_refused_only_where_the_district_is_known() -> None:
    said = answers("1.001612")
    assert errors("1.001612", said, area=frozenset({"90001"})) == {}
    assert errors("1.001612", said, area=frozenset({"13633"})) == {
        "seat_address.area": "Trụ sở ngoài huyện. Hãy nộp tại huyện nơi có trụ sở."
    }


def test_a_man_of_nineteen_may_ask_for_a_loan_but_not_for_marriage() -> None:
    said = answers("1.004873", subject_sex="nam", subject_birth="2002-06-01", status="chua")
    assert errors("1.004873", said) == {}


def test_a_child_without_father_leaves_no_trace_of_one() -> None:
    said = answers("1.001193", child_situation="chi-me")
    assert errors("1.001193", said) == {}
    assert (
        readable(form_of("1.001193").schema, {k: v for k, v in said.items() if k != "father_name"})[
            "father_name"
        ]
        == ""
    )
    assert "father_name" not in {one.key for one in summary(form_of("1.001193"), said, TODAY)}


def test_an_answer_to_a_question_no_longer_asked_is_dropped() -> None:
    said = answers("1.001193", wants_copies=False, copies=99)
    assert errors("1.001193", said) == {}


def test_the_four_hidden_questions_of_2024_are_on_no_page() -> None:
    shown = {key for page in pages(form_of("1.001193"), answers("1.001193"), TODAY) for key in page.fields}
    assert not shown & {"requester_birth", "mother_id", "father_id", "done_at"}
    assert not {"tax_address", "workers"} & {
        key for page in pages(form_of("1.001612"), answers("1.001612"), TODAY) for key in page.fields
    }


def test_pages_without_questions_are_left_out() -> None:
    keys = [page.key for page in pages(form_of("1.001193"), answers("1.001193", wants_copies=False), TODAY)]
    assert "so-ban-sao" not in keys
    assert "mien-phi" not in keys
    assert keys[0] == "sinh-ngay"


# One page, as a browser posts it


def page_form(key: str, data: dict[str, str], code: str = "1.001193", **before: Any) -> Any:
    return form_class(form_of(code), key)(data, answers=before, today=TODAY, communes=COMMUNES)


def test_typed_text_is_cleaned_but_kept() -> None:
    form = page_form(
        "ten-chau", {"child_name": unicodedata.normalize("NFD", "  Nguyễn   Ví Dụ An "), "child_sex": "nu"}
    )
    assert form.is_valid()
    assert form.answers == {"child_name": "Nguyễn Ví Dụ An", "child_sex": "nu"}


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("28/04/2022", "2022-04-28"),
        ("28-4-2022", "2022-04-28"),
        ("28 4 2022", "2022-04-28"),
        ("28042022", "2022-04-28"),
        ("2022-04-28", "2022-04-28"),
    ],
)
def test_a_day_may_be_typed_in_many_ways(typed: str, stored: str) -> None:
    form = page_form("sinh-ngay", {"child_birth": typed})
    assert form.is_valid()
    assert form.answers == {"child_birth": stored}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("28/04/22", "Hãy ghi đủ 4 số của năm, ví dụ 1990."),
        ("28/13/2022", "Không có tháng 13. Hãy ghi từ 01 đến 12."),
        ("28/04/2985", "Năm 2985 chưa tới, xem lại số đầu."),
        ("hôm qua", "Hãy ghi đủ ngày, tháng, năm theo mẫu 10/05/2022."),
        ("", "Hãy ghi ngày sinh của cháu."),
    ],
)
def test_a_wrong_day_is_kept_and_explained(typed: str, sentence: str) -> None:
    form = page_form("sinh-ngay", {"child_birth": typed})
    assert not form.is_valid()
    assert form.errors["child_birth"] == [sentence]
    assert form.typed() == {"child_birth": typed or None}
    assert f'value="{typed}"' in str(form) or not typed


def test_numbers_of_papers_are_read_with_spaces_and_places_without_marks() -> None:
    form = page_form(
        "nguoi-khai-o",
        {
            "requester_id__kind": "cccd",
            "requester_id__number": "036 190 000 001",
            "requester_id__issued_on": "20/11/2021",
            "requester_id__issued_by": "Công an tỉnh Nam Định",
            "requester_address__detail": "Thôn Mẫu",
            "requester_address__area": "xa gia dinh",
        },
    )
    assert form.is_valid(), form.errors
    assert form.answers["requester_id"]["number"] == "036190000001"
    assert form.answers["requester_address"]["commune"] == "90001"
    assert form.answers["requester_address"]["text"] == "Thôn Mẫu, xã Giả Định, huyện Ví Dụ, tỉnh Nam Định"


def test_an_address_outside_the_province_is_free_text() -> None:
    form = page_form("noi-o", {"permanent__area": "Phường Xa, quận Xa, thành phố Hà Nội"}, "3.000333")
    assert form.is_valid(), form.errors
    assert "commune" not in form.answers["permanent"]


def test_half_an_identity_paper_names_each_missing_part() -> None:
    form = page_form(
        "nguoi-khai-o", {"requester_id__number": "036190000001", "requester_address__area": "Xã Giả Định"}
    )
    assert not form.is_valid()
    assert form.errors["requester_id__kind"] == ["Hãy chọn loại giấy tờ."]
    assert form.errors["requester_id__issued_on"] == ["Hãy ghi ngày cấp giấy tờ."]
    assert form.errors["requester_id__issued_by"] == ["Hãy ghi nơi cấp giấy tờ."]


def test_rows_grow_and_shrink_without_javascript() -> None:
    typed = {"trades__rows": "1", "trades__0__trade": "Bán lẻ quần áo", "trades__0__code": "4771"}
    more = page_form("nganh", typed | {"trades__add": "1"}, "1.001612")
    assert more.row_change
    assert more.typed()["trades"] == [{"trade": "Bán lẻ quần áo", "code": "4771"}, {}]
    again = form_class(form_of("1.001612"), "nganh")(answers=more.typed(), today=TODAY, communes=COMMUNES)
    assert 'name="trades__1__code"' in str(again)
    less = page_form("nganh", typed | {"trades__rows": "2", "trades__remove": "1"}, "1.001612")
    assert less.typed()["trades"] == [{"trade": "Bán lẻ quần áo", "code": "4771"}]


def test_a_blank_row_is_not_an_answer() -> None:
    form = page_form(
        "nganh",
        {
            "trades__rows": "2",
            "trades__0__trade": "Bán lẻ quần áo",
            "trades__0__code": "4771",
            "trades__0__is_main": "on",
        },
        "1.001612",
    )
    assert form.is_valid(), form.errors
    assert form.answers == {"trades": [{"trade": "Bán lẻ quần áo", "code": "4771", "is_main": True}]}


@pytest.mark.parametrize(
    ("typed", "vnd"),
    [
        ("200.000.000", 200_000_000),
        ("200 triệu", 200_000_000),
        ("1,5 tỷ", 1_500_000_000),
        ("50000000 đ", 50_000_000),
    ],
)
def test_money_is_read_as_people_write_it(typed: str, vnd: int) -> None:
    form = page_form("von", {"capital": typed}, "1.001612")
    assert form.is_valid(), form.errors
    assert form.answers == {"capital": vnd}


@pytest.mark.parametrize(
    ("typed", "area"), [("85,5", 85.5), ("85.5", 85.5), ("1.200", 1200.0), ("1.200,25 m2", 1200.25)]
)
def test_areas_are_read_with_comma_and_point(typed: str, area: float) -> None:
    form = page_form(
        "quy-mo", {"building_class": "III", "first_floor": typed, "total_floor": "9000"}, "1.013225"
    )
    assert form.is_valid(), form.errors
    assert form.answers["first_floor"] == area


def test_a_page_that_the_form_does_not_have_is_told() -> None:
    with pytest.raises(PageUnknown):
        page_form("khong-co", {})


@pytest.mark.parametrize("code", CODES)
def test_every_page_draws_itself_empty_filled_and_wrong(code: str) -> None:
    form = form_of(code)
    for page in pages(form, answers(code), TODAY):
        make = form_class(form, page.key)
        for drawn in (
            make(answers={}, today=TODAY, communes=COMMUNES),
            make(answers=answers(code), today=TODAY, communes=COMMUNES),
            make({"x": "1"}, answers=answers(code), today=TODAY, communes=COMMUNES),
        ):
            html = str(drawn)
            assert "style=" not in html
            assert "<script" not in html
            assert html.count("<fieldset") == html.count("</fieldset>")


@pytest.mark.parametrize("code", CODES)
def test_all_questions_on_one_page_check_the_same(code: str) -> None:
    drawn = form_class(form_of(code))(answers=answers(code), today=TODAY, communes=COMMUNES)
    assert len(drawn.questions) >= 4
    assert "data-show-if" in str(drawn) or code == "2.000815"


@pytest.mark.parametrize("code", CODES)
def test_the_result_is_drafted_from_the_answers(code: str) -> None:
    result = Form(sheet(code)["result"]["schema"])
    draft = drafted(result.schema, form_of(code).schema, answers(code))
    missing = {p.path for p in check_answers(result, draft, TODAY, communes=COMMUNES) if not p.is_warning}
    typed_by_officer = {
        "1.013225": {"density", "land_use", "red_line", "building_line", "land_papers"},
        "3.000333": {"prepared_by"},
    }
    assert missing == typed_by_officer.get(code, set())


def test_a_ban_not_asked_for_leaves_no_trace_in_the_draft() -> None:
    schema = sheet("3.000333")["result"]["schema"]
    draft = drafted(schema, form_of("3.000333").schema, answers("3.000333", ban_check=False))
    assert "ban_text" not in {one.key for one in summary(Form(schema), draft, TODAY)}


def test_the_status_is_written_out_as_a_sentence() -> None:
    said = readable(form_of("1.004873").schema, answers("1.004873"))
    assert said["status_text"].startswith(
        "Có đăng ký kết hôn, nhưng đã ly hôn theo bản án, quyết định số 15/2020/QĐST-HNGĐ"
    )
    assert "30/06/2020" in said["status_text"]
    assert said["person_name"] == "Trần Thị Lan Thử"
    assert readable(form_of("1.001193").schema, answers("1.001193"))["child_birth_words"] == (
        "Ngày hai mươi tám tháng bốn năm hai nghìn không trăm hai mươi hai"
    )
    assert readable(form_of("1.001612").schema, answers("1.001612"))["capital_words"] == "Hai trăm triệu đồng"
