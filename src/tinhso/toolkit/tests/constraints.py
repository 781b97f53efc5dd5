"""Break a table's guards one at a time, with rows that have no other fault.

Each module lists its guards in ``tests/test_constraints.py``: check, unique and exclusion constraints by their name,
triggers as ``table.name``. A row is made from the columns' types; keys may point nowhere, because they are checked at
commit and nothing here is committed. Everything runs as the tables' owner and is rolled back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import psycopg
import pytest
from django.apps import apps
from psycopg import sql
from psycopg.types.json import Jsonb

Connection = psycopg.Connection[Any]
Row = Mapping[str, object]
#: What a plain row of each table needs beyond its columns' types; a function is called with the row's number.
Plain = Mapping[str, Row]

NEW_YEAR: Final = dt.datetime(2022, 1, 1, tzinfo=dt.UTC)
NOWHERE: Final = 999_999_999
_BY_TYPE: Final[Mapping[str, Callable[[int], object]]] = {
    "character varying": lambda n: f"t{n}",
    "text": lambda n: f"t{n}",
    "bigint": lambda n: n,
    "integer": lambda n: n,
    "smallint": lambda n: n,
    "numeric": Decimal,
    "boolean": lambda n: False,
    "date": lambda n: NEW_YEAR.date() + dt.timedelta(days=n),
    "timestamp with time zone": lambda n: NEW_YEAR + dt.timedelta(days=n),
    "jsonb": lambda n: Jsonb({}),
    "bytea": lambda n: b"",
    "ARRAY": lambda n: [],
    "xid8": lambda n: str(100 + 2 * n),
}
_KNOWN: Final[dict[str, list[tuple[str, str]]]] = {}


@dataclass(frozen=True)
class Case:
    """How one guard is broken: by a row with ``wrong``, or by two rows that share ``twice``.

    ``allowed`` makes two rows with ``twice`` right again. ``behind`` names a stricter guard that is taken away
    first, because it would always speak before this one.
    """

    guard: str
    table: str
    wrong: Row = field(default_factory=dict)
    twice: Row | None = None
    allowed: Row | None = None
    behind: str = ""

    def __str__(self) -> str:
        return self.guard


def tables(label: str) -> list[str]:
    """Return the tables of a module, by its app label."""
    return [
        model._meta.db_table for model in apps.get_app_config(label).get_models(include_auto_created=True)
    ]


def insert(connection: Connection, table: str, plain: Plain, number: int = 1, /, **values: object) -> None:
    """Insert row ``number`` of a table: no two numbers share a value, except where ``values`` say so."""
    row: dict[str, object] = {
        name: _BY_TYPE[kind](number) for name, kind in _columns(connection, table) if name not in values
    }
    for name, value in plain.get(table, {}).items():
        row[name] = value(number) if callable(value) else value
    row |= values
    connection.execute(
        sql.SQL("insert into {} ({}) values ({})").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join(sql.Placeholder() for _ in row),
        ),
        list(row.values()),
    )


def see_refused(connection: Connection, plain: Plain, case: Case) -> None:
    """Break the guard and see it named; then see that it refuses no more than that."""
    with connection.transaction(force_rollback=True):
        if case.behind:
            connection.execute(
                sql.SQL("alter table {} drop constraint {}").format(
                    sql.Identifier(case.table), sql.Identifier(case.behind)
                )
            )
        if case.twice is not None:
            insert(connection, case.table, plain, 1, **case.twice)
        with pytest.raises(psycopg.errors.IntegrityError) as refused, connection.transaction():
            insert(connection, case.table, plain, 2, **{**case.wrong, **(case.twice or {})})
        assert refused.value.diag.constraint_name == case.guard
        if case.allowed is not None:
            insert(connection, case.table, plain, 2, **{**(case.twice or {}), **case.allowed})
            insert(connection, case.table, plain, 3, **{**(case.twice or {}), **case.allowed})


def see_taken(connection: Connection, label: str, plain: Plain, *, but: str = "") -> None:
    """See that every table of a module takes two plain rows: nothing above was refused for another reason."""
    for table in tables(label):
        if table == but:
            continue
        with connection.transaction(force_rollback=True):
            insert(connection, table, plain, 1)
            insert(connection, table, plain, 2)


def see_nothing_left_out(connection: Connection, label: str, plain: Plain) -> None:
    """See that no column of a module's models may be left out unless its model says so."""
    for model in apps.get_app_config(label).get_models(include_auto_created=True):
        table = model._meta.db_table
        required = [
            f for f in model._meta.local_concrete_fields if not (f.null or f.primary_key or f.generated)
        ]
        for column in (str(f.column) for f in required):
            with connection.transaction(force_rollback=True):
                with pytest.raises(psycopg.errors.NotNullViolation) as refused, connection.transaction():
                    insert(connection, table, plain, **{column: None})
                assert refused.value.diag.column_name == column


