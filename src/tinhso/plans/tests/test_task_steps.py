"""What the committee and the lead do to a task besides reporting: steps, extensions, merging, other hands."""

from __future__ import annotations

import datetime as dt

import pytest

from tinhso.directory.api import Role
from tinhso.directory.tests.factories import make_actor
from tinhso.plans.lifecycle import TaskState, TaskVerb
from tinhso.plans.models import History, Task
from tinhso.plans.permissions.tasks import MayTask
from tinhso.plans.queries.task_counts import counts
from tinhso.plans.queries.task_duplicates import likely_duplicates
from tinhso.plans.queries.task_page import task_page
from tinhso.plans.rules.deadlines import Deadline
from tinhso.plans.services.answer_task_extension import CannotAnswerExtension, answer_task_extension
from tinhso.plans.services.ask_task_extension import CannotAskExtension, ask_task_extension
from tinhso.plans.services.comment_on_task import comment_on_task
from tinhso.plans.services.insist_on_task import insist_on_task
from tinhso.plans.services.link_tasks import link_tasks
from tinhso.plans.services.merge_tasks import CannotMerge, merge_tasks
from tinhso.plans.services.note_progress import note_progress
from tinhso.plans.services.postpone_task import postpone_task
from tinhso.plans.services.reassign_task import CannotReassign, reassign_task
from tinhso.plans.services.refuse_task import refuse_task
from tinhso.plans.services.reopen_task import reopen_task
from tinhso.plans.services.restore_task import restore_task
from tinhso.plans.services.resume_task import resume_task
from tinhso.plans.services.split_task import split_task
from tinhso.plans.services.start_task import start_task
from tinhso.plans.services.take_task_step import CannotTakeStep, _refusal
from tinhso.plans.services.withdraw_task import withdraw_task
from tinhso.plans.tests.factories import DAY, Committee, make_committee
from tinhso.plans.tests.task_world import APRIL, DUE, SAID, answered, at, done, given, paper, reported
from tinhso.toolkit.policy import NotThere

pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> Committee:
    return make_committee()


def state(task: Task) -> str:
    return Task.objects.values_list("state", flat=True).get(pk=task.pk)


def last(task: Task) -> History:
    return History.objects.filter(about=task.about).latest("pk")


# Steps


def test_a_task_is_put_off_and_goes_on_while_its_due_day_runs(who: Committee) -> None:
    task = given(who)
    postpone_task(by=who.dinh, at=at(4, 10), code=task.code, reason="Chờ mặt bằng")
    assert (last(task).after, last(task).reason) == ("Tạm hoãn", "Chờ mặt bằng")
    assert task_page(who.dinh, task.code, DAY).row.deadline is Deadline.OVERDUE
    resume_task(by=who.dinh, at=at(4, 12), code=task.code)
    assert state(task) == "running"
    with pytest.raises(CannotTakeStep, match="không cho thực hiện tiếp được"):
        resume_task(by=who.dinh, at=at(4, 12), code=task.code)


def test_the_head_refuses_and_the_secretary_insists(who: Committee) -> None:
    task = given(who)
    with pytest.raises(NotThere):
        refuse_task(by=who.du, at=APRIL, code=task.code, reason="Không đúng việc")
    with pytest.raises(CannotTakeStep, match="Ghi lý do"):
        refuse_task(by=who.dien, at=APRIL, code=task.code, reason=" ")
    refuse_task(by=who.dien, at=APRIL, code=task.code, reason="Không đúng việc")
    with pytest.raises(CannotTakeStep, match="“Từ chối”"):
        start_task(by=who.du, at=APRIL, code=task.code)
    with pytest.raises(NotThere):
        insist_on_task(by=who.dien, at=APRIL, code=task.code, reason="Vẫn là việc của sở")
    insist_on_task(by=who.dinh, at=APRIL, code=task.code, reason="Vẫn là việc của sở")
    assert state(task) == "not_started"


