"""What bodies declare of the one-stop and of signatures: lines that stay, confirmed by a second person."""

import django.db.models.deletion
from django.db import migrations, models

KEEP = """
create function measures_keep_declaration() returns trigger language plpgsql as $$
begin
  raise exception 'a declaration and its answer are never edited or deleted, only replaced by a later one'
    using errcode = 'restrict_violation';
end $$;
create trigger declarations_stay_as_they_are before update or delete on measures_declaration
  for each row execute function measures_keep_declaration();
create trigger answers_stay_as_they_are before update or delete on measures_declarationanswer
  for each row execute function measures_keep_declaration();

create function measures_same_body() returns trigger language plpgsql as $$
begin
  if exists (select from measures_declaration before where before.id = new.replaces_id
             and (before.office_id, before.system) is distinct from (new.office_id, new.system)) then
    raise exception 'a declaration replaces one of the same body and system'
      using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger a_declaration_replaces_one_of_its_own_body before insert on measures_declaration
  for each row execute function measures_same_body();

create function measures_second_person() returns trigger language plpgsql as $$
begin
  if exists (select from measures_declaration line where line.id = new.declaration_id
             and (line.entered_by_id = new.answered_by_id
                  or (new.answered_by_id is null and not line.is_illustrative))) then
    raise exception 'whoever entered a declaration does not answer it'
      using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger a_second_person_answers before insert on measures_declarationanswer
  for each row execute function measures_second_person();
"""
DROP = """
drop trigger a_second_person_answers on measures_declarationanswer;
drop function measures_second_person();
drop trigger a_declaration_replaces_one_of_its_own_body on measures_declaration;
drop function measures_same_body();
drop trigger answers_stay_as_they_are on measures_declarationanswer;
drop trigger declarations_stay_as_they_are on measures_declaration;
drop function measures_keep_declaration();
"""


class Migration(migrations.Migration):
    """The two tables, and the triggers that keep them."""

    dependencies = [
        ("directory", "0005_who_keeps_figures"),
        ("measures", "0003_monitoring"),
    ]

    operations = [
        migrations.CreateModel(
            name="Declaration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "system",
                    models.CharField(
                        choices=[
                            ("one_stop", "one_stop"),
                            ("interlinked", "interlinked"),
                            ("signatures", "signatures"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "status",
                    models.CharField(choices=[("runs", "runs"), ("runs_not", "runs_not")], max_length=20),
                ),
                ("valid_from", models.DateField()),
                ("decision_number", models.CharField(max_length=80)),
                ("decision_date", models.DateField()),
                ("is_illustrative", models.BooleanField(default=False)),
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
                    "office",
                    models.ForeignKey(
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
                        to="measures.declaration",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("system__in", ["one_stop", "interlinked", "signatures"])),
                        name="a_declaration_is_of_a_known_system",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ("runs", "runs_not"))),
                        name="a_declaration_says_whether_a_body_runs_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decision_number", ""), _negated=True),
                        name="a_declaration_names_its_document",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_illustrative", True), ("entered_by__isnull", False), _connector="OR"
                        ),
                        name="somebody_entered_a_declaration",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaces", None)),
                        fields=("office", "system"),
                        name="a_body_and_system_have_one_first_declaration",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeclarationAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("confirmed", "confirmed"), ("returned", "returned")], max_length=10
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                ("answered_at", models.DateTimeField()),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.account",
                    ),
                ),
                (
                    "declaration",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer",
                        to="measures.declaration",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ("confirmed", "returned"))),
                        name="a_declaration_is_confirmed_or_returned",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "returned"), _negated=True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_returned_declaration_says_why",
                    ),
                ],
            },
        ),
        migrations.RunSQL(KEEP, DROP),
    ]
