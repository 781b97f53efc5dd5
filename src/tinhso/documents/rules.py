"""Decide what may be uploaded and how it is named: values in, values out."""

import re
import unicodedata
from enum import StrEnum
from typing import Final

from tinhso.toolkit.text import tidy

MAX_BYTES: Final = 20 * 1024 * 1024
MAX_PAGES: Final = 200
MAX_PIXELS: Final = 60_000_000
#: A photo's longest side after it was made a page: A4 at about 210 dots an inch.
PAGE_SIDE: Final = 2480
PAGE_QUALITY: Final = 82
#: Below this longest side, in pixels, a photo of a paper can hardly be read.
SMALL_SIDE: Final = 700
MAX_NAME: Final = 150
#: The widths, in pixels, in which a page is drawn; others are rounded up to one of these.
WIDTHS: Final = (160, 320, 640, 960, 1280, 1600, 2000)

PDF: Final = "application/pdf"
PICTURES: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"})


class Refusal(StrEnum):
    """Why an upload is refused; each has its own sentence that says how to mend it."""

    ARCHIVE = "archive"
    BROKEN_PDF = "broken_pdf"
    BROKEN_PICTURE = "broken_picture"
    DYNAMIC_FORM = "dynamic_form"
    EMBEDDED_FILE = "embedded_file"
    EMPTY = "empty"
    ENCRYPTED = "encrypted"
    HIDDEN_CONTENT = "hidden_content"
    LAUNCH = "launch"
    LOCKED = "locked"
    MEDIA_IN_PDF = "media_in_pdf"
    OTHER_PICTURE = "other_picture"
    PROGRAM = "program"
    RECORDING = "recording"
    SCRIPT = "script"
    SHEET = "sheet"
    TEXT = "text"
    TOO_COMPLEX = "too_complex"
    TOO_LARGE = "too_large"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_PIXELS = "too_many_pixels"
    UNKNOWN_KIND = "unknown_kind"
    WEB_PAGE = "web_page"
    WORD = "word"


#: By the beginning of the media type that the content shows, the first that fits.
_REFUSED_KINDS: Final = (
    ("application/msword", Refusal.WORD),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml", Refusal.WORD),
    ("application/vnd.oasis.opendocument.text", Refusal.WORD),
    ("application/x-ole-storage", Refusal.WORD),
    ("application/cdfv2", Refusal.WORD),
    ("text/rtf", Refusal.WORD),
    ("application/vnd.openxmlformats-officedocument", Refusal.SHEET),
    ("application/vnd.ms-", Refusal.SHEET),
    ("application/vnd.oasis.opendocument", Refusal.SHEET),
    ("text/csv", Refusal.SHEET),
    ("application/zip", Refusal.ARCHIVE),
    ("application/x-rar", Refusal.ARCHIVE),
    ("application/vnd.rar", Refusal.ARCHIVE),
    ("application/x-7z", Refusal.ARCHIVE),
    ("application/gzip", Refusal.ARCHIVE),
    ("application/x-tar", Refusal.ARCHIVE),
    ("application/x-bzip2", Refusal.ARCHIVE),
    ("application/x-xz", Refusal.ARCHIVE),
    ("application/zstd", Refusal.ARCHIVE),
    ("application/vnd.microsoft.portable-executable", Refusal.PROGRAM),
    ("application/x-dosexec", Refusal.PROGRAM),
    ("application/x-executable", Refusal.PROGRAM),
    ("application/x-pie-executable", Refusal.PROGRAM),
    ("application/x-sharedlib", Refusal.PROGRAM),
    ("application/x-mach-binary", Refusal.PROGRAM),
    ("application/java-archive", Refusal.PROGRAM),
    ("application/vnd.android.package-archive", Refusal.PROGRAM),
    ("application/x-ms-shortcut", Refusal.PROGRAM),
    ("text/x-shellscript", Refusal.PROGRAM),
    ("text/x-msdos-batch", Refusal.PROGRAM),
    ("text/x-script", Refusal.PROGRAM),
    ("text/html", Refusal.WEB_PAGE),
    ("application/xhtml", Refusal.WEB_PAGE),
    ("image/svg", Refusal.WEB_PAGE),
    ("text/xml", Refusal.WEB_PAGE),
    ("application/xml", Refusal.WEB_PAGE),
    ("application/javascript", Refusal.WEB_PAGE),
    ("text/javascript", Refusal.WEB_PAGE),
    ("application/postscript", Refusal.WEB_PAGE),
    ("image/x-mvg", Refusal.WEB_PAGE),
    ("image/x-eps", Refusal.WEB_PAGE),
    ("image/", Refusal.OTHER_PICTURE),
    ("video/", Refusal.RECORDING),
    ("audio/", Refusal.RECORDING),
    ("text/", Refusal.TEXT),
    ("application/json", Refusal.TEXT),
)