def test_a_refused_task_is_the_same_task_in_other_hands(who: Committee) -> None:
    task = given(who, partners=[who.other])
    refuse_task(by=who.dien, at=APRIL, code=task.code, reason="Không đúng việc")
    with pytest.raises(CannotReassign, match="đang chủ trì"):
        reassign_task(by=who.dinh, at=APRIL, code=task.code, lead=who.bureau, reason="Giao lại")
    with pytest.raises(CannotTakeStep, match="Ghi lý do"):
        reassign_task(by=who.dinh, at=APRIL, code=task.code, lead=who.other, reason="")
    reassign_task(by=who.dinh, at=APRIL, code=task.code, lead=who.other, reason="Việc hạ tầng")
    task.refresh_from_db()
    assert (task.lead, task.state, task.partners.count()) == (who.other, "not_started", 0)
    assert (last(task).before, last(task).after) == ("Sở Giáo dục và Đào tạo", "Sở Thông tin và Truyền thông")
    with pytest.raises(NotThere):
        start_task(by=who.du, at=APRIL, code=task.code)
    start_task(by=who.su, at=APRIL, code=task.code)


def test_a_task_does_not_change_hands_while_its_report_waits_or_once_it_is_done(who: Committee) -> None:
    task = given(who, quantity=5, unit="xã")
    report = reported(task, who.du, at(4, 8), paper("Một", 1), is_final=False)
    with pytest.raises(CannotReassign, match="còn chờ xác nhận"):
        reassign_task(by=who.dinh, at=at(4, 9), code=task.code, lead=who.other, reason="Đổi")
    answered(report, who.dinh, at(4, 9))
    ask_task_extension(by=who.du, at=at(4, 9), code=task.code, due_after=dt.date(2022, 5, 5), reason="Mưa")
    reassign_task(by=who.dinh, at=at(4, 9), code=task.code, lead=who.other, reason="Đổi")
    assert task.extensions.get().answer == "refused"
    done_task = done(given(who, title="Xong"), who.du, who.dinh, at(4, 9))
    with pytest.raises(CannotReassign, match="“Đã hoàn thành”"):
        reassign_task(by=who.dinh, at=at(4, 9), code=done_task.code, lead=who.other, reason="Đổi")


def test_a_wrong_assignment_is_undone_the_same_day_without_a_reason(who: Committee) -> None:
    task = given(who)
    withdraw_task(by=who.dinh, at=at(4, 4, 20), code=task.code)
    assert counts(Task.objects.all(), DAY).total == 0
    restore_task(by=who.dinh, at=at(4, 5), code=task.code)
    with pytest.raises(CannotTakeStep, match="Ghi lý do"):
        withdraw_task(by=who.dinh, at=at(4, 5), code=task.code)
    withdraw_task(by=who.dinh, at=at(4, 5), code=task.code, reason="Không cần nữa")
    assert task_page(who.du, task.code, DAY).row.words == "Đã thu hồi"


def test_withdrawing_closes_what_waits_and_takes_the_parts_along(who: Committee) -> None:
    task = given(who)
    part = split_task(by=who.dinh, at=APRIL, code=task.code, title="Phần", lead=who.district, due=DUE)
    ask_task_extension(by=who.du, at=APRIL, code=task.code, due_after=dt.date(2022, 5, 5), reason="Mưa")
    report = reported(part, who.nhap, APRIL)
    withdraw_task(by=who.dinh, at=APRIL, code=task.code)
    report.refresh_from_db()
    assert (state(part), report.answer, report.answer_text) == (
        "withdrawn",
        "returned",
        "Nhiệm vụ đã thu hồi",
    )
    assert task.extensions.get().answer == "refused"
    with pytest.raises(CannotTakeStep, match=r"“Đã thu hồi”\. Mở lại hoặc khôi phục"):
        restore_task(by=who.dinh, at=APRIL, code=part.code)
    restore_task(by=who.dinh, at=APRIL, code=task.code)
    restore_task(by=who.dinh, at=APRIL, code=part.code)
    assert state(part) == "not_started"


