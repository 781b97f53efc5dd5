"""A file may be taken again from an earlier dossier of the same person, which is then named with it."""

from typing import Any

from django.db import migrations, models


def _earlier() -> Any:
    return models.ForeignKey(
        db_index=False,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        to="dossiers.dossier",
    )


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0004_the_furthest_page_of_a_draft")]

    operations = [
        migrations.AddField(model_name="draftfile", name="taken_from", field=_earlier()),
        migrations.AddField(model_name="paper", name="taken_from", field=_earlier()),
    ]
