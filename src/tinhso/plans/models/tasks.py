"""Tasks, the offices that do them, reports with evidence, extensions, words exchanged; the services of Project 06."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from tinhso.plans.lifecycle import TASK, TaskState, TaskVerb
from tinhso.plans.models.directives import DirectiveItem
from tinhso.plans.models.plans import PlanItem
from tinhso.plans.models.targets import Target


class Task(models.Model):
    """A task (nhiệm vụ) that an office leads, from a day to a due day.

    ``due`` NULL: no due day (không hạn). ``original_due`` stays when ``due`` is extended. Whether it is in time is
    derived (``rules.deadlines``), never stored. ``done_on``: the day of the report that was confirmed. ``quantity``
    and ``unit``: what is to be reached in pieces ("60 xã"), NULL: not counted in pieces; ``confirmed_quantity``:
    confirmed so far. ``progress``: percent as last reported. ``blocker``: where it hangs, as last reported. ``tags``:
    keys of ``data/tags.json``: ``cchc``, ``project-06`` … ``recurrence``: blank, ``monthly``, ``quarterly``,
    ``yearly``, until ``recurs_until``; the next one is made from this (``recurs_from``). ``merged_into``: it said the
    same as another. ``group``: one of the eight of ``data/groups.json``, may be blank. ``is_public``: named on the
    page of progress. ``is_priority``: urgent.
    """

    code = models.CharField(max_length=30, unique=True)
    title = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    folded = models.CharField(max_length=400, blank=True)
    lead = models.ForeignKey("directory.Office", on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    target = models.ForeignKey(Target, on_delete=models.PROTECT, null=True, related_name="tasks")
    plan_item = models.ForeignKey(PlanItem, on_delete=models.PROTECT, null=True, related_name="tasks")
    directive_item = models.ForeignKey(
        DirectiveItem, on_delete=models.PROTECT, null=True, related_name="tasks"
    )
    group = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=20, default=TaskState.NOT_STARTED)
    starts = models.DateField()
    due = models.DateField(null=True)
    original_due = models.DateField(null=True)
    done_on = models.DateField(null=True)
    product = models.CharField(max_length=500, blank=True)
    quantity = models.PositiveIntegerField(null=True)
    unit = models.CharField(max_length=30, blank=True)
    confirmed_quantity = models.PositiveIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(default=0)
    blocker = models.CharField(max_length=400, blank=True)
    tags = ArrayField(models.CharField(max_length=30), default=list)
    recurrence = models.CharField(max_length=10, blank=True)
    recurs_until = models.DateField(null=True)
    recurs_from = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="recurs_in")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    is_priority = models.BooleanField(default=False)
    is_public = models.BooleanField(default=False)
    assigned_by = models.ForeignKey(
        "directory.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    assigned_at = models.DateTimeField()

    class Meta:
        """Guards."""

        indexes: ClassVar = [
            models.Index(fields=["state", "due"], name="tasks_by_due_day"),
            models.Index(fields=["lead", "state", "due"], name="tasks_of_an_office"),
            models.Index(
                fields=["due", "id"],
                condition=~Q(state__in=(TaskState.DONE.value, TaskState.WITHDRAWN.value)),
                name="tasks_that_are_owed",
            ),
            GinIndex(fields=["tags"], name="tasks_by_tag"),
            GinIndex(fields=["folded"], name="tasks_by_words", opclasses=["gin_trgm_ops"]),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in TaskState]), name="a_task_is_in_a_known_state"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="a_task_has_a_title"),
            models.CheckConstraint(
                condition=Q(due=None) | Q(due__gte=F("starts")), name="a_task_is_not_due_before_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(state=TaskState.DONE, done_on__isnull=False)
                | (~Q(state=TaskState.DONE) & Q(done_on=None)),
                name="a_done_task_says_when",
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="a_task_is_at_most_wholly_done"),
            models.CheckConstraint(
                condition=Q(quantity=None, confirmed_quantity=0) | Q(confirmed_quantity__lte=F("quantity")),
                name="no_more_pieces_are_confirmed_than_asked",
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="a_task_is_not_its_own_part"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(state=TaskState.WITHDRAWN),
                name="a_merged_task_is_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(recurrence="")
                | (Q(recurrence__in=("monthly", "quarterly", "yearly"), due__isnull=False)),
                name="a_task_that_recurs_has_a_due_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def about(self) -> str:
        """Return the name of this record in the journal and in histories."""
        return f"task:{self.pk}"

    def take(self, verb: TaskVerb) -> None:
        """Go where the life-cycle leads; the caller saves. Raises ``StepNotAllowed``."""
        self.state = TASK.after(TaskState(self.state), verb)


class TaskPartner(models.Model):
    """An office that co-ordinates (phối hợp) in a task."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="partners")
    office = models.ForeignKey("directory.Office", on_delete=models.PROTECT, related_name="+")

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "office"], name="an_office_co_ordinates_in_a_task_once"),
        ]