def test_a_part_comes_back_only_where_its_pieces_are_still_free(who: Committee) -> None:
    task = given(who, quantity=5, unit="xã")
    asked = {"by": who.dinh, "at": APRIL, "title": "Phần", "lead": who.district, "due": DUE, "quantity": 5}
    part = split_task(code=task.code, **asked)  # type: ignore[arg-type]
    withdraw_task(by=who.dinh, at=APRIL, code=part.code)
    split_task(code=task.code, **(asked | {"quantity": 3}))  # type: ignore[arg-type]
    with pytest.raises(CannotTakeStep, match="chỉ còn 2 xã"):
        restore_task(by=who.dinh, at=APRIL, code=part.code)


def test_a_task_that_is_reopened_is_not_done(who: Committee) -> None:
    task = done(given(who), who.du, who.dinh, at(4, 20))
    reopen_task(by=who.thinh, at=at(4, 25), code=task.code, reason="Mạng đứt lại")
    task.refresh_from_db()
    assert (task.state, task.done_on) == ("redo", None)
    assert last(task).what == "Mở lại nhiệm vụ đã xong ngày 20/04/2022"
    done(task, who.du, who.dinh, at(5, 4))
    assert task_page(who.du, task.code, DAY).row.deadline is Deadline.LATE


def test_a_part_is_not_reopened_under_a_whole_that_is_done(who: Committee) -> None:
    task = given(who)
    part = split_task(by=who.dinh, at=APRIL, code=task.code, title="Phần", lead=who.district, due=DUE)
    done(part, who.nhap, who.dinh, at(4, 20))
    done(task, who.du, who.dinh, at(4, 21))
    with pytest.raises(CannotTakeStep, match=task.code):
        reopen_task(by=who.dinh, at=at(4, 25), code=part.code, reason="Đứt")
    reopen_task(by=who.dinh, at=at(4, 25), code=task.code, reason="Đứt")
    reopen_task(by=who.dinh, at=at(4, 25), code=part.code, reason="Đứt")


@pytest.mark.parametrize("verb", [*TaskVerb])
def test_every_refusal_says_how_to_go_on(verb: TaskVerb) -> None:
    for one in TaskState:
        sentence = _refusal(one, verb)
        assert sentence.startswith("Nhiệm vụ đang ở trạng thái “")
        assert sentence.endswith(".")


# Extensions


def test_a_granted_extension_keeps_the_first_day_and_the_days_late(who: Committee) -> None:
    task = given(who)
    start_task(by=who.du, at=APRIL, code=task.code)
    asked = ask_task_extension(
        by=who.du, at=at(5, 9), code=task.code, due_after=dt.date(2022, 5, 25), reason="22 xã chưa bàn giao"
    )
    assert task_page(who.thinh, task.code, DAY).may_answer_extension
    assert not task_page(who.dinh, task.code, DAY).may_answer_extension
    answer_task_extension(by=who.thinh, at=at(5, 10), extension=asked.pk, grants=True)
    page = task_page(who.du, task.code, DAY)
    task.refresh_from_db()
    assert (task.due, task.original_due) == (dt.date(2022, 5, 25), DUE)
    assert (page.row.deadline, page.strict, page.late_before) == (Deadline.IN_TIME, Deadline.OVERDUE, 5)
    assert (last(task).before, last(task).after) == ("29/04/2022", "25/05/2022")
    done(task, who.du, who.dinh, at(5, 20))
    page = task_page(who.du, task.code, dt.date(2022, 6, 1))
    assert (page.row.deadline, page.strict) == (Deadline.ON_TIME, Deadline.LATE)


def test_a_refused_extension_moves_nothing_and_says_why(who: Committee) -> None:
    task = given(who)
    asked = ask_task_extension(
        by=who.dien, at=APRIL, code=task.code, due_after=dt.date(2022, 5, 25), reason="Mưa"
    )
    with pytest.raises(CannotAnswerExtension, match="Ghi lý do"):
        answer_task_extension(by=who.thinh, at=APRIL, extension=asked.pk, grants=False)
    answer_task_extension(by=who.thinh, at=APRIL, extension=asked.pk, grants=False, text="Đủ thời gian")
    task.refresh_from_db()
    assert task.due == DUE
    with pytest.raises(NotThere):
        answer_task_extension(by=who.thinh, at=APRIL, extension=asked.pk, grants=True)


