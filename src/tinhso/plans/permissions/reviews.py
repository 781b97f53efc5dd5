"""Who may do what with reviews, meetings and conclusions.

The secretary drafts and submits; the chair approves, returns and issues. Whoever reads everything reads drafts too; an
office reads what was approved or issued, and the meetings to which it is invited.
"""

from __future__ import annotations

from enum import StrEnum

from django.db.models import Q

from tinhso.directory.api import Actor
from tinhso.plans.lifecycle import ReviewState
from tinhso.plans.models import (
    AgendaItem,
    Attendance,
    Conclusion,
    ConclusionLine,
    Meeting,
    Review,
    ReviewLine,
)
from tinhso.plans.permissions import AGENCY, CHAIR, COMMITTEE, OVERSEERS, SECRETARY, own_offices
from tinhso.toolkit.policy import EVERY_ROW, NO_ROW, Policy, any_of


class MayReview(StrEnum):
    """Permissions on a review and its lines, alphabetical."""

    APPROVE = "plans:review:approve"
    EDIT = "plans:review:edit"
    READ = "plans:review:read"
    RETURN = "plans:review:return"
    SUBMIT = "plans:review:submit"


class MayMeet(StrEnum):
    """Permissions on a meeting and the papers of its agenda, alphabetical."""

    KEEP = "plans:meeting:keep"
    READ = "plans:meeting:read"


class MayConclude(StrEnum):
    """Permissions on the conclusion of a meeting and its lines, alphabetical."""

    ISSUE = "plans:conclusion:issue"
    READ = "plans:conclusion:read"
    WRITE = "plans:conclusion:write"


#: Who drafts reviews and keeps meetings.
DRAFTERS = SECRETARY
#: Who writes conclusions: also the chair, in the meeting.
CONCLUDERS = COMMITTEE

_DRAFT, _SUBMITTED = Q(state=ReviewState.DRAFT), Q(state=ReviewState.SUBMITTED)


def oversees(by: Actor) -> Q:
    """Every row, for whoever reads everything of every office."""
    return EVERY_ROW if by.holds(*OVERSEERS) else NO_ROW


def drafts(by: Actor) -> Q:
    """Reviews that are drafts, for the secretary."""
    return _DRAFT if by.holds(*DRAFTERS) else NO_ROW


def decides(by: Actor) -> Q:
    """Reviews that somebody else submitted, for the chair."""
    others = _SUBMITTED & ~Q(drafted_by__person=by.person_id)
    return others if by.holds(*CHAIR) else NO_ROW


def reads_approved(by: Actor) -> Q:
    """Reviews that were approved, for whoever works for an office."""
    return Q(state=ReviewState.APPROVED) if by.holds(*AGENCY) else NO_ROW


def drafts_lines(by: Actor) -> Q:
    """Lines of drafts, for the secretary."""
    return Q(review__state=ReviewState.DRAFT) if by.holds(*DRAFTERS) else NO_ROW


def keeps_meetings(by: Actor) -> Q:
    """Meetings whose conclusion is not issued, for the secretary."""
    issued = Conclusion.objects.filter(issued_at__isnull=False).values("meeting_id")
    return ~Q(pk__in=issued) if by.holds(*DRAFTERS) else NO_ROW


def is_invited(by: Actor) -> Q:
    """Meetings to which an own office is invited."""
    own = own_offices(by)
    return Q(pk__in=Attendance.objects.filter(office_id__in=own).values("meeting_id")) if own else NO_ROW


def reads_papers(by: Actor) -> Q:
    """Points of agendas of meetings that the actor reads."""
    return Q(meeting__in=MEETINGS.rows(by, MayMeet.READ))


def writes_conclusions(by: Actor) -> Q:
    """Conclusions that are not issued, for the chair and the secretary."""
    return Q(issued_at=None) if by.holds(*CONCLUDERS) else NO_ROW


def issues(by: Actor) -> Q:
    """Conclusions that are not issued, for the chair."""
    return Q(issued_at=None) if by.holds(*CHAIR) else NO_ROW


def reads_issued(by: Actor) -> Q:
    """Conclusions that were issued, for whoever works for an office."""
    return Q(issued_at__isnull=False) if by.holds(*AGENCY) else NO_ROW


def writes_conclusion_lines(by: Actor) -> Q:
    """Lines of conclusions that are not issued, for the chair and the secretary."""
    return Q(conclusion__issued_at=None) if by.holds(*CONCLUDERS) else NO_ROW


REVIEWS: Policy[Review, MayReview, Actor] = Policy(
    Review,
    {
        MayReview.APPROVE: decides,
        MayReview.EDIT: drafts,
        MayReview.READ: any_of(oversees, reads_approved),
        MayReview.RETURN: decides,
        MayReview.SUBMIT: drafts,
    },
)
REVIEW_LINES: Policy[ReviewLine, MayReview, Actor] = Policy(ReviewLine, {MayReview.EDIT: drafts_lines})
MEETINGS: Policy[Meeting, MayMeet, Actor] = Policy(
    Meeting, {MayMeet.KEEP: keeps_meetings, MayMeet.READ: any_of(oversees, is_invited)}
)
AGENDA: Policy[AgendaItem, MayMeet, Actor] = Policy(AgendaItem, {MayMeet.READ: reads_papers})
CONCLUSIONS: Policy[Conclusion, MayConclude, Actor] = Policy(
    Conclusion,
    {
        MayConclude.ISSUE: issues,
        MayConclude.READ: any_of(oversees, reads_issued),
        MayConclude.WRITE: writes_conclusions,
    },
)
CONCLUSION_LINES: Policy[ConclusionLine, MayConclude, Actor] = Policy(
    ConclusionLine, {MayConclude.WRITE: writes_conclusion_lines}
)
