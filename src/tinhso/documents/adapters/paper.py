"""Read PDFs and pictures of papers. Runs only inside the sandbox and trusts nothing it is given."""

import io
import math
import zipfile
from typing import Any, Final

import magic
import pikepdf
import pillow_heif
import pypdfium2
from PIL import Image, ImageOps

from tinhso.documents.adapters.pdf_contents import FoundInPdf, look_through
from tinhso.documents.rules import (
    MAX_PAGES,
    MAX_PIXELS,
    PAGE_QUALITY,
    PAGE_SIDE,
    PDF,
    PICTURES,
    Refusal,
    refused_kind,
)

#: Bytes that one packed stream of a PDF may unfold to.
MAX_UNPACKED: Final = 200 * 1024 * 1024
_FORMATS: Final = ("JPEG", "PNG", "WEBP", "HEIF")
_A4: Final = (595.276, 841.89)
_MAX_DRAWN_PIXELS: Final = 12_000_000

pillow_heif.register_heif_opener()
Image.MAX_IMAGE_PIXELS = None  # the limit is ours, and asked before anything is decoded


def inspect(content: bytes) -> tuple[dict[str, Any], bytes]:
    """Say what the content is, or why it is refused; a picture comes back as a one-page PDF.

    Words: ``refused`` (a ``Refusal``, with ``kind``, ``pages`` or ``pixels`` beside it), or ``pages``,
    ``was_photo``, ``is_signed``, ``side`` (a photo's longest side in pixels). Bytes: the PDF made from a
    picture; none for a PDF, which is kept as it came.
    """
    kind = _kind(content)
    if kind == PDF and not content.startswith(b"%PDF-"):
        return {"refused": Refusal.HIDDEN_CONTENT}, b""
    if kind == PDF:
        return _inspect_pdf(content), b""
    if kind in PICTURES:
        return _page_from_picture(content)
    return {"refused": refused_kind(kind), "kind": kind.rpartition("/")[2].upper()}, b""


def inspect_each(*contents: bytes) -> tuple[dict[str, Any], bytes]:
    """Do ``inspect`` for several contents of one person: word ``each`` has the words, ``sizes`` cut the bytes."""
    found = [inspect(content) for content in contents]
    pages = [page for _words, page in found]
    return {"each": [words for words, _page in found], "sizes": [len(page) for page in pages]}, b"".join(
        pages
    )


def join(*contents: bytes) -> tuple[dict[str, Any], bytes]:
    """Put the pages of several PDFs into one, in order; word ``is_signed`` when one may not be touched."""
    with pikepdf.Pdf.new() as whole:
        sources = [pikepdf.Pdf.open(io.BytesIO(content)) for content in contents]
        for source in sources:
            if look_through(source):
                return {"is_signed": True}, b""
            whole.pages.extend(source.pages)
        return {"pages": len(whole.pages)}, _saved(whole)


def draw_page(content: bytes, *, page: int, width: int) -> tuple[dict[str, Any], bytes]:
    """Draw one page (counted from 1) as a PNG ``width`` pixels wide; word ``no_page`` where there is none."""
    document = pypdfium2.PdfDocument(content)
    if not 1 <= page <= len(document):
        return {"no_page": True}, b""
    if document.get_formtype():
        document.init_forms()
    sheet = document[page - 1]
    wide, high = sheet.get_size()
    scale = width / max(wide, 1)
    scale *= min(1.0, math.sqrt(_MAX_DRAWN_PIXELS / max(wide * scale * high * scale, 1)))
    picture = sheet.render(scale=scale).to_pil()
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=6)
    return {}, out.getvalue()


def _kind(content: bytes) -> str:
    """Return the media type that the content itself shows."""
    kind = str(magic.from_buffer(content, mime=True))
    if content.startswith(b"%PDF-"):
        return PDF
    if kind in {"application/zip", "application/octet-stream"} and zipfile.is_zipfile(io.BytesIO(content)):
        return _kind_of_package(content)
    return kind


