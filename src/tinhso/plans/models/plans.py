"""Plans, the windows in which they are registered, their annexes, drafts and opinions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tinhso.plans.lifecycle import PLAN, PLAN_OPEN, PlanState, PlanVerb
from tinhso.plans.models.directives import Directive, DirectiveItem


class Window(models.Model):
    """A registration window (đợt đăng ký): which plan every listed office must register, from when, until when.

    ``deadline``: the last day, until the end of working hours. ``first_year`` = ``last_year``: a plan of a year.
    ``directive`` is what orders it. The province's own plan has a window with one office.
    """

    name = models.CharField(max_length=200)
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField()
    opens_on = models.DateField()
    deadline = models.DateField()
    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, null=True, related_name="windows")
    opened_by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(deadline__gte=F("opens_on")), name="a_window_does_not_close_before_it_opens"
            ),
            models.CheckConstraint(
                condition=Q(last_year__gte=F("first_year")), name="a_window_is_for_years_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def about(self) -> str:
        """Return the name of this record in the journal and in histories."""
        return f"window:{self.pk}"


class Requirement(models.Model):
    """One office that must register in a window. ``is_priority``: named first by the committee (y tế, giáo dục …)."""

    window = models.ForeignKey(Window, on_delete=models.CASCADE, related_name="requirements")
    office = models.ForeignKey("directory.Office", on_delete=models.PROTECT, related_name="+")
    is_priority = models.BooleanField(default=False)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["window", "office"], name="an_office_registers_in_a_window_once"),
        ]


class Plan(models.Model):
    """A plan (kế hoạch chuyển đổi số) of an office for a year or some years; an adjustment is a new version of it.

    ``version`` 1 is the first; ``adjusts`` names what a later version adjusts, and its ``adjusts_reason`` why.
    ``registered_at``: the moment it was issued, by which the window judges it. ``signed_as``: ``head`` or ``deputy``
    of the office. ``head``: the accountable head, named from the first draft. ``goal``: the general aim. Nothing of
    an issued plan is edited (a trigger refuses it).
    """

    window = models.ForeignKey(Window, on_delete=models.PROTECT, null=True, related_name="plans")
    office = models.ForeignKey("directory.Office", on_delete=models.PROTECT, related_name="+")
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=250)
    goal = models.TextField(blank=True)
    state = models.CharField(max_length=20, default=PlanState.DRAFT)
    version = models.PositiveSmallIntegerField(default=1)
    adjusts = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="adjusted_by")
    adjusts_reason = models.CharField(max_length=600, blank=True)
    head = models.ForeignKey("directory.Post", on_delete=models.PROTECT, null=True, related_name="+")
    drafted_by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, null=True, related_name="+")
    drafted_at = models.DateTimeField()
    draft_number = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    opinions_due = models.DateField(null=True)
    appraised_by = models.ForeignKey(
        "directory.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    appraised_at = models.DateTimeField(null=True)
    appraisal_note = models.CharField(max_length=1000, blank=True)
    signed_by = models.ForeignKey("directory.Post", on_delete=models.PROTECT, null=True, related_name="+")
    signed_as = models.CharField(max_length=10, blank=True)
    signed_at = models.DateTimeField(null=True)
    number = models.CharField(max_length=80, blank=True)
    registered_at = models.DateTimeField(null=True)

    class Meta:
        """Guards."""

        indexes: ClassVar = [
            models.Index(fields=["office", "first_year", "last_year"], name="plans_of_an_office")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in PlanState]), name="a_plan_is_in_a_known_state"
            ),
            models.CheckConstraint(
                condition=Q(last_year__gte=F("first_year")), name="a_plan_is_for_years_in_order"
            ),
            models.CheckConstraint(
                condition=(Q(state=PlanState.ISSUED, registered_at__isnull=False) & ~Q(number=""))
                | (~Q(state=PlanState.ISSUED) & Q(registered_at=None)),
                name="an_issued_plan_has_its_number_and_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[PlanState.SIGNED.value, PlanState.ISSUED.value])
                & Q(signed_by__isnull=False, signed_at__isnull=False, signed_as__in=("head", "deputy"))
                | ~Q(state__in=[PlanState.SIGNED.value, PlanState.ISSUED.value])
                & Q(signed_by=None, signed_at=None, signed_as=""),
                name="a_signed_plan_says_who_signed_and_as_what",
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=[PlanState.SIGNING.value, PlanState.SIGNED.value, PlanState.ISSUED.value]
                )
                | Q(appraised_at__isnull=False),
                name="a_plan_is_appraised_before_it_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(appraised_by=None) | ~Q(appraised_by=F("drafted_by")),
                name="a_second_person_appraises_a_plan",
            ),
            models.CheckConstraint(
                condition=Q(adjusts=None, adjusts_reason="", version=1)
                | (Q(adjusts__isnull=False, version__gt=1) & ~Q(adjusts_reason="")),
                name="an_adjustment_says_what_and_why",
            ),
            models.UniqueConstraint(
                fields=["office", "first_year", "last_year", "version"],
                name="an_office_has_one_plan_of_a_version",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def about(self) -> str:
        """Return the name of this record in the journal and in histories."""
        return f"plan:{self.pk}"

    def take(self, verb: PlanVerb) -> None:
        """Go where the life-cycle leads; the caller saves. Raises ``StepNotAllowed``."""
        self.state = PLAN.after(PlanState(self.state), verb)

    @property
    def is_open(self) -> bool:
        """Say whether the annex may still be written."""
        return self.state in PLAN_OPEN


class PlanItem(models.Model):
    """One row of the annex (phụ lục) of a plan. ``group``: one of the eight groups of ``data/groups.json``.

    ``lead``: as it is written, an office or a unit of it; ``lead_office``: the office it means, NULL where it is a
    unit inside. ``amount`` in VND; ``source``: a key of ``data/sources.json``. Times are days.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="items")
    ordinal = models.PositiveIntegerField()
    group = models.CharField(max_length=20)
    sector = models.CharField(max_length=60, blank=True)
    content = models.CharField(max_length=1000)
    lead = models.CharField(max_length=200)
    lead_office = models.ForeignKey("directory.Office", on_delete=models.PROTECT, null=True, related_name="+")
    partners = models.CharField(max_length=500, blank=True)
    starts = models.DateField()
    ends = models.DateField()
    product = models.CharField(max_length=500)
    amount = models.BigIntegerField(default=0)
    source = models.CharField(max_length=30, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "ordinal"], name="a_row_has_its_place_in_an_annex"),
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts")), name="a_row_does_not_end_before_it_starts"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="a_row_costs_nothing_or_more"),
            models.CheckConstraint(
                condition=Q(amount=0) | ~Q(source=""), name="a_row_that_costs_names_its_source"
            ),
            models.CheckConstraint(
                condition=~Q(content="") & ~Q(lead="") & ~Q(product=""),
                name="a_row_says_what_who_and_what_comes_out",
            ),
        ]


