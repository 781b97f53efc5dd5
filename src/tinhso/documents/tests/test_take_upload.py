"""What is taken, what is refused, and what is told."""

import datetime as dt
import io
import re
import socket
import unicodedata

import pikepdf
import pypdfium2
import pytest
from django.utils.translation import override
from PIL import Image

from tinhso.documents.adapters import sandbox
from tinhso.documents.api import FileNotKept, Refusal, StoredFile, UploadRefused, read, take_upload
from tinhso.documents.rules import PAGE_SIDE
from tinhso.documents.services.take_upload import _SENTENCES
from tinhso.documents.tests import corpus
from tinhso.toolkit.clock import VN

AT = dt.datetime(2022, 5, 16, 9, 0, tzinfo=VN)


@pytest.mark.parametrize("name", corpus.HOSTILE)
def test_a_hostile_file_is_refused_with_its_own_sentence(name: str, db: None) -> None:
    make, why = corpus.HOSTILE[name]
    with pytest.raises(UploadRefused) as refused:
        take_upload(make(), name="giấy tờ.pdf", at=AT)
    assert refused.value.code is why
    assert "%(" not in refused.value.sentence
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("name", corpus.HONEST_PDFS)
def test_an_honest_pdf_is_kept_exactly_as_it_came(name: str, db: None) -> None:
    content = corpus.HONEST_PDFS[name]()
    upload = take_upload(content, name="Đơn.pdf", at=AT)
    assert read(upload.file) == content
    assert not upload.was_photo
    assert upload.file.pages == len(pikepdf.open(io.BytesIO(content)).pages)
    assert ("chữ ký số" in upload.notice) == (name == "signed")


@pytest.mark.parametrize("name", corpus.HONEST_PHOTOS)
def test_an_honest_photo_becomes_one_page(name: str, db: None) -> None:
    upload = take_upload(corpus.HONEST_PHOTOS[name](), name="IMG_0001.jpg", at=AT)
    assert upload.was_photo
    assert (upload.name, upload.file.pages, upload.file.media_type) == ("IMG_0001.pdf", 1, "application/pdf")
    content = read(upload.file)
    for trace in (b"Exif", b"SECRETPLACE", b"Secret Camera", b"PK\x05\x06"):
        assert trace not in content
    again = take_upload(content, name="lần nữa.pdf", at=AT)
    assert again.file == upload.file


@pytest.mark.parametrize("form", ["JPEG", "HEIF"])
def test_a_crooked_photo_stands_upright(form: str, db: None) -> None:
    content = read(take_upload(corpus.crooked_photo(form), name="a.jpg", at=AT).file)
    seen = pypdfium2.PdfDocument(content)[0].render(scale=0.5).to_pil().convert("RGB")
    assert seen.height > seen.width
    top, bottom = seen.getpixel((seen.width // 2, 20)), seen.getpixel((seen.width // 2, seen.height - 20))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 200
    assert top[1] < 60
    assert min(bottom) > 200


def test_a_large_photo_is_made_small_enough(db: None) -> None:
    upload = take_upload(corpus.picture("JPEG", size=(6000, 4000)), name="a.jpg", at=AT)
    with pikepdf.open(io.BytesIO(read(upload.file))) as made:
        image = made.pages[0].obj.Resources.XObject.Photo
        assert max(image.Width, image.Height) == PAGE_SIDE


def test_a_small_photo_is_taken_with_a_warning(db: None) -> None:
    assert "khó đọc" in take_upload(corpus.picture("PNG", size=(300, 200)), name="a.png", at=AT).notice


def test_see_through_parts_become_white_paper(db: None) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (800, 800), (0, 0, 0, 0)).save(out, "PNG")
    content = read(take_upload(out.getvalue(), name="a.png", at=AT).file)
    seen = pypdfium2.PdfDocument(content)[0].render().to_pil().convert("L")
    assert seen.getextrema()[0] > 250


def test_the_same_photo_twice_is_one_file(db: None) -> None:
    photo = corpus.crooked_photo()
    assert take_upload(photo, name="a.jpg", at=AT).file == take_upload(photo, name="b.jpg", at=AT).file


def test_a_name_that_runs_backwards_is_put_right_and_told(db: None) -> None:
    upload = take_upload(corpus.pdf(), name="don\u202efdp.exe", at=AT)
    assert upload.name == "donfdp.pdf"
    assert "ký tự ẩn" in upload.notice


def test_a_vietnamese_name_in_pieces_is_put_together(db: None) -> None:
    pieces = unicodedata.normalize("NFD", "Giấy ủy quyền " * 20) + ".pdf"
    upload = take_upload(corpus.pdf(), name=pieces, at=AT)
    assert unicodedata.is_normalized("NFC", upload.name)
    assert len(upload.name) <= 150


def test_figures_stand_in_the_sentences(db: None) -> None:
    with pytest.raises(UploadRefused, match=r"Ảnh nặng 20,1 MB, tối đa 20 MB\. Chụp lại ở cỡ nhỏ hơn\."):
        take_upload(corpus.HOSTILE["size/photo over 20 MB"][0](), name="a.jpg", at=AT)
    with pytest.raises(UploadRefused, match="Tệp có 201 trang, tối đa 200"):
        take_upload(corpus.pdf(pages=201), name="a.pdf", at=AT)
    with pytest.raises(UploadRefused, match="Ảnh có 900 triệu điểm ảnh, tối đa 60 triệu"):
        take_upload(corpus.HOSTILE["bomb/png of 900 million dots"][0](), name="a.png", at=AT)
    with pytest.raises(UploadRefused, match="ảnh loại GIF"):
        take_upload(corpus.picture("GIF"), name="a.jpg", at=AT)


def test_every_refusal_has_a_short_vietnamese_sentence_of_its_own() -> None:
    with override("vi"):
        texts = [str(_SENTENCES[why]) for why in Refusal]
    assert len(set(texts)) == len(texts)
    for text in texts:
        sentences = re.split(r"(?<=\.) ", text)
        assert len(sentences) > 1, "what is wrong, then how to mend it"
        assert all(len(sentence.split()) <= 15 for sentence in sentences)
        assert "không hợp lệ" not in text


def test_a_file_that_kills_its_reader_is_refused(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(verb: str, *contents: bytes) -> None:
        raise sandbox.ReadingFailed(verb)

    monkeypatch.setattr(sandbox, "ask", die)
    with pytest.raises(UploadRefused) as refused:
        take_upload(corpus.pdf(), name="a.pdf", at=AT)
    assert refused.value.code is Refusal.TOO_COMPLEX


def test_nothing_is_left_when_the_disk_is_full(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tinhso.documents.adapters.disk.os.fsync", full)
    with pytest.raises(FileNotKept):
        take_upload(corpus.pdf(), name="a.pdf", at=AT)
    assert not StoredFile.objects.exists()


def test_reading_works_without_any_network(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise AssertionError

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert take_upload(corpus.pdf(), name="a.pdf", at=AT).file.pages == 1
