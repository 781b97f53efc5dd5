"""Let neither due moment stand without the other."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One constraint, made whole."""

    dependencies = [
        ("catalogue", "0003_moves_the_reference_stamp"),
        ("directory", "0002_reference_stamp"),
        ("dossiers", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="dossier",
            name="a_due_date_comes_with_acceptance_and_never_moves_earlier",
        ),
        migrations.AddConstraint(
            model_name="dossier",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_at", None), ("original_due_at", None)),
                    models.Q(
                        ("accepted_at__isnull", False),
                        ("due_at__gte", models.F("original_due_at")),
                        ("due_at__isnull", False),
                        ("original_due_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="a_due_date_comes_with_acceptance_and_never_moves_earlier",
            ),
        ),
    ]
