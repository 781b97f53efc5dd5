"""The documents' door: keep, give back, take uploads, draw."""

from tinhso.documents.adapters.disk import FileNotKept
from tinhso.documents.adapters.sandbox import SandboxNotStarted
from tinhso.documents.models import StoredFile
from tinhso.documents.rules import MAX_BYTES, MAX_PAGES, MAX_PIXELS, PDF, Refusal, clean_name, size_text
from tinhso.documents.services.draw_pdf import OutsideFile, draw_pdf
from tinhso.documents.services.draw_qr import qr_png_data_uri, qr_svg
from tinhso.documents.services.join import CannotJoin, join
from tinhso.documents.services.page_image import PageNotDrawn, page_png
from tinhso.documents.services.read import Condition, FileCorrupt, FileMissing, check_file, path_of, read
from tinhso.documents.services.store import NothingToStore, store
from tinhso.documents.services.take_upload import (
    Upload,
    UploadRefused,
    contents_of,
    take_upload,
    take_uploads,
)

__all__ = (
    "MAX_BYTES",
    "MAX_PAGES",
    "MAX_PIXELS",
    "PDF",
    "CannotJoin",
    "Condition",
    "FileCorrupt",
    "FileMissing",
    "FileNotKept",
    "NothingToStore",
    "OutsideFile",
    "PageNotDrawn",
    "Refusal",
    "SandboxNotStarted",
    "StoredFile",
    "Upload",
    "UploadRefused",
    "check_file",
    "clean_name",
    "contents_of",
    "draw_pdf",
    "join",
    "page_png",
    "path_of",
    "qr_png_data_uri",
    "qr_svg",
    "read",
    "size_text",
    "store",
    "take_upload",
    "take_uploads",
)
