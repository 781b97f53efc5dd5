"""The Digital Transformation Index: criteria, periods, scores that are replaced and never edited."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

KEEP = """
create function measures_dti_keep() returns trigger language plpgsql as $$
begin
  raise exception 'what was said of a criterion is never edited or deleted, only replaced by a later one'
    using errcode = 'restrict_violation';
end $$;
create trigger assessments_stay_as_they_are before update or delete on measures_dtiassessment
  for each row execute function measures_dti_keep();
create trigger evidence_stays_as_it_is before update or delete on measures_dtievidence
  for each row execute function measures_dti_keep();
create trigger appraisals_stay_as_they_are before update or delete on measures_dtiappraisal
  for each row execute function measures_dti_keep();
create trigger assignments_stay_as_they_are before update or delete on measures_dtiassignment
  for each row execute function measures_dti_keep();
create trigger final_scores_stay_as_they_are before update or delete on measures_dtifinal
  for each row execute function measures_dti_keep();

create function measures_dti_keep_criterion() returns trigger language plpgsql as $$
begin
  if exists (select from measures_dtiassessment where criterion_id = old.id) then
    raise exception 'a criterion that has a score is never edited or deleted' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'DELETE' then return old; end if;
  return new;
end $$;
create trigger scored_criteria_stay_as_they_are before update or delete on measures_dticriterion
  for each row execute function measures_dti_keep_criterion();

create function measures_dti_keep_period() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.closed_at is not null then
    raise exception 'a period is never deleted, and a closed one never edited' using errcode = 'restrict_violation';
  end if;
  if new.year <> old.year or new.version <> old.version then
    raise exception 'a period keeps its year and its set' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger closed_periods_stay_as_they_are before update or delete on measures_dtiperiod
  for each row execute function measures_dti_keep_period();

create function measures_dti_fits(the_criterion bigint, the_period bigint, the_score numeric) returns void
language plpgsql as $$
begin
  if exists (select from measures_dtiperiod where id = the_period and closed_at is not null) then
    raise exception 'a closed period takes no score' using errcode = 'restrict_violation';
  end if;
  if exists (select from measures_dticriterion c, measures_dtiperiod p
             where c.id = the_criterion and p.id = the_period and c.version <> p.version) then
    raise exception 'a criterion is scored in a period of its own set' using errcode = 'check_violation';
  end if;
  if exists (select from measures_dticriterion where id = the_criterion and the_score > max_score) then
    raise exception 'a score is not above the maximum of its criterion' using errcode = 'check_violation';
  end if;
end $$;
create function measures_dti_fits_score() returns trigger language plpgsql as $$
begin
  perform measures_dti_fits(new.criterion_id, new.period_id, new.score);
  return new;
end $$;
create function measures_dti_fits_assignment() returns trigger language plpgsql as $$
begin
  perform measures_dti_fits(new.criterion_id, new.period_id, null);
  return new;
end $$;
create function measures_dti_fits_appraisal() returns trigger language plpgsql as $$
declare said measures_dtiassessment;
begin
  select * into said from measures_dtiassessment where id = new.assessment_id;
  if said.assessed_by_id = new.appraised_by_id then
    raise exception 'a score is appraised by another person' using errcode = 'check_violation';
  end if;
  perform measures_dti_fits(said.criterion_id, said.period_id, new.score);
  return new;
end $$;
create trigger assessments_fit_their_criterion before insert on measures_dtiassessment
  for each row execute function measures_dti_fits_score();
create trigger final_scores_fit_their_criterion before insert on measures_dtifinal
  for each row execute function measures_dti_fits_score();
create trigger assignments_fit_their_criterion before insert on measures_dtiassignment
  for each row execute function measures_dti_fits_assignment();
create trigger appraisals_are_another_persons before insert on measures_dtiappraisal
  for each row execute function measures_dti_fits_appraisal();
"""
DROP = """
drop trigger assessments_stay_as_they_are on measures_dtiassessment;
drop trigger evidence_stays_as_it_is on measures_dtievidence;
drop trigger appraisals_stay_as_they_are on measures_dtiappraisal;
drop trigger assignments_stay_as_they_are on measures_dtiassignment;
drop trigger final_scores_stay_as_they_are on measures_dtifinal;
drop trigger scored_criteria_stay_as_they_are on measures_dticriterion;
drop trigger closed_periods_stay_as_they_are on measures_dtiperiod;
drop trigger assessments_fit_their_criterion on measures_dtiassessment;
drop trigger final_scores_fit_their_criterion on measures_dtifinal;
drop trigger assignments_fit_their_criterion on measures_dtiassignment;
drop trigger appraisals_are_another_persons on measures_dtiappraisal;
drop function measures_dti_keep(), measures_dti_keep_criterion(), measures_dti_keep_period(),
  measures_dti_fits_score(), measures_dti_fits_assignment(), measures_dti_fits_appraisal(),
  measures_dti_fits(bigint, bigint, numeric);
