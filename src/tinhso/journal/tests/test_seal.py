"""Sealing: in commit order, by one sealer, under writers, after crashes; and the heads outside."""

import contextlib
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tinhso.journal.api import CannotSeal, health, latest_head, seal_until, verify
from tinhso.journal.queries import last_head_in
from tinhso.journal.rules import Head
from tinhso.journal.services.seal import Sealer
from tinhso.journal.tests.conftest import PATIENCE, Journal, address

Make = Callable[[], Journal]


def heads_of(journal: Journal) -> list[Head]:
    return [Head.read(line) for line in journal.heads.read_text().splitlines()]


def again(journal: Journal) -> Sealer:
    """Start another sealer after the first one died."""
    # A closed connection gives its lock back only when its process has ended.
    with contextlib.suppress(psycopg.Error):
        journal.sealing.execute("select pg_advisory_unlock_all()")
    journal.sealing.close()
    journal.sealing = journal.connect("tinhso_sealer")
    journal.sealer = Sealer(journal.sealing, journal.heads)
    return journal.sealer


def check(journal: Journal) -> None:
    found = verify(journal.app, journal.heads)
    assert found.first_broken is None, found.first_broken
    assert found.checked == found.seals


def test_a_beat_without_news_writes_nothing(new_journal: Make) -> None:
    journal = new_journal()
    assert journal.sealer.beat() is None
    assert not journal.heads.exists()
    assert verify(journal.app, journal.heads).is_whole


def test_each_head_is_written_outside_once(new_journal: Make) -> None:
    journal = new_journal()
    for count in (1, 3, 2):
        journal.write(count)
        journal.seal()
        journal.sealer.beat()
    head = journal.seal()
    assert head.size == 6
    assert heads_of(journal)[-1] == head == last_head_in(journal.heads)
    assert len(heads_of(journal)) == head.seq
    check(journal)


def test_a_second_sealer_is_refused(new_journal: Make) -> None:
    journal = new_journal()
    with journal.connect("tinhso_sealer") as second, pytest.raises(CannotSeal, match="Chỉ cần một"):
        Sealer(second, journal.heads)


def test_a_sealer_goes_on_where_the_last_one_was_killed(new_journal: Make) -> None:
    journal = new_journal()
    journal.write(5)
    journal.seal()
    again(journal)
    journal.write(6)
    assert journal.seal().size == 11
    check(journal)


def test_the_head_that_a_killed_sealer_could_not_write_is_written_by_the_next(new_journal: Make) -> None:
    journal = new_journal()
    for _ in range(3):
        journal.write(2)
        journal.seal()
    *others, last = journal.heads.read_text().splitlines(keepends=True)
    journal.heads.write_text("".join(others) + last[:40])
    assert verify(journal.app, journal.heads).is_whole, "one head may be on its way"
    again(journal)
    assert heads_of(journal)[-1] == Head.read(last)
    check(journal)


@pytest.mark.parametrize("missing", [2, 3], ids=["two heads", "every head but the first"])
def test_a_sealer_refuses_to_go_on_when_heads_are_missing(new_journal: Make, missing: int) -> None:
    journal = new_journal()
    for _ in range(4):
        journal.write(1)
        journal.seal()
    lines = journal.heads.read_text().splitlines(keepends=True)
    journal.heads.write_text("".join(lines[:-missing]))
    with pytest.raises(CannotSeal, match="không khớp"):
        again(journal)


def test_a_sealer_refuses_to_go_on_when_the_database_knows_less_than_the_heads(new_journal: Make) -> None:
    journal = new_journal()
    journal.write(3)
    journal.seal()
    journal.write(3)
    journal.seal()
    with journal.connect("postgres") as superuser:
        superuser.execute("set session_replication_role = replica")
        superuser.execute("delete from journal_seal where seq = (select max(seq) from journal_seal)")
    with pytest.raises(CannotSeal, match="không khớp"):
        again(journal)


