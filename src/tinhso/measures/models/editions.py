"""Editions of closed months: the numbers that everybody is told, and which of them stay away. Kept, never edited."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Edition(models.Model):
    """What is published of a month that is over (bản công khai của tháng); the highest ``number`` holds.

    ``counted_at``: the count that it was made from, or that was found to change nothing in it. ``rule`` and
    ``threshold``: which numbers are small; ``formula``: which version told late from in time. ``stretches``: the days
    between which the whole province is told, as [first, last], chosen once. ``is_withheld``: small numbers could not
    be protected, so no part of the province is told. ``facts_hash``: SHA-256 of all its numbers, the hidden ones too.
    """

    month = models.DateField()
    number = models.SmallIntegerField()
    formula = models.CharField(max_length=40)
    rule = models.CharField(max_length=40)
    threshold = models.SmallIntegerField()
    counted_at = models.DateTimeField()
    made_at = models.DateTimeField()
    cells = models.IntegerField()
    hidden = models.IntegerField()
    is_withheld = models.BooleanField()
    stretches = models.JSONField()
    facts_hash = models.CharField(max_length=64)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["month", "number"], name="an_edition_is_made_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="an_edition_is_of_a_whole_month"),
            models.CheckConstraint(
                condition=Q(hidden__gte=0, hidden__lte=F("cells")), name="an_edition_hides_cells_of_its_own"
            ),
        ]

    @property
    def about(self) -> str:
        """Return the name of this edition in the journal."""
        return f"edition:{self.month:%Y-%m}:{self.number}"


class EditionRow(models.Model):
    """The numbers of one part of the province in an edition: NULL stays away; a part without a row has none.

    ``part`` names the table (``rules/editions.py``), ``key`` the part in it. ``running_late`` is of the month's last
    moment, everything else of the whole month.
    """

    pk = models.CompositePrimaryKey("edition_id", "part", "key")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="rows")
    part = models.CharField(max_length=20)
    key = models.CharField(max_length=40)
    received = models.IntegerField(null=True)
    online = models.IntegerField(null=True)
    returned = models.IntegerField(null=True)
    early = models.IntegerField(null=True)
    on_time = models.IntegerField(null=True)
    late = models.IntegerField(null=True)
    ended_otherwise = models.IntegerField(null=True)
    running_late = models.IntegerField(null=True)
