"""Who may do what to directives, bodies, seats and counts of posts: every permission, for everybody."""

from __future__ import annotations

from typing import Any

import pytest

from tinhso.directory.api import ANYBODY, SYSTEM, Actor, Role
from tinhso.plans.models import Directive
from tinhso.plans.permissions.directives import (
    BODIES,
    DIRECTIVES,
    MEMBERS,
    POSTS,
    MayBody,
    MayCount,
    MayDirect,
    may_write_for,
)
from tinhso.plans.services.count_posts import count_posts
from tinhso.plans.services.seat_member import seat_member
from tinhso.plans.tests.directives_world import make_body, make_directive, post_of
from tinhso.plans.tests.factories import DAY, MORNING, Committee, make_committee

pytestmark = pytest.mark.django_db

EVERYBODY = ("thinh", "dinh", "luong", "kim", "an", "du", "dien", "su", "nhap", "be")
COMMITTEE = {"thinh", "dinh"}


@pytest.fixture
def house() -> Committee:
    """Let the bureau have a directive to follow, a body, a member, and its posts counted."""
    made = make_committee()
    make_directive(made.dinh)
    body = make_body(made.dinh, made.bureau)
    seat_member(
        by=made.dinh,
        at=MORNING,
        body=body.pk,
        post=post_of(made.dien, Role.LEADER),
        duty="head",
        valid_from=DAY,
    )
    count_posts(by=made.dinh, at=MORNING, office=made.bureau, on=DAY, planned=3, filled=2, source="35/QĐ")
    return made


def who_may(house: Committee, policy: Any, may: Any) -> set[str]:
    return {name for name in EVERYBODY if policy.rows(getattr(house, name), may).exists()}


@pytest.mark.parametrize("may", list(MayDirect))
def test_chair_and_secretary_write_directives_and_all_insiders_read_them(
    house: Committee, may: MayDirect
) -> None:
    assert who_may(house, DIRECTIVES, may) == (set(EVERYBODY) if may is MayDirect.READ else COMMITTEE)


def test_what_has_ended_does_not_end_again(house: Committee) -> None:
    Directive.objects.update(valid_to=DAY)
    assert who_may(house, DIRECTIVES, MayDirect.END) == set()
    assert who_may(house, DIRECTIVES, MayDirect.CORRECT) == COMMITTEE


@pytest.mark.parametrize("policy", [BODIES, MEMBERS])
def test_a_planner_writes_the_bodies_of_the_own_office(house: Committee, policy: Any) -> None:
    assert who_may(house, policy, MayBody.WRITE) == {*COMMITTEE, "du"}
    assert who_may(house, policy, MayBody.READ) == set(EVERYBODY)


def test_a_planner_counts_the_posts_of_the_own_office(house: Committee) -> None:
    assert who_may(house, POSTS, MayCount.REPLACE) == {*COMMITTEE, "du"}
    assert who_may(house, POSTS, MayCount.READ) == set(EVERYBODY)
    writers = {name for name in EVERYBODY if may_write_for(getattr(house, name), house.bureau.pk)}
    assert writers == {*COMMITTEE, "du"}


@pytest.mark.parametrize("one", [ANYBODY, SYSTEM])
def test_nobody_from_outside_sees_a_row(house: Committee, one: Actor) -> None:
    tables: tuple[tuple[Any, Any], ...] = (
        (DIRECTIVES, MayDirect),
        (BODIES, MayBody),
        (MEMBERS, MayBody),
        (POSTS, MayCount),
    )
    for policy, permissions in tables:
        for may in permissions:
            assert not policy.rows(one, may).exists()
    assert not may_write_for(one, house.bureau.pk)
