"""Offices are set up, renamed, moved and closed by decisions with a day; what was, stays as it was."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tinhso.directory.models import Change, Delegation, Office, OfficeReform, Post, Succession
from tinhso.directory.queries import actor_of
from tinhso.directory.rules import Actor, OfficeKind, Role
from tinhso.directory.services.add_office import CannotAddOffice, NewOffice, add_office
from tinhso.directory.services.apply_reform import CannotReform
from tinhso.directory.services.decide_reform import Reform, decide_reform
from tinhso.directory.services.do_due import do_due
from tinhso.directory.services.withdraw_reform import withdraw_reform
from tinhso.directory.tests.administration import NINE, ONE, PAPER, Branch, make_branch
from tinhso.directory.tests.factories import DAY, make_actor
from tinhso.journal.api import history
from tinhso.toolkit.policy import NotThere


@pytest.fixture
def branch(db: None) -> Branch:
    return make_branch()


def reform(by: Actor, office: Office, kind: str, day: dt.date = DAY, **more: Any) -> OfficeReform:
    wanted = Reform(kind=kind, effective_date=day, **(PAPER | more))
    return decide_reform(by=by, at=NINE, office=office.pk, wanted=wanted)


def new_name(by: Actor, office: Office, day: dt.date = DAY) -> OfficeReform:
    return reform(by, office, "rename", day, name="UBND xã Hải Hưng Mới", short_name="xã Hưng Mới")


def an_office(parent: Office, code: str = "000.44.33.H40") -> NewOffice:
    return NewOffice(
        parent.pk, OfficeKind.DIVISION, code, "H40.33.44", "Phòng Y tế", "P. Y tế", "Hải Hậu", DAY
    )


def test_an_administrator_adds_an_office_below_the_own_one_only(branch: Branch) -> None:
    made = add_office(by=branch.quyen, at=NINE, wanted=an_office(branch.district), **PAPER)
    assert made.parent == branch.district
    assert [entry.event for entry in history(f"office:{made.pk}")] == ["directory.OfficeAdded"]
    for nobody in (branch.xa, branch.dao, branch.cast.minh, branch.cast.an):
        with pytest.raises(NotThere):
            add_office(by=nobody, at=NINE, wanted=an_office(branch.district, "000.45.33.H40"), **PAPER)
    with pytest.raises(CannotAddOffice, match=r"000\.44\.33\.H40"):
        add_office(by=branch.quyen, at=NINE, wanted=an_office(branch.district), **PAPER)


def test_a_new_name_stands_on_the_same_row_and_the_old_one_is_kept(branch: Branch) -> None:
    commune = branch.cast.commune
    done = new_name(branch.quyen, commune)
    commune.refresh_from_db()
    assert commune.name == "UBND xã Hải Hưng Mới"
    assert (done.name_before, done.applied_at) == ("UBND xã Hải Hưng", NINE)
    line = Change.objects.get(about=f"office:{commune.pk}")
    assert (line.before, line.by_name) == ("UBND xã Hải Hưng", branch.quyen.name)
    assert PAPER["decision"] in line.reason


def test_a_day_to_come_waits_and_can_be_taken_back(branch: Branch) -> None:
    commune = branch.cast.commune
    waits = new_name(branch.quyen, commune, DAY + ONE)
    assert do_due(at=NINE) == 0
    with pytest.raises(CannotReform, match="Đang chờ"):
        reform(branch.quyen, commune, "close", DAY + ONE)
    withdraw_reform(by=branch.quyen, at=NINE, reform=waits.pk, reason="Chưa đủ hồ sơ")
    assert do_due(at=NINE + ONE) == 0
    new_name(branch.quyen, commune, DAY + ONE)
    assert do_due(at=NINE + ONE) == 1
    assert do_due(at=NINE + ONE) == 0
    commune.refresh_from_db()
    assert commune.short_name == "xã Hưng Mới"


def test_an_office_with_another_parent_goes_on_in_a_new_row_under_its_new_code(branch: Branch) -> None:
    commune = branch.cast.commune
    with pytest.raises(CannotReform, match="phần mình quản trị"):
        reform(branch.quyen, commune, "move", parent=branch.far.pk, code="000.15.40.H40", code_2020="H40.40")
    quan = branch.cast.quan
    done = reform(quan, commune, "move", parent=branch.far.pk, code="000.15.40.H40", code_2020="H40.40.15")
    commune.refresh_from_db()
    assert commune.valid_to == DAY - ONE
    assert commune.parent == branch.district
    again = done.successor
    assert again is not None
    assert (again.name, again.parent, again.code) == (commune.name, branch.far, "000.15.40.H40")
    minh = actor_of(branch.cast.minh.account_id or 0, DAY)
    assert set(minh.offices(Role.COUNTER_CLERK)) == {again.pk, commune.pk}
    assert actor_of(branch.cast.minh.account_id or 0, DAY - ONE).offices(Role.COUNTER_CLERK) == (commune.pk,)


def test_a_closed_office_names_its_successors_and_each_post_goes_on_or_ends(branch: Branch) -> None:
    cast = branch.cast
    posts = {one.person_id: one.pk for one in Post.objects.filter(office=cast.commune)}
    thu = posts[cast.thu.person_id or 0]
    deputy = make_actor("pho", "Đinh Phó Ví Dụ", (branch.far, Role.LEADER, "Phó Chủ tịch"))
    Delegation.objects.create(
        post_id=posts[cast.hoa.person_id or 0],
        to_person_id=deputy.person_id or 0,
        valid_from=DAY - ONE,
        valid_to=DAY + ONE,
        decision="Giấy ủy quyền",
    )
    reform(branch.quyen, cast.commune, "close", successors=(cast.elsewhere.pk,), posts={thu: "end"})
    link = Succession.objects.get(predecessor=cast.commune)
    assert (link.successor, link.effective_date) == (cast.elsewhere, DAY)
    assert actor_of(cast.thu.account_id or 0, DAY).posts == ()
    assert set(actor_of(cast.son.account_id or 0, DAY).offices(Role.SPECIALIST)) == {
        cast.elsewhere.pk,
        cast.commune.pk,
    }
    lent = actor_of(deputy.account_id or 0, DAY).post(cast.elsewhere.pk, Role.LEADER)
    assert lent is not None
    assert lent.for_name == cast.hoa.name
    tam = actor_of(cast.tam.account_id or 0, DAY).post(cast.commune.pk, Role.COUNTER_CLERK)
    assert tam is not None, "who receives at the successor goes on with what the closed office received"
    assert cast.elsewhere.short_name in tam.title
    assert not Office.objects.on(DAY).filter(pk=cast.commune.pk).exists()
    events = [entry.event for entry in history(f"office:{cast.commune.pk}")]
    assert events == ["directory.OfficeReformApplied", "directory.OfficeReformDecided"]


def test_a_chain_of_successors_carries_the_first_ones_work(branch: Branch) -> None:
    cast = branch.cast
    reform(branch.quyen, cast.commune, "close", successors=(cast.elsewhere.pk,))
    last = add_office(by=branch.quyen, at=NINE, wanted=an_office(branch.district), **PAPER)
    Office.objects.filter(pk=last.pk).update(valid_from=DAY - ONE)
    wanted = Reform("close", DAY + ONE, "13/QĐ-UBND", "Sắp xếp tiếp", successors=(last.pk,))
    decide_reform(by=branch.quyen, at=NINE + ONE, office=cast.elsewhere.pk, wanted=wanted)
    minh = actor_of(cast.minh.account_id or 0, DAY + ONE)
    assert set(minh.offices(Role.COUNTER_CLERK)) == {last.pk, cast.elsewhere.pk, cast.commune.pk}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"decision": " "}, "số quyết định"),
        ({"reason": ""}, "lý do"),
        ({"effective_date": dt.date(2021, 1, 1)}, "hoạt động từ"),
        ({"effective_date": dt.date(2022, 1, 3)}, "chức vụ mới"),
        ({"name": "UBND xã Hải Hưng", "short_name": "UBND xã Hải Hưng"}, "giống"),
        ({"name": ""}, "tên mới"),
    ],
)
def test_what_cannot_be_decided_says_why(branch: Branch, change: dict[str, Any], why: str) -> None:
    Post.objects.filter(person_id=branch.cast.minh.person_id or 0).update(valid_from=dt.date(2022, 2, 1))
    said: dict[str, Any] = {"effective_date": DAY, "name": "Tên khác", "short_name": "Khác"} | PAPER | change
    wanted = Reform("rename", **said)
    with pytest.raises(CannotReform, match=why):
        decide_reform(by=branch.quyen, at=NINE, office=branch.cast.commune.pk, wanted=wanted)
    assert not OfficeReform.objects.exists()


def test_an_office_with_others_below_is_not_closed_and_a_closed_one_not_changed(branch: Branch) -> None:
    with pytest.raises(CannotReform, match="đơn vị bên dưới"):
        reform(branch.cast.quan, branch.district, "close", successors=(branch.far.pk,))
    reform(branch.quyen, branch.division, "close")
    with pytest.raises(CannotReform, match="đã đóng"):
        new_name(branch.quyen, branch.division)
    with pytest.raises(CannotReform, match="không tự nhận"):
        reform(branch.quyen, branch.cast.commune, "close", successors=(branch.cast.commune.pk,))


def test_what_can_no_longer_take_effect_waits_and_says_why_once(branch: Branch) -> None:
    commune = branch.cast.commune
    new_name(branch.quyen, commune, DAY + ONE)
    Office.objects.filter(pk=commune.pk).update(valid_to=DAY)
    for _twice in range(2):
        assert do_due(at=NINE + ONE) == 0
    told = Change.objects.filter(about=f"office:{commune.pk}", by=None)
    assert "đã đóng" in told.get().reason
