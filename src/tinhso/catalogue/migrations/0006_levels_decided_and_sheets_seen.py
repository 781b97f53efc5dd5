"""Decide levels in the office, look at imported sheets, and keep the field of each beside it."""

from django.db import migrations, models

FIELDS = "update catalogue_sheetrecord set field_name = left(coalesce(read->>'field_name', ''), 200)"


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0005_a_fee_may_be_unknown"),
    ]

    operations = [
        migrations.AddField(
            model_name="servicelevel",
            name="decision_date",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="servicelevel",
            name="decision_number",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name="sheetrecord",
            name="field_name",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="sheetrecord",
            name="seen_account_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="sheetrecord",
            name="seen_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="sheetrecord",
            name="seen_name",
            field=models.CharField(blank=True, max_length=150),
        ),
        migrations.AddField(
            model_name="sheetrecord",
            name="seen_note",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.RunSQL(FIELDS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="servicelevel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision_date", None), ("decision_number", "")),
                    models.Q(
                        ("decision_date__isnull", False),
                        ("decision_date__lte", models.F("valid_from")),
                        models.Q(("decision_number", ""), _negated=True),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_level_decided_in_the_office_has_number_day_and_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="sheetrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("seen_account_id", None), ("seen_at", None), ("seen_name", ""), ("seen_note", "")
                    ),
                    models.Q(
                        ("seen_account_id__isnull", False),
                        ("seen_at__isnull", False),
                        models.Q(("seen_name", ""), _negated=True),
                        models.Q(("seen_note", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_seen_sheet_says_who_and_what",
            ),
        ),
    ]
