"""Mutants of the database: constraints, unique indexes, triggers, keys and required columns of our tables.

Read from the catalogue of the freshly migrated database, so that a new one is found by itself. Not touched: primary
keys, and the tables of Django and allauth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import psycopg
from django.apps import apps

from tests.mutants.change import Mutant, stages

_CONSTRAINTS = """
select conrelid::regclass::text, conname, contype::text, pg_get_constraintdef(c.oid),
       pg_get_expr(conbin, conrelid), pg_get_expr(indpred, indrelid)
  from pg_constraint c left join pg_index on indexrelid = conindid and contype in ('u', 'x')
 where contype in ('c', 'u', 'x', 'f') order by 1, 2
"""
_INDEXES = """
select indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid),
       pg_get_expr(indpred, indrelid)
  from pg_index where indisunique and not indisprimary
   and not exists (select 1 from pg_constraint where conindid = indexrelid and contype in ('u', 'x')) order by 1, 2
"""
_TRIGGERS = """
select tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal order by 1, 2
"""
_REQUIRED = """
select attrelid::regclass::text, attname from pg_attribute join pg_class on pg_class.oid = attrelid
 where relkind = 'r' and attnum > 0 and attnotnull and attidentity = '' and not attisdropped
   and relnamespace = 'public'::regnamespace
   and not exists (select 1 from pg_index where indrelid = attrelid and indisprimary and attnum = any(indkey))
 order by 1, 2
"""
#: What the test of a kind is called, where it does not bear the guard's own name.
_HINTS = {"key": "keys_point_somewhere", "not null": "nothing_is_left_out", "trigger": "{}"}
_EVENTS = re.compile(r" (BEFORE|AFTER) ((?:INSERT|UPDATE|DELETE|TRUNCATE)(?: OF \w+)?(?: OR \w+)*) ON ")


#: Name, kind, what is done, what takes it back.
Change = tuple[str, str, tuple[str, ...], tuple[str, ...]]


def mutants(connection: psycopg.Connection[Any]) -> Iterator[Mutant]:
    """Yield the mutants of the database that ``connection`` reads."""
    modules = {
        model._meta.db_table: model.__module__.split(".")[1]
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("tinhso.")
    }
    for table, (name, kind, statements, undo) in _changes(connection):
        if table in modules:
            tests = stages(modules[table], "test_constraints.py")
            hint = _HINTS.get(kind, name.split()[0]).format(table)
            yield Mutant(f"{table}: {name}", kind, tests, statements=statements, undo=undo, hint=hint)


def _changes(connection: psycopg.Connection[Any]) -> Iterator[tuple[str, Change]]:
    for table, name, kind, definition, check, where in connection.execute(_CONSTRAINTS).fetchall():
        drop = f'alter table {table} drop constraint "{name}"'
        add = f'alter table {table} add constraint "{name}"'
        undo = f"{add} {definition}"
        word = {"c": "check", "u": "unique", "x": "exclusion", "f": "key"}[kind]
        yield table, (f"{name} removed", word, (drop,), (undo,))
        if kind == "c":
            yield table, (f"{name} inverted", word, (drop, f"{add} check (not ({check}))"), (drop, undo))
        if where:
            for change in _conditions(name, word, drop, undo, where):
                yield table, change
    for table, name, definition, where in connection.execute(_INDEXES).fetchall():
        yield table, (f"{name} removed", "unique", (f'drop index "{name}"',), (definition,))
        if where:
            for change in _conditions(name, "unique", f'drop index "{name}"', definition, where):
                yield table, change
    for table, name, definition in connection.execute(_TRIGGERS).fetchall():
        for change in _trigger(table, name, definition):
            yield table, change
    for table, column in connection.execute(_REQUIRED).fetchall():
        alter = f'alter table {table} alter column "{column}"'
        yield (
            table,
            (
                f"{column} may be left out",
                "not null",
                (f"{alter} drop not null",),
                (f"{alter} set not null",),
            ),
        )


def _conditions(name: str, word: str, drop: str, definition: str, where: str) -> Iterator[Change]:
    """Yield a conditional unique or exclusion constraint with the other condition, and with none."""
    whole, condition, _ = definition.rpartition(" WHERE ")
    assert condition, definition
    undo = (drop, definition)
    yield f"{name} with its condition inverted", word, (drop, f"{whole} WHERE (not ({where}))"), undo
    yield f"{name} without its condition", word, (drop, whole), undo


def _trigger(table: str, name: str, definition: str) -> Iterator[Change]:
    drop = f"drop trigger {name} on {table}"
    yield f"{name} removed", "trigger", (drop,), (definition,)
    found = _EVENTS.search(definition)
    assert found, definition
    events = found[2].split(" OR ")
    for event in events if len(events) > 1 else ():
        rest = " OR ".join(one for one in events if one != event)
        other = definition.replace(found[0], f" {found[1]} {rest} ON ")
        yield f"{name} not on {event.lower()}", "trigger", (drop, other), (drop, definition)
