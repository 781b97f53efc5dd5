"""What the web's role, the sealer and even the owner are refused."""

from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from tinhso.journal.api import announce, unguarded
from tinhso.journal.tests.conftest import AT, Doer
from tinhso.journal.tests.events import LanternLit

BODY = """'{"about":"x","at_ms":1,"by":"y","data":{},"event":"z.Z"}'"""
REFUSED_TO_THE_WEB = (
    "update journal_entry set body = body",
    "update journal_entry set xid = '3' where false",
    "delete from journal_entry",
    "truncate journal_entry cascade",
    "drop table journal_entry cascade",
    "alter table journal_entry disable trigger all",
    "alter table journal_entry alter column about drop expression",
    "drop trigger journal_entry_is_append_only on journal_entry",
    "create or replace function journal_is_append_only() returns trigger language plpgsql as 'begin return null; end'",
    "set session_replication_role = replica",
    "select * from journal_entry for update",
    "insert into journal_entry (id, body) values (1, :body)",
    "insert into journal_entry (id, body) overriding system value values (1, :body)",
    "insert into journal_entry (xid, body) values ('3', :body)",
    "insert into journal_entry (body, event) values (:body, 'a.A')",
    "copy journal_entry (id, xid, body) from stdin",
    "copy journal_entry to program 'cat'",
    "select setval('journal_entry_id_seq', 1)",
    "create table journal_entry_too (id int)",
    "insert into journal_seal (lo, hi, first, n, root, frontier, leaves) values ('3', '4', 0, 1, '', '{}', '')",
    "update journal_seal set n = n",
    "delete from journal_seal",
    "truncate journal_seal",
    "delete from journal_delivery",
    "truncate journal_delivery",
)
REFUSED_TO_THE_SEALER = (
    "insert into journal_entry (body) values (:body)",
    "update journal_entry set body = body",
    "delete from journal_entry",
    "update journal_seal set n = n",
    "delete from journal_seal",
    "truncate journal_seal",
    "insert into journal_seal (lo, hi, first, n, root, frontier, leaves, at)"
    " values ('3', '4', 0, 1, '', '{}', '', now())",
    "insert into journal_seal (seq, lo, hi, first, n, root, frontier, leaves)"
    " overriding system value values (9, '3', '4', 0, 1, '', '{}', '')",
    "select * from journal_delivery",
)
STOPPED_FOR_ALL = (
    "update journal_entry set body = body",
    "delete from journal_entry",
    "truncate journal_entry cascade",
    "update journal_seal set n = n",
    "delete from journal_seal",
    "truncate journal_seal",
)


@pytest.mark.django_db
@pytest.mark.parametrize("statement", REFUSED_TO_THE_WEB)
def test_the_web_may_not(statement: str) -> None:
    announce(LanternLit(1), about="lantern:1", by=Doer(), at=AT)
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.replace(":body", BODY))
    assert isinstance(refused.value.__cause__, psycopg.Error)
    assert refused.value.__cause__.sqlstate in {"42501", "428C9"}, refused.value


@pytest.mark.parametrize("statement", REFUSED_TO_THE_SEALER)
def test_the_sealer_may_not(sealer: psycopg.Connection[Any], statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        sealer.execute(statement.replace(":body", BODY))


@pytest.mark.parametrize("statement", STOPPED_FOR_ALL)
def test_even_the_superuser_is_stopped_by_a_sentence(
    superuser: psycopg.Connection[Any], statement: str
) -> None:
    with pytest.raises(psycopg.Error, match="chỉ được ghi thêm"):
        superuser.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body",
    [
        "no json",
        "[1]",
        '{"about":"x","about":"y","at_ms":1,"event":"z"}',
        '{"about":"x","at_ms":1}',
        '{"about":"x","at_ms":"soon","event":"z"}',
    ],
)
def test_an_entry_is_one_object_that_says_what_of_what_and_when(body: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("insert into journal_entry (body) values (%s)", [body])


@pytest.mark.django_db
def test_the_web_finds_the_journal_guarded() -> None:
    assert unguarded() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("slip", "said"),
    [
        ("grant update on journal_entry to tinhso_app", "UPDATE"),
        ("grant delete on journal_seal to tinhso_app", "DELETE"),
        ("grant truncate on journal_entry, journal_delivery to tinhso_app", "TRUNCATE"),
        ("grant insert on journal_entry to tinhso_app", "số giao dịch"),
        ("alter table journal_entry disable trigger all", "đang bị tắt"),
        ("drop trigger journal_seal_is_append_only on journal_seal", "đang bị tắt"),
    ],
)
def test_a_guard_that_is_missing_is_named(superuser: psycopg.Connection[Any], slip: str, said: str) -> None:
    superuser.execute(slip)
    assert said in " ".join(unguarded())
