"""Let published procedures move the directory's reference stamp."""

from django.db import migrations

WATCHED = ("catalogue_procedure", "catalogue_procedureversion", "catalogue_servicelevel")
TRIGGERS = "".join(
    f"create trigger a_change_moves_the_reference_stamp after insert or update or delete on {table} "
    "for each statement execute function directory_move_reference_stamp();"
    for table in WATCHED
)
UNDO = "".join(f"drop trigger a_change_moves_the_reference_stamp on {table};" for table in WATCHED)


class Migration(migrations.Migration):
    """Triggers."""

    dependencies = [("catalogue", "0002_published_is_final"), ("directory", "0002_reference_stamp")]

    operations = [migrations.RunSQL(TRIGGERS, UNDO)]
