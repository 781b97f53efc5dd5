"""Keep a content."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass

from tinhso.documents.adapters import disk
from tinhso.documents.models import StoredFile
from tinhso.toolkit.prepared import first_row


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


_KEEP = """
with fresh as (
  insert into documents_storedfile (sha256, size, media_type, pages, created_at)
  select distinct on (1) * from unnest(%s::text[], %s::bigint[], %s::text[], %s::int[], %s::timestamptz[]) order by 1
  on conflict do nothing returning sha256, id
)
select coalesce(json_object_agg(sha256, id), '{}') from fresh
"""


def store_all(contents: Sequence[Content], *, at: dt.datetime) -> list[StoredFile]:
    """Keep contents and return their rows; the same content gives the same row, whoever brings it.

    A file is safe on the disk before its row is written, so a row without a file is a fault that ``check_file``
    finds, while a file without a row (rolled back) harms nobody. The rows go by one statement.
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
    columns = ("sha256", "size", "media_type", "pages", "created_at")
    answer = first_row(_KEEP, [[getattr(row, column) for row in rows] for column in columns])
    assert answer is not None
    fresh = answer[0] if isinstance(answer[0], dict) else json.loads(answer[0])
    there_before = StoredFile.objects.filter(sha256__in={row.sha256 for row in rows} - fresh.keys())
    kept = {row.sha256: row for row in there_before}
    for row in rows:
        if row.sha256 in fresh:
            row.pk, row._state.adding = fresh[row.sha256], False
            kept.setdefault(row.sha256, row)
    return [kept[row.sha256] for row in rows]
