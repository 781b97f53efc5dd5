"""Reviews as pages, files and the meeting read them: figures frozen with their hash, lines, and what would differ now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, Office, OfficeKind, Post, calendar
from tinhso.plans.lifecycle import ReviewState
from tinhso.plans.models import History, Meeting, Review, ReviewFigure, ReviewLine
from tinhso.plans.permissions import CHAIR
from tinhso.plans.permissions.reviews import MEETINGS, REVIEWS, MayMeet, MayReview
from tinhso.plans.queries.documents import document
from tinhso.plans.queries.pages_of import pages_of
from tinhso.plans.queries.review_figures import VND, figures_of
from tinhso.plans.queries.review_kinds import Span, group_labels, kind_of
from tinhso.plans.queries.review_words import drafted_lines, reminders_of_tasks
from tinhso.plans.rules.deadlines import days_late
from tinhso.plans.rules.drafting import LATE, SECTIONS
from tinhso.plans.rules.reviews import (
    PERCENT,
    FigureLike,
    Moved,
    NewFigure,
    figure_text,
    hash_of,
    headline,
    moved,
    plain_text,
    short_period,
    usual_title,
)

#: The groups shown as figures with their fraction bar, three a row.
FIGURE_GROUPS: Final = ("dich-vu", "do-phu")
ON_TIME_GROUP: Final = "dung-han"
#: Longer words before a colon are a sentence of their own.
_LONGEST_LEAD: Final = 90
SECTION_TITLES: Final = {
    "limits": "Hạn chế và nguyên nhân",
    "next": "Việc phải làm tiếp",
    "recommendations": "Kiến nghị",
    "praise": "Đề nghị xem xét khen thưởng",
}


def figures_hash(figures: Iterable[FigureLike]) -> str:
    """Return the SHA-256 over the canonical JSON of figures, in their order (``rules.reviews.canonical``)."""
    return hash_of(figures)


def state_words(state: str) -> str:
    """Return what people call a state of reviews."""
    return {
        ReviewState.DRAFT: _("Bản thảo"),
        ReviewState.SUBMITTED: _("Đã trình Trưởng ban"),
        ReviewState.APPROVED: _("Đã duyệt"),
    }[ReviewState(state)]


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as it is read. ``of``: what is counted ("thủ tục"); ``money`` and counts of pieces have no fraction bar."""

    figure: ReviewFigure
    value: str
    numerator: str
    denominator: str
    of: str

    @property
    def has_fraction(self) -> bool:
        """Say whether there is something it is a share of."""
        return self.figure.denominator is not None


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one group under its heading."""

    key: str
    label: str
    figures: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class LateRow:
    """A task that was late when the figures were locked: how many working days, why, how often it was reminded of."""

    line: ReviewLine
    days: int
    reminded: int
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of words: ``lead_in`` is said in bold, the figures are its bracketed numbers."""

    line: ReviewLine
    lead_in: str
    rest: str
    url: str


@dataclass(frozen=True, slots=True)
class Part:
    """A section of words with its number."""

    key: str
    number: int
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft in the line of drafts: which, who, when, why."""

    what: str
    by_name: str
    at: dt.datetime
    reason: str


@dataclass(frozen=True)
class ReviewPage:
    """A review with everything that stands in it."""

    review: Review
    figures: tuple[ReviewFigure, ...]
    lines: tuple[ReviewLine, ...]
    meetings: tuple[Meeting, ...]
    history: tuple[History, ...]
    reminded: dict[str, int]
    urls: dict[str, str]

    @cached_property
    def title(self) -> str:
        """Return the finding, from the frozen figures."""
        return headline(self.review.first, self.review.last, {one.key: one for one in self.figures})

    @property
    def period(self) -> str:
        """Return the period in short."""
        return short_period(self.review.first, self.review.last)

    @cached_property
    def is_whole(self) -> bool:
        """Say whether the figures still give the hash that was locked with them."""
        return figures_hash(self.figures) == self.review.figures_hash

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Return the figures by group, in the order of the report; groups without figures are left out."""
        shown = [shown_figure(one) for one in self.figures]
        return tuple(
            Group(key, label, own)
            for key, label in group_labels().items()
            if (own := tuple(one for one in shown if one.figure.group == key))
        )

    @property
    def cards(self) -> tuple[Group, ...]:
        """Return the groups shown as figures."""
        return tuple(one for one in self.groups if one.key in FIGURE_GROUPS)

    @property
    def on_time(self) -> Group | None:
        """Return the three ways of counting what is on time."""
        return next((one for one in self.groups if one.key == ON_TIME_GROUP), None)

    @property
    def tables(self) -> tuple[Group, ...]:
        """Return the groups shown as tables."""
        return tuple(one for one in self.groups if one.key not in (*FIGURE_GROUPS, ON_TIME_GROUP))

    @property
    def window_notes(self) -> tuple[str, ...]:
        """Return for each window how many offices have not registered, and whether that is late already."""
        return tuple(
            _("%(label)s: %(owing)s trên %(whole)s cơ quan chưa đăng ký. %(note)s")
            % {
                "label": one.label,
                "owing": plain_text(one.denominator - one.numerator),
                "whole": plain_text(one.denominator),
                "note": one.note.rpartition(". ")[2],
            }
            for one in self.figures
            if one.key.startswith("window:") and one.denominator is not None and one.numerator is not None
        )

    @cached_property
    def late(self) -> tuple[LateRow, ...]:
        """Return the tasks that were late, the longest first."""
        on = Span(self.review.first, self.review.last, self.review.frozen_at).on
        return tuple(
            LateRow(
                line,
                days_late(line.due, on, calendar()) if line.due else 0,
                self.reminded.get(line.about, 0),
                self.urls.get(line.about, ""),
            )
            for line in self.lines
            if line.section == LATE
        )

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Return the sections of words, numbered from 3 on as they stand in the report."""
        return tuple(
            Part(
                key,
                place,
                SECTION_TITLES[key],
                tuple(self._shown(one) for one in self.lines if one.section == key),
            )
            for place, key in enumerate(SECTIONS[1:], 3)
        )

    def _shown(self, line: ReviewLine) -> Line:
        """Return a line with what is said in bold: the words before its first colon, where they are few."""
        lead, colon, rest = line.text.partition(": ")
        is_lead = bool(colon) and line.section in ("limits", "praise") and len(lead) <= _LONGEST_LEAD
        url = self.urls.get(line.about, "")
        return Line(line, f"{lead}:" if is_lead else "", rest if is_lead else line.text, url)

    @property
    def drafts(self) -> tuple[Draft, ...]:
        """Return who wrote and decided, the latest first."""
        return tuple(Draft(one.what, one.by_name, one.at, one.reason) for one in self.history)


def shown_figure(one: ReviewFigure) -> Shown:
    """Return a figure as it is read; blanks of a reported figure are "không ghi"."""
    kind = kind_of(one.key)
    value = figure_text(one.value, one.unit, kind.places)
    if one.unit != PERCENT and one.value is not None:
        value = f"{value} {_('đồng') if one.unit == VND else one.unit}"
    return Shown(one, value, plain_text(one.numerator), plain_text(one.denominator), kind.of)


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above and below a document of the committee: whose it is, where it is made, who signs."""

    authority: str
    issuer: str
    place: str
    chair: str


