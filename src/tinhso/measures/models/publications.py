"""Publications that freeze figures with their rows, and figures that others reported. Kept, never edited."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Publication(models.Model):
    """Figures of a period, frozen with the cases behind them (bản công bố).

    ``frozen_at``: what was recorded later is not in it. ``rows_hash``: SHA-256 of all rows in the order of their
    numbers. ``published_at`` NULL: prepared, and not shown to anybody outside; a second person publishes. Once
    published nothing of it changes (triggers).
    """

    code = models.CharField(max_length=30, unique=True)
    title = models.CharField(max_length=200)
    first = models.DateField()
    last = models.DateField()
    frozen_at = models.DateTimeField()
    rows_hash = models.CharField(max_length=64)
    rows_count = models.PositiveIntegerField()
    prepared_by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, related_name="+")
    published_by = models.ForeignKey(
        "directory.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True)
    document_number = models.CharField(max_length=80, blank=True)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="a_publication_has_a_period"),
            models.CheckConstraint(
                condition=Q(published_at=None, published_by=None, document_number="")
                | (Q(published_at__isnull=False, published_by__isnull=False) & ~Q(document_number="")),
                name="a_published_publication_names_who_and_its_document",
            ),
            models.CheckConstraint(
                condition=Q(published_by=None) | ~Q(published_by=F("prepared_by")),
                name="a_second_person_publishes",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def about(self) -> str:
        """Return the name of this publication in the journal."""
        return f"publication:{self.code}"


class PublishedFigure(models.Model):
    """One frozen figure: of the province (``office_id`` 0) or an office, by one version of a formula.

    ``formula`` is the whole text of the version, so that the figure can be understood without the program.
    """

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="figures")
    version = models.CharField(max_length=40)
    formula = models.JSONField()
    office_id = models.BigIntegerField(default=0)
    numerator = models.PositiveIntegerField()
    denominator = models.PositiveIntegerField()
    excluded = models.JSONField()
    groups = models.JSONField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["publication", "version", "office_id"], name="a_figure_is_published_once"
            ),
            models.CheckConstraint(
                condition=Q(numerator__lte=F("denominator")), name="a_published_share_is_at_most_whole"
            ),
        ]


class PublishedCase(models.Model):
    """One case behind a publication, with its class: every frozen count is a sum over these."""

    pk = models.CompositePrimaryKey("publication_id", "number")
    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="cases")
    number = models.CharField(max_length=40)
    office_id = models.BigIntegerField()
    procedure_code = models.CharField(max_length=20)
    channel = models.CharField(max_length=10)
    cls = models.PositiveSmallIntegerField()


class Comparison(models.Model):
    """How a publication compares with the record of now: made anew whenever days of it were counted anew.

    ``figures``: the live numerator and denominator by version; ``reproduced``: the record as it stood at ``frozen_at``
    gives the frozen rows again.
    """

    publication = models.OneToOneField(Publication, on_delete=models.CASCADE, related_name="comparison")
    at = models.DateTimeField()
    figures = models.JSONField()
    reproduced = models.BooleanField()


class Difference(models.Model):
    """One case that is another now than when it was published. NULL: was not, or is no longer, in the period."""

    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="differences")
    number = models.CharField(max_length=40)
    office_id = models.BigIntegerField()
    before = models.PositiveSmallIntegerField(null=True)
    after = models.PositiveSmallIntegerField(null=True)


class ReportedFigure(models.Model):
    """A figure that somebody reported (số báo cáo): a record with its document, never computed, never mixed in.

    ``value`` in ``unit``; ``numerator`` and ``denominator`` NULL where the document does not tell them.
    ``compares_with``: the key of the formula or figure it is set beside; blank: none. Never edited, only replaced.
    """

    name = models.CharField(max_length=200)
    value = models.DecimalField(max_digits=14, decimal_places=4)
    unit = models.CharField(max_length=30)
    numerator = models.BigIntegerField(null=True)
    denominator = models.BigIntegerField(null=True)
    first = models.DateField()
    last = models.DateField()
    reported_by = models.CharField(max_length=200)
    document_number = models.CharField(max_length=80)
    document_date = models.DateField(null=True)
    compares_with = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=400, blank=True)
    is_verified = models.BooleanField(default=False)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    entered_by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="a_reported_figure_has_a_period"),
            models.CheckConstraint(
                condition=~Q(document_number=""), name="a_reported_figure_names_its_document"
            ),
        ]

    @property
    def about(self) -> str:
        """Return the name of this record in the journal."""
        return f"reported-figure:{self.pk}"
