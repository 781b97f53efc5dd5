"""The demo's money and inspections are those of the board: 12.4 of 48.0, 3 of 8, 9 of 14 with 2 overdue."""

from __future__ import annotations

import pytest

from tinhso.directory.api import load_demo
from tinhso.plans.models import BudgetEntry, Commendation, Inspection, Reminder
from tinhso.plans.queries.inspections import inspections_of_year
from tinhso.plans.queries.money import money_of_year
from tinhso.plans.queries.ranking import ranking
from tinhso.plans.rules.money import billions
from tinhso.plans.services.load_money import load_money
from tinhso.plans.tests.factories import DAY, MORNING
from tinhso.toolkit.words import percent


@pytest.mark.django_db
def test_the_demo_shows_what_the_board_shows() -> None:
    load_demo(key="k" * 50)
    assert load_money(at=MORNING) == 30
    assert load_money(at=MORNING) == 0, "once"
    money = money_of_year(2022, DAY)
    assert (billions(money.spent), billions(money.planned)) == ("12,4", "48,0")
    assert percent(money.spent, money.planned, 1) == "25,8 %"
    assert percent(money.security_planned, money.planned, 1) == "10,2 %"
    assert money.missing == 0
    assert money.below_norm, "some offices are below, though the province is not"
    found = inspections_of_year(2022, DAY)
    assert (found.planned, found.done) == (8, 3)
    assert (found.findings, found.closed, found.overdue, found.waiting) == (14, 9, 2, 1)
    assert Commendation.objects.count() == 2
    assert Reminder.objects.filter(kind="finding").count() >= 3
    numbers = [
        *BudgetEntry.objects.values_list("document_number", flat=True),
        *Inspection.objects.exclude(decision_number="").values_list("decision_number", flat=True),
        *Commendation.objects.values_list("decision_number", flat=True),
    ]
    assert all("minh họa" in number for number in numbers)
    rows = ranking(DAY, MORNING)
    assert {row.group for row in rows} == {"department", "district"}
    assert all(row.rank is None for row in rows), "one part alone gives no rank"
