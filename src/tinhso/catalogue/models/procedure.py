"""Procedures: who they are, and on which level they are served online."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value

LEVELS = ("commune", "district", "province")
CHANNELS = ("online", "counter", "post")
UNITS = ("h", "wd", "d", "m", "sameday", "handover", "none")
PAPER_KINDS = ("hand_in", "show", "state_has")
DESKS = ("counter", "unit", "opinion", "leader", "seal")
DEFECT_KINDS = ("supplement", "refuse", "redirect", "advice")


def one_of(field: str, values: tuple[str, ...], name: str) -> models.CheckConstraint:
    """Return the guard that a column holds one of the values."""
    return models.CheckConstraint(condition=Q(**{f"{field}__in": values}), name=name)


def days(first: str, last: str) -> Func:
    """Return the range of days from ``first`` to ``last``, both within; no last day is open."""
    return Func(F(first), F(last), Value("[]"), function="daterange")


class Field(models.Model):
    """A field of administration (lĩnh vực), such as Hộ tịch."""

    name = models.CharField(max_length=200, unique=True)

    def __str__(self) -> str:
        return self.name


class Procedure(models.Model):
    """An administrative procedure (thủ tục hành chính): its identity, which outlives every version.

    ``code`` is the national one, e.g. 1.001193. ``synonyms`` are the words people use; ``folded`` is all of it
    without marks, for search. ``executing_levels``: who carries it out (``ministry`` is a reference page only).
    ``is_listed``: one of the province's own list. ``audience``: citizen, household, business, cooperative,
    organisation, foreigner, overseas, agency, officer. ``has_default_form``: nobody has made a form of its own yet.
    """

    code = models.CharField(max_length=20, unique=True)
    field = models.ForeignKey(Field, on_delete=models.PROTECT, related_name="procedures")
    everyday_name = models.CharField(max_length=1_000)
    legal_name = models.CharField(max_length=1_000)
    synonyms = models.JSONField(default=list)
    folded = models.TextField()
    responsible = models.CharField(max_length=200, help_text="Cơ quan chịu trách nhiệm nội dung")
    code_note = models.CharField(max_length=250, blank=True)
    code_is_unverified = models.BooleanField(default=False)
    executing_levels = models.JSONField(default=list)
    audience = models.JSONField(default=list)
    life_events = models.JSONField(default=list)
    is_listed = models.BooleanField(default=False)
    is_project_06 = models.BooleanField(default=False)
    has_default_form = models.BooleanField(default=False)

    class Meta:
        """Guards."""

        indexes: ClassVar = [
            GinIndex(fields=["folded"], name="procedure_by_words", opclasses=["gin_trgm_ops"])
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(code=""), name="a_procedure_has_a_code"),
            models.CheckConstraint(condition=~Q(everyday_name=""), name="a_procedure_has_an_everyday_name"),
        ]

    def __str__(self) -> str:
        return self.everyday_name


class ServiceLevel(models.Model):
    """A decision on which level a procedure is served online (mức độ dịch vụ công), between two days.

    ``system`` 2011 (NĐ 43/2011): 1 information; 2 forms to download; 3 send online; 4 pay and receive online too.
    ``system`` 2022 (NĐ 42/2022, from 15/08/2022): 2 information; 3 một phần; 4 toàn trình. ``valid_to`` NULL: until
    now. ``basis`` names the decision; ``reason`` says why it is not higher, or why it was changed. ``decision_date``
    NULL: not decided in the office, the level came with a sheet or a list.
    """

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="service_levels")
    system = models.PositiveSmallIntegerField(default=2011)
    level = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    basis = models.CharField(max_length=250)
    reason = models.CharField(max_length=250, blank=True)
    is_illustrative = models.BooleanField()
    decision_number = models.CharField(max_length=80, blank=True)
    decision_date = models.DateField(null=True)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decision_number="", decision_date=None)
                | (
                    Q(decision_date__isnull=False, decision_date__lte=F("valid_from"))
                    & ~Q(decision_number="")
                    & ~Q(reason="")
                ),
                name="a_level_decided_in_the_office_has_number_day_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(system=2011, level__in=[1, 2, 3, 4]) | Q(system=2022, level__in=[2, 3, 4]),
                name="a_service_level_is_one_of_its_system",
            ),
            ExclusionConstraint(
                expressions=[
                    ("procedure", RangeOperators.EQUAL),
                    ("system", RangeOperators.EQUAL),
                    (days("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                name="a_procedure_has_one_service_level_a_day",
            ),
        ]

    def __str__(self) -> str:
        return str(self.level)
