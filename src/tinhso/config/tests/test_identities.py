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
#: A move of the due moment, and a correction of the end, as rows of their ledgers.
MOVE = (
    "insert into dossiers_duemoved (dossier_id, cause, before, after, reason, by_name, at)"
    " select id, '{0}', due_at, due_at + interval '{after}', 'Chờ xác nhận', 'Vũ Thị Hoa', accepted_at from dossiers_dossier"
)
CORRECTION = (
    "insert into dossiers_correction"
    " (dossier_id, field, before, after, reason, document_number, account_id, by_name, by_title, at)"
    " select id, 'ended_at', {before}, {after}, 'Mất mạng', '07/BB', 1, 'Vũ Thị Hoa', '', ended_at from dossiers_dossier"
)
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
            "update dossiers_dossier set limit_value = limit_value + 1 where "
            + ONE.format("state = 'handed_over' and limit_unit = 'wd'"),
        ),
        ("moves", f"{MOVE.format('pause', after='1 day')} where {ENDED_EARLY}"),
        (
            "ends",
            f"{CORRECTION.format(before='ended_at', after='ended_at + interval $$1 hour$$')} where {HANDED_OVER}",
        ),
        (
            "figures",
            f"update dossiers_dossier set channel = 'post' where {ENDED_EARLY} and channel <> 'post'",
        ),
        (
            "sums",
            "update measures_partsum set n = n + 1 where ctid = (select min(ctid) from measures_partsum where part = 0)",
        ),
        (
            "sums",
            "update measures_partsum set n = n + 1 where ctid = (select min(ctid) from measures_partsum where part = 1)",
        ),
        (
            "sums",
            "update measures_monthrow set n = n + 1 where ctid = (select min(ctid) from measures_monthrow)",
        ),
    ],
)
def test_one_changed_row_is_noticed_and_nothing_else_is_blamed(
    history: None, broken: str, statement: str
) -> None:
    break_with(statement)
    assert faults() == {broken}


def test_a_moved_due_moment_without_its_row_is_noticed(history: None) -> None:
    break_with(f"update dossiers_dossier set due_at = due_at + interval '1 minute' where {ENDED_EARLY}")
    assert faults() == {"due", "moves"}


def test_an_extended_dossier_and_a_corrected_one_keep_every_identity(history: None) -> None:
    running = ONE.format("state = 'in_progress' and due_at = original_due_at")
    break_with(f"{MOVE.format('extension', after='3 days')} where {running}")
    extended = "id = (select dossier_id from dossiers_duemoved order by id desc limit 1)"
    break_with(f"update dossiers_dossier set due_at = due_at + interval '3 days' where {extended}")
    last = "ended_at - interval '1 second'"
    for before, after in (("ended_at", last), (last, "ended_at")):
        break_with(f"{CORRECTION.format(before=before, after=after)} where {HANDED_OVER}")
    assert faults() == set()
    break_with(f"update dossiers_dossier set ended_at = {last} where {HANDED_OVER}")
    assert faults() == {"ends"}


def test_a_correction_that_does_not_begin_where_the_one_before_ended_is_noticed(history: None) -> None:
    last = "ended_at - interval '1 second'"
    for before, after in (("ended_at", last), ("ended_at", last)):
        break_with(f"{CORRECTION.format(before=before, after=after)} where {HANDED_OVER}")
    break_with(f"update dossiers_dossier set ended_at = {last} where {HANDED_OVER}")
    assert faults() == {"ends"}


def test_a_dossier_withdrawn_while_paused_may_be_corrected(history: None) -> None:
    """Its pause ended with the first end that was recorded, and moved nothing."""
    paused = ONE.format("state = 'withdrawn' and accepted_at < ended_at and ended_at < due_at")
    break_with(
        "insert into dossiers_slip (token, dossier_id, form, issued_at, by_name, by_title, reason, content)"
        f" select 't', id, '02', accepted_at, '', '', 'Ảnh mờ', '{{}}' from dossiers_dossier where {paused}"
    )
    break_with(
        "insert into dossiers_pause (dossier_id, slip_id, began_at, ended_at) select d.id, s.id, accepted_at, ended_at"
        " from dossiers_dossier d join dossiers_slip s on s.dossier_id = d.id where s.token = 't'"
    )
    assert faults() == set()
    later = "ended_at + interval '1 second'"
    break_with(f"{CORRECTION.format(before='ended_at', after=later)} where {paused}")
    break_with(f"update dossiers_dossier set ended_at = {later} where {paused}")
    assert faults() == set()


def test_a_day_that_waits_to_be_counted_anew_is_not_blamed(history: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "update dossiers_dossier set channel = 'post' where channel <> 'post'"
            " and (accepted_at at time zone 'Asia/Ho_Chi_Minh')::date = '2022-03-01'"
            " and (ended_at at time zone 'Asia/Ho_Chi_Minh')::date = '2022-03-01'"
        )
        assert cursor.rowcount > 0
        cursor.execute("insert into measures_staleday (day) values ('2022-03-01')")
    assert faults() == set()
