"""Take a file that somebody uploads, or say how to mend it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from tinhso.documents.adapters import sandbox
from tinhso.documents.models import StoredFile
from tinhso.documents.rules import (
    MAX_BYTES,
    MAX_PAGES,
    MAX_PIXELS,
    PDF,
    SMALL_SIDE,
    Refusal,
    clean_name,
    hides_something,
    size_text,
)
from tinhso.documents.services.store import Content, store_all
from tinhso.toolkit.words import number

_SENTENCES: Final[Mapping[Refusal, Promise]] = {
    Refusal.ARCHIVE: later("Đây là tệp nén. Giải nén rồi tải từng tệp PDF hoặc ảnh lên."),
    Refusal.BROKEN_PDF: later("Tệp PDF bị hỏng hoặc tải chưa hết. Lấy lại tệp gốc rồi tải lên."),
    Refusal.BROKEN_PICTURE: later("Ảnh bị hỏng hoặc tải chưa hết. Chụp lại hoặc chọn ảnh khác."),
    Refusal.DYNAMIC_FORM: later("Đây là biểu mẫu PDF tự đổi nội dung. In ra PDF mới rồi tải lên."),
    Refusal.EMBEDDED_FILE: later("Tệp PDF có tệp khác đính bên trong. Gỡ ra rồi tải từng tệp lên."),
    Refusal.EMPTY: later("Tệp trống, chưa có nội dung. Mở thử tệp trên máy rồi chọn lại."),
    Refusal.ENCRYPTED: later("Tệp PDF có mật khẩu nên không mở được. Bỏ mật khẩu rồi tải lại."),
    Refusal.HIDDEN_CONTENT: later("Tệp PDF giấu thêm nội dung khác. In ra PDF mới rồi tải lên."),
    Refusal.LAUNCH: later("Tệp PDF có lệnh gọi chương trình khác. In ra PDF mới rồi tải lên."),
    Refusal.LOCKED: later("Tệp PDF bị khóa sao chép hoặc chỉnh sửa. Bỏ khóa rồi tải lại, hoặc chụp ảnh."),
    Refusal.MEDIA_IN_PDF: later("Tệp PDF có phim hoặc âm thanh. In ra PDF mới rồi tải lên."),
    Refusal.OTHER_PICTURE: later("Chưa nhận được ảnh loại %(kind)s. Lưu lại thành JPEG, PNG hoặc PDF."),
    Refusal.PROGRAM: later("Đây là chương trình máy tính, không phải giấy tờ. Chọn tệp PDF hoặc ảnh."),
    Refusal.RECORDING: later("Đây là phim hoặc âm thanh. Chụp ảnh giấy tờ rồi tải ảnh lên."),
    Refusal.SCRIPT: later("Tệp PDF có mã tự chạy. In ra PDF mới rồi tải lên."),
    Refusal.SHEET: later("Đây là bảng tính hoặc bài trình chiếu. Lưu thành PDF rồi tải lên."),
    Refusal.TEXT: later("Đây là tệp chỉ có chữ. Lưu thành PDF rồi tải lên."),
    Refusal.TOO_COMPLEX: later("Tệp quá phức tạp, đọc mãi không xong. In ra PDF mới hoặc chụp ảnh."),
    Refusal.TOO_LARGE: later("Tệp nặng %(size)s, tối đa %(limit)s. Tách thành vài tệp nhỏ rồi tải lên."),
    Refusal.TOO_MANY_PAGES: later(
        "Tệp có %(pages)s trang, tối đa %(limit)s. Tách thành vài tệp rồi tải lên."
    ),
    Refusal.TOO_MANY_PIXELS: later(
        "Ảnh có %(pixels)s triệu điểm ảnh, tối đa %(limit)s triệu. Chụp lại ở cỡ nhỏ hơn."
    ),
    Refusal.UNKNOWN_KIND: later(
        "Chưa nhận ra đây là loại tệp gì. Chọn tệp PDF hoặc ảnh JPEG, PNG, HEIC, WebP."
    ),
    Refusal.WEB_PAGE: later("Đây là trang web hoặc hình vẽ bằng mã. In ra PDF rồi tải lên."),
    Refusal.WORD: later("Đây là tệp Word. Mở tệp, lưu thành PDF, rồi tải bản PDF lên."),
}
_PHOTO_TOO_LARGE: Final = later("Ảnh nặng %(size)s, tối đa %(limit)s. Chụp lại ở cỡ nhỏ hơn.")
_PICTURE_STARTS: Final = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF")


class UploadRefused(Exception):
    """The file is not taken; ``sentence`` tells the person in Vietnamese how to mend it."""

    def __init__(self, code: Refusal, sentence: str) -> None:
        """Keep the reason and the sentence."""
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Upload:
    """What was taken: the file, the name to show, what the person should know, and whether it was a photo.

    ``notice`` is empty when there is nothing to tell. ``name`` always ends in ``.pdf``.
    """

    file: StoredFile
    name: str
    notice: str
    was_photo: bool


def take_upload(content: bytes, *, name: str, at: dt.datetime) -> Upload:
    """Keep an uploaded paper: a PDF exactly as it came, a photo as a one-page PDF without its metadata.

    What a file is, its content says, never its name. At most 20 MB, 200 pages, 60 million pixels.
    Raises ``UploadRefused``; and, where the fault is ours, ``FileNotKept`` (the disk is full) and
    ``SandboxNotStarted``: then the person should try again later.
    """
    (taken,) = take_uploads([(content, name)], at=at)
    if isinstance(taken, UploadRefused):
        raise taken
    return taken


def take_uploads(files: Sequence[tuple[bytes, str]], *, at: dt.datetime) -> list[Upload | UploadRefused]:
    """Keep several papers of one person, each a content and its name; what is refused stands as its refusal.

    They are read by one confined reader. Raises ``FileNotKept`` and ``SandboxNotStarted`` as ``take_upload`` does.
    """
    found: list[UploadRefused | tuple[dict[str, Any], bytes] | None] = [
        _at_once(content) for content, _name in files
    ]
    open_ones = [n for n, one in enumerate(found) if one is None]
    for n, read in zip(open_ones, _read([files[n][0] for n in open_ones]), strict=True):
        found[n] = read
    kept = iter(
        store_all(
            [
                Content(one[1] or content, PDF, one[0]["pages"])
                for one, (content, _name) in zip(found, files, strict=True)
                if isinstance(one, tuple)
            ],
            at=at,
        )
    )
    taken: list[Upload | UploadRefused] = []
    for one, (_content, name) in zip(found, files, strict=True):
        if isinstance(one, tuple):
            words = one[0]
            taken.append(
                Upload(next(kept), clean_name(name, ".pdf"), _notice(words, name), words["was_photo"])
            )
        elif one is not None:
            taken.append(one)
    return taken


def _at_once(content: bytes) -> UploadRefused | None:
    """Return the refusal of what need not be read at all."""
    if not content:
        return refusal(Refusal.EMPTY)
    return _too_large(content) if len(content) > MAX_BYTES else None


def _read(contents: Sequence[bytes]) -> list[UploadRefused | tuple[dict[str, Any], bytes]]:
    """Have contents read: the words about each and the page made of it, or its refusal."""
    if not contents:
        return []
    try:
        words, pages = sandbox.ask("inspect_each", *contents)
    except sandbox.ReadingFailed:
        if len(contents) == 1:
            return [refusal(Refusal.TOO_COMPLEX)]
        return [read for content in contents for read in _read([content])]
    found: list[UploadRefused | tuple[dict[str, Any], bytes]] = []
    start = 0
    for said, size in zip(words["each"], words["sizes"], strict=True):
        page = pages[start : start + size]
        start += size
        found.append(
            refusal(Refusal(said["refused"]), **_figures(said)) if "refused" in said else (said, page)
        )
    return found


class Posted(Protocol):
    """A file as it was posted: its size is known before it is read."""

    @property
    def size(self) -> int | None:
        """Return how many bytes came."""

    def read(self) -> Any:
        """Return the content."""


def contents_of(file: Posted) -> bytes:
    """Return the content of a posted file; one that is too large is not read. Raises ``UploadRefused``."""
    size = file.size or 0
    if size > MAX_BYTES:
        raise refusal(Refusal.TOO_LARGE, size=size_text(size), limit=size_text(MAX_BYTES))
    content: bytes = file.read()
    return content


def refusal(code: Refusal, **figures: str) -> UploadRefused:
    """Return the refusal with its sentence, the figures put in."""
    return UploadRefused(code, str(_SENTENCES[code]) % figures)


def _too_large(content: bytes) -> UploadRefused:
    figures = {"size": size_text(len(content)), "limit": size_text(MAX_BYTES)}
    if content.startswith(_PICTURE_STARTS) or content[4:8] == b"ftyp":
        return UploadRefused(Refusal.TOO_LARGE, str(_PHOTO_TOO_LARGE) % figures)
    return refusal(Refusal.TOO_LARGE, **figures)


def _figures(words: Mapping[str, Any]) -> dict[str, str]:
    match words["refused"]:
        case Refusal.TOO_MANY_PAGES:
            return {"pages": number(words["pages"]), "limit": number(MAX_PAGES)}
        case Refusal.TOO_MANY_PIXELS:
            millions = -(-words["pixels"] // 1_000_000)
            return {"pixels": number(millions), "limit": number(MAX_PIXELS // 1_000_000)}
        case Refusal.OTHER_PICTURE:
            return {"kind": words["kind"]}
    return {}


def _notice(words: Mapping[str, Any], name: str) -> str:
    told = []
    if words["was_photo"]:
        told.append(_("Ảnh đã thành tệp PDF một trang. Nơi chụp và giờ chụp không đi kèm."))
        if words["side"] < SMALL_SIDE:
            told.append(_("Ảnh nhỏ, chữ có thể khó đọc. Nên chụp lại gần hơn."))
    if words["is_signed"]:
        told.append(_("Tệp có chữ ký số và được giữ nguyên vẹn."))
    if hides_something(name):
        told.append(_("Tên tệp có ký tự ẩn, đã bỏ đi."))
    return " ".join(told)
