"""``tinhso stats on-time`` equals a direct count in SQL, and its rows are enough to recount it by hand."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection

from tinhso.catalogue.api import import_sheets
from tinhso.config.commands import stats
from tinhso.directory.api import SYSTEM, load_demo
from tinhso.dossiers.services.load_history import load_history
from tinhso.toolkit import clock

NOW = dt.datetime(2022, 5, 10, 7, 30, tzinfo=clock.VN)
PERIODS = (("2022-01-01", "2022-05-10"), ("2022-02-01", "2022-02-28"), ("2022-04-01", "2022-04-30"))

STRICT = """
with d as (select *, ended_at < %(end)s as over from dossiers_dossier
           where accepted_at < %(end)s and (ended_at is null or ended_at >= %(start)s) and original_due_at is not null)
select count(*) filter (where over and state <> 'withdrawn' and ended_at <= original_due_at),
       count(*) filter (where (over and state <> 'withdrawn') or (over is not true and original_due_at < %(end)s))
from d
"""
NATIONAL = """
with d as (select d.*, d.ended_at < %(end)s as over,
             (select count(*) from dossiers_pause p where p.dossier_id = d.id and p.began_at < %(end)s) as asked,
             (select min(p.began_at) from dossiers_pause p where p.dossier_id = d.id and p.began_at < %(end)s
                and (p.ended_at is null or p.ended_at >= %(end)s)) as waits
           from dossiers_dossier d
           where d.accepted_at < %(end)s and (d.ended_at is null or d.ended_at >= %(start)s))
select count(*) filter (where asked < 2 and (due_at is null
         or case when over then ended_at when waits is not null then waits else %(end)s end <= due_at)), count(*)
from d
"""


@pytest.fixture
def history(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Load the province with a part of its history, and stand at the morning of the demo."""
    load_demo(key="k")
    import_sheets(by=SYSTEM, at=NOW)
    load_history(key="k", until=NOW, lives=3000)
    monkeypatch.setattr(clock, "now", lambda: NOW)

    @contextmanager
    def here() -> Iterator[None]:
        yield

    monkeypatch.setattr(stats, "database", here)


def figure(first: str, last: str, formula: str, rows: Path | None = None) -> dict[str, Any]:
    """Run the command and read its document."""
    words = ["on-time", "--from", first, "--to", last, "--formula", formula, "--json"]
    ran = CliRunner().invoke(
        stats.command, [*words, *(["--rows", str(rows)] if rows else [])], catch_exceptions=False
    )
    assert ran.exit_code == 0, ran.output
    found: dict[str, Any] = json.loads(ran.output)
    return found


def test_both_figures_equal_a_direct_count(history: None) -> None:
    for first, last in PERIODS:
        start = dt.datetime.combine(dt.date.fromisoformat(first), dt.time(), clock.VN)
        end = min(
            dt.datetime.combine(dt.date.fromisoformat(last), dt.time(), clock.VN) + dt.timedelta(days=1), NOW
        )
        for formula, query in (("strict", STRICT), ("national", NATIONAL)):
            with connection.cursor() as cursor:
                cursor.execute(query, {"start": start, "end": end})
                on_time, all_of_them = cursor.fetchone()
            found = figure(first, last, formula)
            assert (found["numerator"], found["denominator"]) == (on_time, all_of_them), (first, formula)
            assert 0 < on_time < all_of_them


def test_an_outsider_recounts_it_from_the_rows(history: None, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    found = figure("2022-01-01", "2022-05-10", "strict", file)
    judged = dt.datetime.fromisoformat(found["judged_at"])
    on_time = counted = 0
    with file.open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            due = dt.datetime.fromisoformat(row["original_due"]) if row["original_due"] else None
            ended = dt.datetime.fromisoformat(row["ended"]) if row["ended"] else None
            if due is None or row["how"] == "withdrawn" or (ended is None and due >= judged):
                continue
            counted += 1
            on_time += ended is not None and ended <= due
    assert (on_time, counted) == (found["numerator"], found["denominator"])
    assert found["rows"] == found["denominator"] + sum(found["excluded"].values())


def test_a_period_the_wrong_way_round_is_refused_with_a_sentence() -> None:
    ran = CliRunner().invoke(
        stats.command,
        ["on-time", "--from", "2022-05-10", "--to", "2022-01-01", "--formula", "strict", "--json"],
    )
    assert ran.exit_code == 1
    assert "Ngày cuối đứng trước ngày đầu" in ran.output
