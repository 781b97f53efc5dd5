"""Names and sizes."""

import unicodedata

import pytest

from tinhso.documents.rules import (
    MAX_NAME,
    NAMELESS,
    WIDTHS,
    Refusal,
    clean_name,
    drawn_width,
    hides_something,
    refused_kind,
    size_text,
)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Giấy khai sinh.pdf", "Giấy khai sinh.pdf"),
        ("Giấy khai sinh.pdf.exe", "Giấy khai sinh.pdf"),
        ("đơn.jpg", "đơn.pdf"),
        ("IMG_01.HEIC", "IMG_01.pdf"),
        ("Mẫu 01.2022", "Mẫu 01.2022.pdf"),
        ("Mẫu 01.2022.PDF", "Mẫu 01.2022.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        (r"C:\Users\Lan\đơn.docx", "đơn.pdf"),
        ("don\u202efdp.exe", "donfdp.pdf"),
        ("a\u200bb\x00c\n.png", "abc.pdf"),
        ('<img src="x">.jpg', "img src= x.pdf"),
        ("con.pdf", f"{NAMELESS} con.pdf"),
        ("....", f"{NAMELESS}.pdf"),
        (".pdf", f"{NAMELESS}.pdf"),
        ("", f"{NAMELESS}.pdf"),
        ("  giấy   tờ  .pdf", "giấy tờ.pdf"),
    ],
)
def test_a_name_shows_what_the_file_is(given: str, kept: str) -> None:
    assert clean_name(given, ".pdf") == kept


def test_a_long_name_is_shortened_and_keeps_its_ending() -> None:
    name = clean_name("ồ" * 400 + ".pdf", ".pdf")
    assert len(name) == MAX_NAME
    assert name.endswith("ồ.pdf")


def test_a_name_spelled_in_pieces_is_put_together() -> None:
    pieces = unicodedata.normalize("NFD", "Đề nghị cấp đổi.pdf")
    assert clean_name(pieces, ".pdf") == "Đề nghị cấp đổi.pdf"
    assert not hides_something(pieces)


def test_letters_that_turn_the_writing_are_noticed() -> None:
    assert hides_something("don\u202efdp.exe")


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (1, "1 KB"),
        (340 * 1024, "340 KB"),
        (20 * 1024**2, "20 MB"),
        (20 * 1024**2 + 1, "20,1 MB"),
        (26 * 1024**2, "26 MB"),
    ],
)
def test_a_size_over_the_limit_never_looks_equal_to_it(size: int, text: str) -> None:
    assert size_text(size) == text


def test_a_width_is_rounded_up_to_one_of_a_few() -> None:
    assert [drawn_width(w) for w in (1, 160, 161, 9999)] == [160, 160, 320, WIDTHS[-1]]


def test_an_unheard_of_kind_is_said_to_be_unknown() -> None:
    assert refused_kind("application/x-something") is Refusal.UNKNOWN_KIND
