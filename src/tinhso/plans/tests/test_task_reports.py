"""Reports with evidence: claimed by the lead, answered piece by piece by somebody else."""

from __future__ import annotations

import datetime as dt

import pytest

from tinhso.directory.api import Role
from tinhso.directory.tests.factories import make_actor
from tinhso.messages.api import Notice
from tinhso.plans.models import History, Task, TaskReport
from tinhso.plans.queries.task_page import task_page
from tinhso.plans.queries.task_parts import pieces_done, pieces_left
from tinhso.plans.services.answer_task_report import CannotAnswer, answer_task_report
from tinhso.plans.services.link_tasks import link_tasks
from tinhso.plans.services.note_progress import note_progress
from tinhso.plans.services.report_task import CannotReport, Claim, Progress, report_task
from tinhso.plans.services.split_task import split_task
from tinhso.plans.services.start_task import start_task
from tinhso.plans.services.withdraw_task import withdraw_task
from tinhso.plans.tests.factories import Committee, make_committee
from tinhso.plans.tests.task_world import APRIL, DUE, SAID, answered, at, done, given, paper, reported
from tinhso.toolkit.policy import NotThere

pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> Committee:
    return make_committee()


def test_a_note_of_progress_waits_for_nobody(who: Committee) -> None:
    task = given(who)
    note = note_progress(
        by=who.du, at=at(4, 10), code=task.code, progress=Progress("Đã khảo sát", 30, "Thiếu tủ mạng")
    )
    task.refresh_from_db()
    assert (note.answer, task.state, task.progress, task.blocker) == ("noted", "running", 30, "Thiếu tủ mạng")
    assert History.objects.filter(about=task.about, what="Báo tiến độ", after="30 %").count() == 1


def test_reported_on_the_due_day_is_on_time_however_late_it_is_confirmed(who: Committee) -> None:
    task = given(who)
    report = reported(task, who.du, at(4, 29, 16))
    task.refresh_from_db()
    assert (task.state, report.answer) == ("waiting", "")
    answered(report, who.dinh, at(5, 10))
    task.refresh_from_db()
    assert (task.state, task.done_on, task.progress) == ("done", DUE, 100)
    assert task_page(who.dinh, task.code, dt.date(2022, 5, 10)).row.words == "Hoàn thành đúng hạn"


def test_reported_late_is_late(who: Committee) -> None:
    task = given(who)
    answered(reported(task, who.dien, at(5, 4)), who.thinh, at(5, 4, 10))
    assert task_page(who.dinh, task.code, dt.date(2022, 5, 10)).row.words == "Xong, trễ 1 ngày làm việc"


def test_a_returned_report_is_as_if_it_never_was_and_the_task_is_to_be_done_again(who: Committee) -> None:
    task = given(who)
    note_progress(by=who.du, at=at(4, 8), code=task.code, progress=Progress("Đang làm", 40))
    report = reported(task, who.du, at(4, 28), paper("Biên bản"))
    answered(report, who.dinh, at(4, 29), Biên="", **{"Biên bản": "Thiếu chữ ký của xã."})
    task.refresh_from_db()
    report.refresh_from_db()
    assert (task.state, task.done_on, task.progress) == ("redo", None, 40)
    assert (report.answer, report.answer_text) == ("returned", "Biên bản: Thiếu chữ ký của xã.")
    answered(reported(task, who.du, at(5, 5)), who.dinh, at(5, 6))
    task.refresh_from_db()
    assert task.done_on == dt.date(2022, 5, 5)


def test_confirmed_pieces_count_and_returned_ones_do_not(who: Committee) -> None:
    task = given(who, quantity=60, unit="xã")
    report = reported(task, who.du, at(4, 20), paper("Hải Lý", 1), paper("Yên Bằng", 2), is_final=False)
    assert pieces_left(task) == 57
    answered(report, who.dinh, at(4, 21), **{"Yên Bằng": "Thiếu chữ ký."})
    task.refresh_from_db()
    assert (task.state, task.confirmed_quantity, task.progress) == ("running", 1, 0)
    assert [one.answer for one in report.evidence.order_by("id")] == ["confirmed", "returned"]
    page = task_page(who.du, task.code, DUE)
    assert (page.row.confirmed, page.row.percent, page.left, page.claimed) == (1, 1, 59, 0)
    line = History.objects.get(about=task.about, what="Trả lại báo cáo")
    assert (line.before, line.after, line.by_name) == ("0 xã", "1 xã", who.dinh.name)


