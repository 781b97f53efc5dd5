"""Which bodies run the one-stop, the interlinked one-stop and official signatures, as they declared it by a document."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tinhso.measures.rules.coverage import Status, System

#: What may be declared: a body that declares nothing has no line.
DECLARABLE = (Status.RUNS.value, Status.RUNS_NOT.value)
OUTCOMES = ("confirmed", "returned")


class Declaration(models.Model):
    """What a body declared of itself by a document (văn bản khai): it runs a system from a day on, or does not.

    Like a line in a register: never edited and never deleted (a trigger refuses it), only replaced by a later one of
    the same body and system. It holds once a second person has confirmed it; computed figures never read it.
    ``replaces`` NULL: the first of its body and system. ``entered_by`` NULL: the software, in the demo.
    """

    office = models.ForeignKey("directory.Office", on_delete=models.PROTECT, related_name="+")
    system = models.CharField(max_length=20, choices=[(one.value, one.value) for one in System])
    status = models.CharField(max_length=20, choices=[(one, one) for one in DECLARABLE])
    valid_from = models.DateField()
    decision_number = models.CharField(max_length=80)
    decision_date = models.DateField()
    is_illustrative = models.BooleanField(default=False)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    entered_by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(system__in=[one.value for one in System]),
                name="a_declaration_is_of_a_known_system",
            ),
            models.CheckConstraint(
                condition=Q(status__in=DECLARABLE), name="a_declaration_says_whether_a_body_runs_it"
            ),
            models.CheckConstraint(condition=~Q(decision_number=""), name="a_declaration_names_its_document"),
            models.CheckConstraint(
                condition=Q(is_illustrative=True) | Q(entered_by__isnull=False),
                name="somebody_entered_a_declaration",
            ),
            models.UniqueConstraint(
                fields=["office", "system"],
                condition=Q(replaces=None),
                name="a_body_and_system_have_one_first_declaration",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.valid_from:%d/%m/%Y}"

    @property
    def about(self) -> str:
        """Return the name of this line's key in the journal; the same for all that replace one another."""
        return f"declaration:{self.office_id}:{self.system}"


class DeclarationAnswer(models.Model):
    """What the second person made of a declaration: confirmed, or returned with a reason. Never edited or deleted.

    ``answered_by`` NULL: the software, in the demo. Whoever entered a line does not answer it (a trigger refuses it).
    """

    declaration = models.OneToOneField(Declaration, on_delete=models.PROTECT, related_name="answer")
    outcome = models.CharField(max_length=10, choices=[(one, one) for one in OUTCOMES])
    note = models.CharField(max_length=200, blank=True)
    answered_by = models.ForeignKey(
        "directory.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome__in=OUTCOMES), name="a_declaration_is_confirmed_or_returned"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="returned") | ~Q(note=""), name="a_returned_declaration_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.outcome
