"""Do what was decided for a day that has come: reforms of offices, hand-overs. Each in a transaction of its own."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from tinhso.directory.models import Change, HandOver, OfficeReform
from tinhso.directory.rules import SYSTEM
from tinhso.directory.services.apply_reform import CannotReform, apply_reform
from tinhso.directory.services.complete_hand_over import complete_hand_over

#: What the history says once of a decision that could not take effect.
STOPPED = _("Chưa có hiệu lực được")


def do_due(*, at: dt.datetime) -> int:
    """Apply what is due; return how much was. What cannot be applied waits, and the history says why, once."""
    done = 0
    waiting = OfficeReform.objects.filter(applied_at=None, withdrawn_at=None, effective_date__lte=at.date())
    for reform in waiting.order_by("effective_date", "id"):
        try:
            apply_reform(reform, by=reform.author, at=at)
        except CannotReform as stopped:
            _say_once(reform, str(stopped), at)
        else:
            done += 1
    for made in HandOver.objects.filter(done_at=None, effective_date__lte=at.date()).order_by("id"):
        complete_hand_over(made, by=made.author, at=at)
        done += 1
    return done


def _say_once(reform: OfficeReform, why: str, at: dt.datetime) -> None:
    about = f"office:{reform.office_id}"
    if not Change.objects.filter(about=about, what=STOPPED, reason=why).exists():
        Change.objects.record(about, STOPPED, by=SYSTEM, at=at, reason=why)
