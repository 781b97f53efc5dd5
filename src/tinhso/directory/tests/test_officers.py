"""Officers are invited, given posts, locked, and leave with their work handed over: each within the branch only."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from tinhso.directory.models import Account, Change, HandOver, Invitation, Person, Post
from tinhso.directory.queries import actor_of
from tinhso.directory.queries.officers import officers
from tinhso.directory.rules import ANYBODY, Actor, Purpose, Role
from tinhso.directory.services.do_due import do_due
from tinhso.directory.services.give_code import give_code, hash_of_code
from tinhso.directory.services.give_post import CannotGivePost, give_post
from tinhso.directory.services.invite_officer import (
    CannotInvite,
    Invited,
    NewOfficer,
    invite_again,
    invite_officer,
)
from tinhso.directory.services.release_officer import CannotRelease, Release, release_officer
from tinhso.directory.services.suspend_account import CannotSuspend, resume_account, suspend_account
from tinhso.directory.tests.administration import NINE, ONE, PAPER, Branch, make_branch, post_at
from tinhso.directory.tests.factories import DAY, make_actor
from tinhso.journal.api import history
from tinhso.messages.api import Notice, Outgoing
from tinhso.toolkit.policy import NotThere

REAL = dt.datetime(2026, 1, 5, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def branch(db: None) -> Branch:
    return make_branch()


def invited(by: Actor, branch: Branch, name: str = "Hồ Mới Thử", **more: Any) -> Invited:
    wanted = NewOfficer(name, email="moi@example.vn")
    place = {"office": branch.cast.commune, "role": Role.COUNTER_CLERK} | more
    return invite_officer(by=by, at=NINE, real_at=REAL, wanted=wanted, post=post_at(**place), **PAPER)


def person_of(actor: Actor) -> int:
    return actor.person_id or 0


def released(by: Actor, whom: Actor, *, day: dt.date = DAY, **more: Any) -> Any:
    posts = Post.objects.filter(person_id=person_of(whom)).values_list("pk", flat=True)
    wanted = Release(**({"day": day, "posts": list(posts)} | PAPER | more))
    return release_officer(by=by, at=NINE, person=person_of(whom), wanted=wanted)


def test_an_invited_officer_has_a_code_that_is_kept_as_a_hash_only(branch: Branch) -> None:
    done = invited(branch.quyen, branch)
    account = Account.objects.get(pk=done.account.pk)
    assert account.username == "thu.hm"
    assert not account.has_usable_password()
    row = Invitation.objects.get(account=account)
    assert (row.purpose, row.code_hash, row.created_by_id) == (
        Purpose.ACTIVATE,
        hash_of_code(done.code.lower().replace("-", " ")),
        branch.quyen.account_id,
    )
    kept = [*Notice.objects.values_list("body", flat=True), *Outgoing.objects.values_list("text", flat=True)]
    assert kept
    assert not any(done.code in text for text in kept), "the letter says that there is a code, never which"
    events = [entry.event for entry in history(f"person:{account.person_id}")]
    assert events == ["directory.OfficerInvited", "directory.PostGiven"]
    for entry in history(f"person:{account.person_id}"):
        assert "Hồ Mới" not in str(entry.data)


def test_a_second_code_ends_the_first_and_none_is_given_to_who_has_a_password(branch: Branch) -> None:
    first = invited(branch.quyen, branch)
    who = first.account.person_id
    again = invite_again(by=branch.quyen, at=NINE, real_at=REAL, person=who, reason="Mất phiếu")
    assert Invitation.objects.get(pk=first.invitation.pk).withdrawn_at == REAL
    assert again.code != first.code
    first.account.set_password("mot-mat-khau-moi")
    first.account.save()
    with pytest.raises(CannotInvite, match="khôi phục"):
        invite_again(by=branch.quyen, at=NINE, real_at=REAL, person=who, reason="Mất phiếu")
    with pytest.raises(NotThere):
        invite_again(by=branch.xa, at=NINE, real_at=REAL, person=who, reason="Mất phiếu")


def test_nobody_invites_outside_the_branch_or_twice_or_without_a_paper(branch: Branch) -> None:
    with pytest.raises(CannotGivePost, match="phần mình quản trị"):
        invited(branch.xa, branch)
    invited(branch.quyen, branch)
    with pytest.raises(CannotInvite, match="cùng ngày sinh"):
        invited(branch.quyen, branch)
    with pytest.raises(CannotInvite, match="quyết định"):
        invite_officer(
            by=branch.quyen,
            at=NINE,
            real_at=REAL,
            wanted=NewOfficer("Người Khác"),
            post=post_at(branch.cast.commune, Role.LEADER),
            decision=" ",
            reason="x",
        )
    assert Person.objects.filter(name="Người Khác").count() == 0


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.CATALOGUE_EDITOR, Role.COMMITTEE_CHAIR])
def test_a_role_that_sees_the_whole_province_is_given_by_the_province_only(
    branch: Branch, role: Role
) -> None:
    with pytest.raises(CannotGivePost, match="quản trị viên tỉnh"):
        invited(branch.quyen, branch, office=branch.district, role=role)


def test_a_post_is_given_once_within_the_branch_and_never_to_oneself(branch: Branch) -> None:
    minh = person_of(branch.cast.minh)
    wanted = post_at(branch.cast.commune, Role.SPECIALIST)
    given = give_post(by=branch.quyen, at=NINE, person=minh, wanted=wanted, **PAPER)
    assert actor_of(branch.cast.minh.account_id or 0, DAY).holds(Role.SPECIALIST)
    assert history(f"person:{minh}")[0].data["post_id"] == given.pk
    with pytest.raises(CannotGivePost, match="đã giữ"):
        give_post(by=branch.quyen, at=NINE, person=minh, wanted=wanted, **PAPER)
    for by, whom in ((branch.xa, minh), (branch.dao, minh), (branch.quyen, person_of(branch.quyen))):
        with pytest.raises(NotThere):
            give_post(by=by, at=NINE, person=whom, wanted=wanted, **PAPER)
    with pytest.raises(NotThere):
        give_post(by=branch.quyen, at=NINE, person=person_of(branch.cast.lan), wanted=wanted, **PAPER)


def test_a_locked_account_is_nobody_at_the_next_request_until_it_is_opened(branch: Branch) -> None:
    minh = branch.cast.minh
    suspend_account(by=branch.quyen, at=NINE, person=person_of(minh), reason="Đang xác minh")
    assert actor_of(minh.account_id or 0, DAY) is ANYBODY
    with pytest.raises(CannotSuspend):
        suspend_account(by=branch.quyen, at=NINE, person=person_of(minh), reason="Lần nữa")
    resume_account(by=branch.quyen, at=NINE, person=person_of(minh), reason="Xong")
    assert actor_of(minh.account_id or 0, DAY).holds(Role.COUNTER_CLERK)
    with pytest.raises(CannotSuspend, match="đang dùng"):
        resume_account(by=branch.quyen, at=NINE, person=person_of(minh), reason="Lần nữa")
    with pytest.raises(CannotSuspend, match="lý do"):
        suspend_account(by=branch.quyen, at=NINE, person=person_of(minh), reason=" ")


def test_who_also_works_elsewhere_is_locked_by_the_province_only(branch: Branch) -> None:
    both = make_actor(
        "hai",
        "Hồ Hai Thử",
        (branch.cast.commune, Role.SEAL_CLERK, "Văn thư"),
        (branch.far, Role.SEAL_CLERK, "Văn thư"),
    )
    for by in (branch.quyen, branch.xa, branch.dao):
        with pytest.raises(NotThere):
            suspend_account(by=by, at=NINE, person=person_of(both), reason="Thử")
    with pytest.raises(NotThere):
        suspend_account(by=branch.quyen, at=NINE, person=person_of(branch.quyen), reason="Tự khóa")
    suspend_account(by=branch.cast.quan, at=NINE, person=person_of(both), reason="Thử")


def test_a_leaver_hands_the_desk_over_and_the_receiver_is_told(branch: Branch) -> None:
    minh, son = branch.cast.minh, branch.cast.son
    (post,) = Post.objects.filter(person_id=person_of(minh))
    done = released(branch.quyen, minh, receivers={post.pk: person_of(son)})
    assert not actor_of(minh.account_id or 0, DAY).is_officer
    assert actor_of(minh.account_id or 0, DAY - ONE).holds(Role.COUNTER_CLERK)
    assert actor_of(son.account_id or 0, DAY).holds(Role.COUNTER_CLERK), "given the role from that day"
    (made,) = done.hand_overs
    assert (made.done_at, made.lines) == (NINE, [])
    assert "bàn giao" in Notice.objects.get(recipient_id=person_of(son)).title.lower()
    assert Change.objects.filter(about=f"person:{person_of(son)}", what="Bàn giao").exists()


def test_a_day_to_come_is_handed_over_on_that_day(branch: Branch) -> None:
    minh, son = branch.cast.minh, branch.cast.son
    (post,) = Post.objects.filter(person_id=person_of(minh))
    released(branch.quyen, minh, day=DAY + ONE, receivers={post.pk: person_of(son)})
    assert HandOver.objects.get().done_at is None
    assert actor_of(minh.account_id or 0, DAY).is_officer
    assert do_due(at=NINE + ONE) == 1
    assert HandOver.objects.get().done_at == NINE + ONE
    assert do_due(at=NINE + ONE) == 0


def test_a_transfer_ends_the_old_post_and_gives_the_new_one(branch: Branch) -> None:
    minh = branch.cast.minh
    there = post_at(branch.cast.elsewhere, Role.COUNTER_CLERK)
    done = released(branch.quyen, minh, next_post=there)
    assert done.next_post is not None
    assert actor_of(minh.account_id or 0, DAY).offices(Role.COUNTER_CLERK) == (branch.cast.elsewhere.pk,)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"decision": ""}, "số quyết định"),
        ({"day": dt.date(2021, 1, 1)}, "bắt đầu"),
        ({"receivers": "self"}, "người nhận khác"),
        ({"receivers": "locked"}, "người nhận khác"),
    ],
)
def test_what_cannot_be_ended_says_why_and_nothing_changes(
    branch: Branch, change: dict[str, Any], why: str
) -> None:
    minh, son = branch.cast.minh, branch.cast.son
    (post,) = Post.objects.filter(person_id=person_of(minh))
    whom = {"self": person_of(minh), "locked": person_of(son)}
    if "receivers" in change:
        Account.objects.filter(pk=son.account_id).update(is_active=False)
        change = {"receivers": {post.pk: whom[change["receivers"]]}}
    with pytest.raises(CannotRelease, match=why):
        released(branch.quyen, minh, **change)


def test_an_ended_post_is_not_ended_again_and_nobody_ends_posts_elsewhere(branch: Branch) -> None:
    released(branch.quyen, branch.cast.minh)
    with pytest.raises(CannotRelease, match="rồi"):
        released(branch.quyen, branch.cast.minh)
    for by in (branch.xa, branch.dao, branch.cast.hoa):
        with pytest.raises(NotThere):
            released(by, branch.cast.son)


def test_the_list_holds_the_branch_and_finds_without_marks(branch: Branch) -> None:
    def names(by: Actor, **more: Any) -> set[str]:
        return {one.name for one in officers(by, DAY, **more)}

    cast = branch.cast
    assert {cast.minh.name, cast.tam.name} <= names(branch.quyen)
    assert names(branch.xa) == {branch.xa.name}
    assert cast.lan.name not in names(cast.quan), "citizens are no officers"
    assert names(branch.quyen, words="do minh") == {cast.minh.name}
    assert names(branch.quyen, role=Role.LEADER) == {cast.hoa.name}
    invited(branch.quyen, branch)
    assert names(branch.quyen, state="chua") >= {"Hồ Mới Thử"}
    Account.objects.filter(pk=cast.minh.account_id).update(is_active=False)
    assert names(branch.quyen, state="khoa") == {cast.minh.name}
    released(branch.quyen, cast.son)
    assert names(branch.quyen, state="thoi") == {cast.son.name}
    give_post(
        by=branch.quyen,
        at=NINE,
        person=person_of(cast.son),
        wanted=post_at(cast.commune, Role.SPECIALIST, DAY + ONE),
        **PAPER,
    )
    assert names(branch.quyen, state="sap") == {cast.son.name}


def test_a_code_is_read_as_it_is_typed(branch: Branch) -> None:
    account = Account.objects.get(pk=branch.cast.minh.account_id)
    row, code = give_code(account, purpose=Purpose.PASSWORD, created_by_id=None, real_at=REAL)
    assert row.code_hash == hash_of_code(f" {code.lower()} ")
    assert len(code) == 14
    assert Authenticator.objects.filter(user=account).exists()
