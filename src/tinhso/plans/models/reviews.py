"""Reviews of a period with frozen figures, the meeting that hears them, and the conclusion that assigns tasks."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tinhso.plans.lifecycle import REVIEW, ReviewState, ReviewVerb
from tinhso.plans.models.directives import Directive
from tinhso.plans.models.tasks import Task


class Review(models.Model):
    """A review (sơ kết) of a period: words that people write and figures that are locked.

    ``frozen_at``: the moment of its figures; ``figures_hash``: SHA-256 over them (``queries.reviews`` says how). Once
    submitted no figure moves (triggers). ``number`` and ``approved_by``: when the head of the committee approved it.
    """

    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=250)
    first = models.DateField()
    last = models.DateField()
    state = models.CharField(max_length=12, default=ReviewState.DRAFT)
    draft_number = models.PositiveIntegerField(default=1)
    frozen_at = models.DateTimeField()
    figures_hash = models.CharField(max_length=64)
    number = models.CharField(max_length=80, blank=True)
    drafted_by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, null=True, related_name="+")
    drafted_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        "directory.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="a_review_has_a_period"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in ReviewState]), name="a_review_is_in_a_known_state"
            ),
            models.CheckConstraint(
                condition=(Q(state=ReviewState.APPROVED, approved_at__isnull=False) & ~Q(number=""))
                | (~Q(state=ReviewState.APPROVED) & Q(approved_at=None, approved_by=None)),
                name="an_approved_review_has_number_and_moment",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("drafted_by")),
                name="a_second_person_approves_a_review",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def about(self) -> str:
        """Return the name of this record in the journal and in histories."""
        return f"review:{self.pk}"

    def take(self, verb: ReviewVerb) -> None:
        """Go where the life-cycle leads; the caller saves. Raises ``StepNotAllowed``."""
        self.state = REVIEW.after(ReviewState(self.state), verb)


class ReviewFigure(models.Model):
    """One frozen figure of a review, with where it came from.

    ``ordinal``: the bracketed number in the text. ``key``: what it is (``service_levels``, ``on_time_strict``,
    ``target:…``). ``numerator``, ``denominator``: NULL where the source gives none ("không ghi"); ``value``: in
    ``unit``. ``source``: words; ``url``: an address of the platform that shows the rows; ``formula``: version of the
    formula; ``counted_at``: when it was reckoned.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="figures")
    ordinal = models.PositiveIntegerField()
    group = models.CharField(max_length=30)
    key = models.CharField(max_length=60)
    label = models.CharField(max_length=250)
    numerator = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    denominator = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    value = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    unit = models.CharField(max_length=30)
    note = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=300)
    url = models.CharField(max_length=300, blank=True)
    formula = models.CharField(max_length=80, blank=True)
    counted_at = models.DateTimeField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "ordinal"], name="a_figure_has_its_place_in_a_review"),
            models.UniqueConstraint(fields=["review", "key"], name="a_review_has_a_figure_once"),
            models.CheckConstraint(condition=~Q(source=""), name="a_figure_of_a_review_names_its_source"),
        ]


class ReviewLine(models.Model):
    """A line of words of a review.

    ``section``: ``late`` (agencies with late tasks), ``limits``, ``next``, ``recommendations``, ``praise``.
    ``figures``: the ordinals of the figures it names. ``about``: the record it speaks of (``task:<id>``, ``office:<id>``,
    or ``rule:<which>``), blank for
    none. ``is_automatic``: as the machine drafted it; edited lines are no longer automatic. For ``next``: ``lead``,
    ``due``, ``product`` of the task it is to become.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="lines")
    section = models.CharField(max_length=20)
    ordinal = models.PositiveIntegerField()
    text = models.CharField(max_length=1500)
    cause = models.CharField(max_length=1000, blank=True)
    figures = models.JSONField(default=list)
    about = models.CharField(max_length=60, blank=True)
    is_automatic = models.BooleanField(default=True)
    lead = models.ForeignKey("directory.Office", on_delete=models.PROTECT, null=True, related_name="+")
    due = models.DateField(null=True)
    product = models.CharField(max_length=500, blank=True)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["review", "section", "ordinal"], name="a_line_has_its_place_in_a_review"
            ),
            models.CheckConstraint(
                condition=Q(section__in=("late", "limits", "next", "recommendations", "praise")),
                name="a_line_stands_in_a_known_section",
            ),
        ]


class Meeting(models.Model):
    """A meeting of the committee (hội nghị): when, where, agenda, who came, minutes. ``minutes`` blank: not written yet."""

    title = models.CharField(max_length=250)
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=200)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, null=True, related_name="meetings")
    chair = models.ForeignKey("directory.Post", on_delete=models.PROTECT, null=True, related_name="+")
    minutes = models.TextField(blank=True)
    created_by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(place=""), name="a_meeting_has_title_and_place"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def about(self) -> str:
        """Return the name of this record in the journal and in histories."""
        return f"meeting:{self.pk}"


class AgendaItem(models.Model):
    """A point of a meeting's agenda with who speaks, for how many minutes, and its paper."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    ordinal = models.PositiveIntegerField()
    text = models.CharField(max_length=500)
    speaker = models.CharField(max_length=200, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=200, blank=True)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "ordinal"], name="a_point_has_its_place_on_an_agenda"),
        ]


class Attendance(models.Model):
    """An invited office and whether it came: ``came`` NULL before the meeting.

    ``name``: who sat there. Personal data: that name.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance")
    office = models.ForeignKey("directory.Office", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150, blank=True)
    is_head = models.BooleanField(default=False)
    came = models.BooleanField(null=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting", "office"], name="an_office_is_invited_to_a_meeting_once"
            ),
        ]


class Conclusion(models.Model):
    """The conclusion notice (thông báo kết luận) of a meeting. Issued, it is a directive whose lines are tasks at once.

    ``issued_at`` NULL: a draft. Nothing of an issued notice is edited (a trigger).
    """

    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="conclusion")
    opening = models.TextField(blank=True)
    number = models.CharField(max_length=80, blank=True)
    issued_at = models.DateTimeField(null=True)
    issued_by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, null=True, related_name="+")
    directive = models.OneToOneField(
        Directive, on_delete=models.PROTECT, null=True, related_name="conclusion"
    )

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(issued_at=None, issued_by=None, directive=None)
                | (Q(issued_at__isnull=False, directive__isnull=False) & ~Q(number="")),
                name="an_issued_conclusion_is_a_directive_with_a_number",
            ),
        ]


class ConclusionLine(models.Model):
    """One assignment of a conclusion: what, who leads, who co-ordinates, by when. ``task``: what it became."""

    conclusion = models.ForeignKey(Conclusion, on_delete=models.CASCADE, related_name="lines")
    ordinal = models.PositiveIntegerField()
    text = models.CharField(max_length=1000)
    lead = models.ForeignKey("directory.Office", on_delete=models.PROTECT, null=True, related_name="+")
    partners = models.JSONField(default=list, help_text="Số dòng của các cơ quan phối hợp")
    due = models.DateField(null=True)
    product = models.CharField(max_length=500, blank=True)
    task = models.OneToOneField(Task, on_delete=models.PROTECT, null=True, related_name="conclusion_line")

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["conclusion", "ordinal"], name="a_line_has_its_place_in_a_conclusion"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="a_line_of_a_conclusion_says_something"),
        ]
