"""Ask for money: add a line of a year for an office."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, Office
from tinhso.journal.api import announce
from tinhso.plans.events.money import BudgetLineAdded
from tinhso.plans.models import BudgetLine, History, PlanItem, Task
from tinhso.plans.permissions import BUDGET
from tinhso.plans.permissions.money import PROPOSING
from tinhso.plans.queries.documents import labels
from tinhso.plans.rules.money import INVESTMENT, RECURRENT
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.text import tidy
from tinhso.toolkit.words import money

LONGEST_NAME: Final = 300
#: More than the province's whole budget: a slip of some zeros.
MOST: Final = 100_000_000_000_000
FIRST_YEAR: Final = 2020
LAST_YEAR: Final = 2040


class CannotAddLine(ValueError):
    """The line cannot be written like this; the sentence says what to mend."""


@transaction.atomic
def add_budget_line(
    *,
    by: Actor,
    at: dt.datetime,
    office: Office,
    year: int,
    name: str,
    source: str,
    capital: str,
    planned: int,
    is_security: bool = False,
    plan_item: PlanItem | None = None,
    task: Task | None = None,
) -> BudgetLine:
    """Add a line of money that is asked for, in VND; a planner adds lines of the own office only.

    Raises ``NotThere`` for whoever may not add lines of the office, and ``CannotAddLine``.
    """
    if not may_add_line(by, office.pk):
        raise NotThere
    name = tidy(name)
    check_line(name=name, year=year, source=source, capital=capital, planned=planned)
    line = BudgetLine.objects.create(
        office=office,
        year=year,
        name=name,
        source=source,
        capital=capital,
        is_security=is_security,
        planned=planned,
        plan_item=plan_item,
        task=task,
        created_by_id=by.account_id,
        created_at=at,
    )
    History.objects.record(line.about, _("Đề nghị kinh phí"), by=by, at=at, after=money(planned))
    announce(
        BudgetLineAdded(line.pk, office.pk, year, planned, plan_item.pk if plan_item else None),
        about=line.about,
        by=by,
        at=at,
    )
    return line


def may_add_line(by: Actor, office_id: int) -> bool:
    """Say whether the actor may add lines of money of an office."""
    return by.holds(*BUDGET) or office_id in by.offices(*PROPOSING)


def check_line(*, name: str, year: int, source: str, capital: str, planned: int) -> None:
    """See that a line of money can be written. Raises ``CannotAddLine``."""
    if not name or len(name) > LONGEST_NAME:
        raise CannotAddLine(_("Ghi tên khoản kinh phí, tối đa %(n)d chữ.") % {"n": LONGEST_NAME})
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise CannotAddLine(_("Năm từ %(a)d đến %(b)d. Xem lại năm.") % {"a": FIRST_YEAR, "b": LAST_YEAR})
    if source not in labels("sources"):
        raise CannotAddLine(_("Chọn nguồn kinh phí trong danh sách."))
    if capital not in (RECURRENT, INVESTMENT):
        raise CannotAddLine(_("Chọn vốn sự nghiệp hoặc vốn đầu tư công."))
    if not 0 < planned < MOST:
        raise CannotAddLine(_("Ghi số tiền đề nghị bằng đồng, lớn hơn 0."))
