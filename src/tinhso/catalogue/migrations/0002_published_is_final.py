"""Refuse, in the database, to change a published version or anything that hangs on it."""

from django.db import migrations

#: Tables whose rows belong to a version, and how to reach it.
BY_VERSION = ("case", "requiredpaper", "resultkind", "legalbasis", "defect", "formversion")
BY_CASE = ("channelterm", "processstep")

VERSION = """
create function catalogue_keep_published_version() returns trigger language plpgsql as $$
begin
  if old.published_at is null then
    return case when tg_op = 'DELETE' then old else new end;
  end if;
  if tg_op = 'DELETE' then
    raise exception 'a published version is never deleted' using errcode = 'restrict_violation';
  end if;
  if old.effective_to is null and new.effective_to is not null
     and to_jsonb(new) - 'effective_to' = to_jsonb(old) - 'effective_to' then
    return new;
  end if;
  raise exception 'a published version is never changed, only followed by the next'
    using errcode = 'restrict_violation';
end $$;
create trigger published_versions_stay_as_they_are before update or delete on catalogue_procedureversion
  for each row execute function catalogue_keep_published_version();
"""

PART = """
create function catalogue_keep_part_of_version() returns trigger language plpgsql as $$
declare
  held bigint[];
begin
  if tg_argv[0] = 'case' then
    select array_agg(version_id) into held from catalogue_case
     where id = any(array[case when tg_op <> 'INSERT' then old.case_id end,
                          case when tg_op <> 'DELETE' then new.case_id end]);
  else
    held := array[case when tg_op <> 'INSERT' then old.version_id end,
                  case when tg_op <> 'DELETE' then new.version_id end];
  end if;
  if exists (select 1 from catalogue_procedureversion where id = any(held) and published_at is not null) then
    raise exception 'what belongs to a published version is never changed' using errcode = 'restrict_violation';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
"""


def _trigger(table: str, way: str) -> str:
    return (
        f"create trigger parts_of_published_versions_stay before insert or update or delete on catalogue_{table} "
        f"for each row execute function catalogue_keep_part_of_version('{way}');"
    )


TRIGGERS = "\n".join(
    [*(_trigger(table, "version") for table in BY_VERSION), *(_trigger(table, "case") for table in BY_CASE)]
)
DROP = "\n".join(
    [
        *(
            f"drop trigger parts_of_published_versions_stay on catalogue_{t};"
            for t in (*BY_VERSION, *BY_CASE)
        ),
        "drop function catalogue_keep_part_of_version();",
        "drop trigger published_versions_stay_as_they_are on catalogue_procedureversion;",
        "drop function catalogue_keep_published_version();",
    ]
)


class Migration(migrations.Migration):
    """Triggers."""

    dependencies = [("catalogue", "0001_initial")]

    operations = [migrations.RunSQL(VERSION + PART + TRIGGERS, DROP)]
