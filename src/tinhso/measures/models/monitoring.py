"""What the meter of the public services saw, and how pages are used: no address, no cookie, no person."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class ProbeMinute(models.Model):
    """What the meter saw of one public service in one minute of business time. A minute without a row is unknown.

    ``service`` is a key of ``data/monitoring.json``, ``state`` one of up, slow, down, unknown (the meter itself had no
    network). ``why`` is a word of ``rules/availability.py``. ``ms`` NULL: no whole answer came; ``status`` NULL: none.
    """

    service = models.CharField(max_length=30)
    minute = models.DateTimeField()
    state = models.CharField(max_length=8)
    why = models.CharField(max_length=12, blank=True)
    ms = models.PositiveIntegerField(null=True)
    status = models.PositiveSmallIntegerField(null=True)

    class Meta:
        """Guards; that a minute is a whole one is in the migration."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "minute"], name="a_service_is_probed_once_a_minute"),
            models.CheckConstraint(
                condition=Q(state__in=("up", "slow", "down", "unknown")), name="a_probe_finds_a_known_state"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("up", "slow")) | Q(ms__isnull=False),
                name="a_service_that_opens_was_timed",
            ),
            models.CheckConstraint(
                condition=~Q(state="unknown") | Q(ms=None), name="a_minute_that_is_unknown_has_no_time"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["minute"], name="measures_probe_minute")]


class ProbeDay(models.Model):
    """The minutes of one service on one day that is over: recounted from its minutes, never incremented.

    ``histogram``: how many opened minutes took up to each bound of the version, the last those beyond; ``ms_sum`` of
    the same. ``down_runs``: pairs of first minute of the day and length, of minutes down in a row.
    """

    service = models.CharField(max_length=30)
    day = models.DateField()
    up = models.PositiveSmallIntegerField()
    slow = models.PositiveSmallIntegerField()
    down = models.PositiveSmallIntegerField()
    unknown = models.PositiveSmallIntegerField()
    ms_sum = models.PositiveBigIntegerField()
    p50_ms = models.PositiveIntegerField(null=True)
    p95_ms = models.PositiveIntegerField(null=True)
    histogram = models.JSONField()
    down_runs = models.JSONField()
    counted_at = models.DateTimeField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "day"], name="a_day_of_a_service_is_rolled_up_once"),
            models.CheckConstraint(
                condition=Q(up=1440 - F("slow") - F("down") - F("unknown")), name="a_day_has_1440_minutes"
            ),
        ]


class PageViews(models.Model):
    """How many times one kind of page was opened on a day. Added to, because nobody keeps the visits themselves.

    ``kind`` is the name of the address, with its step where ``data/monitoring.json`` says so; ``procedure_code`` only
    for pages that are about one procedure. ``outcome``: ok, refused (4xx), failed (5xx). ``is_inside``: one came from
    a page of this site.
    """

    day = models.DateField()
    kind = models.CharField(max_length=60)
    procedure_code = models.CharField(max_length=20, blank=True)
    outcome = models.CharField(max_length=8)
    is_inside = models.BooleanField()
    n = models.PositiveIntegerField()

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["day", "kind", "procedure_code", "outcome", "is_inside"],
                name="views_of_a_day_are_kept_in_one_row_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=("ok", "refused", "failed")), name="a_view_ends_in_a_known_way"
            ),
            models.CheckConstraint(condition=Q(n__gt=0), name="no_view_is_no_row"),
        ]