def test_a_final_report_wants_every_piece(who: Committee) -> None:
    task = given(who, quantity=3, unit="xã")
    with pytest.raises(CannotReport, match="Còn 1 xã chưa có bằng chứng"):
        reported(task, who.du, at(4, 20), paper("Hai xã", 2))
    with pytest.raises(CannotReport, match="Chỉ còn 3 xã chưa báo, bằng chứng ghi 4"):
        reported(task, who.du, at(4, 20), paper("Bốn xã", 4))
    answered(reported(task, who.du, at(4, 20), paper("Ba xã", 3)), who.dinh, at(4, 21))
    task.refresh_from_db()
    assert (task.state, task.confirmed_quantity) == ("done", 3)


@pytest.mark.parametrize(
    ("progress", "claims", "sentence"),
    [
        (Progress("  "), (paper(),), "Ghi việc đã làm"),
        (Progress("x", 101), (paper(),), "từ 0 đến 100"),
        (SAID, (), "Gửi kèm ít nhất một bằng chứng"),
        (SAID, (Claim(" ", link="/a"),), "Ghi mỗi bằng chứng"),
        (SAID, (Claim("Ảnh"),), "Gửi kèm giấy tờ hoặc đường dẫn cho “Ảnh”"),
        (SAID, (Claim("Ảnh", link="https://xa.vn"),), "phải là một trang của hệ thống này"),
        (SAID, (Claim("Ảnh", link="//xa.vn"),), "phải là một trang của hệ thống này"),
        (SAID, (Claim("Ảnh", -1, link="/a"),), "Sửa lại số lượng"),
        (SAID, (Claim("Ảnh", 1, link="/a"),), "Chỉ còn 0 đơn vị"),
        (SAID, (paper(),) * 201, "tối đa 200 bằng chứng"),
    ],
)
def test_what_cannot_be_reported(
    who: Committee, progress: Progress, claims: tuple[Claim, ...], sentence: str
) -> None:
    task = given(who)
    with pytest.raises(CannotReport, match=sentence):
        report_task(by=who.du, at=APRIL, code=task.code, progress=progress, claims=claims, is_final=True)
    assert not TaskReport.objects.exists()


def test_a_report_without_claims_that_is_not_final_is_a_note(who: Committee) -> None:
    with pytest.raises(CannotReport, match="ghi tiến độ mà không cần xác nhận"):
        report_task(by=who.du, at=APRIL, code=given(who).code, progress=SAID)


def test_one_report_waits_at_a_time(who: Committee) -> None:
    task = given(who, quantity=5, unit="xã")
    reported(task, who.du, at(4, 20), paper("Một", 1), is_final=False)
    with pytest.raises(CannotReport, match="còn chờ xác nhận"):
        reported(task, who.du, at(4, 21), paper("Hai", 1), is_final=False)
    note_progress(by=who.du, at=at(4, 21), code=task.code, progress=SAID)


def test_nothing_is_reported_of_a_task_that_waits(who: Committee) -> None:
    task = given(who)
    reported(task, who.du, at(4, 20))
    with pytest.raises(CannotReport, match="“Chờ xác nhận”"):
        note_progress(by=who.du, at=at(4, 21), code=task.code, progress=SAID)


def test_nobody_answers_an_own_report(who: Committee) -> None:
    both = make_actor(
        "kiem",
        "Kiêm Nhiệm Thử",
        (who.bureau, Role.PLANNER, "Chuyên viên"),
        (who.province, Role.COMMITTEE_SECRETARY, "Thư ký"),
    )
    report = reported(given(who), both, at(4, 20))
    with pytest.raises(NotThere):
        answer_task_report(by=both, at=at(4, 21), report=report.pk, verdicts={}, returned="Không")
    assert not task_page(both, report.task.code, DUE).may_answer_report
    assert task_page(who.dinh, report.task.code, DUE).may_answer_report
    answered(report, who.dinh, at(4, 21))


def test_only_the_committee_answers_and_only_once(who: Committee) -> None:
    report = reported(given(who), who.du, at(4, 20))
    for one in (who.du, who.dien, who.su, who.luong, who.kim, who.an):
        with pytest.raises(NotThere):
            answer_task_report(by=one, at=at(4, 21), report=report.pk, returned="Không")
    answered(report, who.dinh, at(4, 21))
    with pytest.raises(NotThere):
        answer_task_report(by=who.thinh, at=at(4, 22), report=report.pk, returned="Không")


