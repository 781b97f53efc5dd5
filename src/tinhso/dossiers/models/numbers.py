"""What is counted up or kept once: numbers of a day and of a book, keys of submissions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class DayNumber(models.Model):
    """The last running number that an office gave on a day."""

    office = models.ForeignKey("directory.Office", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    n = models.PositiveIntegerField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["office", "day"], name="an_office_counts_a_day_once"),
        ]


class BookNumber(models.Model):
    """The last number in an office's book of a kind of result, in a year."""

    office = models.ForeignKey("directory.Office", on_delete=models.PROTECT, related_name="+")
    book = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    n = models.PositiveIntegerField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["office", "book", "year"], name="a_book_counts_a_year_once"),
        ]


class SentOnce(models.Model):
    """A submission's idempotency key: the same key from the same account is the same dossier.

    ``dossier`` NULL only inside the transaction that makes it.
    """

    account_id = models.BigIntegerField()
    key = models.CharField(max_length=64)
    body_hash = models.CharField(max_length=64)
    dossier = models.ForeignKey("Dossier", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account_id", "key"], name="a_key_is_one_submission"),
        ]
