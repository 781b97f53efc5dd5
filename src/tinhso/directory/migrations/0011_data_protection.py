"""Data protection: looks, holds, proofs of erasure, corrections asked for; holds and proofs stay as written."""

import django.db.models.deletion
from django.db import migrations, models

KEEP = """
create function directory_keep_hold() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.lifted_at is null and new.lifted_at is not null
     and (new.id, new.about, new.decision, new.reason, new.set_at) = (old.id, old.about, old.decision, old.reason, old.set_at)
     and new.set_by_id is not distinct from old.set_by_id then
    return new;
  end if;
  raise exception 'a hold is only lifted, never changed';
end $$;
create trigger holds_are_only_lifted before update or delete on directory_legalhold
  for each row execute function directory_keep_hold();
create function directory_keep_proof() returns trigger language plpgsql as $$
begin
  raise exception 'a proof of erasure stays as it was written';
end $$;
create trigger proofs_stay_as_they_are before update or delete on directory_erasure
  for each row execute function directory_keep_proof();
"""
UNDO = """
drop trigger proofs_stay_as_they_are on directory_erasure;
drop function directory_keep_proof();
drop trigger holds_are_only_lifted on directory_legalhold;
drop function directory_keep_hold();
"""


class Migration(migrations.Migration):
    """Tables and triggers."""

    dependencies = [
        ("directory", "0010_offices_that_change"),
    ]

    operations = [
        migrations.CreateModel(
            name="DataRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("field", models.CharField(max_length=20)),
                ("wanted", models.CharField(max_length=250)),
                ("said", models.CharField(max_length=500)),
                ("asked_at", models.DateTimeField()),
                ("answer", models.CharField(blank=True, max_length=10)),
                ("answer_text", models.CharField(blank=True, max_length=500)),
                ("before", models.CharField(blank=True, max_length=250)),
                ("answered_at", models.DateTimeField(null=True)),
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
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.office"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="directory.person"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["office", "answer"], name="requests_at_an_office")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("field__in", ("name", "birth_date", "sex", "identity_number", "address"))
                        ),
                        name="a_correction_is_asked_of_a_known_field",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("wanted", ""), _negated=True), models.Q(("said", ""), _negated=True)
                        ),
                        name="a_correction_asked_says_what_and_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at", None), ("answered_by", None)),
                            models.Q(
                                ("answer", "withdrawn"), ("answered_at__isnull", False), ("answered_by", None)
                            ),
                            models.Q(
                                ("answer", "done"),
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                            ),
                            models.Q(
                                ("answer", "refused"),
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                models.Q(("answer_text", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_correction_is_answered_by_somebody_and_refused_with_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("answer", "")),
                        fields=("person", "field"),
                        name="a_person_waits_for_one_correction_of_a_field",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("run", models.CharField(max_length=32)),
                ("rule", models.CharField(max_length=40)),
                ("table", models.CharField(max_length=63)),
                ("how", models.CharField(max_length=10)),
                ("n", models.PositiveIntegerField()),
                ("keys_hash", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.account",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["-at"], name="erasures_by_time")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("how__in", ("deleted", "anonymised", "off_disk"))),
                        name="an_erasure_is_of_a_known_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("n__gt", 0)), name="an_erasure_took_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("keys_hash__regex", "^[0-9a-f]{64}$")),
                        name="an_erasure_proves_its_keys",
                    ),
                    models.UniqueConstraint(
                        fields=("run", "rule", "table", "how"), name="a_run_proves_a_table_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("about", models.CharField(max_length=60)),
                ("decision", models.CharField(max_length=120)),
                ("reason", models.CharField(max_length=500)),
                ("set_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(null=True)),
                ("lift_decision", models.CharField(blank=True, max_length=120)),
                (
                    "lifted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.account",
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
                        condition=models.Q(
                            models.Q(("decision", ""), _negated=True), models.Q(("reason", ""), _negated=True)
                        ),
                        name="a_hold_names_its_decision_and_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lift_decision", ""), ("lifted_at", None), ("lifted_by", None)),
                            models.Q(
                                ("lifted_at__isnull", False), models.Q(("lift_decision", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="a_hold_is_lifted_by_a_decision",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None)),
                        fields=("about", "decision"),
                        name="a_thing_is_held_once_by_a_decision",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("role", models.CharField(blank=True, max_length=20)),
                ("about", models.CharField(max_length=60)),
                ("day", models.DateField()),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("times", models.PositiveIntegerField(default=1)),
                ("kinds", models.PositiveSmallIntegerField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.account"
                    ),
                ),
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
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="directory.person",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "-day"], name="looks_at_a_person"),
                    models.Index(fields=["about"], name="looks_at_a_thing"),
                    models.Index(fields=["day"], name="looks_of_a_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account", "about", "day"), name="an_officer_looks_at_a_thing_once_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last_at__gte", models.F("first_at"))),
                        name="a_look_does_not_end_before_it_begins",
                    ),
                    models.CheckConstraint(condition=models.Q(("times__gt", 0)), name="a_look_happened"),
                    models.CheckConstraint(
                        condition=models.Q(("kinds__gt", 0)), name="a_look_is_at_something"
                    ),
                ],
            },
        ),
        migrations.RunSQL(KEEP, UNDO),
    ]
