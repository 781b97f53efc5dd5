"""A review is drafted in one act, its figures are locked with their sources, and a second person approves it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tinhso.plans.models import History, Review, ReviewFigure, ReviewLine
from tinhso.plans.queries.review_kinds import kinds
from tinhso.plans.queries.reviews import differences, figures_hash, page_for
from tinhso.plans.rules.reviews import canonical
from tinhso.plans.services.add_review_line import add_review_line
from tinhso.plans.services.approve_review import CannotApprove, approve_review
from tinhso.plans.services.draft_review import CannotDraft
from tinhso.plans.services.edit_review_line import CannotWriteLine, Words, edit_review_line
from tinhso.plans.services.lock_figures import lock_figures
from tinhso.plans.services.remove_review_line import remove_review_line
from tinhso.plans.services.return_review import CannotReturn, return_review
from tinhso.plans.services.submit_review import CannotSubmit, submit_review
from tinhso.plans.tests.factories import MORNING, Committee, make_task
from tinhso.plans.tests.review_world import FIRST, LAST, make_approved, make_province, make_review
from tinhso.toolkit.policy import NotThere


@pytest.fixture
def who(db: None) -> Committee:
    return make_province()


def line_of(review: Review, section: str, about: str = "") -> ReviewLine:
    rows = review.lines.filter(section=section)
    return rows.get(about=about) if about else rows.order_by("ordinal")[0]


def test_every_kind_of_figure_is_there_with_its_source_and_the_hash_holds(who: Committee) -> None:
    review = make_review(who)
    figures = list(review.figures.order_by("ordinal"))
    assert [one.ordinal for one in figures] == list(range(1, len(figures) + 1))
    assert {one.key.partition(":")[0] for one in figures} == set(kinds())
    assert all(one.source for one in figures)
    assert all(one.note for one in figures if one.value is None), "what nobody can tell says so"
    assert figures_hash(figures) == review.figures_hash
    assert (review.code, review.title) == ("sk-220101-220510-1", "Sơ kết bốn tháng đầu năm 2022")
    assert make_review(who).code == "sk-220101-220510-2"


def test_the_committees_own_figures_are_those_of_its_records(who: Committee) -> None:
    figures = {one.key: one for one in make_review(who).figures.all()}
    late, target = figures["tasks_overdue"], figures["target:CT-001"]
    assert [late.numerator, late.denominator] == [1, 2]
    assert [target.numerator, target.denominator] == [20, 226]
    assert "Chậm nhiều" in target.note
    (window,) = (one for one in figures.values() if one.label == "Kế hoạch chuyển đổi số năm 2022")
    assert [window.numerator, window.denominator] == [0, 3]
    assert "chưa đến nên chưa tính là trễ" in window.note
    assert figures["on_time_reported"].value is None
    assert figures["on_time_strict"].numerator is None, "days that nobody counted are no zero"


def test_the_late_tasks_tell_days_cause_and_reminders_as_they_were(who: Committee) -> None:
    page = page_for(make_review(who))
    (row,) = page.late
    assert (row.days, row.reminded, row.line.cause) == (5, 2, "22 xã chưa bàn giao tủ mạng")
    assert page.title == "Bốn tháng: 0 trên 1 chỉ tiêu kịp tiến độ, 1 nhiệm vụ trễ"


def test_a_frozen_figure_stays_while_the_live_one_moves(who: Committee) -> None:
    review = make_review(who)
    frozen = tuple(review.figures.order_by("ordinal"))
    assert differences(review, frozen, MORNING) == ()
    make_task(who.bureau, "Việc trễ thứ hai", due=dt.date(2022, 5, 5))
    found = {one.key: one for one in differences(review, frozen, MORNING)}
    assert {"tasks_done", "tasks_overdue"} <= set(found)
    overdue = found["tasks_overdue"]
    assert overdue.frozen is not None
    assert overdue.live is not None
    assert [overdue.frozen.numerator, overdue.live.numerator] == [1, 2]
    assert figures_hash(review.figures.order_by("ordinal")) == review.figures_hash


def test_locking_anew_keeps_what_people_wrote_and_its_figures(who: Committee) -> None:
    review = make_review(who)
    late = line_of(review, "limits", "rule:late-tasks")
    edit_review_line(
        by=who.dinh, at=MORNING, code=review.code, line=late.pk, words=Words("Nối mạng trễ.", "Vì điện.")
    )
    own = add_review_line(
        by=who.dinh, at=MORNING, code=review.code, section="praise", words=Words("Khen Sở A.")
    )
    make_task(who.bureau, "Việc trễ thứ hai", due=dt.date(2022, 5, 5))
    locked = lock_figures(by=who.dinh, at=MORNING, code=review.code)
    assert (locked.draft_number, locked.frozen_at) == (2, MORNING)
    assert locked.figures_hash != review.figures_hash
    kept = line_of(locked, "limits", "rule:late-tasks")
    assert (kept.pk, kept.text, kept.is_automatic) == (late.pk, "Nối mạng trễ.", False)
    (place,) = kept.figures
    assert locked.figures.get(ordinal=place).key == "tasks_overdue"
    assert locked.lines.filter(section="limits", about="rule:late-tasks").count() == 1, "not said twice"
    assert locked.lines.filter(pk=own.pk).exists()
    assert locked.lines.filter(section="late").count() == 2, "the machine's lines are written anew"
    assert History.objects.filter(about=review.about, what__startswith="Khóa lại số").exists()


def test_of_a_late_task_only_the_cause_is_written(who: Committee) -> None:
    review = make_review(who)
    row = line_of(review, "late")
    words = Words("Đổi tên việc", "Chờ điện lực", lead=who.bureau.pk, due=dt.date(2022, 6, 1))
    written = edit_review_line(by=who.dinh, at=MORNING, code=review.code, line=row.pk, words=words)
    assert (written.text, written.cause, written.lead_id, written.due) == (
        "Nối mạng 60 xã, đợt 1",
        "Chờ điện lực",
        who.other.pk,
        dt.date(2022, 4, 29),
    )
    with pytest.raises(CannotWriteLine, match="không bỏ ra được"):
        remove_review_line(by=who.dinh, at=MORNING, code=review.code, line=row.pk)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (Words(" "), "Viết một câu"),
        (Words("x" * 1501), "Dài quá 1500 chữ"),
        (Words("Việc", lead=999_999), "cơ quan đang hoạt động"),
        (Words("Việc", due=dt.date(2022, 5, 9)), "Hạn đã qua"),
    ],
)
def test_a_line_that_cannot_stand_is_refused(who: Committee, words: Words, sentence: str) -> None:
    review = make_review(who)
    with pytest.raises(CannotWriteLine, match=sentence):
        add_review_line(by=who.dinh, at=MORNING, code=review.code, section="next", words=words)
    with pytest.raises(CannotWriteLine, match="Chọn một mục"):
        add_review_line(by=who.dinh, at=MORNING, code=review.code, section="late", words=Words("Việc"))


def test_a_line_is_taken_out_and_remembered(who: Committee) -> None:
    review = make_review(who)
    row = (
        line_of(review, "limits", "target:1")
        if review.lines.filter(about="target:1")
        else line_of(review, "limits")
    )
    remove_review_line(by=who.dinh, at=MORNING, code=review.code, line=row.pk)
    assert not ReviewLine.objects.filter(pk=row.pk).exists()
    assert History.objects.filter(about=review.about, before__startswith=row.text[:40]).exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"first": LAST, "last": FIRST}, "Ngày cuối đứng trước"),
        ({"last": LAST + dt.timedelta(days=1)}, "Ngày cuối chưa tới"),
        ({"first": dt.date(2020, 12, 31)}, "Số liệu có từ năm 2021"),
        ({"title": "x" * 251}, "Tên dài quá"),
    ],
)
def test_a_period_that_cannot_be_reviewed_is_refused(
    who: Committee, fields: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(CannotDraft, match=sentence):
        make_review(who, **fields)
    assert not Review.objects.exists()


def test_only_the_secretary_drafts_and_a_second_person_decides(who: Committee) -> None:
    for other in (who.thinh, who.luong, who.du, who.dien, who.an):
        with pytest.raises(NotThere):
            make_review(who, by=other)
    review = make_review(who)
    for other in (who.thinh, who.du):
        with pytest.raises(NotThere):
            submit_review(by=other, at=MORNING, code=review.code)
        with pytest.raises(NotThere):
            lock_figures(by=other, at=MORNING, code=review.code)
    with pytest.raises(NotThere):
        approve_review(by=who.thinh, at=MORNING, code=review.code, number="1/BC")
    submit_review(by=who.dinh, at=MORNING, code=review.code)
    for act in (lock_figures, submit_review):
        with pytest.raises(NotThere):
            act(by=who.dinh, at=MORNING, code=review.code)
    with pytest.raises(NotThere):
        approve_review(by=who.dinh, at=MORNING, code=review.code, number="1/BC")
    approved = approve_review(by=who.thinh, at=MORNING, code=review.code, number=" 15/BC-BCĐ ")
    assert (approved.number, approved.approved_by_id, approved.state) == (
        "15/BC-BCĐ",
        who.thinh.account_id,
        "approved",
    )


def test_nobody_approves_what_they_drafted_though_they_hold_both_posts(who: Committee) -> None:
    review = make_review(who)
    Review.objects.filter(pk=review.pk).update(drafted_by_id=who.thinh.account_id)
    submit_review(by=who.dinh, at=MORNING, code=review.code)
    for act, said in ((approve_review, {"number": "1/BC"}), (return_review, {"reason": "Sai"})):
        with pytest.raises(NotThere):
            act(by=who.thinh, at=MORNING, code=review.code, **said)


def test_a_returned_review_is_a_draft_again_and_says_why(who: Committee) -> None:
    review = make_review(who)
    submit_review(by=who.dinh, at=MORNING, code=review.code)
    with pytest.raises(CannotReturn, match="Ghi vì sao"):
        return_review(by=who.thinh, at=MORNING, code=review.code, reason=" ")
    with pytest.raises(CannotReturn, match="Dài quá"):
        return_review(by=who.thinh, at=MORNING, code=review.code, reason="x" * 1001)
    back = return_review(by=who.thinh, at=MORNING, code=review.code, reason="Thiếu nguyên nhân.")
    assert (back.state, back.submitted_at) == ("draft", None)
    assert History.objects.filter(about=review.about, reason="Thiếu nguyên nhân.").exists()
    assert lock_figures(by=who.dinh, at=MORNING, code=review.code).draft_number == 2


def test_a_number_is_needed_and_used_once_a_year(who: Committee) -> None:
    make_approved(who)
    review = make_review(who)
    submit_review(by=who.dinh, at=MORNING, code=review.code)
    for number, sentence in ((" ", "Ghi số báo cáo"), ("x" * 81, "dài quá"), ("15/BC-BCĐ", "đã dùng")):
        with pytest.raises(CannotApprove, match=sentence):
            approve_review(by=who.thinh, at=MORNING, code=review.code, number=number)


def test_figures_that_are_not_those_locked_cannot_be_submitted(who: Committee) -> None:
    review = make_review(who)
    review.figures.get(ordinal=1).delete()
    with pytest.raises(CannotSubmit, match="Khóa lại số"):
        submit_review(by=who.dinh, at=MORNING, code=review.code)


def test_no_figure_of_a_submitted_review_moves_past_the_services(who: Committee) -> None:
    review = make_review(who)
    submit_review(by=who.dinh, at=MORNING, code=review.code)
    for break_it in (
        lambda: ReviewFigure.objects.filter(review=review).update(value=100),
        lambda: ReviewFigure.objects.filter(review=review).delete(),
        lambda: Review.objects.filter(pk=review.pk).update(figures_hash="x"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            break_it()


def test_the_canonical_text_is_the_same_from_the_table_as_when_it_was_locked(who: Committee) -> None:
    review = make_review(who)
    text = canonical(review.figures.order_by("ordinal"))
    assert '"counted_at":"2022-05-10T00:30:00+00:00"' in text
    assert text == canonical(ReviewFigure.objects.filter(review=review).order_by("ordinal"))
