"""Targets of use: one line each, never edited."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class UseTarget(models.Model):
    """A target of use (chỉ tiêu sử dụng) of one month, by a decision: how many dossiers online, which share of all.

    Like a line in a register: never edited and never deleted (a trigger refuses it), only replaced by a later one of
    the same month, office and procedure. ``office`` NULL: the whole province; ``procedure_code`` blank: all procedures.
    ``online_count`` in dossiers accepted, ``online_share`` in percent of all dossiers accepted; one of the two may be
    NULL: no such target. ``replaces`` NULL: the first of its key. ``set_by`` NULL: the software, in the demo.
    """

    month = models.DateField(help_text="Ngày đầu tháng")
    office = models.ForeignKey("directory.Office", on_delete=models.PROTECT, null=True, related_name="+")
    procedure_code = models.CharField(max_length=20, blank=True)
    online_count = models.PositiveIntegerField(null=True)
    online_share = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    decision_number = models.CharField(max_length=80)
    decision_date = models.DateField()
    is_illustrative = models.BooleanField(default=False)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    set_by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(month__day=1), name="a_target_is_for_a_whole_month"),
            models.CheckConstraint(
                condition=Q(online_count__isnull=False) | Q(online_share__isnull=False),
                name="a_target_says_how_many_or_which_share",
            ),
            models.CheckConstraint(
                condition=Q(online_count=None) | Q(online_count__gt=0), name="a_target_is_more_than_nothing"
            ),
            models.CheckConstraint(
                condition=Q(online_share=None) | Q(online_share__gt=0, online_share__lte=100),
                name="a_target_share_is_a_percentage",
            ),
            models.CheckConstraint(condition=~Q(decision_number=""), name="a_target_names_its_decision"),
            models.UniqueConstraint(
                fields=["month", "office", "procedure_code"],
                condition=Q(replaces=None),
                nulls_distinct=False,
                name="a_month_office_and_procedure_have_one_first_target",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%m/%Y}"

    @property
    def about(self) -> str:
        """Return the name of this target's key in the journal; the same for all that replace one another."""
        return f"use-target:{self.month:%Y-%m}:{self.office_id or 'all'}:{self.procedure_code or 'all'}"
