"""What is kept around the published catalogue: imported sheets, drafts in the office, words of search, old codes."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q

from tinhso.catalogue.models.procedure import Procedure, days, one_of
from tinhso.catalogue.models.published import ProcedureVersion

OUTCOMES = ("imported", "variant", "listed")
DRAFT_STATES = ("writing", "in_review", "approved", "published", "dropped")


class Alias(models.Model):
    """An old code of a procedure; it resolves for ever."""

    code = models.CharField(max_length=40, unique=True)
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="aliases")
    note = models.CharField(max_length=250, blank=True)

    def __str__(self) -> str:
        return self.code


class Eligibility(models.Model):
    """Whether a procedure may be served on level 4 (đủ điều kiện mức độ 4), and why, between two days."""

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="eligibility")
    is_eligible = models.BooleanField()
    reason = models.CharField(max_length=250)
    basis = models.CharField(max_length=250)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    is_illustrative = models.BooleanField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="eligibility_has_a_reason"),
            ExclusionConstraint(
                expressions=[
                    ("procedure", RangeOperators.EQUAL),
                    (days("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                name="a_procedure_is_eligible_or_not_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class SheetRecord(models.Model):
    """A published sheet as it was read from a file, once for each different content.

    ``outcome``: imported (the first content of its code), variant (same code, other content: ``differs`` names the
    fields), listed (could not be taken; ``reason`` says why). A repeat of the same content makes no row.
    ``content_hash``: SHA-256 of the content without where it was found. ``read`` is its structure, ``flags`` is what
    a person must look at: [{"part", "why", "text"}]. ``seen_at`` NULL: nobody has said that they looked at it.
    """

    code = models.CharField(max_length=40, db_index=True)
    name = models.CharField(max_length=1_000)
    field_name = models.CharField(max_length=200, blank=True)
    shape = models.CharField(max_length=10, help_text="word | portal")
    source = models.CharField(max_length=250)
    line = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10)
    reason = models.CharField(max_length=500, blank=True)
    content_hash = models.CharField(max_length=64, unique=True)
    raw: models.JSONField[Any, Any] = models.JSONField()
    read: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    flags: models.JSONField[list[dict[str, str]], list[dict[str, str]]] = models.JSONField(default=list)
    differs: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    imported_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_account_id = models.BigIntegerField(null=True)
    seen_name = models.CharField(max_length=150, blank=True)
    seen_note = models.CharField(max_length=500, blank=True)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(seen_at=None, seen_account_id=None, seen_name="", seen_note="")
                | (
                    Q(seen_at__isnull=False, seen_account_id__isnull=False)
                    & ~Q(seen_name="")
                    & ~Q(seen_note="")
                ),
                name="a_seen_sheet_says_who_and_what",
            ),
            one_of("outcome", OUTCOMES, "a_sheet_record_has_a_known_outcome"),
            models.CheckConstraint(
                condition=~Q(outcome="listed") | ~Q(reason=""), name="a_listed_sheet_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.outcome}"


class SheetDraft(models.Model):
    """A sheet being written in the catalogue's office, until it is published by a decision.

    ``sheet`` has the shape of ``data/sheet.schema.json``, parts may still be missing. ``based_on`` NULL: a procedure
    that was never published. The reviewer is another person than the author.
    """

    code = models.CharField(max_length=20)
    based_on = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, null=True, related_name="+")
    sheet: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    state = models.CharField(max_length=10, default="writing")
    revision = models.PositiveIntegerField(default=1)
    author_account_id = models.BigIntegerField()
    author_name = models.CharField(max_length=150)
    saved_at = models.DateTimeField()
    reviewer_account_id = models.BigIntegerField(null=True)
    reviewer_name = models.CharField(max_length=150, blank=True)
    review_note = models.CharField(max_length=1_000, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    decision_number = models.CharField(max_length=80, blank=True)
    decision_date = models.DateField(null=True)
    published = models.OneToOneField(
        ProcedureVersion, on_delete=models.PROTECT, null=True, related_name="written_as"
    )

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            one_of("state", DRAFT_STATES, "a_sheet_draft_is_in_a_known_state"),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(state__in=["writing", "in_review", "approved"]),
                name="a_procedure_has_one_open_draft",
            ),
            models.CheckConstraint(
                condition=Q(reviewer_account_id=None) | ~Q(reviewer_account_id=models.F("author_account_id")),
                name="a_second_person_reviews",
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | (Q(published__isnull=False, decision_date__isnull=False) & ~Q(decision_number="")),
                name="a_sheet_is_published_by_a_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.state}"


class SearchWord(models.Model):
    """An everyday word or saying and the words of the catalogue it stands for; edited by officials.

    ``said`` and ``means`` are kept as typed; search compares them without marks.
    """

    said = models.CharField(max_length=120, unique=True)
    means = models.CharField(max_length=250)
    note = models.CharField(max_length=250, blank=True)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(said="") & ~Q(means=""), name="a_search_word_means_something")
        ]

    def __str__(self) -> str:
        return self.said


class SearchMiss(models.Model):
    """A query that found nothing, without marks, how often and when last: the worklist of words. Nobody's name."""

    query = models.CharField(max_length=200, unique=True)
    times = models.PositiveIntegerField(default=1)
    last_day = models.DateField()
    settled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.query
