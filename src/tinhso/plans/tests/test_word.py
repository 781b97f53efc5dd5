"""Official documents: what Decree 30/2020 asks stands in the file, equal contents make equal bytes."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Length

from tinhso.plans.adapters.word import Column, OfficialDocument, TableWithoutRoom

DAY = dt.date(2022, 2, 5)


def made(**options: object) -> OfficialDocument:
    return OfficialDocument(
        "UBND tỉnh Nam Định",
        "Sở Giáo dục và Đào tạo",
        "12/KH-SGDĐT",
        "Nam Định",
        DAY,
        "Kế hoạch",
        "Chuyển đổi số năm 2022",
        **options,  # type: ignore[arg-type]
    )


def mm(length: Length | None) -> int:
    assert length is not None
    return round(float(length.mm))


def opened(document: OfficialDocument) -> docx.document.Document:
    return docx.Document(io.BytesIO(document.content()))


def whole_text(document: OfficialDocument) -> str:
    with zipfile.ZipFile(io.BytesIO(document.content())) as parts:
        xml = parts.read("word/document.xml")
    return "\n".join(text.text or "" for text in docx.oxml.parse_xml(xml).iter(qn("w:t")))


def test_paper_margins_and_letters_are_those_of_the_decree() -> None:
    (section,) = opened(made()).sections
    assert (mm(section.page_width), mm(section.page_height)) == (210, 297)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [mm(one) for one in margins] == [20, 20, 30, 15]
    normal = opened(made()).styles["Normal"]
    assert (normal.font.name, normal.font.size.pt) == ("Times New Roman", 14)


def test_the_head_has_issuer_nation_number_and_day() -> None:
    text = whole_text(made())
    for words in (
        *("UBND TỈNH NAM ĐỊNH", "SỞ GIÁO DỤC VÀ ĐÀO TẠO", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        *("Độc lập - Tự do - Hạnh phúc", "Số: 12/KH-SGDĐT", "Nam Định, ngày 05 tháng 02 năm 2022"),
        *("KẾ HOẠCH", "Chuyển đổi số năm 2022"),
    ):
        assert words in text


def test_a_document_without_day_or_number_leaves_room_for_them() -> None:
    draft = OfficialDocument(
        "", "UBND huyện Ý Yên", "", "Ý Yên", None, "Kế hoạch", "Thử", mark="Dự thảo, bản nháp 2"
    )
    text = whole_text(draft)
    assert "ngày …… tháng …… năm ………" in text
    assert "Dự thảo, bản nháp 2" in text


def test_a_letter_has_its_summary_beneath_the_number() -> None:
    letter = OfficialDocument("", "Sở Nội vụ", "5/SNV", "Nam Định", DAY, "", "góp ý dự thảo kế hoạch")
    assert "V/v góp ý dự thảo kế hoạch" in whole_text(letter)


def test_pages_are_numbered_from_the_second_and_annexes_anew() -> None:
    document = made()
    document.annex("Phụ lục", "Nhiệm vụ", "(Kèm theo Kế hoạch)")
    first, second = opened(document).sections
    assert first.different_first_page_header_footer
    assert second.different_first_page_header_footer
    assert " PAGE " in [one.text for one in first.header._element.iter(qn("w:instrText"))]
    assert second.header.is_linked_to_previous
    assert second.orientation == WD_ORIENT.LANDSCAPE
    assert (mm(second.page_width), mm(second.page_height)) == (297, 210)
    assert second._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"


def test_a_table_repeats_its_head_and_fills_the_width() -> None:
    document = made()
    document.table(
        [Column("STT", 1), Column("Việc", 3), Column("Tiền", 1, is_number=True)],
        [["I. Nhận thức số"], ["1", "Tập huấn\nhai dòng", "180"]],
        ["", "Cộng", "180"],
    )
    tables = opened(document).tables
    table = tables[-1]
    assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
    widths = [int(one.get(qn("w:w"))) for one in table._tbl.iter(qn("w:gridCol"))]
    assert sum(widths) == pytest.approx(165 / 25.4 * 1440, abs=3)
    assert table.rows[1].cells[0].text == "I. Nhận thức số"
    assert table.rows[2].cells[1].text == "Tập huấn\nhai dòng"
    assert table.rows[2].cells[2].paragraphs[0].alignment == 2
    assert table.rows[3].cells[1].paragraphs[0].runs[0].bold
    with pytest.raises(TableWithoutRoom):
        document.table([Column("a", 1), Column("b", 1)], [["1", "2", "3"]])


def test_who_signs_and_who_receives_stand_before_the_annex() -> None:
    document = made()
    document.heading("I. MỤC TIÊU")
    document.paragraph("Đưa mọi trường lên môi trường số.")
    document.bullet("Một việc")
    document.sign("KT. Giám đốc", "Phó Giám đốc", "Nguyễn Thị Điển Hình")
    document.receivers(["Ban Chỉ đạo", "Lưu: VT"])
    document.annex("Phụ lục", "Nhiệm vụ", "(Kèm theo Kế hoạch)")
    text = whole_text(document)
    assert text.index("KT. GIÁM ĐỐC") < text.index("PHÓ GIÁM ĐỐC") < text.index("Nguyễn Thị Điển Hình")
    assert text.index("- Ban Chỉ đạo;") < text.index("- Lưu: VT.") < text.index("NHIỆM VỤ")
    assert "- Một việc" in text


def test_text_is_text_whatever_stands_in_it() -> None:
    document = made()
    document.paragraph("<w:p/> & \x00\u200b\ufffe { HYPERLINK } \ud800")
    document.table([Column("a", 1)], [["<b>&amp;"]])
    assert "<w:p/> &  { HYPERLINK } " in whole_text(document)
    assert "<b>&amp;" in whole_text(document)


def test_equal_contents_make_equal_bytes_without_macros_or_links_outside() -> None:
    moment = dt.datetime(2022, 5, 10, 9, 15, tzinfo=dt.UTC)
    one, other = (made(made_at=moment) for _n in range(2))
    assert one.content() == other.content()
    with zipfile.ZipFile(io.BytesIO(one.content())) as parts:
        names = parts.namelist()
        assert not [name for name in names if "vba" in name.lower() or "thumbnail" in name.lower()]
        assert all("TargetMode" not in parts.read(name).decode() for name in names if name.endswith(".rels"))
        assert b"2022-05-10T09:15:00Z" in parts.read("docProps/core.xml")
        assert {about.date_time for about in parts.infolist()} == {(2022, 5, 10, 9, 15, 0)}
