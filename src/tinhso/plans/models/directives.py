"""Directives from above and what they assign; bodies that steer, and their people."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class Directive(models.Model):
    """A document that directs (văn bản chỉ đạo): number, date, issuer, what it assigns.

    ``urgency``: ``normal``, ``urgent``; ``received_at`` and ``entered_at``: from one to the other runs the time of
    entry that ``data/entry_times.json`` allows. ``entered_by`` NULL: the software. ``valid_to`` NULL: in force.
    ``folded``: what search reads. ``is_public``: may be named on the public page of progress. ``(check)`` facts:
    ``is_verified`` False.
    """

    number = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    issued_on = models.DateField()
    issuer = models.CharField(max_length=200)
    summary = models.CharField(max_length=1000)
    urgency = models.CharField(max_length=10, default="normal")
    received_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    replaced_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaces")
    folded = models.TextField(blank=True)
    is_public = models.BooleanField(default=True)
    is_verified = models.BooleanField(default=True)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["number", "issued_on", "issuer"], name="a_directive_is_entered_once"
            ),
            models.CheckConstraint(
                condition=~Q(number="") & ~Q(summary=""), name="a_directive_has_number_and_summary"
            ),
            models.CheckConstraint(
                condition=Q(urgency__in=("normal", "urgent")), name="a_directive_is_urgent_or_not"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="a_directive_does_not_end_before_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(entered_at__gte=F("received_at")), name="a_directive_is_entered_after_it_came"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def about(self) -> str:
        """Return the name of this record in the journal and in histories."""
        return f"directive:{self.pk}"


class DirectiveItem(models.Model):
    """One thing that a directive assigns; targets, solutions and tasks point here.

    ``kind``: ``target``, ``solution``, ``task``.
    """

    directive = models.ForeignKey(Directive, on_delete=models.CASCADE, related_name="items")
    ordinal = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    text = models.CharField(max_length=1000)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["directive", "ordinal"], name="an_item_has_its_place_in_a_directive"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("target", "solution", "task")),
                name="a_directive_item_is_of_a_known_kind",
            ),
        ]


class Body(models.Model):
    """A steering body (ban chỉ đạo, tổ công tác, đội nòng cốt) of an office, by a decision.

    ``kind``: ``steering``, ``task_force``, ``core_team``. ``valid_to`` NULL: at work. ``work_plan``: what it means to
    do, lines.
    """

    kind = models.CharField(max_length=20)
    office = models.ForeignKey("directory.Office", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    decision_number = models.CharField(max_length=80)
    decision_date = models.DateField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    work_plan = models.TextField(blank=True)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=("steering", "task_force", "core_team")),
                name="a_body_is_of_a_known_kind",
            ),
            models.CheckConstraint(condition=~Q(decision_number=""), name="a_body_names_its_decision"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="a_body_does_not_end_before_it_begins",
            ),
            models.UniqueConstraint(
                fields=["office", "kind"], condition=Q(valid_to=None), name="an_office_has_one_body_of_a_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def about(self) -> str:
        """Return the name of this record in the journal and in histories."""
        return f"body:{self.pk}"


class Member(models.Model):
    """A person's seat in a body between two days.

    ``duty``: ``head``, ``deputy``, ``standing``, ``secretary``, ``member``. ``skills``: keys of ``data/skills.json``.
    ``hours_per_week``: working hours promised to the body. Personal data: who the person is; kept as the record of
    the body.
    """

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    post_title = models.CharField(max_length=150)
    duty = models.CharField(max_length=20)
    hours_per_week = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    skills = ArrayField(models.CharField(max_length=30), default=list)
    decision_number = models.CharField(max_length=80, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(duty__in=("head", "deputy", "standing", "secretary", "member")),
                name="a_member_has_a_known_duty",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="a_seat_does_not_end_before_it_begins",
            ),
            models.UniqueConstraint(
                fields=["body", "person"], condition=Q(valid_to=None), name="a_person_sits_in_a_body_once"
            ),
            models.UniqueConstraint(
                fields=["body"], condition=Q(valid_to=None, duty="head"), name="a_body_has_one_head"
            ),
        ]


class BodyActivity(models.Model):
    """A line of a body's log: what was done on a day, how many working hours it took, by whom entered."""

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="activities")
    on = models.DateField()
    text = models.CharField(max_length=600)
    hours = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="activities")
    by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()


class Establishment(models.Model):
    """How many posts for digital transformation an office has (biên chế CNTT, CĐS): planned and filled on a day.

    Vacant posts are the difference. The latest row of an office holds. Sở Nội vụ counts.
    """

    office = models.ForeignKey("directory.Office", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    planned = models.PositiveIntegerField()
    filled = models.PositiveIntegerField()
    source = models.CharField(max_length=200)
    by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["office", "on"], name="posts_of_an_office_are_counted_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(filled__lte=F("planned")), name="no_more_posts_are_filled_than_planned"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="a_count_of_posts_names_its_source"),
        ]
