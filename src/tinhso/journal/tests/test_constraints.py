"""What the database refuses of the journal, whatever the code above it does."""

from __future__ import annotations

import json
from collections.abc import Iterator

import psycopg
import pytest

from tinhso.toolkit.tests.constraints import (  # noqa: F401 - pytest finds them here
    Case,
    Connection,
    Plain,
    insert,
    pytest_generate_tests,
    test_every_guard_has_a_case,
    test_keys_point_somewhere,
    test_nothing_is_left_out,
    test_plain_rows_are_taken,
    test_the_database_refuses_it,
)

LABEL = "journal"
BODY = '{"about": "x", "at_ms": 1, "by": "y", "data": {}, "event": "z.Z"}'
TWICE_ABOUT = '{"about": "x", "about": "y", "at_ms": 1, "event": "z.Z"}'
PLAIN: Plain = {
    "journal_entry": {"body": BODY},
    "journal_seal": {"hi": lambda n: str(101 + 2 * n)},
    "journal_delivery": {"entry_id": lambda n: 900 + n},
}
CASES = (
    Case("journal_delivery_a_dead_one_says_why", "journal_delivery", {"next_try_at": None}),
    Case(
        "journal_delivery_each_listener_hears_an_entry_once",
        "journal_delivery",
        twice={"entry_id": 901, "listener": "dossiers.tell"},
    ),
    Case("journal_entry_is_one_json_object", "journal_entry", {"body": TWICE_ABOUT}),
    Case("journal_seal_begins_where_no_other_does", "journal_seal", twice={"lo": "100"}),
    Case("journal_seal_counts_what_came_before", "journal_seal", {"first": -1}),
    Case("journal_seal_ends_after_it_begins", "journal_seal", {"lo": "200", "hi": "200"}),
    Case("journal_seal_ends_where_no_other_does", "journal_seal", twice={"hi": "200"}),
    Case("journal_seal_is_not_empty", "journal_seal", {"n": 0}),
)
KEPT = ("journal_entry", "journal_seal")
GUARDS = [*map(str, CASES), *(f"{table}.{table}_is_append_only" for table in KEPT)]


@pytest.fixture
def guarded(owner: Connection) -> Iterator[Connection]:
    """Lend the owner's connection with three entries that deliveries can point to."""
    with owner.transaction(force_rollback=True):
        for number in (901, 902, 903):
            owner.execute(
                "insert into journal_entry (id, body) overriding system value values (%s, %s)",
                [number, BODY],
            )
        yield owner


@pytest.mark.parametrize("table", KEPT)
@pytest.mark.parametrize("change", ["update {} set {} = {}", "delete from {}", "truncate {} cascade"])
def test_what_is_written_stays(owner: Connection, table: str, change: str) -> None:
    column = {"journal_entry": "body", "journal_seal": "n"}[table]
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="chỉ được ghi thêm"),
        owner.transaction(force_rollback=True),
    ):
        owner.execute(change.format(table, column, column))


@pytest.mark.parametrize("said", ["event", "about", "at_ms"])
def test_an_entry_says_what_of_what_and_when(owner: Connection, said: str) -> None:
    body = {key: value for key, value in json.loads(BODY).items() if key != said}
    with pytest.raises(psycopg.errors.NotNullViolation) as refused, owner.transaction(force_rollback=True):
        insert(owner, "journal_entry", PLAIN, body=json.dumps(body))
    assert refused.value.diag.column_name == said


def test_an_entry_bears_its_transaction(owner: Connection) -> None:
    with pytest.raises(psycopg.errors.NotNullViolation), owner.transaction(force_rollback=True):
        insert(owner, "journal_entry", PLAIN, xid=None)


@pytest.mark.parametrize("end", ["lo", "hi"])
def test_a_seal_says_what_it_covers(owner: Connection, end: str) -> None:
    with pytest.raises(psycopg.errors.NotNullViolation), owner.transaction(force_rollback=True):
        insert(owner, "journal_seal", PLAIN, **{end: None})