def test_a_sealer_stops_at_a_seal_that_is_not_its_own(new_journal: Make) -> None:
    journal = new_journal()
    journal.write(3)
    head = journal.seal()
    with journal.connect("postgres") as superuser:
        superuser.execute(
            "insert into journal_seal (lo, hi, first, n, root, frontier, leaves)"
            " values (%s::text::xid8, '999999999', 3, 1, '', '{}', '')",
            [str(head.hi)],
        )
    journal.write(1)
    with pytest.raises(CannotSeal, match="không đóng"):
        journal.seal()


def test_a_database_whose_transactions_began_anew_is_not_sealed(new_journal: Make) -> None:
    journal = new_journal()
    journal.write(1)
    journal.seal()
    journal.sealer._hi += 1_000_000
    with pytest.raises(CannotSeal, match="pg_resetwal"):
        journal.sealer.beat()


def test_a_long_writing_transaction_holds_sealing_up_and_loses_nothing(new_journal: Make) -> None:
    journal = new_journal()
    with journal.connect("tinhso_app") as slow:
        with slow.transaction():
            journal.write(1, on=slow)
            journal.write(5)
            for _ in range(20):
                assert journal.sealer.beat() is None
        assert journal.seal().size == 6
    check(journal)


def test_a_transaction_that_commits_late_is_sealed_in_its_own_place(new_journal: Make) -> None:
    journal = new_journal()
    with journal.connect("tinhso_app") as early, journal.connect("tinhso_app") as late:
        with early.transaction():
            journal.write(1, on=early)
            with late.transaction():
                journal.write(2, on=late)
            journal.write(1, on=early)
        journal.seal()
    order = journal.app.execute("select id from journal_entry e order by e.xid, e.id").fetchall()
    assert [number for (number,) in order] == [1, 4, 2, 3]
    check(journal)


def test_a_sealer_among_writers_seals_each_entry_once(new_journal: Make) -> None:
    journal = new_journal()
    stop, wrong = threading.Event(), []

    def write(seed: int) -> None:
        with journal.connect("tinhso_app") as connection:
            for n in range(40):
                with connection.transaction(force_rollback=(n + seed) % 5 == 0):
                    journal.write(1 + n % 3, on=connection)
                    time.sleep(0.001 * (seed % 3))

    def seal() -> None:
        try:
            seal_until(stop, journal.sealing, journal.heads)
        except Exception as error:  # noqa: BLE001 - told to the test, whatever it is
            wrong.append(error)

    journal.sealing.execute("select pg_advisory_unlock_all()")
    writers = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    sealing = threading.Thread(target=seal)
    for thread in (sealing, *writers):
        thread.start()
    for _ in range(10):
        assert verify(journal.app, journal.heads).is_whole, "verifying while sealing goes on"
        time.sleep(0.05)
    for thread in writers:
        thread.join(30)
    deadline = time.monotonic() + PATIENCE
    while verify(journal.app, journal.heads).as_json()["unsealed"]:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    stop.set()
    sealing.join(10)
    assert wrong == []
    check(journal)


@pytest.mark.django_db(transaction=True)
def test_health_tells_what_is_sealed_and_whether_a_sealer_runs(
    sealer: psycopg.Connection[Any], tmp_path: Path
) -> None:
    assert (latest_head(), health().is_sealer_running) == (None, False)
    running = Sealer(sealer, tmp_path / "heads.jsonl")
    with psycopg.connect(**address("tinhso_app")) as connection:
        row = connection.execute(
            "insert into journal_entry (body) values (%s) returning id",
            ['{"about":"x","at_ms":1,"by":"y","data":{},"event":"z.Z"}'],
        ).fetchone()
    assert row is not None
    assert health().is_sealer_running
    assert (health().sealed, health().unsealed, health().oldest_unsealed) == (0, 1, row[0])
    deadline = time.monotonic() + PATIENCE
    while (head := running.beat()) is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert (health().sealed, health().unsealed, health().oldest_unsealed) == (1, 0, None)
    assert latest_head() == head