class PlanSnapshot(models.Model):
    """A draft as it was (bản nháp): all rows of the annex, to compare with and to go back to. Never edited."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="snapshots")
    number = models.PositiveIntegerField()
    rows = models.JSONField()
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "number"], name="a_draft_of_a_plan_has_its_number"),
        ]


class OpinionRequest(models.Model):
    """A plan was sent to an office for its opinion (lấy ý kiến). ``answered_at`` NULL: silent so far.

    ``agrees``: it had nothing to say, or all it said is in ``opinions``.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="requests")
    office = models.ForeignKey("directory.Office", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due = models.DateField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        "directory.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    agrees = models.BooleanField(default=False)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "office"], name="an_office_is_asked_about_a_plan_once"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, agrees=False) | Q(answered_at__isnull=False),
                name="only_an_answer_has_an_answerer",
            ),
        ]


class Opinion(models.Model):
    """One opinion of an asked office, about a row of the annex (``row``: its ordinal, 0 for the whole), and its handling.

    ``answer``: blank, ``accepted``, ``rejected``; a rejection has its reason (``answer_text``).
    """

    request = models.ForeignKey(OpinionRequest, on_delete=models.CASCADE, related_name="opinions")
    row = models.PositiveIntegerField(default=0)
    text = models.CharField(max_length=1000)
    given_at = models.DateTimeField()
    answer = models.CharField(max_length=10, blank=True)
    answer_text = models.CharField(max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        "directory.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | Q(answer="accepted", answered_at__isnull=False)
                | (Q(answer="rejected", answered_at__isnull=False) & ~Q(answer_text="")),
                name="a_rejected_opinion_has_its_reason",
            ),
        ]


class Solution(models.Model):
    """A solution (giải pháp): how a target is to be reached. Linked to targets (``Target.solutions``)."""

    text = models.CharField(max_length=1000)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, null=True, related_name="solutions")
    directive_item = models.ForeignKey(
        DirectiveItem, on_delete=models.PROTECT, null=True, related_name="solutions"
    )
    office = models.ForeignKey("directory.Office", on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