def heading_on(on: dt.date) -> Heading:
    """Return the heading of the committee's documents on a day; blanks where nobody holds a post."""
    province = Office.objects.on(on).filter(kind=OfficeKind.PROVINCE).order_by("pk").first()
    chair = (
        Post.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on, role__in=list(CHAIR))
        .select_related("person")
        .order_by("pk")
        .first()
    )
    return Heading(
        province.name if province else "",
        document("review_figures")["conclusion"]["issuer"],
        province.place if province else "",
        chair.person.name if chair else "",
    )


def reviews_of(by: Actor) -> list[Review]:
    """Return the reviews that an actor may read, the latest period first."""
    rows = REVIEWS.rows(by, MayReview.READ)
    return list(rows.select_related("drafted_by__person").order_by("-last", "-drafted_at", "-pk"))


def review_page(by: Actor, code: str) -> ReviewPage:
    """Return a review with everything in it. Raises ``NotThere``."""
    return page_for(REVIEWS.look(by, MayReview.READ, code=code), by)


def page_for(review: Review, by: Actor | None = None) -> ReviewPage:
    """Return a review that somebody may read with everything in it; its meetings as far as ``by`` reads them."""
    lines = sorted(
        review.lines.select_related("lead"), key=lambda one: (SECTIONS.index(one.section), one.ordinal)
    )
    abouts = [one.about for one in lines if one.about.startswith("task:")]
    pks = [int(about.partition(":")[2]) for about in abouts]
    meetings = MEETINGS.rows(by, MayMeet.READ).filter(review=review) if by else Meeting.objects.none()
    return ReviewPage(
        review,
        tuple(review.figures.order_by("ordinal")),
        tuple(lines),
        tuple(meetings.order_by("starts_at", "pk")),
        tuple(History.objects.filter(about=review.about).order_by("-at", "-id")[:50]),
        dict(reminders_of_tasks(pks, review.frozen_at)),
        pages_of(one.about for one in lines),
    )


def preview(first: dt.date, last: dt.date, at: dt.datetime) -> ReviewPage:
    """Return the review of a period as it would be drafted now; nothing is written."""
    figures = figures_of(first, last, at)
    drafted = drafted_lines(first, last, at, figures)
    review = Review(
        title=usual_title(first, last),
        first=first,
        last=last,
        frozen_at=at,
        figures_hash=figures_hash(figures),
    )
    places = {one.key: place for place, one in enumerate(figures, 1)}
    leads = Office.objects.in_bulk({line.lead_id for line in drafted if line.lead_id})
    pks = [int(line.about.partition(":")[2]) for line in drafted if line.about.startswith("task:")]
    return ReviewPage(
        review,
        tuple(frozen_figure(review, place, one) for place, one in enumerate(figures, 1)),
        tuple(
            ReviewLine(
                review=review,
                section=line.section,
                ordinal=place,
                text=line.text,
                cause=line.cause,
                figures=[places[key] for key in line.figures if key in places],
                about=line.about,
                lead=leads.get(line.lead_id or 0),
                due=line.due,
                product=line.product,
            )
            for place, line in enumerate(drafted, 1)
        ),
        (),
        (),
        dict(reminders_of_tasks(pks, at)),
        {},
    )


def frozen_figure(review: Review, place: int, one: NewFigure) -> ReviewFigure:
    """Return a figure in its place of a review, not yet written."""
    fields = {name: getattr(one, name) for name in NewFigure.__dataclass_fields__}
    return ReviewFigure(review=review, ordinal=place, **fields)


def differences(review: Review, frozen: Sequence[FigureLike], at: dt.datetime) -> tuple[Moved, ...]:
    """Return the figures of a review that would be others if they were locked now."""
    return moved(frozen, figures_of(review.first, review.last, at))
