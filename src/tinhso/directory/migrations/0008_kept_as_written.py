"""A line of history is never edited but for taking its words out, and a try to sign in is never edited."""

from django.db import migrations

KEEP = """
create function directory_keep_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.erased_at is null and new.erased_at is not null
     and new.before = '' and new.after = '' and new.reason = ''
     and (new.id, new.about, new.what, new.at) = (old.id, old.about, old.what, old.at)
     and new.by_id is not distinct from old.by_id then
    return new;
  end if;
  raise exception 'a line of history stays as it was written';
end $$;
create trigger changes_stay_as_they_are before update or delete on directory_change
  for each row execute function directory_keep_change();
create function directory_keep_try() returns trigger language plpgsql as $$
begin
  raise exception 'a try to sign in stays as it was written';
end $$;
create trigger tries_stay_as_they_are before update on directory_signintried
  for each row execute function directory_keep_try();
"""
UNDO = """
drop trigger tries_stay_as_they_are on directory_signintried;
drop function directory_keep_try();
drop trigger changes_stay_as_they_are on directory_change;
drop function directory_keep_change();
"""


class Migration(migrations.Migration):
    """Triggers."""

    dependencies = [("directory", "0007_administration")]

    operations = [migrations.RunSQL(KEEP, UNDO)]
