"""Who may do what with money, inspections, findings and commendations: every row of the tables, for everybody."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import pytest

from tinhso.directory.api import ANYBODY, SYSTEM, Actor
from tinhso.plans.models import Commendation
from tinhso.plans.permissions.money import (
    COMMENDATIONS,
    ENTRIES,
    FINDINGS,
    INSPECTIONS,
    LINES,
    PLANS_WITH_MONEY,
    MayCommend,
    MayInspect,
    MayMoney,
)
from tinhso.plans.services.conclude_inspection import conclude_inspection
from tinhso.plans.services.enter_money import enter_money
from tinhso.plans.services.report_remedy import report_remedy
from tinhso.plans.services.reverse_entry import reverse_entry
from tinhso.plans.tests.factories import DAY, MORNING, Committee, make_committee
from tinhso.plans.tests.money_world import (
    MILLION,
    make_finding,
    make_issued_plan,
    make_line,
    make_paper,
    make_round,
)
from tinhso.toolkit.policy import Policy

EVERYBODY = ("thinh", "dinh", "luong", "kim", "an", "du", "dien", "su", "nhap", "be")
OVERSEERS = {"thinh", "dinh", "luong", "kim", "an"}
BUREAU = {"du", "dien"}


@pytest.fixture
def house(db: None) -> Committee:
    return make_committee()


def who_may(house: Committee, policy: Policy[Any, Any, Actor], may: StrEnum) -> set[str]:
    """Return by whom any row may be touched; nobody outside ever."""
    for stranger in (ANYBODY, SYSTEM):
        assert not policy.rows(stranger, may).exists()
    return {name for name in EVERYBODY if policy.rows(getattr(house, name), may).exists()}


def test_lines_of_money(house: Committee) -> None:
    line = make_line(house)
    assert who_may(house, LINES, MayMoney.READ) == OVERSEERS | BUREAU
    assert who_may(house, LINES, MayMoney.ENTER) == {"kim"}
    assert who_may(house, LINES, MayMoney.CHANGE) == {"kim", "du"}
    entry = enter_money(
        by=house.kim,
        at=MORNING,
        line_id=line.pk,
        kind="allocated",
        amount=MILLION,
        on=DAY,
        document_number="1",
    )
    assert who_may(house, LINES, MayMoney.CHANGE) == {"kim"}
    assert who_may(house, ENTRIES, MayMoney.REVERSE) == {"kim"}
    reverse_entry(by=house.kim, at=MORNING, entry_id=entry.pk, reason="Nhầm")
    assert who_may(house, ENTRIES, MayMoney.REVERSE) == set()


def test_plans_from_which_lines_are_taken(house: Committee) -> None:
    make_issued_plan(house, ("Tập huấn", MILLION, "nhan-thuc"))
    assert who_may(house, PLANS_WITH_MONEY, MayMoney.TAKE_LINES) == {"kim", "du"}


def test_rounds(house: Committee) -> None:
    found = make_round(house)
    assert who_may(house, INSPECTIONS, MayInspect.READ) == OVERSEERS | BUREAU | {"su"}
    for may in (MayInspect.ADD_FINDING, MayInspect.CHANGE, MayInspect.CONCLUDE):
        assert who_may(house, INSPECTIONS, may) == {"an", "dinh"}
    conclude_inspection(by=house.an, at=MORNING, inspection_id=found.pk, conclusion="Đạt", on=DAY)
    for may in (MayInspect.ADD_FINDING, MayInspect.CHANGE, MayInspect.CONCLUDE):
        assert who_may(house, INSPECTIONS, may) == set()


def test_findings(house: Committee) -> None:
    finding = make_finding(house)
    assert who_may(house, FINDINGS, MayInspect.READ_FINDING) == OVERSEERS | BUREAU | {"su"}
    assert who_may(house, FINDINGS, MayInspect.REPORT) == BUREAU
    assert who_may(house, FINDINGS, MayInspect.ANSWER) == set()
    report_remedy(by=house.du, at=MORNING, finding_id=finding.pk, text="Xong", paper=make_paper())
    assert who_may(house, FINDINGS, MayInspect.REPORT) == set()
    assert who_may(house, FINDINGS, MayInspect.ANSWER) == {"an", "dinh"}


def test_commendations(house: Committee) -> None:
    Commendation.objects.create(
        office=house.bureau, form="bieu-duong", reason="Tốt", decision_number="1", on=DAY, at=MORNING
    )
    assert who_may(house, COMMENDATIONS, MayCommend.READ) == set(EVERYBODY)


def test_every_permission_has_its_row() -> None:
    held = {may for policy in (LINES, ENTRIES, PLANS_WITH_MONEY) for may in policy.rules}
    assert held == set(MayMoney)
    assert {*INSPECTIONS.rules, *FINDINGS.rules} == set(MayInspect)
    assert set(COMMENDATIONS.rules) == set(MayCommend)
