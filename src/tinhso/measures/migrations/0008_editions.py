import django.db.models.deletion
from django.db import migrations, models

KEEP = """
create function measures_keep_edition() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or (to_jsonb(new) - 'counted_at') is distinct from (to_jsonb(old) - 'counted_at') then
    raise exception 'an edition stays as it is: the next one has the next number' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger editions_stay_as_they_are before update or delete on measures_edition
  for each row execute function measures_keep_edition();
create function measures_keep_edition_rows() returns trigger language plpgsql as $$
begin
  raise exception 'what an edition told is never edited' using errcode = 'restrict_violation';
end $$;
create trigger rows_of_editions_stay_as_they_are before update or delete on measures_editionrow
  for each statement execute function measures_keep_edition_rows();
create function measures_refuse_small_numbers() returns trigger language plpgsql as $$
begin
  if exists (
    select from touched join measures_edition edition on edition.id = touched.edition_id,
      unnest(array[received, online, received - online, returned, early, on_time, late, ended_otherwise, running_late]) n
    where n > 0 and n < edition.threshold) then
    raise exception 'a small number is not published' using errcode = 'check_violation', constraint = 'small_numbers_are_not_published';
  end if;
  return null;
end $$;
create trigger small_numbers_are_not_published after insert on measures_editionrow
  referencing new table as touched for each statement execute function measures_refuse_small_numbers();
"""
DROP = """
drop trigger small_numbers_are_not_published on measures_editionrow;
drop function measures_refuse_small_numbers();
drop trigger rows_of_editions_stay_as_they_are on measures_editionrow;
drop function measures_keep_edition_rows();
drop trigger editions_stay_as_they_are on measures_edition;
drop function measures_keep_edition();
"""


class Migration(migrations.Migration):
    """Editions of closed months, and the triggers that keep them."""

    dependencies = [
        ("measures", "0007_publications"),
    ]

    operations = [
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField()),
                ("number", models.SmallIntegerField()),
                ("formula", models.CharField(max_length=40)),
                ("rule", models.CharField(max_length=40)),
                ("threshold", models.SmallIntegerField()),
                ("counted_at", models.DateTimeField()),
                ("made_at", models.DateTimeField()),
                ("cells", models.IntegerField()),
                ("hidden", models.IntegerField()),
                ("is_withheld", models.BooleanField()),
                ("stretches", models.JSONField()),
                ("facts_hash", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("month", "number"), name="an_edition_is_made_once"),
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)), name="an_edition_is_of_a_whole_month"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("hidden__gte", 0), ("hidden__lte", models.F("cells"))),
                        name="an_edition_hides_cells_of_its_own",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EditionRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "edition_id",
                        "part",
                        "key",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("part", models.CharField(max_length=20)),
                ("key", models.CharField(max_length=40)),
                ("received", models.IntegerField(null=True)),
                ("online", models.IntegerField(null=True)),
                ("returned", models.IntegerField(null=True)),
                ("early", models.IntegerField(null=True)),
                ("on_time", models.IntegerField(null=True)),
                ("late", models.IntegerField(null=True)),
                ("ended_otherwise", models.IntegerField(null=True)),
                ("running_late", models.IntegerField(null=True)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="measures.edition",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(KEEP, DROP),
    ]
