import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

KEEP = """
create function dossiers_keep_changes() returns trigger language plpgsql as $$
begin
  raise exception 'what was changed in the record of a dossier is itself never changed'
    using errcode = 'restrict_violation';
end $$;
create trigger due_moves_stay_as_they_are before update or delete on dossiers_duemoved
  for each row execute function dossiers_keep_changes();
create trigger corrections_stay_as_they_are before update or delete on dossiers_correction
  for each row execute function dossiers_keep_changes();
create function dossiers_keep_original_due() returns trigger language plpgsql as $$
begin
  raise exception 'the first due moment of a dossier never changes' using errcode = 'restrict_violation';
end $$;
create trigger the_first_due_moment_stays before update of original_due_at on dossiers_dossier
  for each row when (old.original_due_at is not null and new.original_due_at is distinct from old.original_due_at)
  execute function dossiers_keep_original_due();
"""
DROP = """
drop trigger the_first_due_moment_stays on dossiers_dossier;
drop function dossiers_keep_original_due();
drop trigger corrections_stay_as_they_are on dossiers_correction;
drop trigger due_moves_stay_as_they_are on dossiers_duemoved;
drop function dossiers_keep_changes();
"""


class Migration(migrations.Migration):
    """Two ledgers, and the triggers that keep them and the first due moment."""

    dependencies = [
        ("dossiers", "0005_a_file_may_be_taken_again"),
    ]

    operations = [
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("field", models.CharField(max_length=20)),
                ("before", models.DateTimeField()),
                ("after", models.DateTimeField()),
                ("reason", models.CharField(max_length=400)),
                ("document_number", models.CharField(max_length=80)),
                ("account_id", models.BigIntegerField()),
                ("by_name", models.CharField(max_length=150)),
                ("by_title", models.CharField(blank=True, max_length=120)),
                ("at", models.DateTimeField()),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="dossiers.dossier",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("field__in", ("ended_at", "accepted_at"))),
                        name="a_correction_is_of_a_known_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("before", models.F("after")), _negated=True),
                        name="a_correction_changes_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), _negated=True),
                            models.Q(("document_number", ""), _negated=True),
                        ),
                        name="a_correction_gives_reason_and_document",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DueMoved",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cause", models.CharField(max_length=10)),
                ("before", models.DateTimeField()),
                ("after", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=400)),
                ("account_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="due_moves",
                        to="dossiers.dossier",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("cause__in", ("pause", "extension"))),
                        name="a_due_moment_moves_for_a_known_cause",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("after__gte", models.F("before"))),
                        name="a_due_moment_never_moves_earlier",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cause", "extension"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="an_extension_gives_its_reason",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=django.contrib.postgres.indexes.GistIndex(
                models.Func(
                    models.F("accepted_at"), models.F("ended_at"), models.Value("[]"), function="tstzrange"
                ),
                condition=models.Q(("accepted_at__isnull", False)),
                name="dossier_by_its_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="dossier",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at", None),
                    ("accepted_at", None),
                    ("ended_at__gte", models.F("accepted_at")),
                    _connector="OR",
                ),
                name="a_dossier_does_not_end_before_it_was_accepted",
            ),
        ),
        migrations.RunSQL(KEEP, DROP),
    ]
