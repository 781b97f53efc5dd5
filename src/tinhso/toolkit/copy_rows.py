"""Write many rows at once by COPY: Django's own bulk insert writes every value into the text of a statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model


def next_ids(table: str, n: int) -> list[int]:
    """Take the next ``n`` identifiers of a table, so that rows may point to each other before they are written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select nextval(pg_get_serial_sequence(%s, 'id')) from generate_series(1, %s)", [table, n]
        )
        return [taken for (taken,) in cursor.fetchall()]


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Load rows by COPY; table and columns are our own names, never words of a request."""
    with (
        connection.cursor() as cursor,
        cursor.cursor.copy(f"copy {table} ({', '.join(columns)}) from stdin") as stream,
    ):
        for row in rows:
            stream.write_row(row)


def copy_models(rows: Iterable[Model]) -> None:
    """Load objects of one model, none of which has its identifier yet or gets one here."""
    every = list(rows)
    if not every:
        return
    fields = [field for field in every[0]._meta.concrete_fields if not field.primary_key]
    copy_rows(
        every[0]._meta.db_table,
        [f'"{field.column}"' for field in fields],
        (
            [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
            for row in every
        ),
    )
