from django.db import migrations, models


class Migration(migrations.Migration):
    """Form 04 is a slip too."""

    dependencies = [
        ("dossiers", "0006_due_moments_and_corrections"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="slip",
            name="a_slip_is_a_known_form",
        ),
        migrations.AddConstraint(
            model_name="slip",
            constraint=models.CheckConstraint(
                condition=models.Q(("form__in", ["01", "02", "03", "04"])), name="a_slip_is_a_known_form"
            ),
        ),
    ]
