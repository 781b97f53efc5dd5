"""Check what imports cannot show of the tables: keys point down, and the roles hold in the real database."""

from io import StringIO
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from tests.architecture.floors import floors

#: What the web role may not do, on top of owning nothing: it may do everything else to every table.
WITHHELD = {
    "journal_delivery": {"DELETE"},
    "journal_entry": {"UPDATE", "DELETE"},
    "journal_seal": {"INSERT", "UPDATE", "DELETE"},
}
USUAL = ("SELECT", "INSERT", "UPDATE", "DELETE")


def _module(model: Any) -> str:
    name: str = model.__module__
    return name.split(".")[1] if name.startswith("tinhso.") else ""


def _keys() -> list[tuple[str, str, str, Any]]:
    return [
        (_module(model), _module(field.related_model), f"{model._meta.label}.{field.name}", field)
        for model in apps.get_models()
        if _module(model)
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and _module(field.related_model)
    ]


def test_foreign_keys_point_down() -> None:
    height = floors()
    up = [label for own, other, label, _ in _keys() if own != other and height[own] <= height[other]]
    assert up == []


def test_foreign_keys_across_modules_leave_no_name_on_the_other_side() -> None:
    named = [
        label
        for own, other, label, field in _keys()
        if own != other and field.remote_field.related_name != "+"
    ]
    assert named == []


@pytest.mark.django_db
def test_migrations_describe_the_models() -> None:
    out = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=out, verbosity=1)
    except SystemExit:
        pytest.fail(out.getvalue())


@pytest.mark.django_db
def test_the_web_role_may_read_and_write_every_table_but_the_journal() -> None:
    lacking: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        for privilege in USUAL:
            cursor.execute(
                "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
                # A grant on columns is enough to read, insert and update; rows are deleted whole.
                " and not has_table_privilege(oid, %s) and (%s = 'DELETE' or not has_any_column_privilege(oid, %s))",
                [privilege, privilege, privilege if privilege != "DELETE" else "SELECT"],
            )
            for (table,) in cursor.fetchall():
                lacking.setdefault(table, set()).add(privilege)
    assert lacking == WITHHELD


def test_the_owner_and_nobody_else_owns_the_tables(superuser: psycopg.Connection[Any]) -> None:
    owners = superuser.execute(
        "select distinct tableowner from pg_tables where schemaname = 'public'"
    ).fetchall()
    assert owners == [("tinhso_owner",)]


@pytest.mark.django_db
def test_tests_run_as_the_web_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_user, rolsuper, rolcreatedb from pg_roles where rolname = current_user"
        )
        assert cursor.fetchone() == ("tinhso_app", False, False)
