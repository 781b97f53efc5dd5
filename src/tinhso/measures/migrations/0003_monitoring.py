"""What the meter of the public services saw, and sums of page views."""

from django.db import migrations, models
from django.db.models import F, Q

WHOLE = """
alter table measures_probeminute add constraint a_probe_is_of_a_whole_minute
  check (date_trunc('minute', minute) = minute);
"""
NOT_WHOLE = "alter table measures_probeminute drop constraint a_probe_is_of_a_whole_minute;"


class Migration(migrations.Migration):
    dependencies = [("measures", "0002_targets_of_use")]

    operations = [
        migrations.CreateModel(
            name="PageViews",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("kind", models.CharField(max_length=60)),
                ("procedure_code", models.CharField(blank=True, max_length=20)),
                ("outcome", models.CharField(max_length=8)),
                ("is_inside", models.BooleanField()),
                ("n", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["day", "kind", "procedure_code", "outcome", "is_inside"],
                        name="views_of_a_day_are_kept_in_one_row_of_a_kind",
                    ),
                    models.CheckConstraint(
                        condition=Q(outcome__in=("ok", "refused", "failed")),
                        name="a_view_ends_in_a_known_way",
                    ),
                    models.CheckConstraint(condition=Q(n__gt=0), name="no_view_is_no_row"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProbeDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("service", models.CharField(max_length=30)),
                ("day", models.DateField()),
                ("up", models.PositiveSmallIntegerField()),
                ("slow", models.PositiveSmallIntegerField()),
                ("down", models.PositiveSmallIntegerField()),
                ("unknown", models.PositiveSmallIntegerField()),
                ("ms_sum", models.PositiveBigIntegerField()),
                ("p50_ms", models.PositiveIntegerField(null=True)),
                ("p95_ms", models.PositiveIntegerField(null=True)),
                ("histogram", models.JSONField()),
                ("down_runs", models.JSONField()),
                ("counted_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["service", "day"], name="a_day_of_a_service_is_rolled_up_once"
                    ),
                    models.CheckConstraint(
                        condition=Q(up=1440 - F("slow") - F("down") - F("unknown")),
                        name="a_day_has_1440_minutes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProbeMinute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("service", models.CharField(max_length=30)),
                ("minute", models.DateTimeField()),
                ("state", models.CharField(max_length=8)),
                ("why", models.CharField(blank=True, max_length=12)),
                ("ms", models.PositiveIntegerField(null=True)),
                ("status", models.PositiveSmallIntegerField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["minute"], name="measures_probe_minute")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["service", "minute"], name="a_service_is_probed_once_a_minute"
                    ),
                    models.CheckConstraint(
                        condition=Q(state__in=("up", "slow", "down", "unknown")),
                        name="a_probe_finds_a_known_state",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state__in=("up", "slow")) | Q(ms__isnull=False),
                        name="a_service_that_opens_was_timed",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state="unknown") | Q(ms=None),
                        name="a_minute_that_is_unknown_has_no_time",
                    ),
                ],
            },
        ),
        migrations.RunSQL(WHOLE, NOT_WHOLE),
    ]