def test_the_chair_alone_answers_and_never_an_own_request(who: Committee) -> None:
    both = make_actor(
        "ca",
        "Cả Hai Thử",
        (who.bureau, Role.PLANNER, "Chuyên viên"),
        (who.province, Role.COMMITTEE_CHAIR, "Trưởng ban"),
    )
    task = given(who)
    asked = ask_task_extension(by=both, at=APRIL, code=task.code, due_after=dt.date(2022, 5, 5), reason="Mưa")
    for one in (who.dinh, who.du, who.dien, who.luong, both):
        with pytest.raises(NotThere):
            answer_task_extension(by=one, at=APRIL, extension=asked.pk, grants=True)
    answer_task_extension(by=who.thinh, at=APRIL, extension=asked.pk, grants=True)


@pytest.mark.parametrize("due_after", [DUE, dt.date(2022, 4, 1)])
def test_an_extension_moves_the_due_day_on(who: Committee, due_after: dt.date) -> None:
    task = given(who)
    with pytest.raises(CannotAskExtension, match="sau hạn cũ 29/04/2022"):
        ask_task_extension(by=who.du, at=APRIL, code=task.code, due_after=due_after, reason="Mưa")


def test_what_cannot_be_extended(who: Committee) -> None:
    task, open_ended = given(who), given(who, title="Không hạn", due=None)
    later = dt.date(2022, 5, 25)
    with pytest.raises(CannotAskExtension, match="không có hạn"):
        ask_task_extension(by=who.du, at=APRIL, code=open_ended.code, due_after=later, reason="Mưa")
    with pytest.raises(CannotAskExtension, match="Ghi lý do"):
        ask_task_extension(by=who.du, at=APRIL, code=task.code, due_after=later, reason=" ")
    with pytest.raises(CannotAskExtension, match="sau hôm nay"):
        ask_task_extension(by=who.du, at=at(5, 26), code=task.code, due_after=later, reason="Mưa")
    for one in (who.dinh, who.thinh, who.su):
        with pytest.raises(NotThere):
            ask_task_extension(by=one, at=APRIL, code=task.code, due_after=later, reason="Mưa")
    ask_task_extension(by=who.du, at=APRIL, code=task.code, due_after=later, reason="Mưa")
    with pytest.raises(CannotAskExtension, match="còn chờ Trưởng ban"):
        ask_task_extension(by=who.du, at=APRIL, code=task.code, due_after=later, reason="Mưa")
    reported(task, who.du, APRIL)
    with pytest.raises(CannotAskExtension, match="“Chờ xác nhận”"):
        ask_task_extension(by=who.du, at=APRIL, code=task.code, due_after=later, reason="Mưa")


# Merging


def test_a_merged_task_is_read_on_the_other_and_counted_no_more(who: Committee) -> None:
    one, two = given(who, partners=[who.district]), given(who, lead=who.other)
    needed, waiting = given(who, title="Mua"), given(who, title="Chờ")
    link_tasks(by=who.dinh, at=APRIL, code=one.code, needed=needed.code)
    link_tasks(by=who.dinh, at=APRIL, code=waiting.code, needed=one.code)
    note_progress(by=who.du, at=APRIL, code=one.code, progress=SAID)
    comment_on_task(by=who.du, at=APRIL, code=one.code, text="Trùng rồi")
    merge_tasks(by=who.dinh, at=APRIL, code=one.code, into=two.code, reason="Cùng một việc")
    page = task_page(who.du, two.code, DAY)
    assert [office.pk for office in page.partners] == [who.bureau.pk, who.district.pk]
    assert [tied.task for tied in page.needs] == [needed]
    assert [tied.task for tied in page.needed_by] == [waiting]
    (merged,) = page.merged
    assert (merged.task, merged.reports[0].text, merged.comments[0].text) == (one, SAID.text, "Trùng rồi")
    assert counts(Task.objects.all(), DAY).total == 3
    assert state(one) == "withdrawn"


