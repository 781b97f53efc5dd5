"""The pace of tries to sign in, and a second factor is confirmed only once another administrator has started it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One table, one guard."""

    dependencies = [("directory", "0011_data_protection")]

    operations = [
        migrations.CreateModel(
            name="SignInPace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True)),
                ("failures", models.PositiveIntegerField()),
                ("last_at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["last_at"], name="paces_by_last_try")]},
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by", None),
                    models.Q(("purpose", "second_factor"), _negated=True),
                    ("created_by__isnull", False),
                    _connector="OR",
                ),
                name="a_second_factor_is_confirmed_once_started",
            ),
        ),
    ]
