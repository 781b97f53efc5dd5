"""End a procedure at a day, by a decision (bãi bỏ thủ tục)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.catalogue.events import ProcedureEnded
from tinhso.catalogue.models import ProcedureVersion
from tinhso.catalogue.permissions import PROCEDURES, MayProcedure
from tinhso.catalogue.services.publish_draft import Decision, check_decision
from tinhso.catalogue.services.write_draft import OfficeRefused, last_version
from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.words import date_text


@transaction.atomic
def unpublish(*, by: Actor, at: dt.datetime, code: str, decision: Decision) -> ProcedureVersion:
    """Let the latest version of a procedure end after a day; dossiers filed until then go on under their version.

    Drafts of citizens stay: from the day after, their pages say that it is no longer received. Raises ``NotThere``,
    and ``OfficeRefused`` where it ends already or the day has passed.
    """
    PROCEDURES.one(by, MayProcedure.END, code=code)
    last = last_version(code)
    if last is None:
        raise NotThere
    last = ProcedureVersion.objects.select_for_update().get(pk=last.pk)
    if last.effective_to is not None:
        words = _("Thủ tục này đã hết hiệu lực sau %(day)s. Không đổi được nữa.")
        raise OfficeRefused(words % {"day": date_text(last.effective_to)})
    check_decision(decision, at=at)
    if decision.day < at.date():
        raise OfficeRefused(_("Ngày cuối đã qua. Chọn hôm nay hoặc ngày sau."))
    if decision.day < last.effective_from:
        words = _("Bản đang có chỉ bắt đầu từ %(day)s. Ngày cuối phải từ ngày đó.")
        raise OfficeRefused(words % {"day": date_text(last.effective_from)})
    last.effective_to = decision.day
    last.save(update_fields=["effective_to"])
    announce(
        ProcedureEnded(code, last.number, decision.day, decision.number.strip(), decision.date),
        about=f"procedure:{code}",
        by=by,
        at=at,
    )
    return last