class TaskDependency(models.Model):
    """A task that cannot be finished before another is."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="needs")
    needed = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="needed_by")

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "needed"], name="a_task_needs_another_once"),
            models.CheckConstraint(condition=~Q(task=F("needed")), name="a_task_does_not_need_itself"),
        ]


class TaskReport(models.Model):
    """A report of progress or of completion by the lead office, confirmed or returned by somebody else.

    ``is_final``: says the task is done. ``expected_on``: when the lead expects to be done. ``answer``: blank while it
    waits, ``noted`` (a report of progress without claims that nobody had to judge), ``confirmed``, ``returned``.
    """

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="reports")
    is_final = models.BooleanField(default=False)
    progress = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=2000)
    blocker = models.CharField(max_length=400, blank=True)
    expected_on = models.DateField(null=True)
    reported_by = models.ForeignKey(
        "directory.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    reported_at = models.DateTimeField()
    answer = models.CharField(max_length=10, blank=True)
    answer_text = models.CharField(max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        "directory.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        """Guards."""

        indexes: ClassVar = [models.Index(fields=["task", "-reported_at"], name="reports_of_a_task")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(progress__lte=100), name="a_report_says_at_most_the_whole"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by=None)
                | Q(answer="noted", answered_by=None)
                | Q(answer="confirmed", answered_at__isnull=False)
                | (Q(answer="returned", answered_at__isnull=False) & ~Q(answer_text="")),
                name="a_returned_report_says_why",
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("reported_by")),
                name="a_second_person_confirms_a_report",
            ),
            models.UniqueConstraint(
                fields=["task"], condition=Q(answer=""), name="a_task_has_one_report_that_waits"
            ),
        ]


class Evidence(models.Model):
    """One piece that a report claims (bằng chứng), with its paper: confirmed or returned by itself.

    ``quantity``: how many pieces of the task's quantity it claims, 0 where the task is not counted in pieces.
    ``link``: an address inside the platform that shows it (a dossier list, a figure), where there is no paper.
    """

    report = models.ForeignKey(TaskReport, on_delete=models.CASCADE, related_name="evidence")
    label = models.CharField(max_length=250)
    quantity = models.PositiveIntegerField(default=0)
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=200, blank=True)
    link = models.CharField(max_length=300, blank=True)
    answer = models.CharField(max_length=10, blank=True)
    answer_text = models.CharField(max_length=600, blank=True)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answer__in=("", "confirmed")) | (Q(answer="returned") & ~Q(answer_text="")),
                name="a_returned_piece_says_why",
            ),
            models.CheckConstraint(condition=~Q(label=""), name="a_piece_of_evidence_says_what_it_shows"),
        ]


class TaskExtension(models.Model):
    """A request to move a task's due day (xin gia hạn), granted or refused by the chair."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="extensions")
    due_before = models.DateField()
    due_after = models.DateField()
    reason = models.CharField(max_length=1000)
    asked_by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=10, blank=True)
    answer_text = models.CharField(max_length=600, blank=True)
    answered_by = models.ForeignKey(
        "directory.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(due_after__gt=F("due_before")), name="an_extension_of_a_task_moves_its_due_day_on"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="an_extension_of_a_task_has_its_reason"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | Q(answer="granted", answered_at__isnull=False)
                | (Q(answer="refused", answered_at__isnull=False) & ~Q(answer_text="")),
                name="a_refused_extension_says_why",
            ),
            models.UniqueConstraint(
                fields=["task"], condition=Q(answer=""), name="a_task_has_one_extension_that_waits"
            ),
        ]


class TaskComment(models.Model):
    """Words exchanged on a task (trao đổi) by the offices in it and the committee."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="comments")
    text = models.CharField(max_length=1000)
    by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="a_comment_says_something"),
        ]


class TrackedService(models.Model):
    """One of the 25 services of Project 06 (QĐ 06/QĐ-TTg): who leads, which procedures it means, where it hangs."""

    ordinal = models.PositiveSmallIntegerField(unique=True)
    name = models.CharField(max_length=250)
    procedure_codes = ArrayField(models.CharField(max_length=20), default=list)
    lead = models.ForeignKey("directory.Office", on_delete=models.PROTECT, null=True, related_name="+")
    blocker = models.CharField(max_length=400, blank=True)
    is_verified = models.BooleanField(default=False)
    updated_by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, null=True, related_name="+")
    updated_at = models.DateTimeField()

    @property
    def about(self) -> str:
        """Return the name of this record in the journal and in histories."""
        return f"tracked-service:{self.pk}"
