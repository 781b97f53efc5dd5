"""Scores of the Digital Transformation Index: who may, two persons, evidence, what is never edited, closing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model, QuerySet

from tinhso.directory.api import ANYBODY, SYSTEM, Actor
from tinhso.journal.api import history
from tinhso.measures.models import (
    DtiAppraisal,
    DtiAssessment,
    DtiAssignment,
    DtiCriterion,
    DtiEvidence,
    DtiFinal,
    DtiPeriod,
)
from tinhso.measures.permissions import ASSESSMENTS, PERIODS, MayScore
from tinhso.measures.queries.dti import board_of, line_of, scores_since, version_of
from tinhso.measures.rules.dti import Badge, Status
from tinhso.measures.rules.dti_sheet import Evidence
from tinhso.measures.services.ask_to_close_dti_period import ask_to_close_dti_period
from tinhso.measures.services.assess_criterion import Assessment, DtiChanged, DtiRefused, assess_criterion
from tinhso.measures.services.assign_criterion import Assignment, assign_criterion
from tinhso.measures.services.close_dti_period import close_dti_period
from tinhso.measures.services.hand_back_dti_period import hand_back_dti_period
from tinhso.measures.services.load_dti import load_dti
from tinhso.measures.services.open_dti_period import open_dti_period
from tinhso.measures.tests.conftest import NOW
from tinhso.measures.tests.dti_world import PAPER, Scoring, make_scoring
from tinhso.toolkit import clock
from tinhso.toolkit.policy import NotThere


@pytest.fixture
def scoring(db: None, monkeypatch: pytest.MonkeyPatch) -> Scoring:
    """Open the year 2021 with nine criteria, at nine in the morning."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return make_scoring()


def others(scoring: Scoring) -> list[Actor]:
    return [*(one for one in vars(scoring.cast).values() if isinstance(one, Actor)), ANYBODY, SYSTEM]


def test_only_those_who_score_and_appraise_see_a_period(scoring: Scoring) -> None:
    assert len(others(scoring)) >= 10
    seen = {one.name: PERIODS.rows(one, MayScore.READ).count() for one in others(scoring)}
    assert set(seen.values()) == {0}
    assert [PERIODS.rows(one, MayScore.READ).count() for one in (scoring.ngan, scoring.tham)] == [1, 1]


@pytest.mark.parametrize("may", [MayScore.ASSESS, MayScore.ASK_TO_CLOSE])
def test_only_the_statistician_scores_and_only_while_the_period_is_open(
    scoring: Scoring, may: MayScore
) -> None:
    assert {PERIODS.rows(one, may).count() for one in (*others(scoring), scoring.tham)} == {0}
    assert PERIODS.rows(scoring.ngan, may).count() == 1
    scoring.appraise(scoring.assess())
    ask_to_close_dti_period(by=scoring.ngan, at=NOW, year=2021)
    assert PERIODS.rows(scoring.ngan, may).count() == 0


@pytest.mark.parametrize("may", [MayScore.CLOSE, MayScore.HAND_BACK])
def test_a_second_person_closes_or_hands_back_what_was_asked(scoring: Scoring, may: MayScore) -> None:
    assert PERIODS.rows(scoring.tham, may).count() == 0
    scoring.appraise(scoring.assess())
    ask_to_close_dti_period(by=scoring.kep, at=NOW, year=2021)
    assert {PERIODS.rows(one, may).count() for one in (*others(scoring), scoring.ngan, scoring.kep)} == {0}
    assert PERIODS.rows(scoring.tham, may).count() == 1


def test_an_assessment_is_appraised_by_another_person_with_the_post_for_it(scoring: Scoring) -> None:
    own = scoring.assess(by=scoring.kep)
    assert {
        ASSESSMENTS.rows(one, MayScore.APPRAISE).count()
        for one in (*others(scoring), scoring.ngan, scoring.kep)
    } == {0}
    assert ASSESSMENTS.rows(scoring.tham, MayScore.APPRAISE).count() == 1
    with pytest.raises(NotThere):
        scoring.appraise(own, by=scoring.kep)
    scoring.appraise(own)


