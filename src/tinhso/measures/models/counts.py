"""Numbers of a day, and when they were counted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class DayCount(models.Model):
    """One number of one day, office, procedure and channel. Counted, never incremented."""

    day = models.DateField()
    measure = models.CharField(max_length=40)
    office = models.ForeignKey("directory.Office", on_delete=models.PROTECT, related_name="+")
    procedure_code = models.CharField(max_length=20)
    channel = models.CharField(max_length=10)
    n = models.PositiveIntegerField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["day", "measure", "office", "procedure_code", "channel"], name="a_day_is_counted_once"
            ),
            models.CheckConstraint(condition=Q(n__gt=0), name="a_zero_is_not_kept_as_a_row"),
        ]


class CountedDay(models.Model):
    """A day that was counted: without it a missing number is not a zero."""

    day = models.DateField(unique=True)
    counted_at = models.DateTimeField()
    versions = models.CharField(max_length=80)


class StaleDay(models.Model):
    """A day whose numbers no longer hold, since something happened on it."""

    day = models.DateField(unique=True)
