"""Offices over time, days off, and when reference data last changed."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tinhso.directory.rules import OfficeKind

#: Days that were known before anybody entered days by hand.
FROM_THE_BEGINNING = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


class OfficeQuerySet(models.QuerySet["Office"]):
    """Offices as of a day."""

    def on(self, day: dt.date) -> OfficeQuerySet:
        """Keep the offices that exist on the day."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


class Office(models.Model):
    """An office (cơ quan, đơn vị) as it stands between two days; a reform closes it and opens successors.

    ``valid_to`` NULL: still open. ``code`` follows QCVN 102:2016 (000.00.15.H40), ``code_2020`` follows
    QĐ 20/2020/QĐ-TTg (H40.15). The province's official list was not found: codes are illustrative.
    """

    code = models.CharField(max_length=17)
    code_2020 = models.CharField(max_length=35)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=120)
    folded = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=400)
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in OfficeKind])
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    territory_code = models.CharField(max_length=10, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=250, blank=True)
    place = models.CharField(max_length=100, help_text="Địa danh ghi trên văn bản")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    successors = models.ManyToManyField(
        "self", through="Succession", symmetrical=False, related_name="predecessors"
    )

    objects = OfficeQuerySet.as_manager()

    class Meta:
        """Guards."""

        indexes: ClassVar = [models.Index(fields=["kind", "sort_key"], name="office_by_kind")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="one_office_has_a_code_from_a_day"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="an_office_does_not_end_before_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in OfficeKind]), name="an_office_is_of_a_known_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Succession(models.Model):
    """One office goes on in another, from a day, by a decision."""

    predecessor = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    successor = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    effective_date = models.DateField()
    decision = models.CharField(max_length=120)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"], name="an_office_succeeds_another_once"
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")), name="an_office_does_not_succeed_itself"
            ),
        ]


class SpecialDay(models.Model):
    """A weekday off or a working weekend day of State offices, with its source and how sure it is.

    ``known_from``: when it was entered; ``withdrawn_at``: when it was found wrong, NULL while it holds. So the
    calendar as it was known at any moment can be had again, and a dossier's due moment stays explained by the
    calendar of its acceptance.
    """

    date = models.DateField()
    kind = models.CharField(max_length=20)
    source = models.CharField(max_length=200)
    confirmed = models.CharField(max_length=20)
    known_from = models.DateTimeField(default=FROM_THE_BEGINNING)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["date"], condition=Q(withdrawn_at=None), name="a_day_is_special_for_one_reason"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gt=F("known_from")),
                name="a_day_is_withdrawn_after_it_was_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y} {self.kind}"


class ReferenceStamp(models.Model):
    """When reference data last changed: offices, days off, published procedures. One row, moved by triggers.

    Whatever was worked out from reference data may be kept as long as this stays the same.
    """

    moved_at = models.DateTimeField()
