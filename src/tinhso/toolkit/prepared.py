"""Statements that every request runs, planned once per connection instead of each time.

Django puts the values into the text of a statement, so PostgreSQL plans it anew: 0.7 ms of its time for the question
who is signed in. Here the values travel apart, and from the fifth time on the plan is kept with the connection
(``prepare_threshold`` in the settings). Everything else is as with ``connection.cursor()``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection


def first_row(statement: str, values: Sequence[Any] | Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Run a statement of our own and return its first row, if any.

    Values have no place from which their type follows in ``select %s``: name it there (``%s::bigint``).
    """
    connection.ensure_connection()
    own: Any = psycopg.Cursor(connection.connection)
    with (
        connection.make_debug_cursor(own)
        if connection.queries_logged
        else connection.make_cursor(own) as cursor
    ):
        cursor.execute(statement, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row
