"""Each identity holds over the demo's history, and notices the one row that breaks it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection

from tinhso.catalogue.api import import_sheets
from tinhso.config.identities import IDENTITIES
from tinhso.directory.api import SYSTEM, load_demo
from tinhso.dossiers.services.load_history import load_history
from tinhso.measures.api import count_stale_days
from tinhso.toolkit import clock

NOW = dt.datetime(2022, 5, 10, 7, 30, tzinfo=clock.VN)
ONE = "id = (select min(id) from dossiers_dossier where {})"
ACCEPTED = ONE.format("number is not null")
HANDED_OVER = ONE.format("state = 'handed_over'")
ENDED_EARLY = ONE.format("due_at is not null and ended_at < due_at")


@pytest.fixture(scope="module")
def loaded(filled: Callable[[Callable[[], object]], None]) -> None:
    """Load a small history, fewer than the sample of due moments, and count its days."""

    def load() -> None:
        load_demo(key="k")
        import_sheets(by=SYSTEM, at=NOW)
        load_history(key="k", until=NOW, lives=300)
        count_stale_days(at=NOW)

    filled(load)


@pytest.fixture
def history(loaded: None, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand at the demo's first morning."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def faults() -> set[str]:
    """Return which identities are broken."""
    return {finding.name for finding in (check() for check in IDENTITIES) if not finding.is_fine}


def break_with(statement: str) -> None:
    """Change the rows past every service."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount == 1, statement


def test_the_history_keeps_every_identity(history: None) -> None:
    assert faults() == set()


@pytest.mark.parametrize(
    ("broken", "statement"),
    [
        ("numbers", f"update dossiers_dossier set number = 'X' || number where {ACCEPTED}"),
        (
            "numbers",
            f"update dossiers_dossier set number = replace(number, '-22', '-23') where {ACCEPTED}",
        ),
        (
            "gaps",
            "update dossiers_daynumber set n = n + 1 where id = (select min(id) from dossiers_daynumber)",
        ),
        ("gaps", "delete from dossiers_daynumber where id = (select min(id) from dossiers_daynumber)"),
        (
            "gaps",
            f"update dossiers_dossier set number = left(number, -4) || '0099' where {ACCEPTED}",
        ),
        (
            "steps",
            "update dossiers_steptaken set before = 'paused' where id ="
            " (select min(id) from dossiers_steptaken where verb = 'accept')",
        ),
        (
            "steps",
            "update dossiers_steptaken set at = at - interval '200 days' where id ="
            " (select min(id) from dossiers_steptaken where verb = 'propose')",
        ),
        (
            "steps",
            "delete from dossiers_steptaken where id = (select max(id) from dossiers_steptaken where verb = 'hand_over')",
        ),
        (
            "steps",
            "update dossiers_steptaken set verb = 'return' where id ="
            " (select min(id) from dossiers_steptaken where verb = 'propose')",
        ),
        (
            "ends",
            f"update dossiers_dossier set ended_at = ended_at + interval '1 second' where {HANDED_OVER}",
        ),
        (
            "due",
            f"update dossiers_dossier set due_at = due_at + interval '1 minute' where {ENDED_EARLY}",
        ),
        (
            "figures",
            "delete from measures_daycount where id ="
            " (select min(id) from measures_daycount where measure = 'received')",
        ),
        (
            "figures",
            "update measures_daycount set n = n + 1 where id = (select min(id) from measures_daycount"
            " where measure = 'running_in_time' and day < '2022-05-10')",
        ),
        (
            "figures",
            "update measures_daycount set measure = 'finished_late' where id ="
            " (select min(id) from measures_daycount where measure = 'finished_early')",
        ),
    ],
)
def test_one_changed_row_is_noticed_and_nothing_else_is_blamed(
    history: None, broken: str, statement: str
) -> None:
    break_with(statement)
    assert faults() == {broken}


def test_a_day_that_waits_to_be_counted_anew_is_not_blamed(history: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "update measures_daycount set n = n + 1 where day = '2022-03-01' and measure = 'received'"
        )
        assert cursor.rowcount > 0
        cursor.execute("insert into measures_staleday (day) values ('2022-03-01')")
    assert faults() == set()
