"""Say of an imported sheet that a person looked at it, or take that back."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.catalogue.events import SheetRecordSeen, SheetRecordUnseen
from tinhso.catalogue.models import SheetRecord
from tinhso.catalogue.permissions import RECORDS, MayRecord
from tinhso.catalogue.services.write_draft import OfficeRefused
from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.toolkit.clock import VN
from tinhso.toolkit.text import tidy
from tinhso.toolkit.words import moment_text

_LONGEST = 500


@transaction.atomic
def see_record(*, by: Actor, at: dt.datetime, number: int, note: str) -> SheetRecord:
    """Take an imported sheet off the list, with a note of what became of it. Raises ``NotThere`` and ``OfficeRefused``."""
    record = RECORDS.one(by, MayRecord.SEE, pk=number)
    if record.seen_at is not None:
        words = _("%(name)s đã xem bảng này trước, lúc %(moment)s.")
        raise OfficeRefused(
            words % {"name": record.seen_name, "moment": moment_text(record.seen_at.astimezone(VN))}
        )
    said = tidy(note)
    if not said:
        raise OfficeRefused(_("Ghi một câu: đã xem gì, xử lý thế nào."))
    if len(said) > _LONGEST:
        raise OfficeRefused(_("Ghi chú dài quá. Rút còn 500 chữ cái."))
    record.seen_at, record.seen_account_id, record.seen_name, record.seen_note = (
        at,
        by.account_id,
        by.name,
        said,
    )
    record.save(update_fields=["seen_at", "seen_account_id", "seen_name", "seen_note"])
    announce(SheetRecordSeen(record.code, record.pk), about=f"sheet-record:{record.pk}", by=by, at=at)
    return record


@transaction.atomic
def unsee_record(*, by: Actor, at: dt.datetime, number: int) -> SheetRecord:
    """Put an imported sheet back on the list; whoever had seen it stays in the journal. Raises ``NotThere``."""
    record = RECORDS.one(by, MayRecord.SEE, pk=number)
    if record.seen_at is None:
        return record
    record.seen_at, record.seen_account_id, record.seen_name, record.seen_note = None, None, "", ""
    record.save(update_fields=["seen_at", "seen_account_id", "seen_name", "seen_note"])
    announce(SheetRecordUnseen(record.code, record.pk), about=f"sheet-record:{record.pk}", by=by, at=at)
    return record