def _kind_of_package(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = package.namelist()
    if any(name.startswith("word/") for name in names):
        return "application/vnd.openxmlformats-officedocument.wordprocessingml"
    if any(name.startswith(("xl/", "ppt/")) for name in names):
        return "application/vnd.openxmlformats-officedocument"
    return "application/zip"


def _inspect_pdf(content: bytes) -> dict[str, Any]:
    try:
        with pikepdf.Pdf.open(io.BytesIO(content), attempt_recovery=False, suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                return {"refused": Refusal.LOCKED}
            pages = len(pdf.pages)
            if pages == 0:
                return {"refused": Refusal.BROKEN_PDF}
            if pages > MAX_PAGES:
                return {"refused": Refusal.TOO_MANY_PAGES, "pages": pages}
            if zipfile.is_zipfile(io.BytesIO(content)):
                return {"refused": Refusal.HIDDEN_CONTENT}
            is_signed = look_through(pdf)
    except pikepdf.PasswordError:
        return {"refused": Refusal.ENCRYPTED}
    except FoundInPdf as found:
        return {"refused": found.why}
    except (pikepdf.PdfError, ValueError, RuntimeError):
        return {"refused": Refusal.BROKEN_PDF}
    return {"pages": pages, "was_photo": False, "is_signed": is_signed}


def _page_from_picture(content: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            pixels = picture.width * picture.height
            if pixels > MAX_PIXELS:
                return {"refused": Refusal.TOO_MANY_PIXELS, "pixels": pixels}, b""
            side = max(picture.size)
            picture.draft("RGB", (PAGE_SIDE, PAGE_SIDE))
            picture.load()
            page = _flat(_upright(picture))
    except (OSError, SyntaxError, ValueError, EOFError, RuntimeError, Image.DecompressionBombError):
        return {"refused": Refusal.BROKEN_PICTURE}, b""
    out = io.BytesIO()
    page.save(out, "JPEG", quality=PAGE_QUALITY, optimize=True)
    words = {"pages": 1, "was_photo": True, "is_signed": False, "side": side}
    return words, _pdf_of(out.getvalue(), page)


def _upright(picture: Image.Image) -> Image.Image:
    """Return the picture shrunk to a page's size and turned as its camera noted."""
    if picture.mode in {"P", "PA", "1"}:
        picture = _unpalette(picture)
    small = (
        picture.copy()
        if max(picture.size) <= PAGE_SIDE
        else ImageOps.contain(picture, (PAGE_SIDE, PAGE_SIDE))
    )
    small.getexif().update(picture.getexif())
    return ImageOps.exif_transpose(small)


def _unpalette(picture: Image.Image) -> Image.Image:
    exif = picture.getexif()
    plain = picture.convert("RGBA" if "transparency" in picture.info or picture.mode == "PA" else "RGB")
    plain.getexif().update(exif)
    return plain


def _flat(picture: Image.Image) -> Image.Image:
    """Return the picture as grey or RGB, on white where it was transparent; nothing else comes along."""
    if picture.mode in {"RGBA", "LA", "RGBa", "La"} or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        flat = Image.new("RGB", layer.size, "white")
        flat.paste(layer, mask=layer.getchannel("A"))
        return flat
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    picture = picture if picture.mode in {"L", "RGB"} else picture.convert("RGB")
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    return bare


def _pdf_of(jpeg: bytes, picture: Image.Image) -> bytes:
    """Lay the JPEG on one A4 page, upright or across as it fits, without any metadata."""
    wide, high = _A4 if picture.height >= picture.width else (_A4[1], _A4[0])
    scale = min(wide / picture.width, high / picture.height)
    w, h = picture.width * scale, picture.height * scale
    place = f"q {w:.3f} 0 0 {h:.3f} {(wide - w) / 2:.3f} {(high - h) / 2:.3f} cm /Photo Do Q".encode()
    with pikepdf.Pdf.new() as pdf:
        image = pikepdf.Stream(
            pdf,
            jpeg,
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=picture.width,
            Height=picture.height,
            ColorSpace=pikepdf.Name.DeviceGray if picture.mode == "L" else pikepdf.Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
        page = pdf.add_blank_page(page_size=(wide, high))
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Photo=image))
        page.obj.Contents = pikepdf.Stream(pdf, place)
        return _saved(pdf)


def _saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()
