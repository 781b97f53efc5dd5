"""Keep data from being deleted while somebody needs it, and let it go again; each by a decision."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.events import LegalHoldLifted, LegalHoldSet
from tinhso.directory.models import LegalHold
from tinhso.directory.permissions import HOLDS, MayHold, protects_data
from tinhso.directory.rules import Actor
from tinhso.directory.services.record_change import record_change
from tinhso.toolkit.policy import NotThere

_ABOUT: Final = re.compile(r"(dossier|person|account|office):[1-9]\d*")


class CannotHold(Exception):
    """The hold has no decision, no reason, or stands already; the sentence says which."""


@transaction.atomic
def hold_data(*, by: Actor, at: dt.datetime, about: str, decision: str, reason: str) -> LegalHold:
    """Hold everything about ``dossier:<id>``, ``person:<id>``, ``account:<id>`` or ``office:<id>``.

    Raises ``NotThere`` for whoever may not, ``CannotHold``.
    """
    if not protects_data(by):
        raise NotThere
    decision, reason = decision.strip(), reason.strip()
    if not _ABOUT.fullmatch(about):
        raise CannotHold(_("Chưa rõ tạm giữ dữ liệu nào. Chọn hồ sơ, người hoặc cơ quan."))
    if not decision or not reason:
        raise CannotHold(_("Ghi số quyết định và lý do tạm giữ."))
    if LegalHold.objects.filter(about=about, decision=decision, lifted_at=None).exists():
        raise CannotHold(_("Quyết định này đang tạm giữ đúng dữ liệu đó rồi."))
    hold = LegalHold.objects.create(
        about=about, decision=decision, reason=reason, set_by_id=by.account_id, set_at=at
    )
    record_change(
        f"hold:{hold.pk}",
        _("Tạm giữ dữ liệu"),
        lambda line: LegalHoldSet(hold.pk, decision, line),
        by=by,
        at=at,
        after=about,
        reason=f"{reason} ({decision})",
    )
    return hold


@transaction.atomic
def lift_hold(*, by: Actor, at: dt.datetime, hold: int, decision: str) -> LegalHold:
    """Let the data go its way again. Raises ``NotThere``, ``CannotHold``."""
    row = HOLDS.one(by, MayHold.LIFT, pk=hold)
    decision = decision.strip()
    if row.lifted_at is not None:
        raise CannotHold(_("Dữ liệu này đã thôi tạm giữ."))
    if not decision:
        raise CannotHold(_("Ghi số quyết định thôi tạm giữ."))
    row.lifted_by_id, row.lifted_at, row.lift_decision = by.account_id, at, decision
    row.save(update_fields=["lifted_by", "lifted_at", "lift_decision"])
    record_change(
        f"hold:{row.pk}",
        _("Thôi tạm giữ dữ liệu"),
        lambda line: LegalHoldLifted(row.pk, decision, line),
        by=by,
        at=at,
        before=row.about,
        reason=decision,
    )
    return row
