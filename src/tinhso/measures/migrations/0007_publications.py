import django.db.models.deletion
from django.db import migrations, models

KEEP = """
create function measures_keep_publication() returns trigger language plpgsql as $$
begin
  if old.published_at is not null then
    raise exception 'what was published stays as it is' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  if old.rows_hash <> '' and (new.code, new.first, new.last, new.frozen_at, new.rows_hash, new.rows_count, new.prepared_by_id)
     is distinct from (old.code, old.first, old.last, old.frozen_at, old.rows_hash, old.rows_count, old.prepared_by_id) then
    raise exception 'what is frozen stays as it is: prepare it anew' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger publications_stay_as_they_are before update or delete on measures_publication
  for each row execute function measures_keep_publication();
create function measures_keep_frozen() returns trigger language plpgsql as $$
begin
  raise exception 'what is frozen is never edited' using errcode = 'restrict_violation';
end $$;
create trigger published_figures_are_never_edited before update on measures_publishedfigure
  for each statement execute function measures_keep_frozen();
create trigger published_cases_are_never_edited before update on measures_publishedcase
  for each statement execute function measures_keep_frozen();
create trigger reported_figures_stay_as_they_are before update or delete on measures_reportedfigure
  for each row execute function measures_keep_frozen();
create function measures_keep_published_rows() returns trigger language plpgsql as $$
begin
  if exists (select from touched join measures_publication p on p.id = touched.publication_id
             where p.published_at is not null) then
    raise exception 'nothing is added to what was published, and nothing taken away' using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create trigger published_figures_are_added_before after insert on measures_publishedfigure
  referencing new table as touched for each statement execute function measures_keep_published_rows();
create trigger published_figures_are_not_taken_away after delete on measures_publishedfigure
  referencing old table as touched for each statement execute function measures_keep_published_rows();
create trigger published_cases_are_added_before after insert on measures_publishedcase
  referencing new table as touched for each statement execute function measures_keep_published_rows();
create trigger published_cases_are_not_taken_away after delete on measures_publishedcase
  referencing old table as touched for each statement execute function measures_keep_published_rows();
"""
DROP = """
drop trigger reported_figures_stay_as_they_are on measures_reportedfigure;
drop trigger published_cases_are_not_taken_away on measures_publishedcase;
drop trigger published_cases_are_added_before on measures_publishedcase;
drop trigger published_figures_are_not_taken_away on measures_publishedfigure;
drop trigger published_figures_are_added_before on measures_publishedfigure;
drop function measures_keep_published_rows();
drop trigger published_cases_are_never_edited on measures_publishedcase;
drop trigger published_figures_are_never_edited on measures_publishedfigure;
drop function measures_keep_frozen();
drop trigger publications_stay_as_they_are on measures_publication;
drop function measures_keep_publication();
"""


class Migration(migrations.Migration):
    """Publications with their rows, and the triggers that keep them."""

    dependencies = [
        ("measures", "0006_counting"),
        ("directory", "0005_who_keeps_figures"),
    ]

    operations = [
        migrations.CreateModel(
            name="Comparison",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("figures", models.JSONField()),
                ("reproduced", models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name="Difference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40)),
                ("office_id", models.BigIntegerField()),
                ("before", models.PositiveSmallIntegerField(null=True)),
                ("after", models.PositiveSmallIntegerField(null=True)),
                (
                    "comparison",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="differences",
                        to="measures.comparison",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=30, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("frozen_at", models.DateTimeField()),
                ("rows_hash", models.CharField(max_length=64)),
                ("rows_count", models.PositiveIntegerField()),
                ("published_at", models.DateTimeField(null=True)),
                ("document_number", models.CharField(blank=True, max_length=80)),
                (
                    "prepared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.account"
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.account",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="comparison",
            name="publication",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="comparison",
                to="measures.publication",
            ),
        ),
        migrations.CreateModel(
            name="PublishedCase",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "publication_id",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.CharField(max_length=40)),
                ("office_id", models.BigIntegerField()),
                ("procedure_code", models.CharField(max_length=20)),
                ("channel", models.CharField(max_length=10)),
                ("cls", models.PositiveSmallIntegerField()),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cases",
                        to="measures.publication",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PublishedFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.CharField(max_length=40)),
                ("formula", models.JSONField()),
                ("office_id", models.BigIntegerField(default=0)),
                ("numerator", models.PositiveIntegerField()),
                ("denominator", models.PositiveIntegerField()),
                ("excluded", models.JSONField()),
                ("groups", models.JSONField()),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="figures",
                        to="measures.publication",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReportedFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("value", models.DecimalField(decimal_places=4, max_digits=14)),
                ("unit", models.CharField(max_length=30)),
                ("numerator", models.BigIntegerField(null=True)),
                ("denominator", models.BigIntegerField(null=True)),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("reported_by", models.CharField(max_length=200)),
                ("document_number", models.CharField(max_length=80)),
                ("document_date", models.DateField(null=True)),
                ("compares_with", models.CharField(blank=True, max_length=40)),
                ("note", models.CharField(blank=True, max_length=400)),
                ("is_verified", models.BooleanField(default=False)),
                ("entered_at", models.DateTimeField()),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.account",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="measures.reportedfigure",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(("last__gte", models.F("first"))), name="a_publication_has_a_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("document_number", ""), ("published_at", None), ("published_by", None)),
                    models.Q(
                        ("published_at__isnull", False),
                        ("published_by__isnull", False),
                        models.Q(("document_number", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_published_publication_names_who_and_its_document",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("published_by", None),
                    models.Q(("published_by", models.F("prepared_by")), _negated=True),
                    _connector="OR",
                ),
                name="a_second_person_publishes",
            ),
        ),
        migrations.AddConstraint(
            model_name="publishedfigure",
            constraint=models.UniqueConstraint(
                fields=("publication", "version", "office_id"), name="a_figure_is_published_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="publishedfigure",
            constraint=models.CheckConstraint(
                condition=models.Q(("numerator__lte", models.F("denominator"))),
                name="a_published_share_is_at_most_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportedfigure",
            constraint=models.CheckConstraint(
                condition=models.Q(("last__gte", models.F("first"))), name="a_reported_figure_has_a_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="reportedfigure",
            constraint=models.CheckConstraint(
                condition=models.Q(("document_number", ""), _negated=True),
                name="a_reported_figure_names_its_document",
            ),
        ),
        migrations.RunSQL(KEEP, DROP),
    ]
