"""Keeping, giving back, checking, joining, drawing."""

import datetime as dt
import io
import re
from hashlib import sha256
from pathlib import Path

import pikepdf
import pytest
from django.db import IntegrityError, transaction
from PIL import Image

from tinhso.documents.adapters import disk
from tinhso.documents.api import (
    CannotJoin,
    Condition,
    FileCorrupt,
    FileMissing,
    NothingToStore,
    OutsideFile,
    PageNotDrawn,
    StoredFile,
    UploadRefused,
    check_file,
    draw_pdf,
    join,
    page_png,
    path_of,
    qr_png_data_uri,
    qr_svg,
    read,
    store,
    take_upload,
)
from tinhso.documents.tests import corpus
from tinhso.toolkit.clock import VN

AT = dt.datetime(2022, 5, 16, 9, 0, tzinfo=VN)
HTML = "<html lang='vi'><head><title>Giấy tiếp nhận</title></head><body><p>Xin chào</p></body></html>"


def keep(content: bytes = b"noi dung", media_type: str = "text/plain") -> StoredFile:
    """Keep some content."""
    return store(content, media_type=media_type, at=AT)


def test_a_content_is_kept_under_its_hash_and_comes_back(db: None, folders: Path) -> None:
    file = keep()
    digest = sha256(b"noi dung").hexdigest()
    assert file.sha256 == digest
    assert path_of(file) == folders / "files" / digest[:2] / digest
    assert read(file) == b"noi dung"
    assert [one.name for one in path_of(file).parent.iterdir()] == [digest], "nothing half-written is left"
    assert path_of(file).stat().st_mode & 0o077 == 0, "other accounts of the machine may not read it"


def test_the_same_content_twice_is_one_row_with_the_first_moment(db: None) -> None:
    file = keep()
    later = store(b"noi dung", media_type="text/plain", at=AT + dt.timedelta(days=1))
    assert later.pk == file.pk
    assert later.created_at == AT
    assert StoredFile.objects.count() == 1


def test_nothing_is_not_kept(db: None) -> None:
    with pytest.raises(NothingToStore):
        keep(b"")


def test_a_lost_file_is_found_missing_and_healed_by_keeping_it_again(db: None) -> None:
    file = keep()
    assert check_file(file) is Condition.SOUND
    path_of(file).unlink()
    assert check_file(file) is Condition.MISSING
    with pytest.raises(FileMissing):
        read(file)
    keep()
    assert check_file(file) is Condition.SOUND


def test_a_changed_file_is_never_given_out(db: None) -> None:
    file = keep()
    path_of(file).write_bytes(b"noi dunG")
    assert check_file(file) is Condition.CORRUPT
    with pytest.raises(FileCorrupt):
        read(file)


@pytest.mark.parametrize("change", [{"sha256": "A" * 64}, {"sha256": "0" * 63}, {"size": 0}])
def test_the_database_refuses_what_is_no_file(db: None, change: dict[str, object]) -> None:
    row = {"sha256": "0" * 64, "size": 1, "media_type": "text/plain", "created_at": AT} | change
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.create(**row)


def test_photos_of_one_paper_become_one_pdf(db: None) -> None:
    photos = [
        take_upload(make(), name="a.jpg", at=AT).file for make in list(corpus.HONEST_PHOTOS.values())[:3]
    ]
    whole = join(photos, at=AT)
    assert whole.pages == 3
    assert len(pikepdf.open(io.BytesIO(read(whole))).pages) == 3
    assert join(photos, at=AT) == whole
    assert join(photos[:1], at=AT) == photos[0]


def test_a_signed_pdf_is_not_joined(db: None) -> None:
    signed = take_upload(corpus.signed_pdf(), name="a.pdf", at=AT).file
    plain = take_upload(corpus.pdf(), name="b.pdf", at=AT).file
    with pytest.raises(CannotJoin):
        join([plain, signed], at=AT)


def test_nothing_and_what_is_no_pdf_cannot_be_joined(db: None) -> None:
    with pytest.raises(CannotJoin):
        join([], at=AT)
    with pytest.raises(CannotJoin):
        join([keep()], at=AT)


