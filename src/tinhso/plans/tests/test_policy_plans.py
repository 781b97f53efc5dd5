"""Who may do what with windows, plans and opinions: one table, seen from both sides."""

from __future__ import annotations

import pytest

from tinhso.directory.api import ANYBODY, SYSTEM, Actor, Role
from tinhso.directory.tests.factories import make_actor
from tinhso.plans.lifecycle import PlanState
from tinhso.plans.models import Plan
from tinhso.plans.permissions.plans import OPINIONS, PLANS, REQUESTS, WINDOWS, MayOpine, MayPlan, MayWindow
from tinhso.plans.tests.factories import Committee, make_committee, make_window
from tinhso.plans.tests.plan_world import MAKE, asked, drafted, opined

pytestmark = pytest.mark.django_db
S, M = PlanState, MayPlan
#: In which states whoever writes for the office holds a permission.
DRAFTER = {
    M.WRITE: {S.DRAFT, S.OPINIONS},
    M.ASK: {S.DRAFT, S.OPINIONS},
    M.SEND: {S.OPINIONS},
    M.RETURN: {S.OPINIONS, S.SIGNING},
    M.ISSUE: {S.SIGNED},
    M.ADJUST: {S.ISSUED},
    M.ASSIGN: {S.ISSUED},
    M.READ: set(S),
    M.READ_MAKING: set(S),
}
APPRAISER = {M.APPRAISE: {S.APPRAISAL}, M.RETURN: {S.APPRAISAL}, M.READ: set(S), M.READ_MAKING: set(S)}
READER = {M.READ: set(S), M.READ_MAKING: set(S)}
BY_WHOM = {
    "du": DRAFTER,
    "dien": {**DRAFTER, M.SIGN: {S.SIGNING}},
    "luong": APPRAISER,
    "dinh": {**READER, M.ASSIGN: {S.ISSUED}},
    "thinh": READER,
    "kim": READER,
    "an": READER,
    "su": {M.READ: set(S) - {S.DRAFT}, M.READ_MAKING: set(S) - {S.DRAFT}},
    "nhap": {M.READ: set(S) - {S.DRAFT}, M.READ_MAKING: set(S) - {S.DRAFT}},
    "be": {M.READ: {S.ISSUED}},
}


@pytest.fixture
def who() -> Committee:
    return make_committee()


def held(actor: Actor, plan: Plan) -> set[MayPlan]:
    return {may for may in MayPlan if PLANS.holds(actor, may, plan)}


@pytest.mark.parametrize("state", list(PlanState))
def test_who_may_what_in_every_state(who: Committee, state: PlanState) -> None:
    plan = MAKE[state](who)
    assert plan.state == state
    for name, table in BY_WHOM.items():
        wanted = {may for may, states in table.items() if state in states}
        assert held(getattr(who, name), plan) == wanted, name
    clerk = make_actor("thu", "Thu Mẫu", (who.bureau, Role.SEAL_CLERK, "Văn thư"))
    assert held(ANYBODY, plan) == held(SYSTEM, plan) == held(clerk, plan) == set()


def test_windows_are_read_by_all_kept_by_the_secretary(who: Committee) -> None:
    make_window(who.bureau, who.district)
    everybody = ("thinh", "dinh", "luong", "kim", "an", "du", "dien", "su", "nhap", "be")
    keepers = {
        MayWindow.DRAFT: {"du", "dien", "nhap"},
        MayWindow.READ: set(everybody),
        MayWindow.REMIND: {"dinh"},
    }
    for may, names in keepers.items():
        assert {one for one in everybody if WINDOWS.rows(getattr(who, one), may).exists()} == names
        assert not WINDOWS.rows(ANYBODY, may).exists()


def test_the_provinces_window_is_the_secretarys(who: Committee) -> None:
    make_window(who.province)
    leader = make_actor("ct", "Chủ Tịch Mẫu", (who.province, Role.LEADER, "Chủ tịch"))
    assert WINDOWS.rows(who.dinh, MayWindow.DRAFT).exists()
    for other in (leader, who.thinh, who.su):
        assert not WINDOWS.rows(other, MayWindow.DRAFT).exists()


def test_asked_offices_give_and_drafters_answer(who: Committee) -> None:
    opinion = opined(who)
    assert {one.office_id for one in REQUESTS.rows(who.su, MayOpine.GIVE)} == {who.other.pk}
    for name in ("du", "dien", "dinh", "thinh", "luong", "be"):
        assert not REQUESTS.rows(getattr(who, name), MayOpine.GIVE).exists(), name
    for name in ("su", "nhap", "dinh", "thinh", "luong", "be"):
        assert not OPINIONS.rows(getattr(who, name), MayOpine.ANSWER).exists(), name
    assert OPINIONS.holds(who.dien, MayOpine.ANSWER, opinion)
    Plan.objects.filter(pk=opinion.request.plan_id).update(state=S.APPRAISAL)
    assert not REQUESTS.rows(who.su, MayOpine.GIVE).exists()
    assert not OPINIONS.rows(who.du, MayOpine.ANSWER).exists()


def test_a_draft_is_seen_by_the_office_alone_until_others_are_asked(who: Committee) -> None:
    plan = drafted(who)
    assert not PLANS.holds(who.su, MayPlan.READ, plan)
    asked(who, plan)
    assert PLANS.holds(who.su, MayPlan.READ, plan)
