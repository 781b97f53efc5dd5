"""Review a sheet by a second person: return it with a note, or approve it."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.catalogue.events import SheetDraftApproved, SheetDraftReturned
from tinhso.catalogue.models import SheetDraft
from tinhso.catalogue.permissions import SHEETS, MaySheet
from tinhso.catalogue.queries.process import lacks
from tinhso.catalogue.services.write_draft import OfficeRefused
from tinhso.directory.api import Actor
from tinhso.journal.api import announce, history

LONGEST_NOTE: Final = 1_000
SHORTEST_NOTE: Final = 10
_PAGE: Final = 200


def writers(draft: SheetDraft) -> set[str]:
    """Return who opened the sheet or ever saved a part of it, by the journal's codes."""
    found: set[str] = {f"account:{draft.author_account_id}"}
    before: int | None = None
    while rows := history(f"procedure:{draft.code}", limit=_PAGE, before=before):
        found |= {
            row.by
            for row in rows
            if row.event in ("catalogue.SheetDraftOpened", "catalogue.SheetDraftSaved")
            and row.data.get("draft") == draft.pk
        }
        before = rows[-1].id
    return found


def _reviewed(by: Actor, at: dt.datetime, draft: int) -> SheetDraft:
    kept = SHEETS.one(by, MaySheet.REVIEW, pk=draft)
    if by.ref in writers(kept):
        raise OfficeRefused(_("Người đã viết vào bản này không được duyệt. Cần người thứ hai."))
    kept.reviewer_account_id, kept.reviewer_name, kept.reviewed_at = by.account_id, by.name, at
    return kept


@transaction.atomic
def return_draft(*, by: Actor, at: dt.datetime, draft: int, note: str) -> SheetDraft:
    """Send a sheet back to its author with a note of what to change.

    Raises ``NotThere``, and ``OfficeRefused`` for a note that says too little or for a writer of the sheet.
    """
    kept = _reviewed(by, at, draft)
    if len(note.strip()) < SHORTEST_NOTE:
        raise OfficeRefused(_("Ghi rõ cần sửa gì, từ 10 chữ cái trở lên."))
    if len(note) > LONGEST_NOTE:
        raise OfficeRefused(_("Ghi chú dài quá 1.000 chữ cái. Hãy viết gọn lại."))
    kept.state, kept.review_note = "writing", note.strip()
    kept.save()
    announce(
        SheetDraftReturned(kept.code, kept.pk, kept.revision), about=f"procedure:{kept.code}", by=by, at=at
    )
    return kept


@transaction.atomic
def approve_draft(*, by: Actor, at: dt.datetime, draft: int, revision: int) -> SheetDraft:
    """Approve a sheet as it was read, to be published by a decision.

    Raises ``NotThere``, and ``OfficeRefused`` where it was changed since, lacks something, or the reviewer wrote it.
    """
    kept = _reviewed(by, at, draft)
    if kept.revision != revision:
        raise OfficeRefused(_("Bản soạn vừa đổi. Đọc lại rồi mới duyệt được."))
    missing = lacks(kept.sheet)
    if missing:
        raise OfficeRefused(missing[0].sentence)
    kept.state, kept.review_note = "approved", ""
    kept.save()
    announce(
        SheetDraftApproved(kept.code, kept.pk, kept.revision), about=f"procedure:{kept.code}", by=by, at=at
    )
    return kept
