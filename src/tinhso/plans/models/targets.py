"""Targets, what is to be reached by when, what was reached, and reports of what no counter sees."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tinhso.plans.models.directives import DirectiveItem
from tinhso.plans.models.plans import Plan, Solution


class Target(models.Model):
    """A target (chỉ tiêu): what is measured, in which unit and direction, from which baseline.

    ``direction``: ``up`` (at least) or ``down`` (at most). ``unit``: ``percent`` or a word ("xã"). ``counter``: the
    key of what ``queries.counters`` counts from ``measures``; blank: reported with evidence. A target with children
    is the sum of them and has neither counter nor reports of its own (triggers refuse both), so that nothing is
    counted twice. ``office`` NULL: of the province. ``rule``: the version of the rule that gives the light
    (``data/lights.json``).
    """

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=250)
    definition = models.CharField(max_length=1000, blank=True)
    group = models.CharField(max_length=20)
    unit = models.CharField(max_length=30)
    direction = models.CharField(max_length=4)
    baseline = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    baseline_on = models.DateField(null=True)
    counter = models.CharField(max_length=40, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    office = models.ForeignKey("directory.Office", on_delete=models.PROTECT, null=True, related_name="+")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, related_name="targets")
    directive_item = models.ForeignKey(
        DirectiveItem, on_delete=models.PROTECT, null=True, related_name="targets"
    )
    solutions = models.ManyToManyField(Solution, related_name="targets")
    source = models.CharField(max_length=300)
    rule = models.CharField(max_length=30)
    is_public = models.BooleanField(default=True)
    is_verified = models.BooleanField(default=True)
    created_by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(direction__in=("up", "down")), name="a_target_goes_up_or_down"
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(unit=""), name="a_target_has_name_and_unit"),
            models.CheckConstraint(condition=~Q(source=""), name="a_target_names_its_source"),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="a_target_is_not_its_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def about(self) -> str:
        """Return the name of this record in the journal and in histories."""
        return f"target:{self.pk}"


class TargetPeriod(models.Model):
    """What a target is to reach by the end of a period. ``value`` in the target's unit (percent: 0 to 100)."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="periods")
    first = models.DateField()
    last = models.DateField()
    value = models.DecimalField(max_digits=14, decimal_places=4)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["target", "last"], name="a_target_has_one_value_at_an_end"),
            models.CheckConstraint(
                condition=Q(last__gte=F("first")), name="a_period_of_a_target_has_an_order"
            ),
        ]


class TargetReport(models.Model):
    """A report of what was reached by a day, by an office, with evidence; it counts once another person confirmed it.

    For ``percent`` both numbers are given; else ``numerator`` alone is the value and ``denominator`` NULL.
    ``office``: whose part it is. ``replaces`` names the earlier report that a later one corrects. Never edited but
    for its answer (a trigger).
    """

    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="reports")
    office = models.ForeignKey("directory.Office", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    numerator = models.DecimalField(max_digits=14, decimal_places=4)
    denominator = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    note = models.CharField(max_length=600, blank=True)
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=200, blank=True)
    reported_by = models.ForeignKey(
        "directory.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    reported_at = models.DateTimeField()
    answer = models.CharField(max_length=10, blank=True)
    answer_text = models.CharField(max_length=600, blank=True)
    answered_by = models.ForeignKey(
        "directory.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        """Guards."""

        indexes: ClassVar = [models.Index(fields=["target", "office", "-on"], name="reports_of_a_target")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(denominator=None) | Q(denominator__gt=0, numerator__lte=F("denominator")),
                name="a_reported_share_is_at_most_whole",
            ),
            models.CheckConstraint(
                condition=Q(numerator__gte=0), name="a_reported_value_is_not_below_nothing"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by=None)
                | Q(answer="confirmed", answered_at__isnull=False)
                | (Q(answer="returned", answered_at__isnull=False) & ~Q(answer_text="")),
                name="a_returned_report_of_a_target_says_why",
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("reported_by")),
                name="a_second_person_confirms_a_report_of_a_target",
            ),
        ]


class TargetActual(models.Model):
    """What a target stood at on a day, as last reckoned: kept so that boards are quick and lines can be drawn.

    Reckoned again at any time from its source; ``source``: ``counter``, ``report``, ``children``. ``details``: what
    the reckoning says of itself: version of the formula, exclusions, strict and national. ``light`` by ``rule``:
    ``met``, ``on_track``, ``slow``, ``very_slow``, ``unknown``. ``needed``: what the target needs by this day.
    ``forecast``: by the same rule, for the end of the period; NULL: cannot be said.
    """

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="actuals")
    on = models.DateField()
    source = models.CharField(max_length=10)
    numerator = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    denominator = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    value = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    needed = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    forecast = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    light = models.CharField(max_length=10)
    details = models.JSONField(default=dict)
    reckoned_at = models.DateTimeField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["target", "on"], name="a_target_stands_at_one_value_a_day"),
            models.CheckConstraint(
                condition=Q(light__in=("met", "on_track", "slow", "very_slow", "unknown")),
                name="a_target_has_a_known_light",
            ),
        ]
