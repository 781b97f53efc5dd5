from django.db import migrations, models

#: Every day that was counted is to be counted anew, in the new rows.
STALE = """
insert into measures_staleday (day) select day from measures_countedday on conflict do nothing;
delete from measures_countedday;
"""
#: Sums are read from the index alone.
COVER = """
alter table measures_partsum drop constraint measures_partsum_pkey;
alter table measures_partsum add primary key (part, span, kind, first, "key", channel, cls) include (n);
"""
UNCOVER = """
alter table measures_partsum drop constraint measures_partsum_pkey;
alter table measures_partsum add primary key (part, span, kind, first, "key", channel, cls);
"""


class Migration(migrations.Migration):
    """Counts by class of case, and their sums, instead of counts by measure."""

    dependencies = [("measures", "0005_dti")]

    operations = [
        migrations.RunSQL(STALE, migrations.RunSQL.noop),
        migrations.DeleteModel(name="DayCount"),
        migrations.RemoveField(model_name="countedday", name="versions"),
        migrations.CreateModel(
            name="DayRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "kind",
                        "day",
                        "office_id",
                        "procedure_code",
                        "channel",
                        "cls",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.SmallIntegerField()),
                ("day", models.DateField()),
                ("office_id", models.BigIntegerField()),
                ("procedure_code", models.CharField(max_length=20)),
                ("channel", models.CharField(max_length=10)),
                ("cls", models.SmallIntegerField()),
                ("level", models.SmallIntegerField(default=0)),
                ("field_id", models.BigIntegerField(default=0)),
                ("n", models.IntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("kind__in", (1, 2))),
                        fields=["procedure_code", "day"],
                        name="day_of_a_procedure",
                    ),
                    models.Index(
                        condition=models.Q(("kind__in", (1, 2))),
                        fields=["field_id", "day"],
                        include=["kind", "office_id", "channel", "cls", "n"],
                        name="day_of_a_field",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("n__gt", 0)), name="a_zero_is_not_kept_as_a_row"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", (1, 2, 3))), name="a_count_is_of_a_known_kind"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "kind",
                        "month",
                        "office_id",
                        "procedure_code",
                        "channel",
                        "cls",
                        "level",
                        "field_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.SmallIntegerField()),
                ("month", models.DateField()),
                ("office_id", models.BigIntegerField()),
                ("procedure_code", models.CharField(max_length=20)),
                ("channel", models.CharField(max_length=10)),
                ("cls", models.SmallIntegerField()),
                ("level", models.SmallIntegerField(default=0)),
                ("field_id", models.BigIntegerField(default=0)),
                ("n", models.IntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["procedure_code", "month"], name="month_of_a_procedure"),
                    models.Index(fields=["office_id", "month"], name="month_of_an_office"),
                    models.Index(
                        fields=["field_id", "month"],
                        include=["kind", "office_id", "procedure_code", "channel", "cls", "n"],
                        name="month_of_a_field",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartSum",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "part",
                        "span",
                        "kind",
                        "first",
                        "key",
                        "channel",
                        "cls",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("part", models.SmallIntegerField()),
                ("span", models.CharField(max_length=1)),
                ("kind", models.SmallIntegerField()),
                ("first", models.DateField()),
                ("key", models.CharField(max_length=20)),
                ("channel", models.CharField(max_length=10)),
                ("cls", models.SmallIntegerField()),
                ("n", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="CountedMonth",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(unique=True)),
                ("counted_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)),
                        name="a_counted_month_begins_on_its_first_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TimeRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "day",
                        "office_id",
                        "procedure_code",
                        "minutes",
                        "given",
                        "waited",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.DateField()),
                ("office_id", models.BigIntegerField()),
                ("procedure_code", models.CharField(max_length=20)),
                ("minutes", models.IntegerField()),
                ("given", models.IntegerField()),
                ("waited", models.IntegerField()),
                ("n", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="PartTime",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "part",
                        "key",
                        "first",
                        "minutes",
                        "given",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("part", models.SmallIntegerField()),
                ("key", models.CharField(max_length=20)),
                ("first", models.DateField()),
                ("minutes", models.IntegerField()),
                ("given", models.IntegerField()),
                ("n", models.IntegerField()),
                ("waits", models.IntegerField()),
                ("waited", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="TimeStat",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "part", "first", "key", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("part", models.SmallIntegerField()),
                ("first", models.DateField()),
                ("key", models.CharField(max_length=20)),
                ("n", models.IntegerField()),
                ("median", models.IntegerField()),
                ("p90", models.IntegerField()),
                ("given", models.IntegerField(null=True)),
                ("limited", models.IntegerField()),
                ("within", models.IntegerField()),
                ("waits", models.IntegerField()),
                ("waited", models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL(COVER, UNCOVER),
    ]
