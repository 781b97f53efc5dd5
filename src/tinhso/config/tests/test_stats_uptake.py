"""``tinhso stats uptake`` equals a direct count in SQL."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection

from tinhso.catalogue.api import import_sheets
from tinhso.config.commands import stats
from tinhso.directory.api import SYSTEM, load_demo
from tinhso.dossiers.services.load_abandoned import load_abandoned
from tinhso.dossiers.services.load_history import load_history
from tinhso.measures.api import count_stale_days
from tinhso.toolkit import clock

NOW = dt.datetime(2022, 5, 10, 7, 30, tzinfo=clock.VN)
PERIODS = (("2022-01-01", "2022-05-10"), ("2022-03-01", "2022-03-31"), ("2022-05-01", "2022-05-10"))

RECEIVED = """
select procedure_code, count(*) filter (where channel = 'online'), count(*) filter (where channel = 'counter'),
       count(*) filter (where channel = 'post')
from dossiers_dossier where accepted_at >= %(start)s and accepted_at < %(end)s group by 1
"""
#: Question pages have keys without a dot; what was sent has reached every step.
DRAFTS = """
with d as (select p.code, d.dossier_id is not null as sent, d.furthest, d.created_at, d.saved_at,
             case when d.dossier_id is not null or d.furthest = 'buoc.xem-lai' then 3 when d.furthest = 'buoc.giay-to' then 2
                  when d.furthest in ('', 'buoc.noi-nop') then 0 else 1 end as step
           from dossiers_draft d join catalogue_procedureversion v on v.id = d.version_id
             join catalogue_procedure p on p.id = v.procedure_id
           where d.created_at >= %(start)s and d.created_at < %(end)s and d.page <> 'buoc.tai-quay')
select code, count(*), count(*) filter (where step >= 1), count(*) filter (where step >= 2),
       count(*) filter (where step >= 3), count(*) filter (where sent),
       count(*) filter (where not sent and step = 0 and saved_at < %(old)s),
       count(*) filter (where not sent and step = 1 and saved_at < %(old)s),
       count(*) filter (where not sent and step = 2 and saved_at < %(old)s),
       count(*) filter (where not sent and step = 3 and saved_at < %(old)s),
       percentile_cont(0.5) within group (order by extract(epoch from saved_at - created_at) / 60)
         filter (where saved_at > created_at)
from d group by 1
"""


@pytest.fixture
def past(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Load the province with a part of its past, count its days, and stand at the morning of the demo."""
    load_demo(key="k")
    import_sheets(by=SYSTEM, at=NOW)
    load_history(key="k", until=NOW, lives=2000)
    load_abandoned(until=NOW)
    count_stale_days(at=NOW)
    monkeypatch.setattr(clock, "now", lambda: NOW)

    @contextmanager
    def here() -> Iterator[None]:
        yield

    monkeypatch.setattr(stats, "database", here)


def figures(first: str, last: str) -> dict[str, Any]:
    """Run the command and read its document."""
    words = ["uptake", "--from", first, "--to", last, "--json"]
    ran = CliRunner().invoke(stats.command, words, catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    found: dict[str, Any] = json.loads(ran.output)
    return found


def rows(sql: str, first: str, last: str) -> dict[str, tuple[Any, ...]]:
    """Count in SQL, by code."""
    start = dt.datetime.fromisoformat(first).replace(tzinfo=clock.VN)
    end = min(dt.datetime.fromisoformat(last).replace(tzinfo=clock.VN) + dt.timedelta(days=1), NOW)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"start": start, "end": end, "old": NOW - dt.timedelta(days=7)})
        return {code: tuple(row) for code, *row in cursor.fetchall()}


def test_it_equals_a_direct_count_in_sql(past: None) -> None:
    steps = ("office", "questions", "papers", "check")
    for first, last in PERIODS:
        document = figures(first, last)
        told = {one["code"]: one for one in document["procedures"]}
        received, drafts = rows(RECEIVED, first, last), rows(DRAFTS, first, last)
        assert document["uncounted_days"] == []
        assert len(drafts) == 5
        assert {code for code, one in told.items() if one["drafts"]} == set(drafts)
        services = {code: one["service"] for code, one in told.items() if one["service"]}
        assert document["services"] == len(services) > 0
        for code, service in services.items():
            assert tuple(service["received"].values()) == received.get(code, (0, 0, 0)), code
        for code, (begun, *counts) in drafts.items():
            said = told[code]["drafts"]
            reached = [said["reached"][step] for step in steps]
            assert [said["begun"], *reached] == [begun, begun, *counts[:3]], code
            assert said["reached"]["sent"] == counts[3]
            assert [said["untouched"][step] for step in steps] == counts[4:8]
            assert said["median_minutes"] == pytest.approx(float(counts[8]))
            stopped = sum(said["untouched"].values()) + sum(said["lately"].values())
            assert stopped + said["reached"]["sent"] == begun
        unused = {code for code in services if not sum(received.get(code, (0,)))}
        assert document["unused"] == len(unused)


def test_a_period_that_ends_before_it_begins_is_refused(past: None) -> None:
    ran = CliRunner().invoke(stats.command, ["uptake", "--from", "2022-05-02", "--to", "2022-05-01"])
    assert ran.exit_code == 1
    assert "Ngày cuối đứng trước" in ran.output
