"""Join several papers into one."""

import datetime as dt
from collections.abc import Sequence

from tinhso.documents.adapters import sandbox
from tinhso.documents.models import StoredFile
from tinhso.documents.rules import MAX_BYTES, MAX_PAGES, PDF, Refusal, size_text
from tinhso.documents.services.read import read
from tinhso.documents.services.store import store
from tinhso.documents.services.take_upload import refusal
from tinhso.toolkit.words import number


class CannotJoin(Exception):
    """Nothing to join, or a file that must stay as it is: a signed one, or one that is no PDF."""


def join(files: Sequence[StoredFile], *, at: dt.datetime) -> StoredFile:
    """Put the pages of PDFs, as a rule photos of one paper, into one PDF in the order given.

    Raises ``CannotJoin`` for a signed PDF, which joining would void; ``UploadRefused`` when the whole exceeds
    20 MB or 200 pages; ``FileMissing`` and ``FileCorrupt``.
    """
    if not files or any(file.media_type != PDF for file in files):
        raise CannotJoin
    if len(files) == 1:
        return files[0]
    if (size := sum(file.size for file in files)) > MAX_BYTES:
        raise refusal(Refusal.TOO_LARGE, size=size_text(size), limit=size_text(MAX_BYTES))
    if (pages := sum(file.pages or 1 for file in files)) > MAX_PAGES:
        raise refusal(Refusal.TOO_MANY_PAGES, pages=number(pages), limit=number(MAX_PAGES))
    contents = [read(file) for file in files]
    try:
        words, whole = sandbox.ask("join", *contents)
    except sandbox.ReadingFailed:
        raise refusal(Refusal.TOO_COMPLEX) from None
    if words.get("is_signed"):
        raise CannotJoin
    return store(whole, media_type=PDF, at=at, pages=words["pages"])
