"""Build files that harm and files that people really bring. Nothing is read from the disk or the network."""

import datetime as dt
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any, Final

import pikepdf
import pillow_heif
from asn1crypto import keys, x509
from cryptography import x509 as certificates
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image, PngImagePlugin
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tinhso.documents.rules import MAX_BYTES, Refusal

pillow_heif.register_heif_opener()
Make = Callable[[], bytes]
JS: Final = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def pdf(change: Callable[[Pdf], None] | None = None, *, pages: int = 1, **saving: Any) -> bytes:
    """Return a PDF of blank pages, changed by ``change``."""
    with Pdf.new() as made:
        for _ in range(pages):
            made.add_blank_page(page_size=(595, 842))
        if change:
            change(made)
        out = io.BytesIO()
        made.save(out, static_id=True, **saving)
    return out.getvalue()


def picture(form: str, mode: str = "RGB", size: tuple[int, int] = (900, 700), **saving: Any) -> bytes:
    """Return a picture with a slope of colours."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(out, form, **saving)
    return out.getvalue()


def crooked_photo(form: str = "JPEG") -> bytes:
    """Return a photo lying on its side, red on top when upright, with the place where it was taken."""
    lying = Image.new("RGB", (900, 600), "white")
    lying.paste("red", (0, 0, 300, 600))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90° clockwise
    exif[0x010F] = "Secret Camera"
    exif.get_ifd(0x8825).update({1: "N", 2: (20.0, 10.0, 30.0), 3: "E", 4: (105.0, 55.0, 3.0)})
    out = io.BytesIO()
    lying.save(out, form, exif=exif, comment=b"SECRETPLACE") if form == "JPEG" else lying.save(
        out, form, exif=exif.tobytes()
    )
    return out.getvalue()


def signed_pdf() -> bytes:
    """Return a PDF really signed, by an invented person's own certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = certificates.Name([certificates.NameAttribute(NameOID.COMMON_NAME, "Nguyễn Giả Định")])
    start = dt.datetime(2022, 1, 1, tzinfo=dt.UTC)
    made = certificates.CertificateBuilder(
        name, name, key.public_key(), 7, start, start + dt.timedelta(days=36500)
    ).sign(key, hashes.SHA256())
    der = serialization.Encoding.DER
    plain = key.private_bytes(der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    signer = signers.SimpleSigner(
        signing_cert=x509.Certificate.load(made.public_bytes(der)),
        signing_key=keys.PrivateKeyInfo.load(plain),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf()))
    fields.append_signature_field(writer, fields.SigFieldSpec("ChuKy"))
    metadata = signers.PdfSignatureMetadata(field_name="ChuKy")
    return bytes(signers.sign_pdf(writer, metadata, signer=signer).getvalue())


def _package(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in names:
            package.writestr(name, "<a/>")
    return out.getvalue()


def _root(**entries: Any) -> Make:
    def change(made: Pdf) -> None:
        for key, value in entries.items():
            made.Root[f"/{key}"] = value

    return lambda: pdf(change)


def _annotation(**entries: Any) -> Make:
    def change(made: Pdf) -> None:
        note = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 9, 9]), **entries)
        made.pages[0].Annots = Array([made.make_indirect(note)])

    return lambda: pdf(change)


def _loose_script() -> bytes:
    """Return a PDF whose script hangs on an object that no page knows."""

    def change(made: Pdf) -> None:
        made.Root.Spare = made.make_indirect(Array([1, Dictionary(Next=Array([JS]))]))

    return pdf(change)


