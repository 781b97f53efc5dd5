"""Who may do what with reviews, meetings and conclusions: each row of the policies, in each state."""

from __future__ import annotations

import pytest
from django.db.models import QuerySet

from tinhso.directory.api import ANYBODY, SYSTEM, Actor
from tinhso.plans.models import Conclusion
from tinhso.plans.permissions.reviews import (
    AGENDA,
    CONCLUSION_LINES,
    CONCLUSIONS,
    MEETINGS,
    REVIEW_LINES,
    REVIEWS,
    MayConclude,
    MayMeet,
    MayReview,
)
from tinhso.plans.services.draft_conclusion import draft_conclusion
from tinhso.plans.services.issue_conclusion import issue_conclusion
from tinhso.plans.services.submit_review import submit_review
from tinhso.plans.tests.factories import MORNING, Committee
from tinhso.plans.tests.review_world import make_approved, make_meeting, make_province, make_review

NAMES = ("thinh", "dinh", "luong", "kim", "an", "du", "dien", "su", "nhap", "be")
OVERSEERS = {"thinh", "dinh", "luong", "kim", "an"}
AGENCIES = {"du", "dien", "su", "nhap", "be"}


@pytest.fixture
def who(db: None) -> Committee:
    return make_province()


def allowed(who: Committee, rows: object) -> set[str]:
    """Return whose policy gives a row; nobody outside ever gets one."""

    def count(by: Actor) -> int:
        found = rows(by)  # type: ignore[operator]
        assert isinstance(found, QuerySet)
        return found.count()

    assert [count(one) for one in (ANYBODY, SYSTEM)] == [0, 0]
    return {name for name in NAMES if count(getattr(who, name))}


def test_a_draft_is_the_secretarys_and_read_by_overseers(who: Committee) -> None:
    make_review(who)
    assert allowed(who, lambda by: REVIEWS.rows(by, MayReview.READ)) == OVERSEERS
    for may in (MayReview.EDIT, MayReview.SUBMIT):
        assert allowed(who, lambda by, may=may: REVIEWS.rows(by, may)) == {"dinh"}
    for may in (MayReview.APPROVE, MayReview.RETURN):
        assert allowed(who, lambda by, may=may: REVIEWS.rows(by, may)) == set()
    assert allowed(who, lambda by: REVIEW_LINES.rows(by, MayReview.EDIT)) == {"dinh"}


def test_a_submitted_review_is_the_chairs(who: Committee) -> None:
    submit_review(by=who.dinh, at=MORNING, code=make_review(who).code)
    for may in (MayReview.APPROVE, MayReview.RETURN):
        assert allowed(who, lambda by, may=may: REVIEWS.rows(by, may)) == {"thinh"}
    for may in (MayReview.EDIT, MayReview.SUBMIT):
        assert allowed(who, lambda by, may=may: REVIEWS.rows(by, may)) == set()
    assert allowed(who, lambda by: REVIEW_LINES.rows(by, MayReview.EDIT)) == set()
    assert allowed(who, lambda by: REVIEWS.rows(by, MayReview.READ)) == OVERSEERS


def test_an_approved_review_is_read_by_everybody_inside_and_changed_by_nobody(who: Committee) -> None:
    make_approved(who)
    assert allowed(who, lambda by: REVIEWS.rows(by, MayReview.READ)) == OVERSEERS | AGENCIES
    for may in set(MayReview) - {MayReview.READ}:
        assert allowed(who, lambda by, may=may: REVIEWS.rows(by, may)) == set()


def test_a_meeting_is_read_by_the_invited_and_kept_by_the_secretary(who: Committee) -> None:
    make_meeting(who, offices=[who.bureau.pk, who.district.pk])
    readers = OVERSEERS | {"du", "dien", "nhap"}
    assert allowed(who, lambda by: MEETINGS.rows(by, MayMeet.READ)) == readers
    assert allowed(who, lambda by: AGENDA.rows(by, MayMeet.READ)) == readers
    assert allowed(who, lambda by: MEETINGS.rows(by, MayMeet.KEEP)) == {"dinh"}


def test_a_conclusion_is_written_by_the_committee_and_issued_by_the_chair(who: Committee) -> None:
    meeting = make_meeting(who, make_approved(who), offices=[who.bureau.pk])
    one: Conclusion = draft_conclusion(by=who.dinh, at=MORNING, meeting=meeting.pk)
    assert allowed(who, lambda by: CONCLUSIONS.rows(by, MayConclude.READ)) == OVERSEERS
    assert allowed(who, lambda by: CONCLUSIONS.rows(by, MayConclude.WRITE)) == {"thinh", "dinh"}
    assert allowed(who, lambda by: CONCLUSION_LINES.rows(by, MayConclude.WRITE)) == {"thinh", "dinh"}
    assert allowed(who, lambda by: CONCLUSIONS.rows(by, MayConclude.ISSUE)) == {"thinh"}
    issue_conclusion(by=who.thinh, at=MORNING, conclusion=one.pk, number="62/TB-BCĐ")
    assert allowed(who, lambda by: CONCLUSIONS.rows(by, MayConclude.READ)) == OVERSEERS | AGENCIES
    for may in (MayConclude.WRITE, MayConclude.ISSUE):
        assert allowed(who, lambda by, may=may: CONCLUSIONS.rows(by, may)) == set()
    assert allowed(who, lambda by: CONCLUSION_LINES.rows(by, MayConclude.WRITE)) == set()
    assert allowed(who, lambda by: MEETINGS.rows(by, MayMeet.KEEP)) == set()
