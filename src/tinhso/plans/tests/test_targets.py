"""Setting targets, changing values, reporting, confirming, adding up parts, solutions: what is done and what is refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tinhso.directory.api import ANYBODY
from tinhso.documents.api import PDF, Upload, store
from tinhso.journal.api import Record, history
from tinhso.messages.api import Notice
from tinhso.plans.models import History, Solution, Target, TargetActual, TargetReport
from tinhso.plans.queries.target_parts import linkable, reports_by_answer, solutions_read, target_page
from tinhso.plans.queries.targets import Filters, finding_of, readable_rows, target_rows
from tinhso.plans.rules.lights import Light
from tinhso.plans.services.add_solution import CannotAddSolution, add_solution
from tinhso.plans.services.add_target import CannotAddTarget, add_target
from tinhso.plans.services.answer_target_report import CannotAnswerTargetReport, answer_target_report
from tinhso.plans.services.change_target_period import CannotChangeTarget, change_target_period
from tinhso.plans.services.link_solution import CannotLinkSolution, link_solution
from tinhso.plans.services.reckon_targets import reckon_targets
from tinhso.plans.services.report_target import CannotReportTarget
from tinhso.plans.tests.factories import DAY, MORNING, Committee, make_committee, make_plan
from tinhso.plans.tests.targets_world import NEW_YEAR, YEAR_END, aim, confirm, make_aim, moment, tell
from tinhso.toolkit.policy import NotThere

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> Committee:
    return make_committee()


def row_of(target: Target, on: dt.date = DAY) -> Any:
    (row,) = [one for one in target_rows(on, with_parts=True) if one.target.pk == target.pk]
    return row


def events(target: Target, name: str) -> list[Record]:
    return [one for one in reversed(history(target.about)) if one.event.endswith(name)]


# Setting


def test_the_secretary_sets_a_target_with_marks_history_and_news(house: Committee) -> None:
    target = make_aim(
        house.dinh, house.other, marks={dt.date(2022, 6, 30): "60", YEAR_END: "100"}, at=moment(1, 31)
    )
    assert (target.code, target.rule, target.created_by_id) == ("CT-001", "lights-1", house.dinh.account_id)
    spans = [(one.first, one.last, int(one.value)) for one in target.periods.order_by("last")]
    assert spans == [
        (dt.date(2022, 1, 1), dt.date(2022, 6, 30), 60),
        (dt.date(2022, 7, 1), YEAR_END, 100),
    ]
    (line,) = History.objects.filter(about=target.about)
    assert "60 %" in line.after
    assert len(events(target, "TargetAdded")) == 1
    assert make_aim(house.dinh, house.other).code == "CT-002"


def test_a_planner_sets_one_for_an_own_open_plan_only(house: Committee) -> None:
    plan = make_plan(house.bureau, house.du)
    target = make_aim(house.du, house.other, plan=plan.pk)
    assert (target.plan, target.office) == (plan, house.bureau), (
        "the office is that of the plan, whoever is named"
    )
    for by, wanted in (
        (house.du, aim()),
        (house.su, aim(plan=plan.pk)),
        (house.dien, aim(plan=plan.pk)),
        (house.luong, aim()),
        (house.thinh, aim()),
        (ANYBODY, aim()),
    ):
        with pytest.raises(NotThere):
            add_target(by=by, at=MORNING, wanted=wanted)
    plan.state = "appraisal"
    plan.save()
    with pytest.raises(NotThere):
        add_target(by=house.du, at=MORNING, wanted=aim(plan=plan.pk))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": " "}, "tên"),
        ({"unit": ""}, "đơn vị"),
        ({"source": ""}, "văn bản"),
        ({"name": "x" * 251}, "dài quá"),
        ({"group": "nhom-la"}, "tám nhóm"),
        ({"direction": "sideways"}, "càng cao"),
        ({"baseline": None}, "Số ban đầu"),
        ({"counter": "no-such"}, "cách đếm"),
        ({"counter": "online-share", "unit": "xã"}, "phần trăm"),
        ({"marks": {}}, "ít nhất một mốc"),
        ({"marks": {NEW_YEAR: "3"}}, "sau ngày"),
        ({"marks": {YEAR_END: "101"}}, "0 đến 100"),
        ({"baseline": Decimal(-1)}, "từ 0"),
        ({"marks": {YEAR_END: "99999999999"}, "unit": "xã"}, "mười chữ số"),
        ({"office": 10**9}, "Không thấy"),
        ({"plan": 10**9}, "Không thấy"),
        ({"directive_item": 10**9}, "mục chỉ đạo"),
    ],
)
def test_what_cannot_be_a_target_is_refused(house: Committee, fields: dict[str, Any], words: str) -> None:
    with pytest.raises(CannotAddTarget, match=words):
        add_target(by=house.dinh, at=MORNING, wanted=aim(**fields))
    assert not Target.objects.exists()


def test_two_marks_on_a_day_and_a_taken_code_are_refused(house: Committee) -> None:
    twice = aim()
    with pytest.raises(CannotAddTarget, match="cùng một ngày"):
        add_target(by=house.dinh, at=MORNING, wanted=aim(periods=[*twice.periods, *twice.periods]))
    make_aim(house.dinh, code="CT-700")
    with pytest.raises(CannotAddTarget, match="Mã"):
        add_target(by=house.dinh, at=MORNING, wanted=aim(code="CT-700"))
    assert make_aim(house.dinh).code == "CT-701"


# Parts


def test_a_whole_adds_its_parts_and_never_counts_itself(house: Committee) -> None:
    whole = make_aim(house.dinh)
    north, south = (
        make_aim(house.dinh, office, parent=whole.pk, name=name)
        for office, name in ((house.district, "Huyện Ý Yên"), (house.bureau, "Phần của Sở"))
    )
    confirm(house.dinh, tell(house.nhap, north, 7, 31))
    first = row_of(whole)
    assert (first.actual.numerator, first.actual.denominator) == (7, 31)
    assert first.actual.details["unknown"] == 1
    confirm(house.dinh, tell(house.du, south, 18, 25))
    both = row_of(whole)
    assert (both.actual.numerator, both.actual.denominator, both.source, both.parts) == (
        25,
        56,
        "children",
        2,
    )
    assert both.value == (Decimal(2500) / 56).quantize(Decimal("0.0001")), "not the mean of the two shares"
    with pytest.raises(NotThere):
        tell(house.su, whole, 1, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.filter(pk=whole.pk).update(counter="online-share")
    assert [one.target for one in target_rows(DAY)] == [whole]


def test_only_a_whole_that_says_nothing_itself_takes_parts(house: Committee) -> None:
    counted = make_aim(house.dinh, counter="level-4")
    reported = make_aim(house.dinh, house.bureau)
    tell(house.du, reported, 1, 2)
    whole = make_aim(house.dinh)
    part = make_aim(house.dinh, house.bureau, parent=whole.pk)
    for parent, more, words in (
        (counted, {}, "tự đếm"),
        (reported, {}, "báo cáo"),
        (part, {}, "một phần"),
        (whole, {"unit": "xã"}, "cùng đơn vị"),
        (whole, {"direction": "down"}, "cùng chiều"),
    ):
        with pytest.raises(CannotAddTarget, match=words):
            add_target(by=house.dinh, at=MORNING, wanted=aim(parent=parent.pk, **more))
    plan = make_plan(house.bureau, house.du)
    with pytest.raises(NotThere):
        add_target(by=house.du, at=MORNING, wanted=aim(parent=whole.pk, plan=plan.pk))


# Changing


def test_a_changed_value_turns_the_light_and_says_why(house: Committee) -> None:
    target = make_aim(house.dinh, house.bureau)
    confirm(house.dinh, tell(house.du, target, 55, 100))
    assert row_of(target).light is Light.ON_TRACK
    change_target_period(
        by=house.dinh,
        at=MORNING,
        pk=target.pk,
        last=dt.date(2022, 6, 30),
        value=Decimal(90),
        reason="Theo 45/TB",
    )
    assert row_of(target).light is Light.VERY_SLOW
    lines = {one.what: one for one in History.objects.filter(about=target.about)}
    assert lines["Giá trị phải đạt đến 30/06/2022"].reason == "Theo 45/TB"
    assert (lines["Số thực hiện"].before, lines["Số thực hiện"].after) == (
        "Kịp tiến độ, 55 %",
        "Chậm nhiều, 55 %",
    )
    assert lines["Số thực hiện"].by_id is None
    (news,) = events(target, "TargetLightChanged")
    assert (news.data["before"], news.data["after"]) == ("on_track", "very_slow")
    change_target_period(
        by=house.dinh, at=MORNING, pk=target.pk, last=dt.date(2022, 6, 30), value=Decimal(50), reason="Nhầm"
    )
    assert row_of(target).light is Light.ON_TRACK
    assert events(target, "TargetPeriodChanged")[-1].data["before"] == "90.0000"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reason": " "}, "vì sao"),
        ({"reason": "x" * 1001}, "dài quá"),
        ({"last": NEW_YEAR}, "sau ngày"),
        ({"value": Decimal(101)}, "0 đến 100"),
        ({"value": Decimal(100)}, "đúng giá trị"),
    ],
)
def test_a_change_without_sense_is_refused(house: Committee, fields: dict[str, Any], words: str) -> None:
    target = make_aim(house.dinh)
    asked = {"last": YEAR_END, "value": Decimal(90), "reason": "Theo 45/TB", **fields}
    with pytest.raises(CannotChangeTarget, match=words):
        change_target_period(by=house.dinh, at=MORNING, pk=target.pk, **asked)


def test_nobody_but_the_secretary_changes_a_value(house: Committee) -> None:
    target = make_aim(house.dinh, house.bureau)
    for by in (house.du, house.dien, house.thinh, house.luong, house.an, house.kim, ANYBODY):
        with pytest.raises(NotThere):
            change_target_period(
                by=by, at=MORNING, pk=target.pk, last=YEAR_END, value=Decimal(90), reason="Theo 45/TB"
            )


# Reporting


def test_a_report_counts_once_somebody_else_confirmed_it(house: Committee) -> None:
    target = make_aim(house.dinh, house.bureau)
    report = tell(house.du, target, 88, 226)
    assert row_of(target).actual is None
    assert row_of(target).waiting == 1
    confirm(house.dinh, report)
    row = row_of(target)
    assert (row.actual.source, row.light) == ("report", Light.SLOW if row.value > 45 else Light.VERY_SLOW)
    assert (row.actual.numerator, row.actual.denominator) == (88, 226)
    (notice,) = Notice.objects.filter(recipient_id=house.du.person_id or 0)
    assert notice.link.endswith(f"/chi-tieu/{target.pk}/")
    with pytest.raises(NotThere):
        confirm(house.dinh, report)


def test_a_returned_report_says_why_and_counts_nothing(house: Committee) -> None:
    target = make_aim(house.dinh, house.bureau)
    report = tell(house.du, target, 88, 226)
    with pytest.raises(CannotAnswerTargetReport, match="vì sao"):
        answer_target_report(by=house.dinh, at=MORNING, pk=report.pk, answer="returned")
    with pytest.raises(CannotAnswerTargetReport, match="Chọn"):
        answer_target_report(by=house.dinh, at=MORNING, pk=report.pk, answer="maybe")
    with pytest.raises(CannotAnswerTargetReport, match="Dài quá"):
        answer_target_report(by=house.dinh, at=MORNING, pk=report.pk, answer="returned", text="x" * 601)
    answer_target_report(by=house.dinh, at=MORNING, pk=report.pk, answer="returned", text="Thiếu biên bản")
    assert not TargetActual.objects.exists()
    assert [one.answer_text for one in reports_by_answer(house.du, "returned")] == ["Thiếu biên bản"]
    tell(house.du, target, 80, 226)


def test_nobody_confirms_an_own_report(house: Committee) -> None:
    target = make_aim(house.dinh, house.bureau)
    report = tell(house.du, target, 88, 226)
    TargetReport.objects.filter(pk=report.pk).update(note="x")
    for by in (house.du, house.dien, house.thinh, house.luong, house.an, ANYBODY):
        with pytest.raises(NotThere):
            confirm(by, report)
    with pytest.raises(IntegrityError), transaction.atomic():
        TargetReport.objects.filter(pk=report.pk).update(
            answer="confirmed", answered_by_id=house.du.account_id, answered_at=MORNING
        )


def test_one_who_is_planner_and_secretary_does_not_confirm_an_own_report(house: Committee) -> None:
    target = make_aim(house.dinh, house.bureau)
    report = tell(house.du, target, 88, 226)
    both = type(house.du)(house.du.account_id, house.du.person_id, house.du.name, house.dinh.posts)
    with pytest.raises(NotThere):
        confirm(both, report)


@pytest.mark.parametrize(
    ("numbers", "fields", "words"),
    [
        ((88, 226), {"note": " "}, "minh chứng"),
        ((88, 226), {"note": "x" * 601}, "dài quá"),
        ((88, 226), {"on": dt.date(2022, 5, 11)}, "chưa tới"),
        ((88, 226), {"on": dt.date(2021, 12, 1)}, "số ban đầu"),
        ((88, None), {}, "mẫu số"),
        ((-1, 226), {}, "từ 0"),
        ((227, 226), {}, "không quá tổng số"),
        ((0, 0), {}, "lớn hơn 0"),
    ],
)
def test_a_report_without_sense_is_refused(
    house: Committee, numbers: tuple[int, int | None], fields: dict[str, Any], words: str
) -> None:
    target = make_aim(house.dinh, house.bureau)
    with pytest.raises(CannotReportTarget, match=words):
        tell(house.du, target, *numbers, **fields)


def test_a_file_is_evidence_enough_and_two_reports_do_not_wait_together(house: Committee) -> None:
    target = make_aim(house.dinh, house.bureau)
    kept = Upload(
        store(b"%PDF-1.4 x", media_type=PDF, at=MORNING, pages=1), "bien-ban.pdf", "", was_photo=False
    )
    report = tell(house.du, target, 88, 226, note="", upload=kept)
    assert (report.file, report.file_name) == (kept.file, "bien-ban.pdf")
    with pytest.raises(CannotReportTarget, match="đang chờ"):
        tell(house.du, target, 88, 226)


def test_only_a_planner_of_its_office_reports_what_no_counter_counts(house: Committee) -> None:
    target = make_aim(house.dinh, house.bureau)
    for by in (house.su, house.dien, house.nhap, house.dinh, house.thinh, ANYBODY):
        with pytest.raises(NotThere):
            tell(by, target, 1, 2)
    counted = make_aim(house.dinh, house.bureau, counter="level-4")
    with pytest.raises(NotThere):
        tell(house.du, counted, 1, 2)


def test_the_latest_day_counts_and_a_correction_of_a_day_the_later_report(house: Committee) -> None:
    target = make_aim(house.dinh, house.bureau, unit="xã", marks={YEAR_END: "226"})
    confirm(house.dinh, tell(house.du, target, 60, None, on=dt.date(2022, 4, 29)))
    confirm(house.dinh, tell(house.du, target, 50, None, on=dt.date(2022, 3, 31)))
    assert row_of(target).value == 60
    confirm(house.dinh, tell(house.du, target, 58, None, on=dt.date(2022, 4, 29)))
    row = row_of(target)
    assert (row.value, row.actual.details["as_of"]) == (58, "2022-04-29")


# Reckoning


def test_days_of_the_past_make_a_line_and_only_the_present_makes_news(house: Committee) -> None:
    target = make_aim(house.dinh, house.bureau, at=moment(1, 31))
    for month, day, done in ((1, 31, 30), (2, 28, 40), (3, 31, 41), (4, 29, 42)):
        confirm(
            house.dinh,
            tell(house.du, target, done, 100, at=moment(month, day)),
            moment(month, day, 16),
        )
    line = list(TargetActual.objects.filter(target=target).order_by("on"))
    assert [(one.on.month, one.light) for one in line] == [
        (1, "on_track"),
        (2, "on_track"),
        (3, "on_track"),
        (4, "very_slow"),
    ]
    reckon_targets(at=MORNING)
    page = target_page(house.dinh, target.pk, MORNING, DAY)
    assert [one.on.month for one in page.line] == [1, 2, 3, 4, 5]
    assert page.forecast is not None
    assert page.row.forecast == page.forecast.value
    assert (page.forecast.first.on, page.forecast.last.on) == (dt.date(2022, 2, 28), dt.date(2022, 4, 29)), (
        "a report that stands for many days is one point"
    )
    before = len(events(target, "TargetLightChanged"))
    change_target_period(
        by=house.dinh,
        at=moment(3, 15),
        pk=target.pk,
        last=dt.date(2022, 3, 31),
        value=Decimal(99),
        reason="Thử",
    )
    assert len(events(target, "TargetLightChanged")) == before, "a day of the past is no news"


def test_reckoning_again_changes_nothing(house: Committee) -> None:
    target = make_aim(house.dinh, house.bureau)
    confirm(house.dinh, tell(house.du, target, 88, 226))
    later = moment(5, 10, 15)
    assert reckon_targets(at=later) == 0
    assert TargetActual.objects.get(target=target, on=DAY).reckoned_at == later
    assert reckon_targets(at=moment(5, 11)) == 1, "a new day needs a little more"


# Lists and solutions


def test_lists_are_worst_first_and_filtered(house: Committee) -> None:
    slow = make_aim(house.dinh, house.bureau, name="Chậm")
    fine = make_aim(house.dinh, house.bureau, name="Kịp")
    secret = make_aim(house.dinh, house.other, name="Riêng", is_public=False, group="nhan-luc")
    confirm(house.dinh, tell(house.du, slow, 10, 100))
    confirm(house.dinh, tell(house.du, fine, 90, 100))
    rows = target_rows(DAY)
    assert [one.target for one in rows] == [slow, secret, fine]
    assert [one.target for one in target_rows(DAY, public_only=True)] == [slow, fine]
    found = finding_of(rows)
    assert (found.whole, found.good) == (3, 1)
    assert [one.target for one in readable_rows(house.dinh, Filters(group="nhan-luc"), DAY)] == [secret]
    assert [one.target for one in readable_rows(house.dinh, Filters(light="very_slow"), DAY)] == [slow]
    assert readable_rows(house.dinh, Filters(source="counter"), DAY) == []
    assert [one.target for one in readable_rows(house.du, Filters(), DAY)] == [slow, fine]
    assert [one.target for one in readable_rows(house.su, Filters(office=house.other.pk), DAY)] == [secret]


def test_solutions_are_written_linked_and_taken_away(house: Committee) -> None:
    target, other = make_aim(house.dinh, house.bureau), make_aim(house.dinh, house.other)
    solution = add_solution(by=house.du, at=MORNING, target=target.pk, text="  Lập  tổ lưu động  ")
    assert (solution.text, solution.office) == ("Lập tổ lưu động", house.bureau)
    for text, words in ((" ", "Ghi giải pháp"), ("x" * 1001, "Dài quá"), ("Lập tổ lưu động", "đã có")):
        with pytest.raises(CannotAddSolution, match=words):
            add_solution(by=house.du, at=MORNING, target=target.pk, text=text)
    with pytest.raises(NotThere):
        link_solution(by=house.du, at=MORNING, target=other.pk, solution=solution.pk)
    link_solution(by=house.dinh, at=MORNING, target=other.pk, solution=solution.pk)
    assert {one.code for _s, served in solutions_read(house.dinh) for one in served} == {"CT-001", "CT-002"}
    with pytest.raises(CannotLinkSolution):
        link_solution(by=house.dinh, at=MORNING, target=other.pk, solution=solution.pk)
    link_solution(by=house.dinh, at=MORNING, target=other.pk, solution=solution.pk, is_linked=False)
    assert linkable(house.dinh, other) == [solution]
    assert Solution.objects.count() == 1
    whats = list(History.objects.filter(about=other.about).values_list("what", flat=True))
    assert {"Gắn giải pháp", "Gỡ giải pháp"} <= set(whats)


# What the database refuses


@pytest.mark.parametrize("change", [{"numerator": 3}, {"answer_text": "Khác"}])
def test_an_answered_report_stays_as_it_is(house: Committee, change: dict[str, Any]) -> None:
    report = confirm(house.dinh, tell(house.du, make_aim(house.dinh, house.bureau), 1, 2))
    with pytest.raises(IntegrityError, match="answered once"), transaction.atomic():
        TargetReport.objects.filter(pk=report.pk).update(**change)
    with pytest.raises(IntegrityError, match="answered once"), transaction.atomic():
        TargetReport.objects.filter(pk=report.pk).delete()


def test_a_whole_takes_no_report_and_a_reported_one_no_part(house: Committee) -> None:
    whole = make_aim(house.dinh, house.bureau)
    part = make_aim(house.dinh, house.bureau, parent=whole.pk)
    reported = make_aim(house.dinh, house.bureau)
    report = tell(house.du, reported, 1, 2)
    with pytest.raises(IntegrityError, match="sum"), transaction.atomic():
        TargetReport.objects.create(
            target=whole, office=house.bureau, on=DAY, numerator=1, denominator=2, reported_at=MORNING
        )
    with pytest.raises(IntegrityError, match="counted twice"), transaction.atomic():
        Target.objects.filter(pk=part.pk).update(parent=reported)
    assert report.answer == ""
