"""Take back a decision about an office before its day."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.events import OfficeReformWithdrawn
from tinhso.directory.models import OfficeReform
from tinhso.directory.permissions import OFFICES, MayOffice
from tinhso.directory.rules import Actor
from tinhso.directory.services.apply_reform import CannotReform
from tinhso.directory.services.decide_reform import reform_words
from tinhso.directory.services.record_change import record_change
from tinhso.toolkit.policy import NotThere


@transaction.atomic
def withdraw_reform(*, by: Actor, at: dt.datetime, reform: int, reason: str) -> OfficeReform:
    """Withdraw what still waits for its day. Raises ``NotThere``, ``CannotReform``."""
    row = OfficeReform.objects.select_for_update().filter(pk=reform).first()
    if row is None:
        raise NotThere
    OFFICES.one(by, MayOffice.ADMINISTER, pk=row.office_id)
    if row.applied_at is not None or row.withdrawn_at is not None:
        raise CannotReform(_("Quyết định này không còn chờ: đã có hiệu lực hoặc đã rút."))
    if not reason.strip():
        raise CannotReform(_("Ghi vì sao rút."))
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    record_change(
        f"office:{row.office_id}",
        _("Rút quyết định chưa đến ngày"),
        lambda line: OfficeReformWithdrawn(row.pk, row.office_id, line),
        by=by,
        at=at,
        before=reform_words(row),
        reason=f"{reason.strip()} ({row.decision})",
    )
    return row