def _script_with_hidden_letters() -> bytes:
    """Return a PDF whose script is spelled by numbers, with the table of places written anew."""
    plain = pdf(_script_at_opening, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    hidden = plain.replace(b"/JS ", b"/#4aS ").replace(b"/JavaScript", b"/J#61v#61Script")
    body, table, rest = hidden.partition(b"xref\n0 ")
    count = int(rest.split()[0])
    places = [body.index(b"\n%d 0 obj" % n) + 1 for n in range(1, count)]
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = rest[rest.index(b"trailer") : rest.index(b"startxref")]
    head = table + b"%d\n0000000000 65535 f \n" % count
    return body + head + rows + trailer + b"startxref\n%d\n%%%%EOF\n" % len(body)


def _script_at_opening(made: Pdf) -> None:
    made.Root.OpenAction = JS


def _with_attachment() -> bytes:
    def change(made: Pdf) -> None:
        made.attachments["x.exe"] = b"MZ"

    return pdf(change)


def _dynamic_form() -> bytes:
    def change(made: Pdf) -> None:
        made.Root.AcroForm = Dictionary(XFA=Stream(made, b"<xdp/>"), Fields=Array())

    return pdf(change)


def _field_that_acts() -> bytes:
    def change(made: Pdf) -> None:
        made.pages[0].AA = Dictionary(O=Dictionary(S=Name.Named, N=Name.Print))

    return pdf(change)


def _bomb(*, twice: bool) -> Make:
    def make() -> bytes:
        machine = zlib.compressobj(9)
        packed = b"".join(machine.compress(bytes(1 << 20)) for _ in range(120)) + machine.flush()
        names = [Name.FlateDecode]
        if twice:
            packed, names = zlib.compress(packed, 9), names * 2

        def change(made: Pdf) -> None:
            made.pages[0].Contents = Stream(made, packed, Filter=Array(names))

        return pdf(change, recompress_flate=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)

    return make


def _vast_picture_inside() -> bytes:
    def change(made: Pdf) -> None:
        image = Stream(made, b"x", Type=Name.XObject, Subtype=Name.Image, Width=100_000, Height=100_000)
        made.pages[0].Resources = Dictionary(XObject=Dictionary(I=image))

    return pdf(change)


def _png(width: int, height: int, *chunks: tuple[bytes, bytes]) -> bytes:
    head = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), *chunks, (b"IDAT", zlib.compress(bytes(100))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def _encrypted(user: str) -> Make:
    return lambda: pdf(encryption=pikepdf.Encryption(owner="chu", user=user, R=6))


def _cut(make: Make, share: float) -> Make:
    def shorter() -> bytes:
        whole = make()
        return whole[: int(len(whole) * share)]

    return shorter


def _jpeg() -> bytes:
    return picture("JPEG")


def _many_pages() -> bytes:
    return pdf(pages=201)


_EXE: Final = b"MZ" + bytes(58) + b"\x80\0\0\0" + bytes(64) + b"PE\0\0\x4c\x01" + bytes(200)
_ELF: Final = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\0\x3e\0\x01\0\0\0" + bytes(80)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)

#: Class → what it is called → (how to make it, why it is refused).
HOSTILE: Final[dict[str, tuple[Make, Refusal]]] = {
    "size/empty": (bytes, Refusal.EMPTY),
    "size/photo over 20 MB": (lambda: b"\xff\xd8\xff" + bytes(MAX_BYTES), Refusal.TOO_LARGE),
    "size/pdf over 20 MB": (lambda: b"%PDF-1.7\n" + bytes(MAX_BYTES), Refusal.TOO_LARGE),
    "kind/windows program": (lambda: _EXE, Refusal.PROGRAM),
    "kind/linux program": (lambda: _ELF, Refusal.PROGRAM),
    "kind/shell script": (lambda: b"#!/bin/sh\nrm -r /\n", Refusal.PROGRAM),
    "kind/zip": (lambda: _package("a.pdf"), Refusal.ARCHIVE),
    "kind/zip with a path that climbs": (lambda: _package("../../a"), Refusal.ARCHIVE),
    "kind/rar": (lambda: b"Rar!\x1a\x07\x00" + bytes(40), Refusal.ARCHIVE),
    "kind/7z": (lambda: b"7z\xbc\xaf\x27\x1c\0\4" + bytes(40), Refusal.ARCHIVE),
    "kind/gzip": (lambda: b"\x1f\x8b\x08" + bytes(40), Refusal.ARCHIVE),
    "kind/docx": (lambda: _package("[Content_Types].xml", "word/document.xml"), Refusal.WORD),
    "kind/old doc": (lambda: _OLE, Refusal.WORD),
    "kind/rtf": (lambda: rb"{\rtf1\ansi xin}", Refusal.WORD),
    "kind/xlsm": (lambda: _package("[Content_Types].xml", "xl/vbaProject.bin"), Refusal.SHEET),
    "kind/html": (lambda: b"<!doctype html><script>alert(1)</script>", Refusal.WEB_PAGE),
    "kind/svg": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", Refusal.WEB_PAGE),
    "kind/xml bomb": (
        lambda: b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        Refusal.WEB_PAGE,
    ),
    "kind/postscript": (lambda: b"%!PS-Adobe-3.0\n", Refusal.WEB_PAGE),
    "kind/imagemagick": (lambda: b"push graphic-context\nviewbox 0 0 1 1\n", Refusal.WEB_PAGE),
    "kind/gif": (lambda: picture("GIF"), Refusal.OTHER_PICTURE),
    "kind/tiff": (lambda: picture("TIFF"), Refusal.OTHER_PICTURE),
    "kind/bmp": (lambda: picture("BMP"), Refusal.OTHER_PICTURE),
    "kind/film": (lambda: b"\0\0\0\x18ftypmp42" + bytes(40), Refusal.RECORDING),
    "kind/plain text": (lambda: "xin chào".encode(), Refusal.TEXT),
    "kind/noise": (lambda: b"\x01\x02\x03\xfe\xff" * 50, Refusal.UNKNOWN_KIND),
    "polyglot/html before the pdf": (lambda: b"<html><script>1</script>\n" + pdf(), Refusal.HIDDEN_CONTENT),
    "polyglot/zip behind the pdf": (lambda: pdf() + _package("a.exe"), Refusal.HIDDEN_CONTENT),
    "script/at opening": (lambda: pdf(_script_at_opening), Refusal.SCRIPT),
    "script/by name": (_root(Names=Dictionary(JavaScript=Dictionary(Names=Array()))), Refusal.SCRIPT),
    "script/in a note": (_annotation(Subtype=Name.Link, A=JS), Refusal.SCRIPT),
    "script/in a loose object": (_loose_script, Refusal.SCRIPT),
    "script/with hidden letters": (_script_with_hidden_letters, Refusal.SCRIPT),
    "script/by itself": (_field_that_acts, Refusal.SCRIPT),
    "command/launch": (_root(OpenAction=Dictionary(S=Name.Launch, F=String("cmd.exe"))), Refusal.LAUNCH),
    "command/send the form": (
        _annotation(Subtype=Name.Link, A=Dictionary(S=Name.SubmitForm)),
        Refusal.LAUNCH,
    ),
    "command/import data": (_annotation(Subtype=Name.Link, A=Dictionary(S=Name.ImportData)), Refusal.LAUNCH),
    "inside/attachment": (_with_attachment, Refusal.EMBEDDED_FILE),
    "inside/pinned file": (_annotation(Subtype=Name.FileAttachment), Refusal.EMBEDDED_FILE),
    "inside/rich media": (_annotation(Subtype=Name.RichMedia), Refusal.MEDIA_IN_PDF),
    "inside/movie": (_annotation(Subtype=Name.Movie), Refusal.MEDIA_IN_PDF),
    "inside/dynamic form": (_dynamic_form, Refusal.DYNAMIC_FORM),
    "locked/password": (_encrypted("bimat"), Refusal.ENCRYPTED),
    "locked/owner only": (_encrypted(""), Refusal.LOCKED),
    "bomb/stream": (_bomb(twice=False), Refusal.TOO_COMPLEX),
    "bomb/stream in a stream": (_bomb(twice=True), Refusal.TOO_COMPLEX),
    "bomb/picture in a pdf": (_vast_picture_inside, Refusal.TOO_COMPLEX),
    "bomb/201 pages": (_many_pages, Refusal.TOO_MANY_PAGES),
    "bomb/png of 900 million dots": (lambda: _png(30_000, 30_000), Refusal.TOO_MANY_PIXELS),
    "bomb/png text": (
        lambda: _png(9, 9, *[(b"zTXt", b"a\0\0" + zlib.compress(bytes(3 << 20), 9))] * 60),
        Refusal.BROKEN_PICTURE,
    ),
    "broken/pdf cut": (_cut(pdf, 0.6), Refusal.BROKEN_PDF),
    "broken/pdf of one line": (lambda: b"%PDF-1.7\n", Refusal.BROKEN_PDF),
    "broken/pdf without pages": (lambda: pdf(pages=0), Refusal.BROKEN_PDF),
    "broken/jpeg cut": (_cut(_jpeg, 0.5), Refusal.BROKEN_PICTURE),
    "broken/jpeg of one line": (lambda: b"\xff\xd8\xff\xe0" + bytes(30), Refusal.BROKEN_PICTURE),
    "broken/png cut": (_cut(lambda: picture("PNG"), 0.5), Refusal.BROKEN_PICTURE),
    "broken/heic cut": (_cut(lambda: picture("HEIF"), 0.5), Refusal.BROKEN_PICTURE),
    "broken/webp cut": (_cut(lambda: picture("WEBP"), 0.5), Refusal.BROKEN_PICTURE),
}


def _scan(pages: int) -> bytes:
    jpeg = picture("JPEG", "L", (1240, 1754))

    def change(made: Pdf) -> None:
        for page in made.pages:
            image = Stream(
                made,
                jpeg,
                Type=Name.XObject,
                Subtype=Name.Image,
                Width=1240,
                Height=1754,
                ColorSpace=Name.DeviceGray,
                BitsPerComponent=8,
                Filter=Name.DCTDecode,
            )
            page.Resources = Dictionary(XObject=Dictionary(I=image))
            page.Contents = Stream(made, b"q 595 0 0 842 0 0 cm /I Do Q")

    return pdf(change, pages=pages)


def _form() -> bytes:
    def change(made: Pdf) -> None:
        field = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String("Họ tên"),
            V=String("Lê Thử"),
            Rect=[9, 9, 99, 30],
        )
        field = made.make_indirect(field)
        made.pages[0].Annots = Array([field])
        made.Root.AcroForm = Dictionary(Fields=Array([field]))

    return pdf(change)


