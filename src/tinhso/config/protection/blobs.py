"""Take contents off the disk in two steps, so that one which is just brought again is not lost.

First a content moves aside, inside the transaction that deletes its row. Whoever brings the same bytes a moment later
finds the place empty and writes them anew. Whoever had looked just before, and commits just after, would be left with a
row and no content: so what was put aside is deleted only when no transaction of that time can still be running, and is
put back where a row names it again.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tinhso.documents.adapters import disk
from tinhso.documents.models import StoredFile
from tinhso.documents.rules import WIDTHS

#: Beside the folder of the documents, on the same disk.
ASIDE: Final = "da-lay-ra"
#: Twice what a transaction may last (``config.roles.LIMITS``), in seconds of the machine's time.
SAFE_AFTER: Final = 60.0


def take_off(pages: Mapping[str, int | None]) -> None:
    """Put contents aside, and delete the pictures drawn of their pages; by sha256, with how many pages each has."""
    for digest, n in pages.items():
        place, aside = disk.place_of(digest), _aside() / digest
        aside.parent.mkdir(mode=0o700, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            place.replace(aside)
            # The moment from which it lies aside; the content's own is older.
            aside.touch()
        for page in range(1, (n or 1) + 1):
            for width in WIDTHS:
                disk._place_of_drawn(digest, page, width).unlink(missing_ok=True)


def settle(older_than: float = SAFE_AFTER) -> tuple[list[str], list[str]]:
    """Delete what lies aside long enough, or put it back where a row names it again; return both, by sha256."""
    gone: list[str] = []
    back: list[str] = []
    folder = _aside()
    if not folder.is_dir():
        return gone, back
    for aside in sorted(folder.iterdir()):
        named = StoredFile.objects.filter(sha256=aside.name).exists()
        place = disk.place_of(aside.name)
        if named and not place.exists():
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            aside.replace(place)
            back.append(aside.name)
        elif time.time() - aside.stat().st_mtime >= older_than:
            aside.unlink()
            gone.append(aside.name)
    return gone, back


def _aside() -> Path:
    root = disk.place_of("0" * 64).parents[1]
    return root.with_name(f"{root.name}-{ASIDE}")