def test_nobody_else_opens_a_year(scoring: Scoring) -> None:
    for one in (*others(scoring), scoring.tham):
        with pytest.raises(NotThere):
            open_dti_period(by=one, at=NOW, year=2022, version="dti-2022")


@pytest.mark.parametrize(
    ("year", "version", "says"),
    [
        (2022, "dti-2020", "chưa có trọng số"),
        (2022, "lạ", "chưa có trọng số"),
        (2019, "dti-2022", "Năm từ 2020 đến 2022"),
        (2023, "dti-2022", "Năm từ 2020 đến 2022"),
        (2021, "dti-2022", "đã mở"),
    ],
)
def test_a_year_that_cannot_be_opened_is_refused(
    scoring: Scoring, year: int, version: str, says: str
) -> None:
    with pytest.raises(DtiRefused, match=says):
        open_dti_period(by=scoring.ngan, at=NOW, year=year, version=version)


def test_a_score_is_replaced_and_the_history_stays(scoring: Scoring) -> None:
    first = scoring.assess(score="8")
    scoring.assess(score="6.5", seen=first.pk)
    board, line, told = line_of(scoring.tham, 2021, scoring.criteria["4.1"].pk)
    assert (line.self_score, line.badge) == (Decimal("6.5"), Badge.WAITING)
    assert [one.score for one in told.assessments] == [Decimal("6.5"), Decimal(8)]
    assert told.assessments[0].replaces_id == first.pk
    assert len(history("dti-criterion:2021:4.1")) == 2
    assert board.standing("self").value is None


@pytest.mark.parametrize(
    ("said", "says"),
    [
        (Assessment(Decimal("10.01"), (PAPER,)), "Điểm từ 0 đến 10,00"),
        (Assessment(Decimal("-0.01"), (PAPER,)), "Điểm từ 0"),
        (Assessment(Decimal("1.001"), (PAPER,)), "hai số lẻ"),
        (Assessment(Decimal(1)), "cần ít nhất một minh chứng"),
        (Assessment(Decimal(1), (Evidence("1/A", dt.date(2022, 5, 11), "mai"),)), "chưa tới"),
        (Assessment(Decimal(1), (PAPER,) * 21), "20 minh chứng"),
        (Assessment(Decimal(1), (PAPER,), "javascript:alert(1)"), "Đường dẫn"),
    ],
)
def test_a_score_that_cannot_be_is_refused_with_a_sentence(
    scoring: Scoring, said: Assessment, says: str
) -> None:
    with pytest.raises(DtiRefused, match=says):
        assess_criterion(
            by=scoring.ngan, at=NOW, year=2021, criterion=scoring.criteria["4.1"].pk, said=said, seen=None
        )
    assert not DtiAssessment.objects.exists()


def test_nothing_reached_needs_no_paper(scoring: Scoring) -> None:
    said = Assessment(Decimal(0))
    assess_criterion(
        by=scoring.ngan, at=NOW, year=2021, criterion=scoring.criteria["4.1"].pk, said=said, seen=None
    )
    assert DtiAssessment.objects.get().score == 0


def test_who_did_not_see_the_score_that_holds_does_not_replace_it(scoring: Scoring) -> None:
    first = scoring.assess()
    with pytest.raises(DtiChanged):
        scoring.assess(score="3")
    scoring.assess(score="4", seen=first.pk)
    with pytest.raises(DtiChanged):
        scoring.appraise(first)


