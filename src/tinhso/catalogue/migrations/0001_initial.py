"""Tables of the catalogue."""

import django.contrib.postgres.constraints
import django.contrib.postgres.operations
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(),
        migrations.CreateModel(
            name="Field",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Procedure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20, unique=True)),
                ("everyday_name", models.CharField(max_length=120)),
                ("legal_name", models.CharField(max_length=400)),
                ("synonyms", models.JSONField(default=list)),
                ("folded", models.TextField()),
                (
                    "responsible",
                    models.CharField(help_text="Cơ quan chịu trách nhiệm nội dung", max_length=200),
                ),
                ("code_note", models.CharField(blank=True, max_length=250)),
                ("code_is_unverified", models.BooleanField(default=False)),
                (
                    "field",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="procedures",
                        to="catalogue.field",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProcedureVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("effective_from", models.DateField()),
                ("effective_to", models.DateField(null=True)),
                ("published_at", models.DateTimeField(null=True)),
                ("content_hash", models.CharField(max_length=64)),
                ("levels", models.JSONField()),
                ("handling", models.JSONField()),
                ("can_file_online", models.BooleanField()),
                ("texts", models.JSONField()),
                (
                    "procedure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="catalogue.procedure",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LegalBasis",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField()),
                ("number", models.CharField(max_length=80)),
                ("name", models.CharField(max_length=250)),
                ("effective_from", models.DateField(null=True)),
                ("effective_to", models.DateField(null=True)),
                ("is_later", models.BooleanField()),
                ("is_unverified", models.BooleanField()),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="legal_bases",
                        to="catalogue.procedureversion",
                    ),
                ),
            ],
            options={
                "ordering": ["order"],
            },
        ),
        migrations.CreateModel(
            name="FormVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=60)),
                ("statutory_name", models.CharField(blank=True, max_length=200)),
                ("annex", models.CharField(blank=True, max_length=200)),
                ("effective_from", models.DateField()),
                ("effective_to", models.DateField(null=True)),
                ("is_unverified", models.BooleanField()),
                ("schema", models.JSONField()),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="form",
                        to="catalogue.procedureversion",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Defect",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField()),
                ("code", models.CharField(max_length=30)),
                ("text", models.CharField(max_length=250)),
                ("kind", models.CharField(max_length=10)),
                ("basis", models.CharField(blank=True, max_length=120)),
                ("is_unverified", models.BooleanField()),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="defects",
                        to="catalogue.procedureversion",
                    ),
                ),
            ],
            options={
                "ordering": ["order"],
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField()),
                ("key", models.SlugField(max_length=40)),
                ("name", models.CharField(max_length=150)),
                ("when_text", models.CharField(help_text="Điều kiện, bằng lời", max_length=250)),
                ("when", models.JSONField(null=True)),
                ("is_chosen_by_officer", models.BooleanField(default=False)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="catalogue.procedureversion",
                    ),
                ),
            ],
            options={
                "ordering": ["order"],
            },
        ),
        migrations.CreateModel(
            name="ProcessStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField()),
                ("key", models.SlugField(max_length=40)),
                ("name", models.CharField(max_length=150)),
                ("public_name", models.CharField(max_length=150)),
                ("desk", models.CharField(max_length=10)),
                ("role", models.CharField(help_text="directory.Role", max_length=20)),
                ("office", models.CharField(max_length=60)),
                ("hours", models.DecimalField(decimal_places=2, max_digits=6)),
                ("is_parallel", models.BooleanField()),
                ("signs", models.BooleanField()),
                ("is_illustrative", models.BooleanField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="catalogue.case"
                    ),
                ),
            ],
            options={
                "ordering": ["order"],
            },
        ),
        migrations.CreateModel(
            name="RequiredPaper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField()),
                ("key", models.SlugField(max_length=40)),
                ("name", models.CharField(max_length=200)),
                ("hint", models.CharField(blank=True, max_length=300)),
                ("kind", models.CharField(max_length=10)),
                ("originals", models.PositiveSmallIntegerField()),
                ("copies", models.PositiveSmallIntegerField()),
                ("is_required", models.BooleanField()),
                ("when", models.JSONField(null=True)),
                ("when_text", models.CharField(blank=True, max_length=200)),
                ("max_files", models.PositiveSmallIntegerField()),
                ("is_upload", models.BooleanField()),
                ("sample_form", models.CharField(blank=True, max_length=200)),
                ("why", models.CharField(blank=True, max_length=250)),
                ("is_unverified", models.BooleanField()),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="catalogue.procedureversion",
                    ),
                ),
            ],
            options={
                "ordering": ["order"],
            },
        ),
        migrations.CreateModel(
            name="ResultKind",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("template_key", models.CharField(max_length=40)),
                ("number_pattern", models.CharField(max_length=60)),
                ("number_note", models.CharField(blank=True, max_length=250)),
                ("validity_text", models.CharField(blank=True, max_length=200)),
                ("validity_months", models.PositiveSmallIntegerField(null=True)),
                ("signer_title", models.CharField(max_length=150)),
                ("sealed_by", models.CharField(max_length=150)),
                ("schema", models.JSONField()),
                ("is_unverified", models.BooleanField()),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="result",
                        to="catalogue.procedureversion",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ServiceLevel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("level", models.PositiveSmallIntegerField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("basis", models.CharField(max_length=250)),
                ("is_illustrative", models.BooleanField()),
                (
                    "procedure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_levels",
                        to="catalogue.procedure",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ChannelTerm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=10)),
                ("limit_value", models.DecimalField(decimal_places=2, max_digits=6)),
                ("limit_unit", models.CharField(max_length=10)),
                ("limit_basis", models.CharField(blank=True, max_length=200)),
                ("fee_vnd", models.PositiveIntegerField()),
                ("fee_text", models.CharField(max_length=250)),
                ("fee_basis", models.CharField(blank=True, max_length=200)),
                ("fee_rules", models.JSONField()),
                ("is_illustrative", models.BooleanField()),
                ("is_unverified", models.BooleanField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="terms", to="catalogue.case"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "channel"), name="a_case_has_one_term_by_channel"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ("online", "counter", "post"))),
                        name="a_term_is_for_a_known_channel",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("limit_unit__in", ("h", "wd", "d", "m", "sameday", "handover", "none"))
                        ),
                        name="a_limit_has_a_known_unit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("limit_unit__in", ("sameday", "handover", "none")), ("limit_value", 0)),
                            models.Q(("limit_unit__in", ("h", "wd", "d", "m")), ("limit_value__gt", 0)),
                            _connector="OR",
                        ),
                        name="a_limit_has_a_length_unless_its_unit_says_it_all",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="procedure",
            constraint=models.CheckConstraint(
                condition=models.Q(("code", ""), _negated=True), name="a_procedure_has_a_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="procedure",
            constraint=models.CheckConstraint(
                condition=models.Q(("everyday_name", ""), _negated=True),
                name="a_procedure_has_an_everyday_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="procedureversion",
            constraint=models.UniqueConstraint(
                fields=("procedure", "number"), name="a_version_number_is_used_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="procedureversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("effective_to", None), ("effective_to__gte", models.F("effective_from")), _connector="OR"
                ),
                name="a_version_does_not_end_before_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="procedureversion",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("published_at__isnull", False)),
                expressions=[
                    ("procedure", "="),
                    (
                        models.Func(
                            models.F("effective_from"),
                            models.F("effective_to"),
                            models.Value("[]"),
                            function="daterange",
                        ),
                        "&&",
                    ),
                ],
                name="published_versions_of_a_procedure_do_not_overlap",
            ),
        ),
        migrations.AddConstraint(
            model_name="defect",
            constraint=models.UniqueConstraint(
                fields=("version", "code"), name="a_defect_code_is_used_once_in_a_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="defect",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("supplement", "refuse", "redirect", "advice"))),
                name="a_defect_asks_refuses_redirects_or_advises",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                fields=("version", "key"), name="a_case_key_is_used_once_in_a_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                fields=("version", "order"), name="cases_of_a_version_stand_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="processstep",
            constraint=models.UniqueConstraint(
                fields=("case", "key"), name="a_step_key_is_used_once_in_a_case"
            ),
        ),
        migrations.AddConstraint(
            model_name="processstep",
            constraint=models.UniqueConstraint(
                fields=("case", "order"), name="steps_of_a_case_stand_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="processstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("desk__in", ("counter", "unit", "opinion", "leader", "seal"))),
                name="a_step_lies_on_a_known_desk",
            ),
        ),
        migrations.AddConstraint(
            model_name="processstep",
            constraint=models.CheckConstraint(condition=models.Q(("hours__gt", 0)), name="a_step_takes_time"),
        ),
        migrations.AddConstraint(
            model_name="requiredpaper",
            constraint=models.UniqueConstraint(
                fields=("version", "key"), name="a_paper_key_is_used_once_in_a_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="requiredpaper",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("hand_in", "show", "state_has"))),
                name="a_paper_is_handed_in_shown_or_known_to_the_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="requiredpaper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "state_has"), _negated=True),
                    models.Q(("why", ""), _negated=True),
                    _connector="OR",
                ),
                name="a_paper_not_to_be_handed_in_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="requiredpaper",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_upload", True), ("kind", "state_has"), _negated=True),
                name="nobody_uploads_what_the_state_has",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicelevel",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", [2, 3, 4])), name="a_service_level_is_2_3_or_4"
            ),
        ),
        migrations.AddConstraint(
            model_name="servicelevel",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("procedure", "="),
                    (
                        models.Func(
                            models.F("valid_from"),
                            models.F("valid_to"),
                            models.Value("[]"),
                            function="daterange",
                        ),
                        "&&",
                    ),
                ],
                name="a_procedure_has_one_service_level_a_day",
            ),
        ),
    ]