def _archival() -> bytes:
    def change(made: Pdf) -> None:
        with made.open_metadata() as metadata:
            metadata["pdfaid:part"] = "2"

    return pdf(change)


def _see_through() -> bytes:
    plain = Image.open(io.BytesIO(picture("PNG"))).convert("P")
    out = io.BytesIO()
    plain.save(out, "PNG", transparency=0, pnginfo=PngImagePlugin.PngInfo())
    return out.getvalue()


_WEB_LINK: Final = Dictionary(S=Name.URI, URI=String("https://thu.example"))

#: What people really bring: must be taken.
HONEST_PDFS: Final[dict[str, Make]] = {
    "plain": pdf,
    "linearized": lambda: pdf(linearize=True, pages=3),
    "objects apart": lambda: pdf(object_stream_mode=pikepdf.ObjectStreamMode.disable),
    "scan of 30 pages": lambda: _scan(30),
    "exactly 200 pages": lambda: pdf(pages=200),
    "with a link": _annotation(Subtype=Name.Link, A=_WEB_LINK),
    "with a filled form": _form,
    "archival": _archival,
    "signed": signed_pdf,
}
HONEST_PHOTOS: Final[dict[str, Make]] = {
    "jpeg": _jpeg,
    "jpeg of a crooked phone": crooked_photo,
    "grey jpeg": lambda: picture("JPEG", "L"),
    "cmyk jpeg of a scanner": lambda: picture("JPEG", "CMYK"),
    "progressive jpeg": lambda: picture("JPEG", progressive=True),
    "large jpeg": lambda: picture("JPEG", size=(6000, 4000)),
    "png": lambda: picture("PNG"),
    "png with alpha": lambda: picture("PNG", "RGBA"),
    "png of a palette": _see_through,
    "png of 16 bits": lambda: picture("PNG", "I;16"),
    "png of one bit": lambda: picture("PNG", "1"),
    "heic": lambda: picture("HEIF"),
    "heic of a crooked phone": lambda: crooked_photo("HEIF"),
    "webp": lambda: picture("WEBP"),
    "jpeg with a zip behind": lambda: _jpeg() + _package("a.exe"),
}