def test_an_appraised_score_may_be_lower_or_higher_and_the_difference_is_told(scoring: Scoring) -> None:
    low, high, same = (scoring.assess(code) for code in ("1.1", "2.1", "3.1"))
    scoring.appraise(low, "7.5")
    scoring.appraise(high, "9")
    scoring.appraise(same, "8")
    lines = {line.criterion.code: line for line in board_of(scoring.period).lines}
    assert [lines[code].difference for code in ("1.1", "2.1", "3.1")] == [
        Decimal("0.5"),
        Decimal(-1),
        Decimal(0),
    ]
    assert [lines[code].badge for code in ("1.1", "3.1", "5.1")] == [
        Badge.DIFFERENT,
        Badge.APPRAISED,
        Badge.UNSCORED,
    ]


def test_a_refusal_needs_a_reason_and_counts_as_no_score(scoring: Scoring) -> None:
    said = scoring.assess()
    with pytest.raises(DtiRefused, match="vì sao"):
        scoring.appraise(said, None)
    refused = scoring.appraise(said, None, reason="Văn bản không nói tới số này.")
    line = scoring.line()
    assert (line.badge, line.appraised_score, line.difference) == (Badge.REFUSED, None, None)
    with pytest.raises(DtiChanged):
        scoring.appraise(said, "5")
    scoring.appraise(said, "5", seen=refused.pk)


@pytest.mark.parametrize("score", ["10.01", "-1"])
def test_an_appraised_score_stays_within_the_maximum(scoring: Scoring, score: str) -> None:
    with pytest.raises(DtiRefused, match="Điểm từ 0"):
        scoring.appraise(scoring.assess(), score)


def test_a_new_score_waits_for_an_appraisal_of_its_own(scoring: Scoring) -> None:
    first = scoring.assess()
    scoring.appraise(first)
    scoring.assess(score="9", seen=first.pk)
    line = scoring.line()
    assert (line.badge, line.appraised_score) == (Badge.WAITING_AGAIN, None)


def test_what_a_person_chose_is_apart_from_the_badge(scoring: Scoring) -> None:
    said = Assignment(scoring.cast.commune.pk, NOW.date() - dt.timedelta(days=1), Status.DONE, "Đã gửi.")
    criterion = scoring.criteria["4.1"].pk
    assign_criterion(by=scoring.ngan, at=NOW, year=2021, criterion=criterion, said=said, seen=None)
    line = scoring.line()
    assert (line.status, line.badge, line.is_late(NOW.date())) == (Status.DONE, Badge.UNSCORED, True)
    with pytest.raises(DtiChanged):
        assign_criterion(by=scoring.ngan, at=NOW, year=2021, criterion=criterion, said=said, seen=None)


def test_neither_score_nor_evidence_comes_into_a_new_period(scoring: Scoring) -> None:
    said = Assignment(scoring.cast.commune.pk, NOW.date(), Status.DONE, "Đã gửi.")
    criterion = scoring.criteria["4.1"].pk
    assign_criterion(by=scoring.ngan, at=NOW, year=2021, criterion=criterion, said=said, seen=None)
    scoring.appraise(scoring.assess())
    following = open_dti_period(by=scoring.ngan, at=NOW, year=2022, version="dti-2022")
    line = next(one for one in board_of(following).lines if one.criterion.code == "4.1")
    assert (line.self_score, line.appraised_score, line.evidence) == (None, None, ())
    assert DtiEvidence.objects.filter(assessment__period=following).count() == 0
    assert line.assignment is not None
    assert line.assignment.office_id == scoring.cast.commune.pk
    assert (line.assignment.deadline, line.status, line.assignment.note) == (None, Status.NOT_STARTED, "")


def score_all(scoring: Scoring, *, but: str = "") -> None:
    for code in scoring.criteria:
        if code != but:
            scoring.appraise(scoring.assess(code), "7")


