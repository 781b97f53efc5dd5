"""Say of a migration what the release before could not live with, or what would keep people waiting behind a lock.

Old and new code run side by side on the new tables, and the old code must be able to come back. So tables grow first
(expand) and lose in a later release what no code has used since one release (contract):

* a column or table leaves the code by ``SeparateDatabaseAndState`` alone, and the database in a later release by ``RunSQL``
  in a migration that says ``gone_since = "version"``;
* a column that must be filled has a ``db_default``: the code before does not know it;
* indexes on big tables (`config/upgrade/big_tables.json`) are made concurrently, checks are added not valid and validated
  apart, and no field of them is altered so that the table is written anew or scanned under a lock.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import connection
from django.db.migrations import Migration, operations
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import NOT_PROVIDED

from tinhso.config import places

BIG: Final = frozenset(
    json.loads((places.PACKAGE / "config/upgrade/big_tables.json").read_text("utf-8"))["tables"]
)
GRANDFATHERED: Final = frozenset(
    json.loads(Path(__file__).with_name("grandfathered_migrations.json").read_text("utf-8"))["migrations"]
)
_LOSING: Final = (
    operations.RemoveField,
    operations.DeleteModel,
    operations.RenameField,
    operations.RenameModel,
    operations.AlterModelTable,
)
_DROPS: Final = re.compile(r"\bdrop\s+(?:table|column)\b|\brename\s+(?:to|column)\b", re.IGNORECASE)
_REWRITES: Final = re.compile(
    r"\balter\s+(?:column\s+)?\S+\s+(?:set\s+data\s+)?type\b|\bset\s+not\s+null\b", re.IGNORECASE
)
_INDEX: Final = re.compile(r"\bcreate\s+(?:unique\s+)?index\s+(?!concurrently)", re.IGNORECASE)
_VARCHAR: Final = re.compile(r"varchar\((\d+)\)")


def faults(migration: Migration, before: ProjectState, version: str) -> list[str]:
    """Return what is wrong, a sentence each. ``before`` is the state that the migration begins with; it is not changed."""
    found: list[str] = []
    state = before.clone()
    for operation in migration.operations:
        after = state.clone()
        operation.state_forwards(migration.app_label, after)
        found += _of(operation, migration, state, after, version)
        state = after
    return found


def _of(
    operation: Operation, migration: Migration, before: ProjectState, after: ProjectState, version: str
) -> list[str]:
    if isinstance(operation, operations.SeparateDatabaseAndState):
        said = _leaves_the_code(operation, migration.app_label, before)
        state = before
        for inner in operation.database_operations:
            grown = state.clone()
            inner.state_forwards(migration.app_label, grown)
            said += _of(inner, migration, state, grown, version)
            state = grown
        return said
    if isinstance(operation, _LOSING):
        return [
            f"{operation.describe()}: the release before still reads it; take it out of the state first, drop it later"
        ]
    if isinstance(operation, operations.RunSQL):
        return _sql(str(operation.sql), migration, version)
    if isinstance(operation, operations.AddField):
        return _added(operation, _table(before, migration.app_label, operation.model_name))
    if isinstance(operation, operations.AlterField):
        return _altered(operation, migration.app_label, before, after)
    if isinstance(operation, operations.AddIndex) and not isinstance(operation, AddIndexConcurrently):
        table = _table(before, migration.app_label, operation.model_name)
        return [f"{operation.describe()}: {table} is big, use AddIndexConcurrently"] if table in BIG else []
    if isinstance(operation, operations.AddConstraint) and not isinstance(operation, AddConstraintNotValid):
        table = _table(before, migration.app_label, operation.model_name)
        return (
            [f"{operation.describe()}: {table} is big, add it not valid and validate it apart"]
            if table in BIG
            else []
        )
    return []


def _leaves_the_code(
    operation: operations.SeparateDatabaseAndState, label: str, before: ProjectState
) -> list[str]:
    """A column that must be filled and has no default of the database's stops every insert of the new code."""
    said = []
    for inner in operation.state_operations:
        if isinstance(inner, operations.RemoveField):
            field = before.models[label, inner.model_name.lower()].fields[inner.name]
            if not field.null and _has_no_default(field) and not operation.database_operations:
                said.append(
                    f"{inner.describe()}: nobody fills it any more; drop its NOT NULL in the same operation"
                )
    return said


def _has_no_default(field: Any) -> bool:
    return getattr(field, "db_default", NOT_PROVIDED) is NOT_PROVIDED and not field.primary_key


def _added(operation: operations.AddField, table: str) -> list[str]:
    field: Any = operation.field
    if field.many_to_many or getattr(field, "generated", False):
        return []
    said = []
    if not field.null and _has_no_default(field):
        said.append(
            f"{operation.describe()}: the release before does not fill it; give it a db_default or null=True"
        )
    if table in BIG and (field.unique or field.db_index):
        said.append(f"{operation.describe()}: {table} is big; db_index=False, then AddIndexConcurrently")
    return said


def _altered(
    operation: operations.AlterField, label: str, before: ProjectState, after: ProjectState
) -> list[str]:
    key = (label, operation.model_name.lower())
    old: Any = before.models[key].fields[operation.name]
    new: Any = after.models[key].fields[operation.name]
    said = []
    if old.null and not new.null:
        said.append(f"{operation.describe()}: the release before may still write NULL")
    if _table(before, *key) not in BIG:
        return said
    if not _is_wider(_type(old, before, key, operation.name), _type(new, after, key, operation.name)):
        said.append(f"{operation.describe()}: writes a big table anew")
    if (new.unique and not old.unique) or (new.db_index and not old.db_index):
        said.append(f"{operation.describe()}: makes an index on a big table under a lock")
    return said


def _type(field: Any, state: ProjectState, key: tuple[str, str], name: str) -> str:
    model: Any = state.apps.get_model(*key)
    return str(model._meta.get_field(name).db_type(connection) or "")


def _is_wider(old: str, new: str) -> bool:
    """Say whether a column of the one type becomes the other without being written anew."""
    if old == new:
        return True
    before, after = _VARCHAR.fullmatch(old), _VARCHAR.fullmatch(new)
    return before is not None and (new == "text" or (after is not None and int(after[1]) >= int(before[1])))


def _sql(text: str, migration: Migration, version: str) -> list[str]:
    said = []
    since = getattr(migration, "gone_since", "")
    if _DROPS.search(text) and not (since and _numbers(since) < _numbers(version)):
        said.append("RunSQL drops or renames: say in gone_since which earlier release has stopped using it")
    if _REWRITES.search(text):
        said.append("RunSQL changes a type or sets NOT NULL: rows are scanned or written anew under a lock")
    if _INDEX.search(text) and any(table in text for table in BIG):
        said.append("RunSQL makes an index on a big table without CONCURRENTLY")
    if "concurrently" in text.lower() and "exists" not in text.lower():
        said.append("RunSQL with CONCURRENTLY must bear being run again: IF (NOT) EXISTS")
    return said


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def _table(state: ProjectState, label: str, model: str) -> str:
    found = state.models[label, model.lower()]
    return str(found.options.get("db_table") or f"{label}_{model.lower()}")
