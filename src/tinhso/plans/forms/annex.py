"""What comes from the pages of annexes: a file, rows that were shown and sealed, drafts to compare."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from tinhso.plans.adapters.sheets import MAX_BYTES, SheetRefused, read_rows
from tinhso.plans.rules.annex import digest
from tinhso.plans.rules.plans import Row, row_of
from tinhso.plans.rules.sheet_cells import Cell

_SALT: Final = "tinhso.plans.annex"
#: A page holds the rows so long; then the file is chosen again.
_LASTS: Final = dt.timedelta(hours=8)
#: What the server takes in one form, with room for the rest of it.
_MOST_SEALED: Final = 4_500_000


class SealBroken(ValueError):
    """The rows that came back are not those that were shown; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """Rows that were shown for a plan, and the digest of the annex that they were compared with."""

    rows: tuple[Row, ...]
    seen: str


def cells_of(file: object) -> list[list[Cell]]:
    """Return the cells of a posted file. Raises ``SheetRefused``."""
    if not isinstance(file, UploadedFile):
        raise SheetRefused(_("Chọn tệp Excel của phụ lục."))
    if (file.size or 0) > MAX_BYTES:
        raise SheetRefused(
            _("Tệp nặng quá 5 MB. Bỏ hình ảnh và các trang tính không dùng, lưu lại rồi chọn lại.")
        )
    return read_rows(file.read(), file.name or "")


def sealed(plan: int, person: int | None, before: Sequence[Row], rows: Sequence[Row]) -> str:
    """Return the rows for the page, signed for this plan and person. Raises ``SheetRefused`` where they are too long."""
    text = signing.dumps(
        {
            "plan": plan,
            "person": person,
            "seen": digest(before),
            "rows": [row.as_json() for row in rows],
        },
        salt=_SALT,
        compress=True,
    )
    if len(text) > _MOST_SEALED:
        raise SheetRefused(_("Bảng nhiều chữ quá, không giữ được trên trang. Chia thành nhiều tệp."))
    return text


def unsealed(text: str, plan: int, person: int | None) -> Sealed:
    """Return the rows that were shown to this person for this plan. Raises ``SealBroken``."""
    try:
        kept: Mapping[str, Any] = signing.loads(text, salt=_SALT, max_age=_LASTS)
        if (kept["plan"], kept["person"]) == (plan, person):
            return Sealed(tuple(row_of(one) for one in kept["rows"]), kept["seen"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        pass
    raise SealBroken(_("Bảng xem trước đã cũ. Chọn lại tệp Excel rồi xem lại."))


def draft_asked(text: str) -> int | None:
    """Return the number of a draft that was asked for, None for none or for what is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else None


def page_asked(text: str) -> int:
    """Return the page of a list that was asked for, 1 for what is no number."""
    return max(1, draft_asked(text) or 1)
