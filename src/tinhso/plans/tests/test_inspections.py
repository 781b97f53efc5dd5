"""Inspections: rounds, findings, remedies, answers by somebody else, what is overdue, reminders."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tinhso.directory.api import Actor, Role, calendar
from tinhso.directory.tests.factories import make_actor
from tinhso.documents.api import StoredFile
from tinhso.journal.api import history
from tinhso.messages.api import Notice
from tinhso.plans.lifecycle import FindingState
from tinhso.plans.models import Finding, History, Reminder
from tinhso.plans.queries.documents import document
from tinhso.plans.queries.inspections import FindingsWanted, findings_of, inspections_of_year, rounds_read
from tinhso.plans.rules.inspections import (
    CLOSED,
    LATE,
    Standing,
    days_late,
    days_left,
    level_due,
    levels_of,
    standing_of,
)
from tinhso.plans.services.add_finding import CannotAddFinding
from tinhso.plans.services.answer_remedy import CannotAnswerRemedy, answer_remedy
from tinhso.plans.services.change_inspection import CannotChangeInspection, change_inspection
from tinhso.plans.services.conclude_inspection import CannotConclude, conclude_inspection
from tinhso.plans.services.remind_findings import remind_due
from tinhso.plans.services.report_remedy import CannotReportRemedy, report_remedy
from tinhso.plans.services.start_inspection import CannotStartInspection
from tinhso.plans.tests.factories import DAY, MORNING, Committee, make_committee
from tinhso.plans.tests.money_world import make_finding, make_paper, make_round
from tinhso.toolkit.clock import VN
from tinhso.toolkit.lifecycle import StepNotAllowed
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.working_time import WorkingCalendar

#: Two slow cores are shared.
CALM = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
DUE = dt.date(2022, 4, 29)
DAYS = st.dates(dt.date(2022, 1, 1), dt.date(2022, 12, 31))


@pytest.fixture
def house(db: None) -> Committee:
    return make_committee()


def at(month: int, day: int, hour: int = 9) -> dt.datetime:
    return dt.datetime(2022, month, day, hour, tzinfo=VN)


def report(finding: Finding, by: Actor, when: dt.datetime = MORNING, text: str = "Đã lập hồ sơ") -> Finding:
    return report_remedy(
        by=by,
        at=when,
        finding_id=finding.pk,
        text=text,
        paper=StoredFile.objects.first() or make_paper(),
        paper_name="bien-ban.pdf",
    )


def test_a_round_is_entered_by_who_inspects(house: Committee) -> None:
    for by in (house.an, house.dinh):
        found = make_round(house, by=by)
        assert History.objects.get(about=found.about).by_id == by.account_id
    for by in (house.du, house.dien, house.kim, house.thinh, house.luong):
        with pytest.raises(NotThere):
            make_round(house, by=by)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "Ghi tên"),
        ({"ends": dt.date(2022, 3, 13)}, "đứng trước"),
        ({"year": 2021}, "phải bắt đầu trong năm"),
        ({"is_planned": False, "decision_number": ""}, "phải có quyết định"),
        ({"decision_number": "x" * 81}, "tối đa 80"),
    ],
)
def test_a_round_that_cannot_be_is_refused(house: Committee, fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(CannotStartInspection, match=sentence):
        make_round(house, **fields)
    with pytest.raises(CannotStartInspection, match="không tự kiểm tra"):
        make_round(house, office=house.other)


def test_a_round_is_moved_with_a_reason_and_gets_its_decision(house: Committee) -> None:
    found = make_round(house, decision_number="")
    days = {"starts": found.starts, "ends": found.ends}
    moved = {"starts": dt.date(2022, 4, 4), "ends": dt.date(2022, 4, 6)}

    def change(by: Actor, **fields: object) -> None:
        asked = {"decision_number": "", "reason": "", **days, **fields}
        change_inspection(by=by, at=MORNING, inspection_id=found.pk, **asked)  # type: ignore[arg-type]

    for asked, sentence in (
        (moved, "ghi lý do"),
        ({}, "Chưa đổi gì"),
        ({"ends": dt.date(2022, 3, 1), "reason": "x"}, "đứng trước"),
        ({**moved, "reason": "x" * 1001}, "tối đa 1000"),
    ):
        with pytest.raises(CannotChangeInspection, match=sentence):
            change(house.an, **asked)
    with pytest.raises(NotThere):
        change(house.du, decision_number="07/QĐ-TTr")
    change(house.dinh, decision_number="07/QĐ-TTr")
    with pytest.raises(CannotChangeInspection, match="không để trống"):
        change(house.an, **moved, reason="Dịch bệnh")
    change(house.an, **moved, decision_number="07/QĐ-TTr", reason="Dịch bệnh")
    line = History.objects.get(about=found.about, what="Ngày kiểm tra")
    assert (line.before, line.after, line.reason) == (
        "14/03/2022 – 18/03/2022",
        "04/04/2022 – 06/04/2022",
        "Dịch bệnh",
    )


@pytest.mark.parametrize(
    ("fields", "sentence", "field"),
    [
        ({"text": " "}, "Ghi điều đã thấy", "text"),
        ({"remedy": ""}, "Ghi cách khắc phục", "remedy"),
        ({"due": dt.date(2022, 3, 13)}, "đã qua", "due"),
        ({"at": at(3, 13)}, "bắt đầu ngày 14/03/2022", "text"),
    ],
)
def test_a_finding_that_cannot_be_is_refused(
    house: Committee, fields: dict[str, Any], sentence: str, field: str
) -> None:
    with pytest.raises(CannotAddFinding, match=sentence) as refused:
        make_finding(house, **fields)
    assert refused.value.field == field


def test_only_who_inspects_adds_findings_and_none_after_the_conclusion(house: Committee) -> None:
    found = make_round(house)
    for by in (house.du, house.su, house.thinh):
        with pytest.raises(NotThere):
            make_finding(house, found, by=by)
    make_finding(house, found, is_violation=True)
    conclude(house, found.pk)
    for again in (lambda: make_finding(house, found), lambda: conclude(house, found.pk)):
        with pytest.raises(NotThere):
            again()
    with pytest.raises(NotThere):
        change_inspection(
            by=house.an,
            at=MORNING,
            inspection_id=found.pk,
            starts=found.starts,
            ends=found.ends,
            decision_number="8",
        )


def conclude(house: Committee, pk: int, **fields: object) -> None:
    asked = {"conclusion": "Còn thiếu hồ sơ cấp độ.", "on": dt.date(2022, 3, 25), **fields}
    conclude_inspection(by=house.an, at=MORNING, inspection_id=pk, **asked)  # type: ignore[arg-type]


def test_a_round_is_concluded_with_words_on_a_day_by_a_decision(house: Committee) -> None:
    found = make_round(house, decision_number="")
    with pytest.raises(CannotConclude, match="Chưa có quyết định"):
        conclude(house, found.pk)
    found = make_round(house)
    for fields, sentence in (
        ({"conclusion": " "}, "Ghi kết luận"),
        ({"on": dt.date(2022, 3, 13)}, "Xem lại ngày"),
        ({"on": dt.date(2022, 5, 11)}, "Xem lại ngày"),
    ):
        with pytest.raises(CannotConclude, match=sentence):
            conclude(house, found.pk, **fields)
    conclude(house, found.pk)
    told = set(Notice.objects.values_list("recipient_id", flat=True))
    assert told == {house.du.person_id, house.dien.person_id}
    assert history(found.about)[0].data["findings"] == 0


def test_the_office_reports_with_a_paper_and_somebody_else_closes(house: Committee) -> None:
    finding = make_finding(house)
    for by in (house.su, house.dinh, house.an, house.nhap):
        with pytest.raises(NotThere):
            report(finding, by)
    with pytest.raises(CannotReportRemedy, match="Ghi đã khắc phục"):
        report(finding, house.du, text=" ")
    with pytest.raises(CannotReportRemedy, match="Kèm giấy"):
        report_remedy(by=house.du, at=MORNING, finding_id=finding.pk, text="Xong", paper=None)
    report(finding, house.du)
    with pytest.raises(NotThere):
        report(finding, house.dien)
    for by in (house.du, house.dien, house.kim, house.thinh, house.luong):
        with pytest.raises(NotThere):
            answer_remedy(by=by, at=MORNING, finding_id=finding.pk, is_taken=True)
    with pytest.raises(CannotAnswerRemedy, match="ghi lý do"):
        answer_remedy(by=house.an, at=MORNING, finding_id=finding.pk, is_taken=False)
    answer_remedy(by=house.an, at=MORNING, finding_id=finding.pk, is_taken=False, reason="Thiếu chữ ký")
    finding.refresh_from_db()
    assert (finding.state, finding.closed_on) == (FindingState.OPEN, None)
    report(finding, house.dien)
    answer_remedy(by=house.dinh, at=MORNING, finding_id=finding.pk, is_taken=True)
    finding.refresh_from_db()
    assert (finding.state, finding.closed_by_id) == (FindingState.CLOSED, house.dinh.account_id)
    with pytest.raises(NotThere):
        answer_remedy(by=house.an, at=MORNING, finding_id=finding.pk, is_taken=True)
    said = [one.what for one in History.objects.filter(about=finding.about).order_by("id")]
    assert said == [
        "Ghi kiến nghị",
        "Báo đã khắc phục",
        "Trả lại báo cáo khắc phục",
        "Báo đã khắc phục",
        "Xác nhận đã khắc phục",
    ]
    assert Notice.objects.filter(recipient_id=house.du.person_id or 0).count() == 2


def test_nobody_closes_what_they_reported_whatever_posts_they_hold(house: Committee) -> None:
    both = make_actor(
        "ca-hai",
        "Vũ Cả Hai Thử",
        (house.bureau, Role.PLANNER, "Chuyên viên"),
        (house.other, Role.INSPECTOR, "Thanh tra viên"),
    )
    finding = make_finding(house)
    report(finding, both)
    with pytest.raises(NotThere):
        answer_remedy(by=both, at=MORNING, finding_id=finding.pk, is_taken=True)
    answer_remedy(by=house.an, at=MORNING, finding_id=finding.pk, is_taken=True)
    finding.refresh_from_db()
    with pytest.raises(StepNotAllowed):
        finding.take("close")  # type: ignore[arg-type]


@CALM
@given(DAYS, DAYS, st.none() | DAYS, st.none() | DAYS)
def test_a_finding_stands_in_one_place_and_late_is_late(
    due: dt.date, on: dt.date, fixed: dt.date | None, closed: dt.date | None
) -> None:
    closed = closed if fixed and closed and closed >= fixed else None
    found = standing_of(due, fixed, closed, on, is_reported=fixed is not None)
    if found in CLOSED:
        assert closed is not None
        assert closed <= on
    if found is Standing.OVERDUE:
        assert on > due
        assert fixed is None or fixed > on
    if fixed and fixed <= min(due, on):
        assert found not in LATE, "reported in time is in time, whoever takes long to look at it"


def test_days_are_working_days(house: Committee) -> None:
    work = calendar()
    # 30 April to 3 May 2022 were days off
    assert days_late(DUE, DUE, work) == days_left(DUE, DUE, work) == 0
    assert days_late(DUE, dt.date(2022, 5, 3), work) == 0
    assert days_late(DUE, DAY, work) == 5
    assert days_left(DAY, DUE, work) == 5


def test_the_year_counts_rounds_and_findings_as_they_stood(house: Committee) -> None:
    one = make_round(house)
    make_round(house, office=house.district, starts=dt.date(2022, 6, 6), ends=dt.date(2022, 6, 8))
    make_round(house, office=house.district, is_planned=False)
    overdue, closed = make_finding(house, one), make_finding(house, one, is_violation=True)
    make_finding(house, one, due=dt.date(2022, 5, 31))
    report(closed, house.du, at(4, 20))
    answer_remedy(by=house.an, at=at(5, 4), finding_id=closed.pk, is_taken=True)
    conclude(house, one.pk)
    found = inspections_of_year(2022, DAY)
    assert (found.planned, found.done, found.unplanned, found.unplanned_done) == (2, 1, 1, 0)
    assert (found.findings, found.closed, found.overdue, found.waiting) == (3, 1, 1, 0)
    assert (found.violations, found.violations_closed) == (1, 1)
    assert found.rows[0].finding == overdue
    assert found.rows[0].words == "Quá 5 ngày làm việc"
    earlier = inspections_of_year(2022, dt.date(2022, 4, 25))
    assert (earlier.closed, earlier.overdue, earlier.waiting) == (0, 0, 1)
    assert inspections_of_year(2021, DAY).findings == 0
    assert [row.words for row in found.rounds] == ["Đã kết luận", "Chờ kết luận", "Chưa đến ngày"]


def test_findings_are_read_by_those_who_may_and_as_asked(house: Committee) -> None:
    mine = make_finding(house)
    make_finding(house, make_round(house, office=house.district), is_violation=True, due=dt.date(2022, 6, 1))
    everything = FindingsWanted()
    for by in (house.an, house.dinh, house.thinh, house.kim, house.luong, house.su):
        assert len(findings_of(by, everything, DAY)) == 2, "Sở Thông tin leads both rounds"
    assert [row.finding for row in findings_of(house.du, everything, DAY)] == [mine]
    assert findings_of(house.be, everything, DAY) == []
    assert rounds_read(house.nhap).count() == 1
    for asked in (
        FindingsWanted(standing="qua-han"),
        FindingsWanted(office_id=house.bureau.pk),
        FindingsWanted(kind="kien-nghi"),
    ):
        assert [row.finding for row in findings_of(house.an, asked, DAY)] == [mine]
    assert findings_of(house.an, FindingsWanted(year=2021), DAY) == []
    assert findings_of(house.an, FindingsWanted(standing="da-xong"), DAY) == []


def test_a_remedy_that_was_reported_late_stays_late_while_it_waits(house: Committee) -> None:
    finding = make_finding(house)
    report(finding, house.du, at(5, 5))
    (row,) = findings_of(house.an, FindingsWanted(), DAY)
    assert (row.standing, row.late, row.words) == (Standing.REPORTED_LATE, 2, "Báo trễ 2 ngày, chờ xét")
    answer_remedy(by=house.an, at=MORNING, finding_id=finding.pk, is_taken=True)
    (row,) = findings_of(house.an, FindingsWanted(), DAY)
    assert row.words == "Khắc phục trễ 2 ngày"


def test_reminders_go_out_once_a_step_to_whom_the_rule_names(house: Committee) -> None:
    finding = make_finding(house)
    assert remind_due(at=at(4, 20)) == 0
    assert remind_due(at=at(4, 22)) == 1
    assert remind_due(at=at(4, 22, 15)) == 0
    assert set(Notice.objects.values_list("recipient_id", flat=True)) == {house.du.person_id}
    assert remind_due(at=at(5, 4)) == 1
    assert set(Notice.objects.values_list("recipient_id", flat=True)) == {
        house.du.person_id,
        house.dien.person_id,
    }
    assert remind_due(at=at(5, 10)) == 1
    assert list(Reminder.objects.order_by("id").values_list("level", flat=True)) == [
        "before-5",
        "late-1",
        "late-5",
    ]
    assert "quá hạn 5 ngày làm việc" in Reminder.objects.latest("id").text
    report(finding, house.du)
    assert remind_due(at=at(6, 30)) == 0, "it waits for somebody else"


def test_a_step_that_was_passed_over_is_not_caught_up_with(house: Committee) -> None:
    make_finding(house)
    assert remind_due(at=at(5, 10)) == 1
    assert remind_due(at=at(5, 10, 16)) == 0
    assert Reminder.objects.get().level == "late-5"


@CALM
@given(DAYS, st.integers(-12, 12))
def test_the_steps_of_the_rule_only_go_forward(due: dt.date, start: int) -> None:
    levels, work = levels_of(document("finding_reminders")), WorkingCalendar(off={})
    found = [level_due(levels, due, due + dt.timedelta(days=start + 3 * n), work) for n in range(12)]
    places = [levels.index(one) for one in found if one]
    assert places == sorted(places)
