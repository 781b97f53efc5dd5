"""Keep a content."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from tinhso.documents.adapters import disk
from tinhso.documents.models import StoredFile


class NothingToStore(ValueError):
    """The content is empty: an empty file is never kept as somebody's paper."""


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes to be kept, their media type, and how many pages they have where they have pages."""

    content: bytes
    media_type: str
    pages: int | None = None


def store(content: bytes, *, media_type: str, at: dt.datetime, pages: int | None = None) -> StoredFile:
    """Keep one content, as ``store_all`` does."""
    return store_all([Content(content, media_type, pages)], at=at)[0]


@transaction.atomic
def store_all(contents: Sequence[Content], *, at: dt.datetime) -> list[StoredFile]:
    """Keep contents and return their rows; the same content gives the same row, whoever brings it.

    A file is safe on the disk before its row is written, so a row without a file is a fault that
    ``check_file`` finds, while a file without a row (rolled back) harms nobody.
    Raises ``NothingToStore``, and ``disk.FileNotKept`` when the disk is full.
    """
    if not all(one.content for one in contents):
        raise NothingToStore
    rows = [
        StoredFile(
            sha256=disk.keep(one.content),
            size=len(one.content),
            media_type=one.media_type,
            pages=one.pages,
            created_at=at,
        )
        for one in contents
    ]
    StoredFile.objects.bulk_create(sorted(rows, key=lambda row: row.sha256), ignore_conflicts=True)
    kept = {row.sha256: row for row in StoredFile.objects.filter(sha256__in=[row.sha256 for row in rows])}
    return [kept[row.sha256] for row in rows]
