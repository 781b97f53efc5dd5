"""What the journal's tests share: a doer, a registry of one's own, and a journal written on purpose."""

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from tinhso.journal.rules import Head, body_of
from tinhso.journal.services import listen
from tinhso.journal.services.seal import Sealer
from tinhso.journal.tests.events import LanternLit
from tinhso.toolkit.clock import VN

AT = dt.datetime(2022, 5, 10, 8, 30, tzinfo=VN)
PATIENCE = 30.0


@dataclass(frozen=True)
class Doer:
    """Somebody with a code."""

    ref: str = "account:1"


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget all listeners and periodic tasks for one test."""
    monkeypatch.setattr(listen, "_listeners", {})
    monkeypatch.setattr(listen, "_periodic", {})


def address(role: str, name: str | None = None) -> dict[str, Any]:
    """Say how to connect to the tests' cluster as another role."""
    known = connection.settings_dict
    return {"host": known["HOST"], "user": role, "dbname": name or known["NAME"]}


class Journal:
    """A database of its own with entries and seals, for those who tamper with it."""

    def __init__(self, name: str, heads: Path) -> None:
        self.name = name
        self.heads = heads
        self.app = self.connect("tinhso_app")
        self.sealing = self.connect("tinhso_sealer")
        self.sealer = Sealer(self.sealing, heads)
        self._number = 0
        self._head: Head | None = None

    def connect(self, role: str) -> psycopg.Connection[Any]:
        return psycopg.connect(**address(role, self.name), autocommit=True)

    def write(self, count: int, *, on: psycopg.Connection[Any] | None = None) -> None:
        """Write entries in one transaction."""
        with (on or self.app).transaction():
            for _ in range(count):
                self._number += 1
                about = f"lantern:{self._number % 5}"
                body = body_of(LanternLit(self._number, "đèn “lồng”"), about=about, by="account:1", at=AT)
                (on or self.app).execute("insert into journal_entry (body) values (%s)", [body])

    def write_and_take_back(self) -> None:
        """Leave a gap in the entries' numbers."""
        with self.app.transaction(force_rollback=True):
            self.write(1)

    def seal(self) -> Head:
        """Beat until everything written so far is sealed: other tests' transactions may hold it up."""
        row = self.app.execute("select count(*) from journal_entry").fetchone()
        assert row is not None
        deadline = time.monotonic() + PATIENCE
        while (self._head.size if self._head else 0) < row[0]:
            assert time.monotonic() < deadline, "sealing stands still"
            self.beat()
            time.sleep(0.005)
        assert self._head is not None
        return self._head

    def beat(self) -> None:
        """Seal what can be sealed now."""
        self._head = self.sealer.beat() or self._head

    def close(self) -> None:
        self.app.close()
        self.sealing.close()


@pytest.fixture(scope="module")
def new_journal(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """Make databases for journals, and remove them afterwards."""
    made: list[Journal] = []

    def make() -> Journal:
        name = f"{connection.settings_dict['NAME']}_journal_{len(made)}"
        with psycopg.connect(**address("postgres", "postgres"), autocommit=True) as superuser:
            superuser.execute(f'drop database if exists "{name}" with (force)')
            superuser.execute(f'create database "{name}" template template')
        made.append(Journal(name, tmp_path_factory.mktemp("heads") / "heads.jsonl"))
        return made[-1]

    yield make
    for journal in made:
        journal.close()
        with psycopg.connect(**address("postgres", "postgres"), autocommit=True) as superuser:
            superuser.execute(f'drop database "{journal.name}" with (force)')
