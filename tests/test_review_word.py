"""The review and the conclusion as Word: LibreOffice opens them, and they look like the kept pictures."""

from __future__ import annotations

import io

import docx
import pytest

from tests.office_pictures import same_picture
from tinhso.plans.adapters.review_word import conclusion_document, review_document
from tinhso.plans.queries.reviews import heading_on, preview
from tinhso.plans.tests.factories import Committee, make_committee
from tinhso.plans.tests.review_article import HEADING, article_conclusion, article_review
from tinhso.plans.tests.review_world import FIRST, HALF_PAST_SEVEN, LAST


@pytest.fixture
def who(db: None) -> Committee:
    return make_committee()


def words_of(content: bytes) -> str:
    """Return every word of the file, tables too."""
    document = docx.Document(io.BytesIO(content))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_the_review_is_an_official_report_with_sources_of_every_figure(who: Committee) -> None:
    said = words_of(review_document(article_review(who), HEADING))
    for words in (
        "Thủ tục nộp qua mạng được: 1.605 trên 1.711 thủ tục, bằng 93,8\u00a0%\u00a0[1].",
        "99,98 %",
        "96,41 %",
        "không ghi",
        "II. CƠ QUAN CÓ NHIỆM VỤ TRỄ",
        "22 xã chưa bàn giao tủ mạng",
        "12 trên 32 cơ quan chưa đăng ký",
        "III. HẠN CHẾ VÀ NGUYÊN NHÂN",
        "Số: 15/BC-BCĐ",
        "[19]",
    ):
        assert words in said, words
    assert "CHƯA DUYỆT" not in said


def test_a_draft_says_that_it_is_one(who: Committee) -> None:
    page = article_review(who)
    page.review.state, page.review.number, page.review.approved_at = "draft", "", None
    assert "BẢN THẢO 2, CHƯA DUYỆT" in words_of(review_document(page, HEADING))


def test_the_review_of_a_province_without_anything_opens(who: Committee) -> None:
    page = preview(FIRST, LAST, HALF_PAST_SEVEN)
    said = words_of(review_document(page, heading_on(LAST)))
    assert "Thủ tục nộp qua mạng được: chưa có số\u00a0[1]." in said
    assert "Không có nhiệm vụ nào quá hạn." in said


def test_the_conclusion_says_who_does_what_by_when(who: Committee) -> None:
    said = words_of(conclusion_document(article_conclusion(who), HEADING))
    for words in (
        "Số: 62/TB-BCĐ",
        "Chủ trì: Sở Thông tin và Truyền thông; phối hợp: Sở Giáo dục và Đào tạo; hạn: 01/06/2022.",
        "1. Bốn tháng qua các cơ quan đã cố gắng",
        "BẢNG GIAO VIỆC",
    ):
        assert words in said, words


def test_the_review_looks_like_its_pictures(who: Committee) -> None:
    same_picture(review_document(article_review(who), HEADING), "review")


def test_the_conclusion_looks_like_its_pictures(who: Committee) -> None:
    same_picture(conclusion_document(article_conclusion(who), HEADING), "conclusion")
