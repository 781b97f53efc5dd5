"""Set a line of money right: what is asked for, its name, source, capital, mark of security."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.money import BudgetLineChanged
from tinhso.plans.models import BudgetLine, History
from tinhso.plans.permissions.money import LINES, MayMoney
from tinhso.plans.queries.documents import labels
from tinhso.plans.queries.money import balance_of, capital_words
from tinhso.plans.services.add_budget_line import CannotAddLine, check_line
from tinhso.toolkit.text import tidy
from tinhso.toolkit.words import money


class CannotChangeLine(ValueError):
    """The line cannot be changed like this; the sentence says what to mend."""


@dataclass(frozen=True, slots=True)
class LineTerms:
    """What a line says of itself; ``planned`` in VND."""

    name: str
    source: str
    capital: str
    planned: int
    is_security: bool


@transaction.atomic
def change_budget_line(
    *, by: Actor, at: dt.datetime, line_id: int, terms: LineTerms, reason: str
) -> BudgetLine:
    """Change a line, with the reason; what was allocated must still fit under what is asked for.

    Raises ``NotThere``, ``CannotChangeLine``.
    """
    line = LINES.one(by, MayMoney.CHANGE, pk=line_id)
    reason, name = tidy(reason), tidy(terms.name)
    try:
        check_line(
            name=name, year=line.year, source=terms.source, capital=terms.capital, planned=terms.planned
        )
    except CannotAddLine as refused:
        raise CannotChangeLine(str(refused)) from None
    if not reason or len(reason) > 1000:
        raise CannotChangeLine(_("Ghi lý do sửa, tối đa 1000 chữ."))
    allocated = balance_of(line).allocated
    if terms.planned < allocated:
        raise CannotChangeLine(
            _("Dòng này đã giao %(money)s, không đề nghị ít hơn được. Đảo bút toán giao trước.")
            % {"money": money(allocated)}
        )
    before, after = (
        _words(LineTerms(line.name, line.source, line.capital, line.planned, line.is_security)),
        (_words(LineTerms(name, terms.source, terms.capital, terms.planned, terms.is_security))),
    )
    changed = [what for what in before if before[what] != after[what]]
    if not changed:
        raise CannotChangeLine(_("Chưa đổi gì so với đang ghi. Sửa một ô rồi lưu."))
    line.name, line.source, line.capital = name, terms.source, terms.capital
    line.planned, line.is_security = terms.planned, terms.is_security
    line.save(update_fields=["name", "source", "capital", "planned", "is_security"])
    for what in changed:
        History.objects.record(
            line.about, what, by=by, at=at, before=before[what][:400], after=after[what][:400], reason=reason
        )
    announce(BudgetLineChanged(line.pk, line.planned, line.is_security), about=line.about, by=by, at=at)
    return line


def _words(terms: LineTerms) -> dict[str, str]:
    """Return what changed → how it reads."""
    return {
        _("Tên khoản"): terms.name,
        _("Nguồn"): labels("sources").get(terms.source, terms.source),
        _("Loại vốn"): capital_words(terms.capital),
        _("Số đề nghị"): money(terms.planned),
        _("An toàn thông tin"): _("có tính") if terms.is_security else _("không tính"),
    }
