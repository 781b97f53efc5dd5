"""Giving tasks: to whom, by whom, in parts, with ties, public or not, with tags."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tinhso.journal.api import history
from tinhso.messages.api import Notice
from tinhso.plans.models import History, Task, TrackedService
from tinhso.plans.queries.task_page import task_page
from tinhso.plans.queries.task_parts import waits_for
from tinhso.plans.services.assign_task import CannotAssign, assign_task
from tinhso.plans.services.comment_on_task import CannotComment, comment_on_task
from tinhso.plans.services.link_tasks import CannotLink, link_tasks
from tinhso.plans.services.make_task_public import CannotShow, make_task_public
from tinhso.plans.services.split_task import split_task
from tinhso.plans.services.tag_tasks import CannotTag, tag_tasks
from tinhso.plans.services.update_tracked_service import CannotUpdateService, update_tracked_service
from tinhso.plans.services.withdraw_task import withdraw_task
from tinhso.plans.tests.factories import Committee, make_committee, make_task
from tinhso.plans.tests.task_world import APRIL, DUE, at, done, given, reported
from tinhso.toolkit.policy import NotThere

pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> Committee:
    return make_committee()


def test_a_task_is_given_with_its_offices_code_and_history(who: Committee) -> None:
    make_task(who.other)
    task = given(
        who, partners=[who.district, who.bureau, who.district], tags=["cchc", "cchc"], product="60 biên bản"
    )
    assert (task.code, task.state, task.due, task.original_due) == ("NV-00002", "not_started", DUE, DUE)
    assert (task.starts, task.tags, task.folded) == (
        APRIL.date(),
        ["cchc"],
        "noi mang cho 60 xa 60 bien ban",
    )
    assert list(task.partners.values_list("office__short_name", flat=True)) == ["UBND huyện Ý Yên"]
    line = History.objects.get(about=task.about)
    assert (line.what, line.after) == ("Giao nhiệm vụ", "Sở Giáo dục và Đào tạo, hạn 29/04/2022")
    (entry,) = history(task.about)
    assert (entry.event, entry.data["code"], entry.data["lead"]) == (
        "plans.TaskAssigned",
        "NV-00002",
        who.bureau.pk,
    )
    told = dict(Notice.objects.values_list("recipient_id", "title"))
    assert told == {
        who.du.person_id: "Nhiệm vụ mới được giao",
        who.dien.person_id: "Nhiệm vụ mới được giao",
        who.nhap.person_id: "Nhiệm vụ cần phối hợp",
    }


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": "  "}, "Ghi việc phải làm"),
        ({"title": "x" * 301}, "tối đa 300 chữ"),
        ({"due": dt.date(2022, 4, 3)}, "Hạn 03/04/2022 đã qua"),
        ({"starts": dt.date(2022, 4, 30)}, "đứng trước ngày bắt đầu 30/04/2022"),
        ({"quantity": 60}, "đơn vị tính"),
        ({"quantity": 0, "unit": "xã"}, "số lượng từ 1"),
        ({"group": "khac"}, "một trong tám nhóm"),
        ({"tags": ["la"]}, "Chưa có nhãn “la”"),
        ({"product": "x" * 501}, "Viết gọn lại"),
        ({"recurrence": "weekly"}, "hằng tháng, hằng quý hoặc hằng năm"),
        ({"recurrence": "monthly", "due": None}, "cần có hạn"),
        ({"recurrence": "monthly"}, "ngày thôi lặp lại"),
        ({"recurrence": "monthly", "recurs_until": dt.date(2022, 4, 28)}, "từ hạn của lần đầu"),
        ({"recurs_until": DUE}, "bỏ ngày thôi lặp lại"),
    ],
)
def test_what_cannot_be_given(who: Committee, fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(CannotAssign, match=sentence):
        given(who, **fields)
    assert not Task.objects.exists()


def test_only_the_committee_gives_tasks(who: Committee) -> None:
    for one in (who.du, who.dien, who.luong, who.kim, who.an):
        with pytest.raises(NotThere):
            assign_task(by=one, at=APRIL, title="Việc", lead=who.bureau, due=None)
    assert assign_task(by=who.thinh, at=APRIL, title="Việc", lead=who.bureau, due=None).due is None


# Parts


def part(who: Committee, task: Task, **fields: Any) -> Task:
    said = {"by": who.dinh, "title": "Phần của huyện", "lead": who.district, "due": DUE, **fields}
    return split_task(at=APRIL, code=task.code, **said)


def test_a_part_has_the_whole_of_its_own_and_its_office_comes_into_the_whole(who: Committee) -> None:
    task = given(who, quantity=60, unit="xã", tags=["ntm"], group="ha-tang")
    one = part(who, task, quantity=9)
    assert (one.parent, one.unit, one.tags, one.group) == (task, "xã", ["ntm"], "ha-tang")
    assert task.partners.get().office == who.district
    assert History.objects.filter(about=task.about, what="Chia việc con").exists()
    assert task_page(who.nhap, task.code, DUE).parts[0].task == one


def test_parts_do_not_hold_more_than_the_whole(who: Committee) -> None:
    task = given(who, quantity=10, unit="xã")
    part(who, task, quantity=9)
    with pytest.raises(CannotAssign, match="chỉ còn 1 xã chưa giao"):
        part(who, task, quantity=2)
    one = part(who, task, quantity=1)
    withdraw_task(by=who.dinh, at=APRIL, code=one.code)
    part(who, task, quantity=1)


def test_what_cannot_be_a_part(who: Committee) -> None:
    task = given(who)
    one = part(who, task)
    with pytest.raises(CannotAssign, match="Việc con không chia tiếp"):
        part(who, one)
    with pytest.raises(CannotAssign, match="trong hạn 29/04/2022"):
        part(who, task, due=dt.date(2022, 4, 30))
    with pytest.raises(CannotAssign, match="trong hạn 29/04/2022"):
        part(who, task, due=None)
    with pytest.raises(CannotAssign, match="không chia thêm"):
        given(who, parent=one)
    done(one, who.nhap, who.dinh, at(4, 5))
    reported(task, who.du, at(4, 5))
    with pytest.raises(CannotAssign, match="“Chờ xác nhận”"):
        part(who, task)


def test_the_lead_gives_parts_to_those_who_co_ordinate_and_to_itself(who: Committee) -> None:
    task = given(who, partners=[who.other])
    part(who, task, by=who.du, lead=who.other)
    part(who, task, by=who.dien, lead=who.bureau)
    with pytest.raises(CannotAssign, match="UBND huyện Ý Yên chưa phối hợp"):
        part(who, task, by=who.du)
    for one in (who.su, who.nhap, who.luong):
        with pytest.raises(NotThere):
            part(who, task, by=one)


# Ties


def test_two_tasks_never_wait_for_each_other(who: Committee) -> None:
    one, two, three = (given(who, title=f"Việc {n}") for n in (1, 2, 3))
    link_tasks(by=who.dinh, at=APRIL, code=one.code, needed=two.code)
    link_tasks(by=who.dinh, at=APRIL, code=two.code, needed=three.code)
    assert waits_for(one, three)
    with pytest.raises(CannotLink, match="chờ nhau mãi"):
        link_tasks(by=who.dinh, at=APRIL, code=three.code, needed=one.code)
    with pytest.raises(CannotLink, match="không chờ chính nó"):
        link_tasks(by=who.dinh, at=APRIL, code=one.code, needed=one.code)
    link_tasks(by=who.dinh, at=APRIL, code=two.code, needed=three.code, is_needed=False)
    link_tasks(by=who.dinh, at=APRIL, code=three.code, needed=one.code)
    page = task_page(who.dinh, one.code, DUE)
    assert [tied.task for tied in page.needs] == [two]
    assert [tied.task for tied in page.needed_by] == [three]


def test_a_part_does_not_wait_for_its_whole(who: Committee) -> None:
    task = given(who)
    one = part(who, task)
    with pytest.raises(CannotLink, match="chờ nhau mãi"):
        link_tasks(by=who.dinh, at=APRIL, code=one.code, needed=task.code)
    other = given(who, title="Khác")
    link_tasks(by=who.dinh, at=APRIL, code=one.code, needed=other.code)
    with pytest.raises(CannotLink, match="chờ nhau mãi"):
        link_tasks(by=who.dinh, at=APRIL, code=other.code, needed=task.code)


def test_ties_said_twice_are_said_once_and_withdrawn_tasks_are_not_tied(who: Committee) -> None:
    one, two = given(who), given(who, title="Hai")
    for _n in range(2):
        link_tasks(by=who.dinh, at=APRIL, code=one.code, needed=two.code)
    assert History.objects.filter(about=one.about).count() == 2
    link_tasks(by=who.dinh, at=APRIL, code=one.code, needed=two.code, is_needed=False)
    withdraw_task(by=who.dinh, at=APRIL, code=two.code)
    with pytest.raises(CannotLink, match="đã thu hồi"):
        link_tasks(by=who.dinh, at=APRIL, code=one.code, needed=two.code)
    with pytest.raises(CannotLink, match="đã xong hoặc đã thu hồi"):
        link_tasks(by=who.dinh, at=APRIL, code=two.code, needed=one.code)


# Words, tags, the public, Project 06


def test_offices_in_it_and_the_committee_comment(who: Committee) -> None:
    task = given(who, partners=[who.district])
    Notice.objects.all().delete()
    comment_on_task(by=who.nhap, at=APRIL, code=task.code, text=" Huyện đã có 4 phòng ")
    assert Notice.objects.get().recipient_id == who.du.person_id
    comment_on_task(by=who.du, at=APRIL, code=task.code, text="Cảm ơn")
    assert Notice.objects.latest("pk").recipient_id == who.dinh.person_id
    comment_on_task(by=who.dinh, at=APRIL, code=task.code, text="Xin danh sách")
    texts = [one.text for one in task_page(who.dinh, task.code, DUE).comments]
    assert texts == ["Xin danh sách", "Cảm ơn", "Huyện đã có 4 phòng"]
    with pytest.raises(CannotComment):
        comment_on_task(by=who.du, at=APRIL, code=task.code, text="  ")
    for one in (who.su, who.be, who.luong, who.kim, who.an):
        with pytest.raises(NotThere):
            comment_on_task(by=one, at=APRIL, code=task.code, text="Xin chào")


def test_tags_are_put_on_many_tasks_or_on_none(who: Committee) -> None:
    one, two = given(who, tags=["ntm"]), given(who, title="Hai")
    changed = tag_tasks(by=who.dinh, at=APRIL, codes=[one.code, two.code], add=["project-06"], remove=["ntm"])
    assert [task.tags for task in changed] == [["project-06"], ["project-06"]]
    assert tag_tasks(by=who.dinh, at=APRIL, codes=[one.code], add=["project-06"]) == []
    with pytest.raises(CannotTag, match="“la”"):
        tag_tasks(by=who.dinh, at=APRIL, codes=[one.code], add=["la"])
    with pytest.raises(NotThere):
        tag_tasks(by=who.dinh, at=APRIL, codes=[one.code, "NV-99999"], add=["cchc"])
    line = History.objects.get(about=one.about, what="Đổi nhãn")
    assert (line.before, line.after) == ("Nông thôn mới", "Đề án 06")


def test_a_task_is_shown_to_the_public_and_taken_off(who: Committee) -> None:
    task = given(who)
    for is_public in (True, True, False):
        assert (
            make_task_public(by=who.dinh, at=APRIL, code=task.code, is_public=is_public).is_public
            is is_public
        )
    assert History.objects.filter(about=task.about, what__contains="công khai").count() == 2
    withdraw_task(by=who.dinh, at=APRIL, code=task.code)
    with pytest.raises(CannotShow):
        make_task_public(by=who.dinh, at=APRIL, code=task.code, is_public=True)


def test_the_lead_says_where_a_service_hangs_and_the_committee_changes_the_rest(who: Committee) -> None:
    service = TrackedService.objects.create(
        ordinal=1, name="Đăng ký khai sinh", lead=who.bureau, updated_at=APRIL
    )
    update_tracked_service(by=who.du, at=APRIL, ordinal=1, blocker="Chưa có dữ liệu trẻ em")
    with pytest.raises(NotThere):
        update_tracked_service(by=who.du, at=APRIL, ordinal=1, blocker="", lead=who.other)
    with pytest.raises(NotThere):
        update_tracked_service(by=who.su, at=APRIL, ordinal=1, blocker="")
    with pytest.raises(CannotUpdateService, match="400 chữ"):
        update_tracked_service(by=who.du, at=APRIL, ordinal=1, blocker="x" * 401)
    with pytest.raises(CannotUpdateService, match="50 mã"):
        update_tracked_service(by=who.dinh, at=APRIL, ordinal=1, blocker="", procedure_codes=["x" * 21])
    update_tracked_service(
        by=who.dinh,
        at=APRIL,
        ordinal=1,
        blocker="",
        lead=who.other,
        procedure_codes=["1.001193", "1.001193 "],
    )
    service.refresh_from_db()
    assert (service.lead, service.procedure_codes, service.blocker) == (who.other, ["1.001193"], "")
    assert History.objects.filter(about=service.about).count() == 2
