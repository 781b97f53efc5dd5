"""Keep a content."""

import datetime as dt

from django.db import transaction

from tinhso.documents.adapters import disk
from tinhso.documents.models import StoredFile


class NothingToStore(ValueError):
    """The content is empty: an empty file is never kept as somebody's paper."""


@transaction.atomic
def store(content: bytes, *, media_type: str, at: dt.datetime, pages: int | None = None) -> StoredFile:
    """Keep the content and return its row; the same content gives the same row, whoever brings it.

    The file is safe on the disk before the row is written, so a row without a file is a fault that
    ``check_file`` finds, while a file without a row (rolled back) harms nobody.
    Raises ``NothingToStore``, and ``disk.FileNotKept`` when the disk is full.
    """
    if not content:
        raise NothingToStore
    digest = disk.keep(content)
    row = StoredFile(sha256=digest, size=len(content), media_type=media_type, pages=pages, created_at=at)
    StoredFile.objects.bulk_create([row], ignore_conflicts=True)
    return StoredFile.objects.get(sha256=digest)
