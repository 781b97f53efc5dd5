"""Keep when reference data last changed, so that what follows from them can be kept in memory."""

from django.db import migrations, models

WATCHED = ("directory_office", "directory_specialday")

STAMP = """
insert into directory_referencestamp (moved_at) values (clock_timestamp());
create unique index there_is_one_reference_stamp on directory_referencestamp ((true));
create function directory_move_reference_stamp() returns trigger language plpgsql as $$
begin
  update directory_referencestamp set moved_at = clock_timestamp();
  return null;
end $$;
"""
TRIGGERS = "".join(
    f"create trigger a_change_moves_the_reference_stamp after insert or update or delete on {table} "
    "for each statement execute function directory_move_reference_stamp();"
    for table in WATCHED
)
UNDO = (
    "".join(f"drop trigger a_change_moves_the_reference_stamp on {table};" for table in WATCHED)
    + "drop function directory_move_reference_stamp(); drop index there_is_one_reference_stamp;"
)


class Migration(migrations.Migration):
    """The stamp."""

    dependencies = [("directory", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="ReferenceStamp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("moved_at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(STAMP + TRIGGERS, UNDO),
    ]
