"""Enter money that was allocated to a line or spent on it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.money import MoneyEntered
from tinhso.plans.models import BudgetEntry, History
from tinhso.plans.permissions.money import LINES, MayMoney
from tinhso.plans.queries.money import balance_of, kind_words
from tinhso.plans.rules.money import ALLOCATED, SPENT
from tinhso.toolkit.text import tidy
from tinhso.toolkit.words import date_text, money
from tinhso.toolkit.working_time import in_vietnam


class CannotEnter(ValueError):
    """The entry cannot be written like this; the sentence says what to mend. ``field``: which box it is about."""

    def __init__(self, sentence: str, field: str = "amount") -> None:
        """Keep the sentence and the box."""
        super().__init__(sentence)
        self.field = field


@transaction.atomic
def enter_money(
    *,
    by: Actor,
    at: dt.datetime,
    line_id: int,
    kind: str,
    amount: int,
    on: dt.date,
    document_number: str,
    note: str = "",
) -> BudgetEntry:
    """Write that an amount in VND was allocated or spent (``kind``) on a day by a document; it is never edited.

    Money is allocated first: more is neither spent than allocated, nor allocated than asked for. The line is locked,
    so that two who enter at once cannot pass it together. Raises ``NotThere``, ``CannotEnter``.
    """
    line = LINES.one(by, MayMoney.ENTER, pk=line_id)
    number, note = tidy(document_number), tidy(note)
    if kind not in (ALLOCATED, SPENT):
        raise CannotEnter(_("Chọn giao kinh phí hoặc chi."), "kind")
    if amount <= 0:
        raise CannotEnter(_("Ghi số tiền bằng đồng, lớn hơn 0. Ghi nhầm thì đảo bút toán cũ."))
    if not number or len(number) > 80:
        raise CannotEnter(_("Ghi số văn bản hoặc chứng từ, tối đa 80 chữ."), "document_number")
    if len(note) > 300:
        raise CannotEnter(_("Ghi chú tối đa 300 chữ. Viết gọn lại."), "note")
    _check_day(on, line.year, in_vietnam(at).date())
    balance = balance_of(line)
    if not balance.after(kind, amount).holds:
        if kind == SPENT:
            said = {"left": money(max(0, balance.left_to_spend)), "amount": money(amount)}
            raise CannotEnter(
                _("Mới được giao, còn chi được %(left)s, không đủ chi %(amount)s. Ghi quyết định giao trước.")
                % said
            )
        raise CannotEnter(
            _("Đề nghị còn %(left)s chưa giao, ít hơn %(amount)s. Sửa số đề nghị của dòng trước.")
            % {"left": money(max(0, balance.left_to_allocate)), "amount": money(amount)}
        )
    entry = BudgetEntry.objects.create(
        line=line,
        kind=kind,
        amount=amount,
        on=on,
        document_number=number,
        note=note,
        by_id=by.account_id,
        at=at,
    )
    History.objects.record(
        line.about,
        kind_words(kind),
        by=by,
        at=at,
        after=_("%(money)s ngày %(day)s, %(number)s")
        % {"money": money(amount), "day": date_text(on), "number": number},
        reason=note,
    )
    announce(MoneyEntered(line.pk, entry.pk, kind, amount, on), about=line.about, by=by, at=at)
    return entry


def _check_day(on: dt.date, year: int, today: dt.date) -> None:
    if on > today:
        raise CannotEnter(_("Ngày %(day)s chưa tới. Ghi ngày trên văn bản.") % {"day": date_text(on)}, "on")
    if abs(on.year - year) > 1:
        raise CannotEnter(
            _("Ngày %(day)s xa năm %(year)d của dòng này. Xem lại năm.")
            % {"day": date_text(on), "year": year},
            "on",
        )