def test_too_many_pages_are_not_joined(db: None) -> None:
    many = [take_upload(corpus.pdf(pages=n), name="a.pdf", at=AT).file for n in (150, 51)]
    with pytest.raises(UploadRefused, match="201 trang"):
        join(many, at=AT)


def test_a_page_is_drawn_once_and_kept(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    file = take_upload(corpus.pdf(pages=2), name="a.pdf", at=AT).file
    png = page_png(file, 2, 300)
    assert Image.open(io.BytesIO(png)).width == 320
    monkeypatch.setattr(disk, "place_of", None)
    assert page_png(file, 2, 310) == png


def test_the_signature_field_does_not_disturb_the_drawing(db: None) -> None:
    file = take_upload(corpus.signed_pdf(), name="a.pdf", at=AT).file
    assert page_png(file, 1, 160).startswith(b"\x89PNG")


@pytest.mark.parametrize("page", [0, -1, 3])
def test_a_page_that_is_not_there_is_not_drawn(db: None, page: int) -> None:
    file = take_upload(corpus.pdf(pages=2), name="a.pdf", at=AT).file
    with pytest.raises(PageNotDrawn):
        page_png(file, page, 320)


def test_what_is_no_pdf_is_not_drawn(db: None) -> None:
    with pytest.raises(PageNotDrawn):
        page_png(keep(), 1, 320)
    with pytest.raises(PageNotDrawn):
        page_png(keep(b"%PDF-1.7 nothing", "application/pdf"), 1, 320)


def test_few_drawn_pages_are_kept(folders: Path) -> None:
    for n in range(3000):
        name = f"{'0' * 64}-{n}-160.png"
        if sha256(name.encode()).hexdigest().startswith("00"):
            disk.keep_drawn("0" * 64, n, 160, b"x")
    assert len(list((folders / "pages" / "00").iterdir())) <= 8


def test_a_page_of_ours_is_drawn_the_same_each_time() -> None:
    first = draw_pdf(HTML, ["p { color: #123 }"])
    assert first == draw_pdf(HTML, ["p { color: #123 }"])
    assert first != draw_pdf(HTML)
    with pikepdf.open(io.BytesIO(first)) as drawn:
        assert drawn.Root.Lang == "vi"
        assert "/StructTreeRoot" in drawn.Root


def test_our_font_is_embedded() -> None:
    style = """
        @font-face { font-family: Our; src: url(be-vietnam-pro-latin-400.woff2) }
        p { font-family: Our }
    """
    with pikepdf.open(io.BytesIO(draw_pdf("<html lang='vi'><p>abc</p></html>", [style]))) as drawn:
        fonts = [one for one in drawn.objects if isinstance(one, pikepdf.Dictionary) and "/FontName" in one]
        assert len(fonts) == 1
        assert "DejaVu" not in str(fonts[0].FontName)
        assert any(key in fonts[0] for key in ("/FontFile2", "/FontFile3"))


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:9/x.png",
        "https://thu.example/x.png",
        "../../../../config/settings.py",
        "/etc/hostname",
        "ftp://127.0.0.1/x",
        "missing.woff2",
    ],
)
def test_a_drawing_reaches_nothing_but_our_fonts(address: str) -> None:
    with pytest.raises(OutsideFile):
        draw_pdf(f"<img src='{address}' alt=''>")
    with pytest.raises(OutsideFile):
        draw_pdf("<p>x</p>", [f"@import url('{address}');"])
    with pytest.raises(OutsideFile):
        draw_pdf(
            "<p>x</p>", [f"@font-face {{ font-family: A; src: url('{address}') }} p {{ font-family: A }}"]
        )


def test_a_picture_written_into_the_page_is_drawn() -> None:
    with pikepdf.open(io.BytesIO(draw_pdf(f"<img alt='QR' src='{qr_png_data_uri('abc')}'>"))) as drawn:
        assert any(
            isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image" for one in drawn.objects
        )


def test_a_qr_code_carries_no_style_and_escapes_its_title() -> None:
    drawn = qr_svg("https://thu.example/a?b=<script>", title="Mã <b>")
    assert "style=" not in drawn
    assert "<script" not in drawn
    assert "<title>Mã &lt;b&gt;</title>" in drawn
    assert re.search(r'viewBox="0 0 \d+ \d+"', drawn)
