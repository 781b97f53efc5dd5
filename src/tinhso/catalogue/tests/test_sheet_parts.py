"""The parts of published sheets: understood where the words allow it, else kept as text and flagged."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tinhso.catalogue.adapters.sheets.fees import word_fees
from tinhso.catalogue.adapters.sheets.kept import as_json, from_json
from tinhso.catalogue.adapters.sheets.legal import number_of, portal_laws
from tinhso.catalogue.adapters.sheets.limits import limit_of
from tinhso.catalogue.adapters.sheets.papers import portal_papers
from tinhso.catalogue.adapters.sheets.portal import read_portal
from tinhso.catalogue.adapters.sheets.shape import Flag, ReadSheet
from tinhso.catalogue.adapters.sheets.who import audience_of, levels_of
from tinhso.catalogue.adapters.sheets.word import read_word

WAYS = ["Hình thức nộp", "Thời hạn giải quyết", "Phí, lệ phí", "Mô tả"]
PAPERS = ["Tên giấy tờ", "Mẫu đơn, tờ khai", "Số lượng"]
ONE = "Bản chính: 1\nBản sao: 0"
PORTAL_WAYS = "Hình thức nộpThời gianPhí, lệ phíMô tả"
PORTAL_PAPERS = "Tên giấy tờMẫu đơn, tờ khaiSố lượng"


def word_sheet(**parts: Any) -> ReadSheet:
    return read_word({"Mã thủ tục": "1.000001", "Tên thủ tục": "Thủ tục mẫu", **parts})


def with_ways(*rows: list[str]) -> ReadSheet:
    return word_sheet(**{"Cách thức thực hiện": [{"header": WAYS, "rows": list(rows)}]})


def portal_sheet(**parts: str) -> ReadSheet:
    return read_portal({"ma_thu_tuc": "1.000001", "ten_thu_tuc": "Thủ tục mẫu", **parts})


def whys(sheet: ReadSheet, part: str) -> list[str]:
    return [flag.why for flag in sheet.flags if flag.part == part]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("5 Ngày làm việc", "5", "wd"),
        ("05 Ngày", "5", "d"),
        ("0.5 Ngày làm việc", "0.5", "wd"),
        ("4 Giờ", "4", "h"),
        ("2 Tháng", "2", "m"),
        ("1 năm", "12", "m"),
        ("Trong thời hạn 03 (ba) ngày làm việc kể từ ngày nhận đủ hồ sơ hợp lệ.", "3", "wd"),
        ("Hai mươi (20) ngày", "20", "d"),
    ],
)
def test_a_length_of_time_is_understood(text: str, value: str, unit: str) -> None:
    limit = limit_of(text)
    assert (limit.value, limit.unit, limit.why) == (Decimal(value), unit, "")


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Ngay trong ngày", "sameday"),
        ("trong ngày làm việc", "sameday"),
        ("Ngay trong ngày tiếp nhận hồ sơ", "sameday"),
        ("Không quy định", "none"),
    ],
)
def test_the_same_day_and_no_limit_are_understood(text: str, unit: str) -> None:
    limit = limit_of(text)
    assert (limit.value, limit.unit, limit.why) == (None, unit, "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Theo kế hoạch tuyển sinh hằng năm",
        "02 tháng và 15 ngày làm việc",
        "05 ngày làm việc; trường hợp phải xác minh thì không quá 10 ngày làm việc.",
        "12 giờ/05 ngày",
        "0 Ngày",
        "03 (năm) ngày làm việc",
        "Không quá 5 ngày kể từ ngày 01/01",
    ],
)
def test_a_limit_in_free_words_gives_no_length_but_a_reason(text: str) -> None:
    limit = limit_of(text)
    assert limit.value is None
    assert limit.why


def test_a_bare_number_keeps_its_number_and_asks_for_its_unit() -> None:
    limit = limit_of("05")
    assert (limit.value, limit.unit) == (Decimal(5), "")
    assert "không có đơn vị" in limit.why


def test_more_hours_than_a_working_day_are_asked_about() -> None:
    limit = limit_of("24 Giờ")
    assert (limit.value, limit.unit) == (Decimal(24), "h")
    assert limit.why


@pytest.mark.parametrize(
    ("text", "vnd"),
    [
        ("Phí : 120.000 Đồng", [120_000]),
        ("Lệ phí : 120,000 Đồng (120.000 đồng/lần)", [120_000]),
        ("Phí : 0 Đồng", [0]),
        ("Phí : 0 Đồng (Không có)\nLệ phí : 50000 Đồng", [0, 50_000]),
        ("Phí : Miễn phí Đồng", [0]),
    ],
)
def test_an_amount_is_understood_where_the_line_names_exactly_one(text: str, vnd: list[int]) -> None:
    flags: list[Flag] = []
    assert [fee.vnd for fee in word_fees(text, flags)] == vnd
    assert flags == []


@pytest.mark.parametrize(
    "text",
    [
        "Phí :  Đồng (theo Thông tư số 08/2018/TT-BTC)",
        "Phí :   (Theo quy định của Bộ Tài chính)",
        "Phí : 0 Đồng (30.000 đồng/giấy phép)",
        "Phí : 25.000 Đồng (25.000.000đ/giấy)",
        "Phí : 45 Đồng",
        "Lệ phí : 10 USD",
        "Phí : 2.000 Đồng (2.000 đồng/trang)",
        "Lệ phí : 50.000 Đồng (Mức cụ thể do Hội đồng nhân dân tỉnh quyết định)",
        "Theo biểu phí hiện hành",
    ],
)
def test_a_fee_that_is_not_clear_has_no_amount_and_is_flagged(text: str) -> None:
    flags: list[Flag] = []
    fees = word_fees(text, flags)
    assert [fee.vnd for fee in fees] == [None]
    assert fees[0].text
    assert [flag.part for flag in flags] == ["fees"]


def test_the_basis_of_a_fee_without_an_amount_is_kept() -> None:
    fee = word_fees("Phí :  Đồng (theo Thông tư số 08/2018/TT-BTC ngày 25/01/2018)", [])[0]
    assert (fee.kind, fee.basis) == ("phi", "Thông tư số 08/2018/TT-BTC")


def test_channels_become_keys_and_an_unknown_one_is_flagged() -> None:
    sheet = with_ways(
        ["Trực tiếp", "5 Ngày", "", ""],
        ["Trực tuyến", "5 Ngày", "", ""],
        ["Dịch vụ bưu chính", "5 Ngày", "", ""],
        ["Qua điện tín", "5 Ngày", "", ""],
    )
    assert [term.channel for term in sheet.terms] == ["counter", "online", "post"]
    assert whys(sheet, "channels") == ["Không nhận ra cách nộp."]


def test_two_rows_of_one_channel_stay_and_are_flagged() -> None:
    sheet = with_ways(["Trực tiếp", "10 Ngày", "", "hạng I"], ["Trực tiếp", "20 Ngày", "", "hạng II"])
    assert [term.value for term in sheet.terms] == [10, 20]
    assert "nhiều dòng" in whys(sheet, "channels")[0]


def test_papers_have_originals_copies_and_the_file_of_their_form() -> None:
    sheet = word_sheet(
        **{
            "Thành phần hồ sơ": [
                "Bao gồm",
                {"header": PAPERS, "rows": [["Đơn đề nghị", "Mau 01.docx", "Bản chính: 2\nBản sao: 1"]]},
            ]
        }
    )
    (case,) = sheet.cases
    (paper,) = case.papers
    assert (case.name, paper.name, paper.originals, paper.copies) == ("", "Đơn đề nghị", 2, 1)
    assert paper.sample_form == "Mau 01.docx"


def test_the_words_above_a_table_name_a_case() -> None:
    sheet = word_sheet(
        **{
            "Thành phần hồ sơ": [
                "Trường hợp bị mất",
                {"header": PAPERS, "rows": [["Đơn", "", ONE]]},
                "Trường hợp hết hạn",
                {"header": PAPERS, "rows": [["Giấy cũ", "", ONE]]},
            ]
        }
    )
    assert [case.name for case in sheet.cases] == ["Trường hợp bị mất", "Trường hợp hết hạn"]
    assert whys(sheet, "cases") == []


def test_papers_to_hand_in_and_to_show_are_one_case() -> None:
    sheet = word_sheet(
        **{
            "Thành phần hồ sơ": [
                "* Giấy tờ phải nộp:",
                {"header": PAPERS, "rows": [["Tờ khai", "", ONE]]},
                "* Giấy tờ phải xuất trình:",
                {"header": PAPERS, "rows": [["Hộ chiếu", "", ONE]]},
            ]
        }
    )
    (case,) = sheet.cases
    assert [(paper.name, paper.group) for paper in case.papers] == [
        ("Tờ khai", ""),
        ("Hộ chiếu", "* Giấy tờ phải xuất trình:"),
    ]


def test_a_paper_of_which_nothing_is_handed_in_is_flagged() -> None:
    sheet = word_sheet(
        **{"Thành phần hồ sơ": [{"header": PAPERS, "rows": [["Lưu ý", "", "Bản chính: 0\nBản sao: 0"]]}]}
    )
    assert "lời dặn" in whys(sheet, "papers")[0]


def test_levels_and_audience_become_keys() -> None:
    flags: list[Flag] = []
    assert levels_of("Cấp Bộ, Cấp Tỉnh, Cấp Quận/huyện, Cấp xã, Cơ quan khác", flags) == (
        "commune",
        "district",
        "province",
        "ministry",
        "other",
    )
    assert audience_of(
        "Công dân Việt Nam, Tổ chức (không bao gồm doanh nghiệp, HTX), Cán bộ, công chức, viên chức,"
        " Người nước ngoài cư trú tại Việt Nam, Người Việt Nam định cư ở nước ngoài, Hợp tác xã",
        flags,
    ) == ("citizen", "cooperative", "organisation", "foreigner", "overseas", "officer")
    assert flags == []


def test_an_unknown_level_or_audience_is_flagged() -> None:
    flags: list[Flag] = []
    assert levels_of("Cấp Vùng", flags) == ()
    assert audience_of("Người ngoài hành tinh, Doanh nghiệp", flags) == ("business",)
    assert [flag.part for flag in flags] == ["levels", "audience"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("123/2015/NĐ-CP", "123/2015/NĐ-CP"),
        ("Nghị định số 142/2025/NĐ-CP", "142/2025/NĐ-CP"),
        ("Luật 36/2005/QH11", "36/2005/QH11"),
        ("48 /2018/TT- NHNN", "48/2018/TT-NHNN"),
        ("31/2018/NĐ-CP\tNghị định 31/2018/NĐ-CP", "31/2018/NĐ-CP"),
        ("80", ""),
        ("nghị định 146/2025", ""),
        ("Luật Hóa chất", ""),
    ],
)
def test_the_number_of_a_law_is_understood_or_left_alone(text: str, number: str) -> None:
    assert number_of(text) == number


def test_no_information_is_nothing() -> None:
    sheet = word_sheet(**{"Cơ quan phối hợp": "Không có thông tin", "Căn cứ pháp lý": "Không có thông tin"})
    assert (sheet.coordinating, sheet.legal) == ("", ())


def test_the_portals_cells_are_parted_though_they_run_into_each_other() -> None:
    sheet = portal_sheet(
        cach_thuc_thuc_hien=f"{PORTAL_WAYS}Trực tuyến17 Ngày làm việc120,000 VNĐ(Nộp một lần)Nộp trực tiếp tại xã"
        "Dịch vụ bưu chínhKhông có thông tinMiễn phíTrực tiếp4 GiờMiễn phí(Miễn lệ phí)"
    )
    assert [(t.channel, t.value, t.unit) for t in sheet.terms] == [
        ("online", 17, "wd"),
        ("post", None, ""),
        ("counter", 4, "h"),
    ]
    assert [fee.vnd for term in sheet.terms for fee in term.fees] == [120_000, 0, 0]
    assert sheet.terms[0].note == "Nộp trực tiếp tại xã"


def test_a_time_and_an_amount_that_cannot_be_told_apart_are_flagged() -> None:
    sheet = portal_sheet(cach_thuc_thuc_hien=f"{PORTAL_WAYS}Trực tuyến120,000 VNĐ")
    (term,) = sheet.terms
    assert (term.value, term.fees[0].vnd) == (None, None)
    assert "120,000 VNĐ" in term.fees[0].text
    assert whys(sheet, "fees") == ["Thời hạn và số tiền dính liền, không tách được."]


def test_the_portals_papers_end_at_their_number_not_at_one_in_brackets() -> None:
    flags: list[Flag] = []
    (first, second) = portal_papers(
        f"a) Trường hợp cấp mới:{PORTAL_PAPERS}Phiếu theo Mẫu số 01 (01 bản chính).Mau so 01a.docx1 bản chính"
        "- Bản đồ0 bản chính,2 bản sao"
        f"b) Trường hợp cấp lại:{PORTAL_PAPERS}Đơn theo Mẫu số 181 bản chính,1 bản sao",
        flags,
    )
    assert [(p.originals, p.copies, p.sample_form) for p in first.papers] == [
        (1, 0, "Mau so 01a.docx"),
        (0, 2, ""),
    ]
    assert (second.name, second.papers[0].name) == ("b) Trường hợp cấp lại:", "Đơn theo Mẫu số 18")
    assert [flag.why for flag in flags] == ["Số bản dính liền một con số khác."]


def test_the_portals_laws_are_parted_where_the_number_follows_the_name() -> None:
    flags: list[Flag] = []
    laws = portal_laws(
        "Tên văn bản pháp lýMã văn bảnLuật 52/2014/QH1352/2014/QH13quy định chi tiết Nghị định 07/2020/NĐ-CP"
        "105/2025/NĐ-CPLuật Doanh nghiệp 202076/2025/QH15Luật Đầu tưLuật số 58",
        flags,
    )
    assert [(law.number, law.name) for law in laws] == [
        ("52/2014/QH13", "Luật 52/2014/QH13"),
        ("105/2025/NĐ-CP", "quy định chi tiết Nghị định 07/2020/NĐ-CP"),
        ("76/2025/QH15", "Luật Doanh nghiệp 2020"),
        ("Luật số 58", "Luật Đầu tư"),
    ]
    assert [flag.why for flag in flags] == [
        "Số hiệu dính liền một con số khác.",
        "Số hiệu văn bản không theo mẫu.",
    ]


def test_the_portals_results_leave_out_the_boxes_of_its_page() -> None:
    sheet = portal_sheet(
        ket_qua_xu_ly="Quyết định.Mã: KQ.G10.000935Giấy chứng nhậnMã: KQ.G10.001148Từ khóađất, nhàMô tảKhông có thông tin"
        "Chọn cơ quan thực hiệnTỉnh/ Thành phốBộ ngành-- Chọn Tỉnh/ Thành phố --Nộp hồ sơ"
    )
    assert (sheet.results, sheet.keywords, sheet.note) == (
        ("Quyết định.", "Giấy chứng nhận"),
        ("đất", "nhà"),
        "",
    )


def test_a_read_sheet_comes_back_from_json_as_it_was() -> None:
    sheet = with_ways(
        ["Trực tiếp", "0.5 Ngày làm việc", "Phí : 120.000 Đồng", "x"], ["Trực tuyến", "?", "", ""]
    )
    flags = [{"part": flag.part, "why": flag.why, "text": flag.text} for flag in sheet.flags]
    assert from_json(as_json(sheet), flags) == sheet