def see_keys_held(connection: Connection, label: str, plain: Plain) -> None:
    """See that every key of a module's models is refused when it points nowhere."""
    found = connection.execute(
        "select conrelid::regclass::text, attname, conname, condeferrable from pg_constraint"
        " join pg_attribute on attrelid = conrelid and attnum = conkey[1] where contype = 'f'"
    )
    held = {(table, column): (name, deferrable) for table, column, name, deferrable in found}
    for model in apps.get_app_config(label).get_models(include_auto_created=True):
        table = model._meta.db_table
        for column in (str(f.column) for f in model._meta.local_concrete_fields if f.remote_field):
            name, deferrable = held[table, column]
            with connection.transaction(force_rollback=True):
                if deferrable:
                    connection.execute(sql.SQL("set constraints {} immediate").format(sql.Identifier(name)))
                with pytest.raises(psycopg.errors.ForeignKeyViolation) as refused, connection.transaction():
                    insert(connection, table, plain, **{column: NOWHERE})
                assert refused.value.diag.constraint_name == name


def see_moved(connection: Connection, plain: Plain, table: str, query: str) -> None:
    """See that inserting, changing and deleting a row of ``table`` each move what ``query`` returns."""
    with connection.transaction(force_rollback=True):
        seen = [connection.execute(query).fetchone()]
        insert(connection, table, plain)
        seen.append(connection.execute(query).fetchone())
        connection.execute(sql.SQL("update {t} set id = id").format(t=sql.Identifier(table)))
        seen.append(connection.execute(query).fetchone())
        connection.execute(sql.SQL("delete from {t}").format(t=sql.Identifier(table)))
        seen.append(connection.execute(query).fetchone())
        assert len(set(seen)) == len(seen)


def without_case(connection: Connection, label: str, cases: Iterable[str]) -> set[str]:
    """Return the guards of a module's tables that no case breaks, by name.

    Only this way round: a case without its guard fails by itself.
    """
    guards = connection.execute(
        "select conname from pg_constraint where contype in ('c', 'u', 'x') and conrelid::regclass::text = any(%(t)s)"
        " union select indexrelid::regclass::text from pg_index where indisunique and not indisprimary"
        " and indrelid::regclass::text = any(%(t)s)"
        " and not exists (select 1 from pg_constraint where conindid = indexrelid)"
        " union select tgrelid::regclass::text || '.' || tgname from pg_trigger where not tgisinternal"
        " and tgrelid::regclass::text = any(%(t)s)",
        {"t": tables(label)},
    )
    return {name for (name,) in guards} - set(cases)


def _columns(connection: Connection, table: str) -> list[tuple[str, str]]:
    if table not in _KNOWN:
        _KNOWN[table] = connection.execute(
            "select column_name, data_type from information_schema.columns where table_name = %s"
            " and table_schema = 'public' and is_nullable = 'NO' and column_default is null"
            " and is_identity = 'NO' and is_generated = 'NEVER' order by ordinal_position",
            [table],
        ).fetchall()
    return _KNOWN[table]


# What holds for the guards of every module; a module's file takes these in by name, with LABEL, PLAIN and CASES beside


@pytest.fixture
def guarded(owner: Connection) -> Connection:
    """Give the connection that the guards are tried on; a module whose tables need rows first has its own."""
    return owner


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Ask the shared test once for each case of the module that takes it in."""
    if metafunc.function is test_the_database_refuses_it:
        metafunc.parametrize("case", metafunc.module.CASES, ids=str)


def test_the_database_refuses_it(guarded: Connection, request: pytest.FixtureRequest, case: Case) -> None:
    see_refused(guarded, request.module.PLAIN, case)


def test_plain_rows_are_taken(guarded: Connection, request: pytest.FixtureRequest) -> None:
    see_taken(
        guarded, request.module.LABEL, request.module.PLAIN, but=getattr(request.module, "HAS_ITS_ROW", "")
    )


def test_nothing_is_left_out(guarded: Connection, request: pytest.FixtureRequest) -> None:
    see_nothing_left_out(guarded, request.module.LABEL, request.module.PLAIN)


def test_keys_point_somewhere(guarded: Connection, request: pytest.FixtureRequest) -> None:
    see_keys_held(guarded, request.module.LABEL, request.module.PLAIN)


def test_every_guard_has_a_case(guarded: Connection, request: pytest.FixtureRequest) -> None:
    module = request.module
    known = getattr(module, "GUARDS", [str(case) for case in module.CASES])
    left = without_case(guarded, module.LABEL, known)
    assert left == set(), sorted(left)
