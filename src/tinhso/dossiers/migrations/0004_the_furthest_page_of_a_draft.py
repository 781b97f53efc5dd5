"""Keep how far a draft ever came; of earlier drafts only the last page is known."""

import django.contrib.postgres.indexes
from django.db import migrations, models

FILL = "update dossiers_draft set furthest = page where page <> 'buoc.tai-quay'"


class Migration(migrations.Migration):
    """One column and a small index by time of beginning."""

    dependencies = [
        ("catalogue", "0005_a_fee_may_be_unknown"),
        ("directory", "0003_offices_of_the_catalogue"),
        ("dossiers", "0003_a_fee_may_be_unknown"),
    ]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="furthest",
            field=models.CharField(blank=True, max_length=60, default=""),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="draft",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["created_at"], name="draft_by_beginning"
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
