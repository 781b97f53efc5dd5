"""Targets of use, which are replaced and never edited."""

import django.db.models.deletion
from django.db import migrations, models

KEEP = """
create function measures_keep_target() returns trigger language plpgsql as $$
begin
  raise exception 'a target is never edited or deleted, only replaced by a later one'
    using errcode = 'restrict_violation';
end $$;
create trigger targets_stay_as_they_are before update or delete on measures_usetarget
  for each row execute function measures_keep_target();
"""
DROP = """
drop trigger targets_stay_as_they_are on measures_usetarget;
drop function measures_keep_target();
"""


class Migration(migrations.Migration):
    """The table, and the trigger that keeps it."""

    dependencies = [
        ("directory", "0004_who_promotes_use"),
        ("measures", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="UseTarget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(help_text="Ngày đầu tháng")),
                ("procedure_code", models.CharField(blank=True, max_length=20)),
                ("online_count", models.PositiveIntegerField(null=True)),
                ("online_share", models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ("decision_number", models.CharField(max_length=80)),
                ("decision_date", models.DateField()),
                ("is_illustrative", models.BooleanField(default=False)),
                ("set_at", models.DateTimeField()),
                (
                    "office",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.office",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="measures.usetarget",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.account",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)), name="a_target_is_for_a_whole_month"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("online_count__isnull", False), ("online_share__isnull", False), _connector="OR"
                        ),
                        name="a_target_says_how_many_or_which_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("online_count", None), ("online_count__gt", 0), _connector="OR"),
                        name="a_target_is_more_than_nothing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("online_share", None),
                            models.Q(("online_share__gt", 0), ("online_share__lte", 100)),
                            _connector="OR",
                        ),
                        name="a_target_share_is_a_percentage",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decision_number", ""), _negated=True),
                        name="a_target_names_its_decision",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaces", None)),
                        fields=("month", "office", "procedure_code"),
                        name="a_month_office_and_procedure_have_one_first_target",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.RunSQL(KEEP, DROP),
    ]
