"""Draw a page of a kept PDF."""

from tinhso.documents.adapters import disk, sandbox
from tinhso.documents.models import StoredFile
from tinhso.documents.rules import PDF, drawn_width
from tinhso.documents.services.read import read


class PageNotDrawn(Exception):
    """The PDF has no such page, is no PDF, or is too much for the drawer."""


def page_png(file: StoredFile, page: int, width: int) -> bytes:
    """Return a page (counted from 1) as a PNG about ``width`` pixels wide: the next greater of ``WIDTHS``.

    Drawn once and kept for a while. Raises ``PageNotDrawn``, ``FileMissing``, ``FileCorrupt``.
    """
    if file.media_type != PDF or page < 1 or (file.pages is not None and page > file.pages):
        raise PageNotDrawn
    width = drawn_width(width)
    known = disk.drawn(file.sha256, page, width)
    if known is not None:
        return known
    try:
        words, picture = sandbox.ask("draw_page", read(file), page=page, width=width)
    except sandbox.ReadingFailed:
        raise PageNotDrawn from None
    if "no_page" in words:
        raise PageNotDrawn
    disk.keep_drawn(file.sha256, page, width, picture)
    return picture