def test_every_piece_gets_its_verdict(who: Committee) -> None:
    report = reported(given(who), who.du, at(4, 20), paper("Một"), paper("Hai"))
    first, second = report.evidence.order_by("id")
    with pytest.raises(CannotAnswer, match="Kết luận về “Hai”"):
        answer_task_report(by=who.dinh, at=at(4, 21), report=report.pk, verdicts={first.pk: ""})
    with pytest.raises(CannotAnswer, match="không thuộc báo cáo này"):
        answer_task_report(by=who.dinh, at=at(4, 21), report=report.pk, verdicts={second.pk + 1: ""})
    with pytest.raises(CannotAnswer, match="tối đa 600 chữ"):
        answer_task_report(by=who.dinh, at=at(4, 21), report=report.pk, returned="x" * 601)
    answer_task_report(
        by=who.dinh, at=at(4, 21), report=report.pk, verdicts={first.pk: ""}, returned="Sai mẫu"
    )
    report.refresh_from_db()
    assert [one.answer_text for one in report.evidence.order_by("id")] == ["", "Sai mẫu"]
    assert report.answer == "returned"


def test_a_task_that_needs_another_is_not_reported_done_before_it(who: Committee) -> None:
    task, needed = given(who), given(who, title="Mua thiết bị")
    link_tasks(by=who.dinh, at=APRIL, code=task.code, needed=needed.code)
    with pytest.raises(CannotReport, match="“Mua thiết bị”"):
        reported(task, who.du, at(4, 20))
    reported(given(who, title="Khác"), who.du, at(4, 20))
    done(needed, who.du, who.dinh, at(4, 21))
    done(task, who.du, who.dinh, at(4, 22))


def test_a_needed_task_that_was_withdrawn_holds_nobody_up(who: Committee) -> None:
    task, needed = given(who), given(who, title="Mua thiết bị")
    link_tasks(by=who.dinh, at=APRIL, code=task.code, needed=needed.code)
    withdraw_task(by=who.dinh, at=APRIL, code=needed.code)
    done(task, who.du, who.dinh, at(4, 22))


def test_a_link_made_while_the_report_waits_still_holds(who: Committee) -> None:
    task, needed = given(who), given(who, title="Mua thiết bị")
    report = reported(task, who.du, at(4, 20))
    link_tasks(by=who.dinh, at=APRIL, code=task.code, needed=needed.code)
    with pytest.raises(CannotAnswer, match="“Mua thiết bị”"):
        answered(report, who.dinh, at(4, 21))


def test_a_whole_is_the_sum_of_its_parts_and_is_done_after_them(who: Committee) -> None:
    task = given(who, quantity=10, unit="xã", partners=[who.district])
    part = split_task(
        by=who.dinh, at=APRIL, code=task.code, title="Ý Yên", lead=who.district, due=DUE, quantity=4
    )
    assert pieces_left(task) == 6
    done_part = reported(part, who.nhap, at(4, 20), paper("Bốn xã", 4))
    with pytest.raises(CannotReport, match="Việc con “Ý Yên” của UBND huyện Ý Yên chưa xong"):
        reported(task, who.du, at(4, 21), paper("Sáu xã", 6))
    answered(done_part, who.dinh, at(4, 21))
    assert pieces_done(task) == 4
    answered(reported(task, who.du, at(4, 22), paper("Sáu xã", 6)), who.dinh, at(4, 23))
    task.refresh_from_db()
    assert (task.state, task.confirmed_quantity, pieces_done(task)) == ("done", 6, 10)
    page = task_page(who.nhap, task.code, DUE)
    assert [one.task.pk for one in page.parts] == [part.pk]
    assert (page.row.parts, page.row.parts_done, page.row.confirmed) == (1, 1, 10)


def test_the_committee_and_the_lead_hear_of_it(who: Committee) -> None:
    task = given(who)
    report = reported(task, who.du, at(4, 20))
    assert (
        Notice.objects.filter(recipient_id=who.dinh.person_id or 0, title="Báo cáo chờ xác nhận").count() == 1
    )
    assert not Notice.objects.filter(recipient_id=who.thinh.person_id or 0).exists()
    answered(report, who.dinh, at(4, 21))
    told = Notice.objects.filter(title="Xác nhận báo cáo").values_list("recipient_id", flat=True)
    assert set(told) == {who.du.person_id, who.dien.person_id}


def test_others_do_not_report(who: Committee) -> None:
    task = given(who, partners=[who.district])
    for one in (who.dinh, who.thinh, who.su, who.nhap, who.be, who.luong, who.kim, who.an):
        with pytest.raises(NotThere):
            note_progress(by=one, at=APRIL, code=task.code, progress=SAID)
        with pytest.raises(NotThere):
            start_task(by=one, at=APRIL, code=task.code)
    start_task(by=who.du, at=APRIL, code=task.code)
    assert Task.objects.get().state == "running"
