"""Procedures, their published versions and what hangs on them.

A version is like a printed leaflet: once published it is never changed, only followed by the next. The database
refuses it too (migration 0002). Everything a dossier needs to know later hangs on its version.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from tinhso.catalogue.models.procedure import (
    CHANNELS,
    DEFECT_KINDS,
    DESKS,
    PAPER_KINDS,
    UNITS,
    Procedure,
    days,
    one_of,
)


class VersionQuerySet(models.QuerySet["ProcedureVersion"]):
    """Versions as of a day."""

    def on(self, day: dt.date) -> VersionQuerySet:
        """Keep the published versions in force on the day."""
        return self.filter(
            Q(effective_to=None) | Q(effective_to__gte=day),
            published_at__isnull=False,
            effective_from__lte=day,
        )


class ProcedureVersion(models.Model):
    """What a procedure demands and gives between two days, as published (quyết định công bố).

    ``published_at`` NULL: being written, nobody sees it. ``effective_to`` is the last day, NULL: no end known; it may
    be set once, when a successor is published. ``levels`` are where one files; ``handling`` says per level which office
    handles and signs: ``"same"``, or ``"division:<slug>"`` / ``"department:<slug>"`` below or beside it.
    ``texts`` hold the everyday words of the public page.
    """

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)
    published_at = models.DateTimeField(null=True)
    content_hash = models.CharField(max_length=64)
    levels = models.JSONField()
    handling = models.JSONField()
    can_file_online = models.BooleanField()
    texts = models.JSONField()

    objects = VersionQuerySet.as_manager()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["procedure", "number"], name="a_version_number_is_used_once"),
            models.CheckConstraint(
                condition=Q(effective_to=None) | Q(effective_to__gte=F("effective_from")),
                name="a_version_does_not_end_before_it_begins",
            ),
            ExclusionConstraint(
                expressions=[
                    ("procedure", RangeOperators.EQUAL),
                    (days("effective_from", "effective_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(published_at__isnull=False),
                name="published_versions_of_a_procedure_do_not_overlap",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id}/{self.number}"


class Case(models.Model):
    """A case of a procedure (trường hợp) with its own time limit, fee and process; the first that fits applies."""

    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="cases")
    order = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=1_000)
    when_text = models.CharField(max_length=1_000, help_text="Điều kiện, bằng lời")
    when = models.JSONField(null=True)
    is_chosen_by_officer = models.BooleanField(default=False)

    class Meta:
        """Guards."""

        ordering: ClassVar = ["order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "key"], name="a_case_key_is_used_once_in_a_version"),
            models.UniqueConstraint(fields=["version", "order"], name="cases_of_a_version_stand_in_order"),
        ]

    def __str__(self) -> str:
        return self.name


class ChannelTerm(models.Model):
    """Time limit (thời hạn) and fee (phí, lệ phí) of a case by one channel (cách thức).

    ``limit_value`` in ``limit_unit``; 0 for same day and for none. ``fee_vnd`` is the amount usually paid, for the
    public page; ``fee_rules`` are what is reckoned (``rules.fee_lines``). ``fee_vnd`` NULL: the source names no amount.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="terms")
    channel = models.CharField(max_length=10)
    limit_value = models.DecimalField(max_digits=6, decimal_places=2)
    limit_unit = models.CharField(max_length=10)
    limit_basis = models.CharField(max_length=200, blank=True)
    fee_vnd = models.PositiveIntegerField(null=True)
    fee_text = models.CharField(max_length=4_000)
    fee_basis = models.CharField(max_length=200, blank=True)
    fee_rules = models.JSONField()
    is_illustrative = models.BooleanField()
    is_unverified = models.BooleanField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "channel"], name="a_case_has_one_term_by_channel"),
            one_of("channel", CHANNELS, "a_term_is_for_a_known_channel"),
            one_of("limit_unit", UNITS, "a_limit_has_a_known_unit"),
            models.CheckConstraint(
                condition=Q(limit_unit__in=("sameday", "handover", "none"), limit_value=0)
                | (Q(limit_unit__in=("h", "wd", "d", "m")) & Q(limit_value__gt=0)),
                name="a_limit_has_a_length_unless_its_unit_says_it_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.limit_value} {self.limit_unit}"


#: What a paper has under the same name in a sheet.
PAPER_PARTS = (
    "key",
    "name",
    "hint",
    "kind",
    "originals",
    "copies",
    "when",
    "when_text",
    "max_files",
    "sample_form",
    "why",
)


class RequiredPaper(models.Model):
    """A component of the dossier (thành phần hồ sơ): to hand in, to show, or what the state has itself.

    ``why`` tells why it need not be handed in. ``is_upload``: a file is sent with it online.
    """

    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="papers")
    order = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=4_000)
    hint = models.CharField(max_length=4_000, blank=True)
    kind = models.CharField(max_length=10)
    originals = models.PositiveSmallIntegerField()
    copies = models.PositiveSmallIntegerField()
    is_required = models.BooleanField()
    when = models.JSONField(null=True)
    when_text = models.CharField(max_length=200, blank=True)
    max_files = models.PositiveSmallIntegerField()
    is_upload = models.BooleanField()
    sample_form = models.CharField(max_length=500, blank=True)
    why = models.CharField(max_length=250, blank=True)
    is_unverified = models.BooleanField()

    class Meta:
        """Guards."""

        ordering: ClassVar = ["order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "key"], name="a_paper_key_is_used_once_in_a_version"),
            one_of("kind", PAPER_KINDS, "a_paper_is_handed_in_shown_or_known_to_the_state"),
            models.CheckConstraint(
                condition=~Q(kind="state_has") | ~Q(why=""), name="a_paper_not_to_be_handed_in_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(kind="state_has", is_upload=True), name="nobody_uploads_what_the_state_has"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ResultKind(models.Model):
    """The result (kết quả) and how it is drafted: a template, its fields, its number.

    ``schema`` has the shape of a form's; ``x-from`` in it says what is filled in from the answers.
    ``number_pattern`` holds ``{n}``, ``{yyyy}`` and the like.
    """

    version = models.OneToOneField(ProcedureVersion, on_delete=models.PROTECT, related_name="result")
    name = models.CharField(max_length=4_000)
    template_key = models.CharField(max_length=40)
    number_pattern = models.CharField(max_length=60)
    number_note = models.CharField(max_length=250, blank=True)
    validity_text = models.CharField(max_length=200, blank=True)
    validity_months = models.PositiveSmallIntegerField(null=True)
    signer_title = models.CharField(max_length=150)
    sealed_by = models.CharField(max_length=150)
    schema = models.JSONField()
    is_unverified = models.BooleanField()

    def __str__(self) -> str:
        return self.name


class LegalBasis(models.Model):
    """A legal text (căn cứ pháp lý). ``is_later``: in force only after this version, told so that nobody is surprised."""

    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="legal_bases")
    order = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=200)
    name = models.CharField(max_length=2_000)
    effective_from = models.DateField(null=True)
    effective_to = models.DateField(null=True)
    is_later = models.BooleanField()
    is_unverified = models.BooleanField()

    class Meta:
        """Order."""

        ordering: ClassVar = ["order"]

    def __str__(self) -> str:
        return self.number