def test_merging_into_one_that_is_merged_later_leads_to_the_last(who: Committee) -> None:
    one, two, three = (given(who, title=f"Việc {n}") for n in (1, 2, 3))
    merge_tasks(by=who.dinh, at=APRIL, code=one.code, into=two.code)
    merge_tasks(by=who.dinh, at=APRIL, code=two.code, into=three.code)
    assert {task.code for task in Task.objects.filter(merged_into=three)} == {one.code, two.code}
    restore_task(by=who.dinh, at=APRIL, code=one.code)
    one.refresh_from_db()
    assert (one.merged_into, one.state) == (None, "not_started")
    assert last(one).what == "Tách khỏi nhiệm vụ đã gộp"


def test_what_cannot_be_merged(who: Committee) -> None:
    one, two, whole = given(who), given(who, title="Hai"), given(who, title="Chung")
    split_task(by=who.dinh, at=APRIL, code=whole.code, title="Phần", lead=who.district, due=DUE)
    with pytest.raises(CannotMerge, match="nhiệm vụ khác"):
        merge_tasks(by=who.dinh, at=APRIL, code=one.code, into=one.code)
    with pytest.raises(CannotMerge, match="có việc con"):
        merge_tasks(by=who.dinh, at=APRIL, code=whole.code, into=one.code)
    finished = done(given(who, title="Xong"), who.du, who.dinh, at(4, 20))
    with pytest.raises(CannotMerge, match="Gộp nhiệm vụ kia"):
        merge_tasks(by=who.dinh, at=at(4, 20), code=finished.code, into=one.code)
    link_tasks(by=who.dinh, at=APRIL, code=one.code, needed=whole.code)
    link_tasks(by=who.dinh, at=APRIL, code=whole.code, needed=two.code)
    with pytest.raises(CannotMerge, match="chờ nhau mãi"):
        merge_tasks(by=who.dinh, at=APRIL, code=two.code, into=one.code)
    merge_tasks(by=who.dinh, at=at(4, 20), code=one.code, into=finished.code)
    with pytest.raises(CannotMerge, match="đã thu hồi hoặc đã gộp"):
        merge_tasks(by=who.dinh, at=APRIL, code=two.code, into=one.code)
    for actor in (who.du, who.luong):
        with pytest.raises(NotThere):
            merge_tasks(by=actor, at=APRIL, code=two.code, into=finished.code)


def test_likely_duplicates_are_found_within_an_office_and_a_month(who: Committee) -> None:
    first = given(who, title="Nối mạng chuyên dùng cấp II cho 60 xã")
    same = given(who, title="Nối mạng truyền dẫn chuyên dùng cấp II cho 60 xã")
    given(who, title="Nối mạng chuyên dùng cấp II cho 60 xã", lead=who.other)
    given(who, title="Nối mạng chuyên dùng cấp II cho 60 xã", due=dt.date(2022, 6, 1))
    given(who, title="Tập huấn tổ công nghệ số cộng đồng")
    (found,) = likely_duplicates(who.dinh)
    assert (found.task, found.into) == (same, first)
    assert 60 <= found.percent <= 100
    assert [one.task for one in likely_duplicates(who.dinh, code=first.code)] == [same]
    assert likely_duplicates(who.du) == []
    with pytest.raises(NotThere):
        likely_duplicates(who.du, code=first.code)


# What is offered


def test_what_is_offered_depends_on_who_asks_and_on_the_state(who: Committee) -> None:
    task = given(who, partners=[who.district])
    assert task_page(who.du, task.code, DAY).offered == {
        MayTask.ASK_EXTENSION,
        MayTask.COMMENT,
        MayTask.READ,
        MayTask.REPORT,
        MayTask.SPLIT,
        MayTask.START,
    }
    assert MayTask.REFUSE in task_page(who.dien, task.code, DAY).offered
    assert task_page(who.nhap, task.code, DAY).offered == {MayTask.COMMENT, MayTask.READ}
    assert task_page(who.luong, task.code, DAY).offered == {MayTask.READ}
    assert {MayTask.URGE, MayTask.WITHDRAW, MayTask.TAG} <= task_page(who.dinh, task.code, DAY).offered
    done(task, who.du, who.dinh, at(4, 20))
    assert task_page(who.du, task.code, DAY).offered == {MayTask.COMMENT, MayTask.READ}
    assert MayTask.REOPEN in task_page(who.dinh, task.code, DAY).offered