#: Endings that say what a file is (or pretends to be); they are taken off before the true one is put on.
_ENDINGS: Final = frozenset(
    (
        *(
            "pdf",
            "jpg",
            "jpeg",
            "jpe",
            "jfif",
            "png",
            "heic",
            "heif",
            "webp",
            "gif",
            "bmp",
            "tif",
            "tiff",
            "avif",
        ),
        *(
            "svg",
            "svgz",
            "doc",
            "docx",
            "docm",
            "rtf",
            "odt",
            "xls",
            "xlsx",
            "xlsm",
            "ods",
            "ppt",
            "pptx",
            "pptm",
        ),
        *(
            "zip",
            "rar",
            "7z",
            "gz",
            "tar",
            "iso",
            "img",
            "html",
            "htm",
            "xhtml",
            "xml",
            "txt",
            "php",
            "js",
            "jse",
        ),
        *(
            "exe",
            "com",
            "scr",
            "bat",
            "cmd",
            "ps1",
            "msi",
            "vbs",
            "vbe",
            "wsf",
            "hta",
            "lnk",
            "jar",
            "apk",
            "dll",
        ),
    )
)
_RESERVED: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)")
_FORBIDDEN: Final = re.compile(r'[<>:"|?*]')
_DROPPED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
NAMELESS: Final = "Giấy tờ"


def refused_kind(media_type: str) -> Refusal:
    """Return why content of this media type, which is neither a PDF nor one of ``PICTURES``, is refused."""
    low = media_type.lower()
    return next((why for start, why in _REFUSED_KINDS if low.startswith(start)), Refusal.UNKNOWN_KIND)


def clean_name(name: str, ending: str) -> str:
    """Return a name that shows what the file is: NFC, no hidden letters, at most 150 characters.

    Folders, letters that turn the writing direction, and every ending that pretends (``.pdf.exe``) go;
    ``ending`` (``".pdf"``) comes after what is left. ``Mẫu 01.2022`` keeps its ``2022``.
    """
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(c for c in last if unicodedata.category(c) not in _DROPPED)
    stem = tidy(_FORBIDDEN.sub(" ", seen)).strip(". ")
    while "." in stem and stem.rpartition(".")[2].strip().lower() in _ENDINGS:
        stem = stem.rpartition(".")[0].strip(". ")
    if not stem or stem.lower() in _ENDINGS:
        stem = NAMELESS
    if _RESERVED.fullmatch(stem):
        stem = f"{NAMELESS} {stem}"
    return stem[: MAX_NAME - len(ending)].rstrip(". ") + ending


def hides_something(name: str) -> bool:
    """Say whether the name carries letters that nobody sees, such as one that turns ``fdp.exe`` around."""
    return any(unicodedata.category(c) in _DROPPED for c in name)


def size_text(size: int) -> str:
    """Return 26 MB, 20,1 MB or 340 KB: rounded up, so that what is over the limit never looks equal to it."""
    if size < 1024 * 1024:
        return f"{-(-size // 1024)} KB"
    tenths = -(-size * 10 // (1024 * 1024))
    whole, rest = divmod(tenths, 10)
    return (f"{whole},{rest}" if rest else f"{whole}") + " MB"


def drawn_width(width: int) -> int:
    """Return the least of ``WIDTHS`` that is not below ``width``, or the greatest."""
    return next((one for one in WIDTHS if one >= width), WIDTHS[-1])
