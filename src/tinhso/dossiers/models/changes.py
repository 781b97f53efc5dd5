"""What was changed in the record of a dossier: due moments that moved, and corrections. Append-only."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

CAUSES = ("pause", "extension", "calendar")
CORRECTED = ("ended_at", "accepted_at")


class DueMoved(models.Model):
    """The due moment moved: a pause ended, it was extended (gia hạn), or a day off was decided; the first never does.

    ``account_id`` NULL: the software or the applicant. The due moment known at a time T is ``after`` of the last row
    with ``at`` < T, else the dossier's ``original_due_at``. A trigger refuses changes.
    """

    dossier = models.ForeignKey("Dossier", on_delete=models.PROTECT, related_name="due_moves")
    cause = models.CharField(max_length=10)
    before = models.DateTimeField()
    after = models.DateTimeField()
    reason = models.CharField(max_length=400, blank=True)
    account_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(cause__in=CAUSES), name="a_due_moment_moves_for_a_known_cause"
            ),
            models.CheckConstraint(
                condition=Q(after__gte=F("before")), name="a_due_moment_never_moves_earlier"
            ),
            models.CheckConstraint(
                condition=Q(cause="pause") | ~Q(reason=""), name="a_decided_move_gives_its_reason"
            ),
        ]


class Correction(models.Model):
    """A wrongly recorded moment of a dossier was set right: what stood there, what stands now, who, when and why.

    A trigger refuses changes; what was known at a time T is the record with the corrections after T undone.
    """

    dossier = models.ForeignKey("Dossier", on_delete=models.PROTECT, related_name="corrections")
    field = models.CharField(max_length=20)
    before = models.DateTimeField()
    after = models.DateTimeField()
    reason = models.CharField(max_length=400)
    document_number = models.CharField(max_length=80)
    account_id = models.BigIntegerField()
    by_name = models.CharField(max_length=150)
    by_title = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(field__in=CORRECTED), name="a_correction_is_of_a_known_moment"
            ),
            models.CheckConstraint(condition=~Q(before=F("after")), name="a_correction_changes_something"),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(document_number=""),
                name="a_correction_gives_reason_and_document",
            ),
        ]