def test_closing_takes_two_persons_and_fixes_the_appraised_scores(scoring: Scoring) -> None:
    score_all(scoring)
    ask_to_close_dti_period(by=scoring.ngan, at=NOW, year=2021)
    for one in (scoring.ngan, scoring.cast.an):
        with pytest.raises(NotThere):
            close_dti_period(by=one, at=NOW, year=2021)
    scoring.period.refresh_from_db()
    assert board_of(scoring.period).standing("final").value is None
    period = close_dti_period(by=scoring.tham, at=NOW, year=2021)
    board = board_of(period)
    assert board.standing("final").value == board.standing("appraised").value == Decimal("0.7")
    assert {line.badge for line in board.lines} == {Badge.FINAL}
    assert next(entry.event for entry in history("dti-period:2021")) == "measures.DtiPeriodClosed"
    with pytest.raises(NotThere):
        scoring.assess(score="9")


def test_a_period_with_a_score_that_waits_is_not_closed(scoring: Scoring) -> None:
    with pytest.raises(DtiRefused, match="chưa có điểm nào"):
        ask_to_close_dti_period(by=scoring.ngan, at=NOW, year=2021)
    scoring.assess()
    with pytest.raises(DtiRefused, match=r"Còn 1 chỉ tiêu chưa thẩm định xong: 4\.1"):
        ask_to_close_dti_period(by=scoring.ngan, at=NOW, year=2021)


def test_what_had_no_score_stays_unknown_after_closing(scoring: Scoring) -> None:
    score_all(scoring, but="8.1")
    ask_to_close_dti_period(by=scoring.ngan, at=NOW, year=2021)
    board = board_of(close_dti_period(by=scoring.tham, at=NOW, year=2021))
    found = board.standing("final")
    assert (found.value, found.missing, found.at_least) == (None, 1, Decimal("0.595"))
    assert DtiFinal.objects.count() == 8


def test_a_period_is_handed_back_with_a_reason(scoring: Scoring) -> None:
    first = scoring.assess()
    scoring.appraise(first)
    ask_to_close_dti_period(by=scoring.ngan, at=NOW, year=2021)
    with pytest.raises(NotThere):
        scoring.assess(score="9", seen=first.pk)
    with pytest.raises(DtiRefused, match="vì sao"):
        hand_back_dti_period(by=scoring.tham, at=NOW, year=2021, reason="")
    hand_back_dti_period(by=scoring.tham, at=NOW, year=2021, reason="Thiếu nhóm 8.")
    scoring.assess(score="9", seen=first.pk)


def test_the_change_of_a_week_is_read_from_the_history(scoring: Scoring) -> None:
    early = NOW - dt.timedelta(days=8)
    DtiCriterion.objects.update(added_at=early)
    said = Assessment(Decimal(5), (PAPER,))
    criterion = scoring.criteria["4.1"].pk
    first = assess_criterion(by=scoring.ngan, at=early, year=2021, criterion=criterion, said=said, seen=None)
    scoring.assess(score="8", seen=first.pk)
    scoring.assess("1.1", "2")
    before = board_of(scoring.period, NOW - dt.timedelta(days=7))
    changes = scores_since(board_of(scoring.period), before)
    assert {scoring.criteria["4.1"].pk: Decimal(3), scoring.criteria["1.1"].pk: Decimal(2)} == changes


def told(scoring: Scoring) -> dict[type[Model], str]:
    """Return one row of each table that is never edited, with a column to edit."""
    score_all(scoring, but="8.1")
    said = Assignment(None, None, Status.DONE)
    assign_criterion(
        by=scoring.ngan, at=NOW, year=2021, criterion=scoring.criteria["4.1"].pk, said=said, seen=None
    )
    ask_to_close_dti_period(by=scoring.ngan, at=NOW, year=2021)
    close_dti_period(by=scoring.tham, at=NOW, year=2021)
    return {
        DtiAssessment: "score",
        DtiEvidence: "place",
        DtiAppraisal: "score",
        DtiAssignment: "note",
        DtiFinal: "score",
        DtiPeriod: "hand_back_reason",
    }


