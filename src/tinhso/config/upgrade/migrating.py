"""Run what migrations lack while people work: nobody waits long behind a lock, and a killed run goes on.

Each migration is run by itself with a lock time-out; one that meets a lock gives way, waits and tries again. An atomic
migration is there whole or not at all. One that is not atomic is run operation by operation, and what is done is noted
in the database in the operation's own transaction where it has one; an index that a killed run left half made is
dropped first. An operation that commits on its own (batches) must bear being begun again: the linter reminds of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, Final

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import RunPython, RunSQL
from django.db.migrations.operations.base import Operation
from django.db.utils import OperationalError

from tinhso.config.upgrade.rule import Rule

_MAKE: Final = """
create table if not exists tinhso_migration_step (
  app text not null, name text not null, step int not null, at timestamptz not null default clock_timestamp(),
  primary key (app, name, step))
"""
_NOTED: Final = "select step from tinhso_migration_step where app = %s and name = %s"
_NOTE: Final = (
    "insert into tinhso_migration_step (app, name, step) values (%s, %s, %s) on conflict do nothing"
)
_FORGET: Final = "delete from tinhso_migration_step where app = %s and name = %s"
_HALF_MADE: Final = """
select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid where not i.indisvalid and c.relname = any(%s)
"""
#: A lock was not given in time, a deadlock, or a transaction that saw an old row: trying again helps.
_AGAIN: Final = frozenset({"55P03", "40P01", "40001"})
#: Two runs at once would do the same twice.
_ONE_AT_A_TIME: Final = "tinhso.upgrade"
Say = Callable[[dict[str, Any]], object]


class NotMigrated(Exception):
    """Say in Vietnamese which migration could not be run, and what to do."""


def pending() -> list[Migration]:
    """Return what lacks, in the order of running."""
    executor = MigrationExecutor(connection)
    return [migration for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def applied() -> set[str]:
    """Return what was run, as ``app.name``."""
    return {f"{app}.{name}" for app, name in MigrationExecutor(connection).loader.applied_migrations}


def migrate_all(settled: Rule, say: Say, sleep: Callable[[float], object] = time.sleep) -> int:
    """Run everything that lacks as the tables' owner; return how many. Raises ``NotMigrated``; can be called again."""
    done = 0
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(hashtextextended(%s, 0))", [_ONE_AT_A_TIME])
        if not cursor.fetchone()[0]:
            raise NotMigrated("Một lần nâng cấp khác đang chạy. Chờ nó xong rồi chạy lại.")
    _wait_at_most(settled.lock_timeout_ms)
    try:
        while lacking := pending():
            _one(lacking[0], settled, say, sleep)
            done += 1
        if done:
            # Nothing lacks now: this tells Django's own listeners, which make content types and permissions.
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", [_ONE_AT_A_TIME])
            cursor.execute("reset lock_timeout")
    return done


def _wait_at_most(milliseconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select set_config('lock_timeout', %s, false)", [f"{milliseconds}ms"])


def _one(migration: Migration, settled: Rule, say: Say, sleep: Callable[[float], object]) -> None:
    name = f"{migration.app_label}.{migration.name}"
    wait, begun = settled.first_wait_seconds, time.monotonic()
    for number in range(1, settled.tries + 1):
        say({"migration": name, "try": number})
        try:
            _run(migration, settled)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) not in _AGAIN or number == settled.tries:
                raise NotMigrated(_sentence(name, error)) from error
            sleep(wait)
            wait = min(wait * settled.times, settled.most_wait_seconds)
        except Exception as error:
            raise NotMigrated(_sentence(name, error)) from error
        else:
            say({"migration": name, "seconds": round(time.monotonic() - begun, 3), "tries": number})
            return


def _run(migration: Migration, settled: Rule) -> None:
    executor = MigrationExecutor(connection)
    key = (migration.app_label, migration.name)
    state = executor._create_project_state(with_applied_migrations=True)  # type: ignore[attr-defined]
    fresh = executor.loader.disk_migrations[key]
    if fresh.atomic:
        executor.migrate([key], plan=[(fresh, False)], state=state)
        return
    for step, operation, before, after in _steps(fresh, state, _noted(fresh)):
        _clear_half_made(operation)
        if commits_itself(operation):
            # Nobody waits behind it: it may wait longer for others.
            _wait_at_most(settled.concurrent_timeout_ms)
            try:
                with connection.schema_editor(atomic=False) as editor:
                    operation.database_forwards(fresh.app_label, editor, before, after)
            finally:
                _wait_at_most(settled.lock_timeout_ms)
            _note(fresh, step)
        else:
            with connection.schema_editor(atomic=True) as editor:
                operation.database_forwards(fresh.app_label, editor, before, after)
                _note(fresh, step)
    with transaction.atomic(), connection.cursor() as cursor:
        executor.recorder.record_applied(*key)
        cursor.execute(_FORGET, key)


def _steps(migration: Migration, state: Any, done: set[int]) -> Iterator[tuple[int, Operation, Any, Any]]:
    """Yield what is still to do, with the state before and after it."""
    for step, operation in enumerate(migration.operations):
        before = state.clone()
        operation.state_forwards(migration.app_label, state)
        if step not in done:
            yield step, operation, before, state


def commits_itself(operation: Operation) -> bool:
    """Say whether an operation cannot run, or does not want to run, inside a transaction."""
    if isinstance(operation, (AddIndexConcurrently, RemoveIndexConcurrently)):
        return True
    if isinstance(operation, RunPython):
        return not operation.atomic
    return isinstance(operation, RunSQL) and "concurrently" in str(operation.sql).lower()


def _noted(migration: Migration) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(_MAKE)
        cursor.execute(_NOTED, [migration.app_label, migration.name])
        return {row[0] for row in cursor.fetchall()}


def _note(migration: Migration, step: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [migration.app_label, migration.name, step])


def _clear_half_made(operation: Operation) -> None:
    """Drop the index that a killed run left: half made, or whole but not noted."""
    if not isinstance(operation, AddIndexConcurrently):
        return
    name = operation.index.name
    with connection.cursor() as cursor:
        cursor.execute(f"drop index concurrently if exists {connection.ops.quote_name(name)}")


def half_made(names: list[str]) -> list[str]:
    """Return which of these indexes were begun and never finished."""
    with connection.cursor() as cursor:
        cursor.execute(_HALF_MADE, [names])
        return [row[0] for row in cursor.fetchall()]


def _sentence(name: str, error: Exception) -> str:
    state = getattr(error.__cause__, "sqlstate", None)
    why = f"mã {state}" if state else type(error).__name__
    if state in _AGAIN:
        return f"Bước {name} không lấy được khóa bảng sau nhiều lần thử ({why}). Chạy lại lúc vắng người: tinhso upgrade."
    return f"Bước {name} chưa chạy được ({why}). Bản cũ vẫn phục vụ; xem nhật ký, sửa rồi chạy lại: tinhso upgrade."
