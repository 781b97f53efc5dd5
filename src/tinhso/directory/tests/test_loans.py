"""A post is lent for some days by its holder or an administrator, never further, never between who check each other."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tinhso.directory.models import Delegation, Post
from tinhso.directory.permissions import never_by_delegation, roles_told
from tinhso.directory.queries import actor_of
from tinhso.directory.queries.roles import role_rows
from tinhso.directory.rules import Actor, Role
from tinhso.directory.services.lend_post import CannotLend, Loan, lend_post, withdraw_delegation
from tinhso.directory.tests.administration import NINE, ONE, PAPER, Branch, make_branch
from tinhso.directory.tests.factories import DAY, make_actor
from tinhso.journal.api import history
from tinhso.messages.api import Notice
from tinhso.toolkit.policy import NotThere

WEEK = dt.timedelta(days=6)


@pytest.fixture
def branch(db: None) -> Branch:
    return make_branch()


@pytest.fixture
def deputy(branch: Branch) -> Actor:
    return make_actor("pho", "Đinh Phó Ví Dụ", (branch.cast.commune, Role.LEADER, "Phó Chủ tịch"))


def post_of(actor: Actor) -> int:
    return Post.objects.get(person_id=actor.person_id or 0).pk


def lent(by: Actor, post: int, to: Actor, **more: Any) -> Delegation:
    said: dict[str, Any] = {"valid_from": DAY, "valid_to": DAY + WEEK} | PAPER | more
    return lend_post(by=by, at=NINE, wanted=Loan(post=post, to_person=to.person_id or 0, **said))


def test_the_head_lends_the_own_post_for_a_week_and_takes_it_back(branch: Branch, deputy: Actor) -> None:
    hoa = branch.cast.hoa
    made = lent(hoa, post_of(hoa), deputy)
    held = [post for post in actor_of(deputy.account_id or 0, DAY).posts if post.for_name]
    assert [post.for_name for post in held] == [hoa.name]
    assert Notice.objects.filter(recipient_id=deputy.person_id or 0).count() == 1
    assert not [p for p in actor_of(deputy.account_id or 0, DAY + WEEK + ONE).posts if p.for_name]
    withdraw_delegation(by=hoa, at=NINE, delegation=made.pk, reason="Về sớm")
    assert not [post for post in actor_of(deputy.account_id or 0, DAY).posts if post.for_name]
    events = [entry.event for entry in history(f"person:{hoa.person_id}")]
    assert events == ["directory.DelegationWithdrawn", "directory.PostLent"]
    with pytest.raises(CannotLend, match="đã hết"):
        withdraw_delegation(by=hoa, at=NINE, delegation=made.pk, reason="Lần nữa")


def test_a_delegate_lends_nothing_further(branch: Branch, deputy: Actor) -> None:
    hoa = branch.cast.hoa
    other = make_actor("khac", "Vũ Khác Thử", (branch.cast.elsewhere, Role.LEADER, "Phó Chủ tịch"))
    lent(hoa, post_of(hoa), deputy)
    acting = actor_of(deputy.account_id or 0, DAY)
    assert acting.holds(Role.LEADER)
    with pytest.raises(NotThere):
        lent(acting, post_of(hoa), other)
    for nobody in (branch.cast.minh, branch.xa, branch.dao, branch.cast.lan):
        with pytest.raises(NotThere):
            lent(nobody, post_of(hoa), other)


def test_an_administrator_lends_a_post_of_the_branch_but_not_to_oneself(branch: Branch) -> None:
    minh, tam = branch.cast.minh, branch.cast.tam
    lent(branch.quyen, post_of(minh), tam)
    assert actor_of(tam.account_id or 0, DAY).post(branch.cast.commune.pk, Role.COUNTER_CLERK)
    with pytest.raises(CannotLend, match="tự nhận"):
        lent(branch.quyen, post_of(branch.cast.hoa), branch.quyen)


@pytest.mark.parametrize("who", ["son", "thu"])
def test_two_persons_stay_two(branch: Branch, who: str) -> None:
    """Sơn prepares what Hoa signs; Thu seals it."""
    with pytest.raises(CannotLend, match="vừa trình vừa duyệt"):
        lent(branch.cast.hoa, post_of(branch.cast.hoa), getattr(branch.cast, who))


def test_two_people_do_not_hold_each_others_post(branch: Branch, deputy: Actor) -> None:
    hoa = branch.cast.hoa
    lent(hoa, post_of(hoa), deputy)
    with pytest.raises(CannotLend, match="qua lại"):
        lent(deputy, post_of(deputy), hoa)
    third = make_actor("ba", "Vũ Ba Thử", (branch.cast.commune, Role.LEADER, "Phó Chủ tịch"))
    with pytest.raises(CannotLend, match="Chọn người khác"):
        lent(third, post_of(third), hoa)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"decision": " "}, "số văn bản"),
        ({"reason": ""}, "lý do"),
        ({"valid_to": DAY - ONE}, "hai ngày"),
        ({"valid_from": DAY - ONE}, "tính lùi"),
    ],
)
def test_what_cannot_be_lent_says_why(
    branch: Branch, deputy: Actor, change: dict[str, Any], why: str
) -> None:
    with pytest.raises(CannotLend, match=why):
        lent(branch.cast.hoa, post_of(branch.cast.hoa), deputy, **change)


def test_a_post_is_lent_once_at_a_time_to_an_officer_who_stays(branch: Branch, deputy: Actor) -> None:
    hoa = branch.cast.hoa
    with pytest.raises(CannotLend, match="chính mình"):
        lent(hoa, post_of(hoa), hoa)
    with pytest.raises(CannotLend, match="một cán bộ"):
        lent(hoa, post_of(hoa), branch.cast.lan)
    Post.objects.filter(pk=post_of(hoa)).update(valid_to=DAY + ONE)
    with pytest.raises(CannotLend, match="suốt"):
        lent(hoa, post_of(hoa), deputy)
    lent(hoa, post_of(hoa), deputy, valid_to=DAY + ONE)
    with pytest.raises(CannotLend, match="đã ủy quyền"):
        lent(hoa, post_of(hoa), branch.cast.tam, valid_to=DAY + ONE)
    Post.objects.filter(pk=post_of(branch.cast.tam)).update(valid_to=DAY - ONE)
    with pytest.raises(CannotLend, match="không giữ chức vụ nào"):
        lent(branch.quyen, post_of(branch.cast.minh), branch.cast.tam)


def test_what_is_said_of_roles_is_complete(branch: Branch) -> None:
    assert set(roles_told()) == set(Role)
    assert {role for pair in never_by_delegation() for role in pair} <= set(Role)
    rows = {row.role: row for row in role_rows(branch.quyen, DAY)}
    assert set(rows) == {role.value for role in Role}
    assert all(row.does and row.sees and row.at for row in rows.values())
    assert (rows[Role.COUNTER_CLERK].holders, rows[Role.COUNTER_CLERK].offices) == (2, 2)
    assert {row.role for row in rows.values() if not row.is_of_province} == {
        *(Role.COUNTER_CLERK, Role.SPECIALIST, Role.LEADER, Role.SEAL_CLERK, Role.PLANNER),
        Role.ADMINISTRATOR,
    }