class ProcessStep(models.Model):
    """One step of the internal process (quy trình nội bộ) of a case: who does what, in how many working hours.

    ``office``: ``"receiving"`` (where it was filed), ``"handling"`` (see ``ProcedureVersion.handling``), or
    ``"division:<slug>"`` of the district, ``"department:<slug>"`` of the province, or ``"commune:answers.<path>"``.
    ``is_parallel``: runs beside the step before it. ``signs``: this leader signs the result.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    order = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=150)
    public_name = models.CharField(max_length=150)
    desk = models.CharField(max_length=10)
    role = models.CharField(max_length=20, help_text="directory.Role")
    office = models.CharField(max_length=60)
    hours = models.DecimalField(max_digits=6, decimal_places=2)
    is_parallel = models.BooleanField()
    signs = models.BooleanField()
    is_illustrative = models.BooleanField()

    class Meta:
        """Guards."""

        ordering: ClassVar = ["order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "key"], name="a_step_key_is_used_once_in_a_case"),
            models.UniqueConstraint(fields=["case", "order"], name="steps_of_a_case_stand_in_order"),
            one_of("desk", DESKS, "a_step_lies_on_a_known_desk"),
            models.CheckConstraint(condition=Q(hours__gt=0), name="a_step_takes_time"),
        ]

    def __str__(self) -> str:
        return self.name


class Defect(models.Model):
    """A structured defect: what may be wrong with a dossier and the sentence that tells the person what to do."""

    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="defects")
    order = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=30)
    text = models.CharField(max_length=250)
    kind = models.CharField(max_length=10)
    basis = models.CharField(max_length=120, blank=True)
    is_unverified = models.BooleanField()

    class Meta:
        """Guards."""

        ordering: ClassVar = ["order"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "code"], name="a_defect_code_is_used_once_in_a_version"
            ),
            one_of("kind", DEFECT_KINDS, "a_defect_asks_refuses_redirects_or_advises"),
        ]

    def __str__(self) -> str:
        return self.code


class FormVersion(models.Model):
    """The form of a version: questions as JSON Schema 2020-12 with ``x-ui`` hints, and the statutory paper it fills.

    ``statutory_name`` blank: the law knows no form (the paper is then an intake record of our own).
    """

    version = models.OneToOneField(ProcedureVersion, on_delete=models.PROTECT, related_name="form")
    key = models.CharField(max_length=60)
    statutory_name = models.CharField(max_length=200, blank=True)
    annex = models.CharField(max_length=200, blank=True)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)
    is_unverified = models.BooleanField()
    schema: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()

    def __str__(self) -> str:
        return self.statutory_name or self.key
