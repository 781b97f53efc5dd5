"""Numbers of a day, sums of days, and when they were counted. Derived data: all of it can be counted anew."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class DayRow(models.Model):
    """How many cases of one class one office had on a day, of one procedure by one channel. Counted, never incremented.

    ``kind`` 1: received on the day; 2: ended on it; 3: running at its last moment (today: now). ``cls`` says how a
    case stood to its due moments (``rules/classes.py``; 0 for received). ``level`` and ``field_id`` are those of the
    procedure on the day; 0: none was decided. ``office_id`` is the office of then.
    """

    pk = models.CompositePrimaryKey("kind", "day", "office_id", "procedure_code", "channel", "cls")
    kind = models.SmallIntegerField()
    day = models.DateField()
    office_id = models.BigIntegerField()
    procedure_code = models.CharField(max_length=20)
    channel = models.CharField(max_length=10)
    cls = models.SmallIntegerField()
    level = models.SmallIntegerField(default=0)
    field_id = models.BigIntegerField(default=0)
    n = models.IntegerField()

    class Meta:
        """Guards."""

        indexes: ClassVar = [
            models.Index(
                fields=["procedure_code", "day"], name="day_of_a_procedure", condition=Q(kind__in=(1, 2))
            ),
            models.Index(
                fields=["field_id", "day"],
                include=["kind", "office_id", "channel", "cls", "n"],
                name="day_of_a_field",
                condition=Q(kind__in=(1, 2)),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(n__gt=0), name="a_zero_is_not_kept_as_a_row"),
            models.CheckConstraint(condition=Q(kind__in=(1, 2, 3)), name="a_count_is_of_a_known_kind"),
        ]


class MonthRow(models.Model):
    """The sum of the day rows of a month that is over, of what is received and ended: made anew with each of its days."""

    pk = models.CompositePrimaryKey(
        "kind", "month", "office_id", "procedure_code", "channel", "cls", "level", "field_id"
    )
    kind = models.SmallIntegerField()
    month = models.DateField()
    office_id = models.BigIntegerField()
    procedure_code = models.CharField(max_length=20)
    channel = models.CharField(max_length=10)
    cls = models.SmallIntegerField()
    level = models.SmallIntegerField(default=0)
    field_id = models.BigIntegerField(default=0)
    n = models.IntegerField()

    class Meta:
        """Order."""

        indexes: ClassVar = [
            models.Index(fields=["procedure_code", "month"], name="month_of_a_procedure"),
            models.Index(fields=["office_id", "month"], name="month_of_an_office"),
            models.Index(
                fields=["field_id", "month"],
                include=["kind", "office_id", "procedure_code", "channel", "cls", "n"],
                name="month_of_a_field",
            ),
        ]


class PartSum(models.Model):
    """The sum of a day or month for one part of the whole: so that a year is read from a few thousand rows.

    ``part`` 0: the province, 1: an office (``key`` its id), 2: a procedure (its code), 3: a field (its id), 4: a
    service level. ``span`` d: a day, m: a month that is over. Running cases only by day, of the province and its offices.
    ``channel`` of what ended or runs is kept for the province alone; blank elsewhere.
    """

    pk = models.CompositePrimaryKey("part", "span", "kind", "first", "key", "channel", "cls")
    part = models.SmallIntegerField()
    span = models.CharField(max_length=1)
    kind = models.SmallIntegerField()
    first = models.DateField()
    key = models.CharField(max_length=20)
    channel = models.CharField(max_length=10)
    cls = models.SmallIntegerField()
    n = models.IntegerField()


class TimeRow(models.Model):
    """How many cases ended on a day after so much working time, of one office and procedure. Withdrawn ones are not here.

    ``minutes``: working minutes from acceptance to end without those in which the citizen was waited for; ``waited``:
    those; ``given``: working minutes that the law gave, 0: no limit.
    """

    pk = models.CompositePrimaryKey("day", "office_id", "procedure_code", "minutes", "given", "waited")
    day = models.DateField()
    office_id = models.BigIntegerField()
    procedure_code = models.CharField(max_length=20)
    minutes = models.IntegerField()
    given = models.IntegerField()
    waited = models.IntegerField()
    n = models.IntegerField()


class PartTime(models.Model):
    """The times of a month that is over, for one office (``part`` 1) or procedure (2).

    ``waits``: the cases among ``n`` that waited for the citizen, ``waited`` their minutes together.
    """

    pk = models.CompositePrimaryKey("part", "key", "first", "minutes", "given")
    part = models.SmallIntegerField()
    key = models.CharField(max_length=20)
    first = models.DateField()
    minutes = models.IntegerField()
    given = models.IntegerField()
    n = models.IntegerField()
    waits = models.IntegerField()
    waited = models.BigIntegerField()


class TimeStat(models.Model):
    """Median and ninetieth percentile (p90) of a month that is over, exact, for one office (``part`` 1) or procedure (2).

    Working minutes. ``given`` is the median of what the law gave, NULL: none had a limit; ``within`` counts the cases
    among ``limited`` (those with a limit) that took no more.
    """

    pk = models.CompositePrimaryKey("part", "first", "key")
    part = models.SmallIntegerField()
    first = models.DateField()
    key = models.CharField(max_length=20)
    n = models.IntegerField()
    median = models.IntegerField()
    p90 = models.IntegerField()
    given = models.IntegerField(null=True)
    limited = models.IntegerField()
    within = models.IntegerField()
    waits = models.IntegerField()
    waited = models.BigIntegerField()


class CountedDay(models.Model):
    """A day that was counted: without it a missing number is not a zero."""

    day = models.DateField(unique=True)
    counted_at = models.DateTimeField()


class CountedMonth(models.Model):
    """A month that is over and whose sums were made of its days."""

    month = models.DateField(unique=True)
    counted_at = models.DateTimeField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(month__day=1), name="a_counted_month_begins_on_its_first_day"),
        ]


class StaleDay(models.Model):
    """A day whose numbers no longer hold, since something happened on it."""

    day = models.DateField(unique=True)
