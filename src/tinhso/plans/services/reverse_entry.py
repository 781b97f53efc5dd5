"""Take a wrong entry of money back by a negative one."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.money import MoneyReversed
from tinhso.plans.models import BudgetEntry, History
from tinhso.plans.permissions.money import ENTRIES, LINES, MayMoney
from tinhso.plans.queries.money import balance_of, kind_words
from tinhso.toolkit.text import tidy
from tinhso.toolkit.words import money
from tinhso.toolkit.working_time import in_vietnam


class CannotReverse(ValueError):
    """The entry cannot be taken back; the sentence says what to do first."""


@transaction.atomic
def reverse_entry(*, by: Actor, at: dt.datetime, entry_id: int, reason: str) -> BudgetEntry:
    """Write the same amount with a minus, today, with the reason; both entries stay.

    An allocation from which money was spent stays until that is reversed. Raises ``NotThere`` (also for an entry
    that was reversed or is a reversal), ``CannotReverse``.
    """
    seen = ENTRIES.look(by, MayMoney.REVERSE, pk=entry_id)
    line = LINES.one(by, MayMoney.ENTER, pk=seen.line_id)
    wrong = ENTRIES.one(by, MayMoney.REVERSE, pk=entry_id)
    reason = tidy(reason)
    if not reason or len(reason) > 300:
        raise CannotReverse(_("Ghi lý do đảo bút toán, tối đa 300 chữ."))
    balance = balance_of(line)
    if not balance.after(wrong.kind, -wrong.amount).holds:
        raise CannotReverse(
            _("Dòng này đã chi %(money)s từ số được giao. Đảo bút toán chi trước.")
            % {"money": money(balance.spent)}
        )
    entry = BudgetEntry.objects.create(
        line=line,
        kind=wrong.kind,
        amount=-wrong.amount,
        on=in_vietnam(at).date(),
        document_number=wrong.document_number,
        note=reason,
        reverses=wrong,
        by_id=by.account_id,
        at=at,
    )
    History.objects.record(
        line.about,
        _("Đảo bút toán: %(what)s") % {"what": kind_words(wrong.kind)},
        by=by,
        at=at,
        before=f"{money(wrong.amount)}, {wrong.document_number}",
        reason=reason,
    )
    announce(MoneyReversed(line.pk, entry.pk, wrong.pk), about=line.about, by=by, at=at)
    return entry