def see_kept(rows: QuerySet[Any], **changes: object) -> None:
    """See that rows can neither be edited nor deleted."""
    assert rows.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**changes)
    see_not_deleted(rows)


def see_not_deleted(rows: QuerySet[Any]) -> None:
    """See that the database itself refuses it, before any key does."""
    table = rows.model._meta.db_table
    with pytest.raises(IntegrityError, match="never"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"delete from {table}")


def test_the_database_lets_nobody_edit_or_delete_what_was_said(scoring: Scoring) -> None:
    for model, column in told(scoring).items():
        see_kept(model._default_manager.all(), **{column: 3})


def test_a_criterion_is_mended_until_it_has_a_score(scoring: Scoring) -> None:
    rows = DtiCriterion.objects.filter(code="4.1")
    assert rows.update(name="Tên sửa") == 1
    scoring.assess()
    see_kept(rows, name="Tên khác")


def test_an_open_period_keeps_its_year_and_set_and_is_not_deleted(scoring: Scoring) -> None:
    rows = DtiPeriod.objects.all()
    see_kept(rows, year=2020)
    see_kept(rows, version="dti-2024")
    assert rows.update(hand_back_reason="Thiếu nhóm 8.") == 1


def test_the_database_takes_no_score_above_the_maximum_nor_of_another_set(scoring: Scoring) -> None:
    criterion, period = scoring.criteria["4.1"], scoring.period
    other = DtiCriterion.objects.create(
        version="dti-2024", code="1.1", name="Bộ khác", group="i1", max_score=10, added_at=NOW
    )
    said = scoring.assess()
    wrong: tuple[Model, ...] = (
        DtiAssessment(criterion=scoring.criteria["1.1"], period=period, score=11, assessed_at=NOW),
        DtiAssessment(criterion=other, period=period, score=1, assessed_at=NOW),
        DtiAssignment(criterion=other, period=period, status=Status.DONE, assigned_at=NOW),
        DtiFinal(criterion=criterion, period=period, score=11),
        DtiFinal(criterion=other, period=period, score=1),
        DtiAppraisal(assessment=said, score=11, appraised_by_id=scoring.tham.account_id, appraised_at=NOW),
        DtiAppraisal(assessment=said, score=1, appraised_by_id=scoring.ngan.account_id, appraised_at=NOW),
    )
    for row in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_the_database_takes_no_score_in_a_closed_period(scoring: Scoring) -> None:
    told(scoring)
    period, criterion = scoring.period, scoring.criteria["8.1"]
    late: tuple[Model, ...] = (
        DtiAssessment(criterion=criterion, period=period, score=1, assessed_at=NOW),
        DtiAssignment(criterion=criterion, period=period, status=Status.DONE, assigned_at=NOW),
        DtiFinal(criterion=criterion, period=period, score=1),
        DtiAppraisal(
            assessment=DtiAssessment.objects.filter(criterion__code="4.1").get(),
            replaces=DtiAppraisal.objects.get(assessment__criterion__code="4.1"),
            score=1,
            appraised_by_id=scoring.tham.account_id,
            appraised_at=NOW,
        ),
    )
    for row in late:
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_the_demo_is_marked_and_has_what_is_missing(db: None) -> None:
    assert load_dti(until=NOW) == 26
    assert load_dti(until=NOW) == 0
    board = board_of(DtiPeriod.objects.get())
    assert board.is_illustrative
    assert all(line.criterion.is_illustrative for line in board.lines)
    assert {line.badge for line in board.lines} == {
        Badge.UNSCORED,
        Badge.REFUSED,
        Badge.WITHOUT_EVIDENCE,
        Badge.WAITING,
        Badge.DIFFERENT,
        Badge.APPRAISED,
    }
    found, version = board.standing("self"), version_of("dti-2022")
    assert version is not None
    assert (found.value, found.missing, found.empty) == (None, 2, 0)
    assert {group.index.id for group in found.groups} == {index.id for index in version.indices}