"""


class Migration(migrations.Migration):
    """The tables, and the triggers that keep them."""

    dependencies = [
        ("directory", "0005_who_keeps_figures"),
        ("measures", "0004_coverage"),
    ]

    operations = [
        migrations.CreateModel(
            name="DtiCriterion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.CharField(max_length=20)),
                ("code", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=500)),
                ("group", models.CharField(max_length=10)),
                ("max_score", models.DecimalField(decimal_places=2, max_digits=6)),
                ("is_illustrative", models.BooleanField(default=False)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
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
                    models.UniqueConstraint(
                        fields=("version", "code"), name="a_set_has_a_criterion_code_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("max_score__gt", 0)),
                        name="a_criterion_is_worth_more_than_nothing",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="DtiPeriod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("version", models.CharField(max_length=20)),
                ("is_illustrative", models.BooleanField(default=False)),
                ("opened_at", models.DateTimeField()),
                ("closing_asked_at", models.DateTimeField(null=True)),
                ("hand_back_reason", models.CharField(blank=True, max_length=500)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.account",
                    ),
                ),
                (
                    "closing_asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.account",
                    ),
                ),
                (
                    "opened_by",
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
                    models.UniqueConstraint(fields=("year",), name="a_year_is_scored_by_one_set"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closing_asked_at", None), ("closing_asked_by", None)),
                            models.Q(
                                ("closing_asked_at__isnull", False), ("closing_asked_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="who_asks_to_close_a_period_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("closed_by", None)),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                ("closing_asked_by__isnull", False),
                                models.Q(("closed_by", models.F("closing_asked_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_period_is_closed_by_a_second_person",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="DtiAssessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("score", models.DecimalField(decimal_places=2, max_digits=6)),
                ("link", models.URLField(blank=True, max_length=300)),
                ("assessed_at", models.DateTimeField()),
                (
                    "assessed_by",
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
                        to="measures.dtiassessment",
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="measures.dticriterion",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="measures.dtiperiod",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("score__gte", 0)), name="a_self_assessed_score_is_not_below_zero"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaces", None)),
                        fields=("criterion", "period"),
                        name="a_criterion_has_one_first_assessment_a_period",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="DtiEvidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
                ("number", models.CharField(max_length=80)),
                ("date", models.DateField()),
                ("content", models.CharField(max_length=500)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="measures.dtiassessment",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("assessment", "place"), name="evidence_stands_in_one_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number", ""), _negated=True), models.Q(("content", ""), _negated=True)
                        ),
                        name="evidence_names_its_paper",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="DtiAppraisal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("score", models.DecimalField(decimal_places=2, max_digits=6, null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("appraised_at", models.DateTimeField()),
                (
                    "appraised_by",
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
                        to="measures.dtiappraisal",
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appraisals",
                        to="measures.dtiassessment",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("score", None), ("score__gte", 0), _connector="OR"),
                        name="an_appraised_score_is_not_below_zero",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("score__isnull", False), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="a_refused_score_has_a_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaces", None)),
                        fields=("assessment",),
                        name="an_assessment_has_one_first_appraisal",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="DtiAssignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("deadline", models.DateField(null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("not_started", "not_started"),
                            ("in_progress", "in_progress"),
                            ("needs_evidence", "needs_evidence"),
                            ("done", "done"),
                        ],
                        max_length=20,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500)),
                ("assigned_at", models.DateTimeField()),
                (
                    "assigned_by",
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
                        to="measures.dtiassignment",
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="measures.dticriterion",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="measures.dtiperiod",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["not_started", "in_progress", "needs_evidence", "done"])
                        ),
                        name="a_criterion_has_a_known_status",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaces", None)),
                        fields=("criterion", "period"),
                        name="a_criterion_has_one_first_assignment_a_period",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="DtiFinal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("score", models.DecimalField(decimal_places=2, max_digits=6)),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="measures.dticriterion",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="finals",
                        to="measures.dtiperiod",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("criterion", "period"), name="a_criterion_ends_a_period_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("score__gte", 0)), name="a_final_score_is_not_below_zero"
                    ),
                ]
            },
        ),
        migrations.RunSQL(KEEP, DROP),
    ]
