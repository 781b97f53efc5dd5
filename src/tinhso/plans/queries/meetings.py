"""Meetings and their conclusions as pages and files read them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from tinhso.directory.api import Actor, Office, OfficeKind, Post
from tinhso.plans.models import (
    AgendaItem,
    Attendance,
    Conclusion,
    ConclusionLine,
    History,
    Meeting,
    Review,
)
from tinhso.plans.permissions import CHAIR
from tinhso.plans.permissions.reviews import CONCLUSIONS, MEETINGS, REVIEWS, MayConclude, MayMeet, MayReview
from tinhso.plans.queries.pages_of import page_of, pages_of
from tinhso.plans.queries.reviews import ReviewPage, page_for
from tinhso.plans.queries.tasks import state_words


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting in a list: how many offices are invited and came, and whether its conclusion is issued."""

    meeting: Meeting
    invited: int
    came: int
    conclusion: Conclusion | None


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """A meeting with its agenda, its offices, the review that is heard and its conclusion.

    ``review`` None: none is heard, or not for this reader; so ``conclusion``.
    """

    meeting: Meeting
    agenda: tuple[AgendaItem, ...]
    attendance: tuple[Attendance, ...]
    review: Review | None
    conclusion: Conclusion | None
    history: tuple[History, ...]

    @property
    def minutes_whole(self) -> int:
        """Return how many minutes the agenda takes."""
        return sum(one.minutes or 0 for one in self.agenda)

    @property
    def came(self) -> int:
        """Return how many offices came."""
        return sum(one.came is True for one in self.attendance)

    @property
    def heads(self) -> int:
        """Return at how many offices the head came in person."""
        return sum(one.came is True and one.is_head for one in self.attendance)

    @property
    def is_marked(self) -> bool:
        """Say whether anybody was marked."""
        return any(one.came is not None for one in self.attendance)


@dataclass(frozen=True, slots=True)
class AssignedLine:
    """A line of a conclusion: who co-ordinates, by name; the task it became, its page and where it stands."""

    line: ConclusionLine
    partners: tuple[Office, ...]
    url: str
    state: str


@dataclass(frozen=True, slots=True)
class ConclusionPage:
    """A conclusion with its lines and its meeting. ``directive_url``: the page of what it is once it was issued."""

    conclusion: Conclusion
    meeting: Meeting
    lines: tuple[AssignedLine, ...]
    directive_url: str
    history: tuple[History, ...]

    @property
    def to_be_tasks(self) -> int:
        """Return how many lines have a lead: so many tasks it makes."""
        return sum(one.line.lead_id is not None for one in self.lines)


def meetings_of(by: Actor) -> list[MeetingRow]:
    """Return the meetings that an actor may read, the latest first."""
    rows = MEETINGS.rows(by, MayMeet.READ).select_related("review", "conclusion")
    counted = rows.annotate(
        invited=Count("attendance", distinct=True),
        there=Count("attendance", filter=Q(attendance__came=True), distinct=True),
    )
    readable = set(CONCLUSIONS.rows(by, MayConclude.READ).values_list("pk", flat=True))
    return [
        MeetingRow(
            row,
            row.invited,
            row.there,
            found if (found := getattr(row, "conclusion", None)) and found.pk in readable else None,
        )
        for row in counted.order_by("-starts_at", "-pk")
    ]


def meeting_page(by: Actor, pk: int) -> MeetingPage:
    """Return a meeting with everything in it that the actor may read. Raises ``NotThere``."""
    meeting = MEETINGS.look(by, MayMeet.READ, pk=pk)
    readable = REVIEWS.rows(by, MayReview.READ).filter(pk=meeting.review_id or 0)
    return MeetingPage(
        Meeting.objects.select_related("chair__person").get(pk=meeting.pk),
        tuple(meeting.agenda.order_by("ordinal")),
        tuple(meeting.attendance.select_related("office").order_by("office__sort_key", "office_id")),
        readable.first(),
        CONCLUSIONS.rows(by, MayConclude.READ).filter(meeting=meeting).first(),
        tuple(History.objects.filter(about=meeting.about).order_by("-at", "-id")[:100]),
    )


def printed_set(by: Actor, pk: int) -> tuple[MeetingPage, ReviewPage | None]:
    """Return what lies on the table of a meeting: agenda and attendance, and the review with the late tasks."""
    page = meeting_page(by, pk)
    return page, page_for(page.review, by) if page.review else None


def conclusion_page(by: Actor, meeting: int) -> ConclusionPage:
    """Return the conclusion of a meeting. Raises ``NotThere``."""
    found = CONCLUSIONS.look(by, MayConclude.READ, meeting_id=meeting)
    return conclusion_for(found)


def conclusion_for(found: Conclusion) -> ConclusionPage:
    """Return a conclusion that somebody may read, with its lines."""
    lines = list(found.lines.select_related("lead", "task").order_by("ordinal"))
    named = Office.objects.in_bulk({pk for line in lines for pk in line.partners})
    urls = pages_of([f"task:{line.task_id}" for line in lines if line.task_id])
    meeting = Meeting.objects.select_related("chair__person", "review").get(pk=found.meeting_id)
    return ConclusionPage(
        found,
        meeting,
        tuple(
            AssignedLine(
                line,
                tuple(named[pk] for pk in line.partners if pk in named),
                urls.get(f"task:{line.task_id}", ""),
                state_words(line.task.state) if line.task else "",
            )
            for line in lines
        ),
        page_of(f"directive:{found.directive_id}") if found.directive_id else "",
        tuple(History.objects.filter(about=meeting.about).order_by("-at", "-id")[:100]),
    )


def chairs(on: dt.date) -> list[Post]:
    """Return the posts of the committee's chair on a day, oldest first."""
    rows = Post.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on, role__in=list(CHAIR)
    )
    return list(rows.select_related("person", "office").order_by("id"))


def offices_to_invite(on: dt.date) -> Sequence[Office]:
    """Return the departments and districts of a day, by kind and name: whom a meeting of the committee invites."""
    kinds = (OfficeKind.DEPARTMENT, OfficeKind.DISTRICT)
    return list(Office.objects.on(on).filter(kind__in=kinds).order_by("kind", "sort_key", "pk"))


def offices_to_lead(on: dt.date) -> Sequence[Office]:
    """Return the offices that may lead a task, by kind and name; communes are led by their districts."""
    kinds = (OfficeKind.PROVINCE, OfficeKind.DEPARTMENT, OfficeKind.DISTRICT, OfficeKind.PUBLIC_UNIT)
    return list(Office.objects.on(on).filter(kind__in=kinds).order_by("kind", "sort_key", "pk"))
