"""The Digital Transformation Index of the province: criteria, periods, scores, evidence. Sets are ``data/dti.json``."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tinhso.measures.rules.dti import Status

SCORE_DIGITS, SCORE_PLACES = 6, 2


class DtiCriterion(models.Model):
    """A criterion (chỉ tiêu) of the province's own list under a set; ``group`` is the main index it counts for.

    May be mended until the first score is given for it, then it stays as it is (a trigger refuses it).
    ``added_by`` NULL: the software, in the demo.
    """

    version = models.CharField(max_length=20)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=500)
    group = models.CharField(max_length=10)
    max_score = models.DecimalField(max_digits=SCORE_DIGITS, decimal_places=SCORE_PLACES)
    is_illustrative = models.BooleanField(default=False)
    added_by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "code"], name="a_set_has_a_criterion_code_once"),
            models.CheckConstraint(
                condition=Q(max_score__gt=0), name="a_criterion_is_worth_more_than_nothing"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class DtiPeriod(models.Model):
    """A year that is scored by one set. Open, then asked to be closed by one person, then closed by another.

    ``closing_asked_at`` NULL: scores are still being given. ``closed_at`` NULL: not closed; a closed period is never
    changed and takes no score (triggers). ``hand_back_reason``: why it was last handed back instead of closed.
    ``opened_by`` NULL: the software, in the demo.
    """

    year = models.PositiveSmallIntegerField()
    version = models.CharField(max_length=20)
    is_illustrative = models.BooleanField(default=False)
    opened_by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    closing_asked_by = models.ForeignKey(
        "directory.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    closing_asked_at = models.DateTimeField(null=True)
    hand_back_reason = models.CharField(max_length=500, blank=True)
    closed_by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year"], name="a_year_is_scored_by_one_set"),
            models.CheckConstraint(
                condition=Q(closing_asked_at=None, closing_asked_by=None)
                | Q(closing_asked_at__isnull=False, closing_asked_by__isnull=False),
                name="who_asks_to_close_a_period_is_known",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False, closing_asked_by__isnull=False)
                & ~Q(closed_by=F("closing_asked_by")),
                name="a_period_is_closed_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)

    @property
    def about(self) -> str:
        """Return the name of this period in the journal."""
        return f"dti-period:{self.year}"


class DtiAssessment(models.Model):
    """A self-assessed score (điểm tự đánh giá) of a criterion in a period. Replaced by a later one, never edited.

    ``replaces`` NULL: the first. ``assessed_by`` NULL: the software, in the demo. Evidence belongs to the assessment,
    so that none comes into a new period, nor under a new score, by itself.
    """

    criterion = models.ForeignKey(DtiCriterion, on_delete=models.PROTECT, related_name="assessments")
    period = models.ForeignKey(DtiPeriod, on_delete=models.PROTECT, related_name="assessments")
    score = models.DecimalField(max_digits=SCORE_DIGITS, decimal_places=SCORE_PLACES)
    link = models.URLField(max_length=300, blank=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    assessed_by = models.ForeignKey(
        "directory.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    assessed_at = models.DateTimeField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(score__gte=0), name="a_self_assessed_score_is_not_below_zero"),
            models.UniqueConstraint(
                fields=["criterion", "period"],
                condition=Q(replaces=None),
                name="a_criterion_has_one_first_assessment_a_period",
            ),
        ]

    def __str__(self) -> str:
        return str(self.score)


class DtiEvidence(models.Model):
    """A paper that an assessment rests on (minh chứng): number, day, what it says."""

    assessment = models.ForeignKey(DtiAssessment, on_delete=models.PROTECT, related_name="evidence")
    place = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=80)
    date = models.DateField()
    content = models.CharField(max_length=500)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "place"], name="evidence_stands_in_one_order"),
            models.CheckConstraint(condition=~Q(number="") & ~Q(content=""), name="evidence_names_its_paper"),
        ]

    def __str__(self) -> str:
        return f"{self.number} – {self.date:%d/%m/%Y}: {self.content}"


class DtiAppraisal(models.Model):
    """What another person says of an assessment (thẩm định): a score, or a refusal with its reason.

    ``score`` NULL: refused. Holds for that one assessment: a later assessment wants an appraisal of its own.
    ``appraised_by`` NULL: the software, in the demo.
    """

    assessment = models.ForeignKey(DtiAssessment, on_delete=models.PROTECT, related_name="appraisals")
    score = models.DecimalField(max_digits=SCORE_DIGITS, decimal_places=SCORE_PLACES, null=True)
    reason = models.CharField(max_length=500, blank=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    appraised_by = models.ForeignKey(
        "directory.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    appraised_at = models.DateTimeField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__gte=0), name="an_appraised_score_is_not_below_zero"
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=False) | ~Q(reason=""), name="a_refused_score_has_a_reason"
            ),
            models.UniqueConstraint(
                fields=["assessment"],
                condition=Q(replaces=None),
                name="an_assessment_has_one_first_appraisal",
            ),
        ]

    def __str__(self) -> str:
        return str(self.score)


class DtiAssignment(models.Model):
    """Who looks after a criterion in a period, until when, and how far they say they are. Replaced, never edited.

    ``status`` is what a person chose; the badge of a criterion is worked out from its scores. ``office`` NULL:
    nobody yet; ``deadline`` NULL: none. ``assigned_by`` NULL: the software, in the demo.
    """

    criterion = models.ForeignKey(DtiCriterion, on_delete=models.PROTECT, related_name="assignments")
    period = models.ForeignKey(DtiPeriod, on_delete=models.PROTECT, related_name="assignments")
    office = models.ForeignKey("directory.Office", on_delete=models.PROTECT, null=True, related_name="+")
    deadline = models.DateField(null=True)
    status = models.CharField(max_length=20, choices=[(s.value, s.value) for s in Status])
    note = models.CharField(max_length=500, blank=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    assigned_by = models.ForeignKey(
        "directory.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    assigned_at = models.DateTimeField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in Status]), name="a_criterion_has_a_known_status"
            ),
            models.UniqueConstraint(
                fields=["criterion", "period"],
                condition=Q(replaces=None),
                name="a_criterion_has_one_first_assignment_a_period",
            ),
        ]

    def __str__(self) -> str:
        return self.status


class DtiFinal(models.Model):
    """The final score (điểm cuối) of a criterion, fixed when its period was closed. Never changed."""

    criterion = models.ForeignKey(DtiCriterion, on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey(DtiPeriod, on_delete=models.PROTECT, related_name="finals")
    score = models.DecimalField(max_digits=SCORE_DIGITS, decimal_places=SCORE_PLACES)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["criterion", "period"], name="a_criterion_ends_a_period_once"),
            models.CheckConstraint(condition=Q(score__gte=0), name="a_final_score_is_not_below_zero"),
        ]

    def __str__(self) -> str:
        return str(self.score)
