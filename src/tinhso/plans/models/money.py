"""Money of plans and tasks; inspections and what they found; commendations."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tinhso.plans.lifecycle import FINDING, FindingState, FindingVerb
from tinhso.plans.models.plans import PlanItem
from tinhso.plans.models.tasks import Task


class BudgetLine(models.Model):
    """A line of money (dòng kinh phí) of a year for an office, in VND, from one source.

    ``source``: a key of ``data/sources.json``; ``capital``: ``recurrent`` (vốn sự nghiệp) or ``investment`` (đầu tư
    công). ``is_security``: counts for the share of information security (CT 14/CT-TTg 2019). ``planned`` is what was
    asked for; allocated and spent are ``BudgetEntry``.
    """

    office = models.ForeignKey("directory.Office", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=300)
    source = models.CharField(max_length=30)
    capital = models.CharField(max_length=12)
    is_security = models.BooleanField(default=False)
    planned = models.BigIntegerField()
    plan_item = models.ForeignKey(PlanItem, on_delete=models.PROTECT, null=True, related_name="budget_lines")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, related_name="budget_lines")
    created_by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(planned__gte=0), name="a_line_of_money_is_nothing_or_more"),
            models.CheckConstraint(
                condition=Q(capital__in=("recurrent", "investment")),
                name="a_line_of_money_is_of_a_known_capital",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(source=""), name="a_line_of_money_has_name_and_source"
            ),
        ]

    @property
    def about(self) -> str:
        """Return the name of this record in the journal and in histories."""
        return f"budget-line:{self.pk}"


class BudgetEntry(models.Model):
    """Money allocated (``allocated``) or spent (``spent``) on a line, in VND, by a document.

    Never edited; a wrong one is reversed by a negative one.
    """

    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10)
    amount = models.BigIntegerField()
    on = models.DateField()
    document_number = models.CharField(max_length=80)
    note = models.CharField(max_length=300, blank=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=("allocated", "spent")), name="an_entry_allocates_or_spends"
            ),
            models.CheckConstraint(
                condition=Q(reverses=None, amount__gt=0) | Q(reverses__isnull=False, amount__lt=0),
                name="only_a_reversal_takes_money_back",
            ),
            models.CheckConstraint(
                condition=~Q(document_number=""), name="an_entry_of_money_names_its_document"
            ),
        ]


class Inspection(models.Model):
    """An inspection round (đợt kiểm tra): who inspects whom, when, by which decision. ``concluded_on`` NULL: not concluded."""

    name = models.CharField(max_length=250)
    year = models.PositiveSmallIntegerField()
    is_planned = models.BooleanField(default=True)
    lead = models.ForeignKey("directory.Office", on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey("directory.Office", on_delete=models.PROTECT, related_name="+")
    starts = models.DateField()
    ends = models.DateField()
    decision_number = models.CharField(max_length=80, blank=True)
    concluded_on = models.DateField(null=True)
    conclusion = models.TextField(blank=True)
    created_by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts")), name="an_inspection_does_not_end_before_it_starts"
            ),
            models.CheckConstraint(condition=~Q(lead=F("office")), name="nobody_inspects_themselves"),
            models.CheckConstraint(
                condition=Q(concluded_on=None) | ~Q(decision_number=""),
                name="a_concluded_inspection_names_its_decision",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def about(self) -> str:
        """Return the name of this record in the journal and in histories."""
        return f"inspection:{self.pk}"


class Finding(models.Model):
    """What an inspection found (kiến nghị or vi phạm), its remedy and due day, followed until it is closed by somebody else."""

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="findings")
    is_violation = models.BooleanField(default=False)
    text = models.CharField(max_length=1000)
    remedy = models.CharField(max_length=1000)
    due = models.DateField()
    state = models.CharField(max_length=10, default=FindingState.OPEN)
    fixed_text = models.CharField(max_length=1000, blank=True)
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=200, blank=True)
    fixed_by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, null=True, related_name="+")
    fixed_on = models.DateField(null=True)
    closed_by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, null=True, related_name="+")
    closed_on = models.DateField(null=True)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in FindingState]), name="a_finding_is_in_a_known_state"
            ),
            models.CheckConstraint(
                condition=Q(state=FindingState.CLOSED, closed_on__isnull=False, fixed_on__isnull=False)
                | (~Q(state=FindingState.CLOSED) & Q(closed_on=None, closed_by=None)),
                name="a_closed_finding_was_remedied",
            ),
            models.CheckConstraint(
                condition=Q(closed_by=None) | ~Q(closed_by=F("fixed_by")),
                name="a_second_person_closes_a_finding",
            ),
            models.CheckConstraint(
                condition=~Q(state=FindingState.REPORTED) | (Q(fixed_on__isnull=False) & ~Q(fixed_text="")),
                name="a_reported_remedy_says_what_was_done",
            ),
        ]

    @property
    def about(self) -> str:
        """Return the name of this record in the journal and in histories."""
        return f"finding:{self.pk}"

    def take(self, verb: FindingVerb) -> None:
        """Go where the life-cycle leads; the caller saves. Raises ``StepNotAllowed``."""
        self.state = FINDING.after(FindingState(self.state), verb)


class Commendation(models.Model):
    """A commendation (khen thưởng) of an office or of a person in it, with its reason and decision.

    Personal data: ``person`` NULL is a collective; a person's name is told with the decision, which is public.
    """

    office = models.ForeignKey("directory.Office", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, null=True, related_name="+")
    form = models.CharField(max_length=100)
    reason = models.CharField(max_length=1000)
    decision_number = models.CharField(max_length=80)
    on = models.DateField()
    by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(decision_number=""),
                name="a_commendation_has_reason_and_decision",
            ),
        ]
