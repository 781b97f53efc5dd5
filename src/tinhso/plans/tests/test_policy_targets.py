"""Who reads, changes, reports and confirms targets: every row of the table, for everybody."""

from __future__ import annotations

from typing import Any

import pytest

from tinhso.directory.api import ANYBODY, SYSTEM, Actor
from tinhso.plans.models import Solution
from tinhso.plans.permissions.targets import (
    PLANS_WITH_TARGETS,
    SOLUTIONS,
    TARGET_REPORTS,
    TARGETS,
    MayPlanTarget,
    MayReportTarget,
    MaySolution,
    MayTarget,
)
from tinhso.plans.tests.factories import MORNING, Committee, make_committee, make_plan
from tinhso.plans.tests.targets_world import confirm, make_aim, tell

pytestmark = pytest.mark.django_db

OVERSEERS = {"thinh", "dinh", "luong", "kim", "an"}
INSIDE = {*OVERSEERS, "du", "dien", "su", "nhap", "be"}


@pytest.fixture
def house() -> Committee:
    return make_committee()


def those(house: Committee, policy: Any, may: Any, **row: Any) -> set[str]:
    """Return who holds the permission on a row."""
    actors: dict[str, Actor] = {name: one for name, one in vars_of(house).items() if isinstance(one, Actor)}
    return {
        name
        for name, one in {**actors, "anybody": ANYBODY, "system": SYSTEM}.items()
        if policy.rows(one, may).filter(**row).exists()
    }


def vars_of(house: Committee) -> dict[str, Any]:
    return {name: getattr(house, name) for name in Committee.__dataclass_fields__}


def test_every_permission_has_its_rule() -> None:
    assert set(TARGETS.rules) == set(MayTarget)
    assert set(TARGET_REPORTS.rules) == set(MayReportTarget)
    assert set(PLANS_WITH_TARGETS.rules) == set(MayPlanTarget)
    assert set(SOLUTIONS.rules) == set(MaySolution)


def test_targets_that_the_public_sees_are_read_inside_and_others_by_their_office(house: Committee) -> None:
    told = make_aim(house.dinh, house.bureau)
    own = make_aim(house.dinh, house.bureau, is_public=False)
    whole = make_aim(house.dinh, is_public=False)
    plan = make_plan(house.other, house.su)
    planned = make_aim(house.dinh, plan=plan.pk, is_public=False)
    assert those(house, TARGETS, MayTarget.READ, pk=told.pk) == INSIDE
    assert those(house, TARGETS, MayTarget.READ, pk=own.pk) == {*OVERSEERS, "du", "dien"}
    assert those(house, TARGETS, MayTarget.READ, pk=whole.pk) == INSIDE
    assert those(house, TARGETS, MayTarget.READ, pk=planned.pk) == {*OVERSEERS, "su"}
    assert those(house, TARGETS, MayTarget.READ_REPORTS, pk=told.pk) == {*OVERSEERS, "du", "dien"}


def test_the_secretary_changes_the_planner_reports_both_link(house: Committee) -> None:
    target = make_aim(house.dinh, house.bureau)
    assert those(house, TARGETS, MayTarget.CHANGE, pk=target.pk) == {"dinh"}
    assert those(house, TARGETS, MayTarget.REPORT, pk=target.pk) == {"du"}
    assert those(house, TARGETS, MayTarget.LINK_SOLUTION, pk=target.pk) == {"dinh", "du"}


def test_what_counts_itself_or_has_parts_is_reported_by_nobody(house: Committee) -> None:
    counted = make_aim(house.dinh, house.bureau, counter="level-4")
    whole = make_aim(house.dinh, house.bureau)
    make_aim(house.dinh, house.other, parent=whole.pk)
    for target in (counted, whole):
        assert those(house, TARGETS, MayTarget.REPORT, pk=target.pk) == set()


def test_a_report_is_answered_by_the_secretary_alone_and_once(house: Committee) -> None:
    target = make_aim(house.dinh, house.bureau)
    report = tell(house.du, target, 1, 2)
    assert those(house, TARGET_REPORTS, MayReportTarget.READ, pk=report.pk) == {*OVERSEERS, "du", "dien"}
    assert those(house, TARGET_REPORTS, MayReportTarget.ANSWER, pk=report.pk) == {"dinh"}
    confirm(house.dinh, report)
    assert those(house, TARGET_REPORTS, MayReportTarget.ANSWER, pk=report.pk) == set()


def test_targets_are_added_to_own_open_plans(house: Committee) -> None:
    plan = make_plan(house.bureau, house.du)
    assert those(house, PLANS_WITH_TARGETS, MayPlanTarget.ADD_TARGET, pk=plan.pk) == {"du"}
    plan.state = "appraisal"
    plan.save()
    assert those(house, PLANS_WITH_TARGETS, MayPlanTarget.ADD_TARGET, pk=plan.pk) == set()


def test_solutions_are_read_where_their_target_is(house: Committee) -> None:
    of_office = Solution.objects.create(text="Riêng", office=house.bureau, at=MORNING)
    of_nobody = Solution.objects.create(text="Chung", at=MORNING)
    assert those(house, SOLUTIONS, MaySolution.READ, pk=of_nobody.pk) == INSIDE
    assert those(house, SOLUTIONS, MaySolution.READ, pk=of_office.pk) == {*OVERSEERS, "du", "dien"}
    make_aim(house.dinh, house.bureau).solutions.add(of_office)
    assert those(house, SOLUTIONS, MaySolution.READ, pk=of_office.pk) == INSIDE
