"""``tinhso stats with-dossiers`` equals a direct count in SQL, by each rule and channel."""

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
from tinhso.config import stats_with_dossiers
from tinhso.config.commands import stats
from tinhso.directory.api import SYSTEM, load_demo
from tinhso.dossiers.services.load_history import load_history
from tinhso.measures.api import count_stale_days
from tinhso.toolkit import clock

NOW = dt.datetime(2022, 5, 10, 7, 30, tzinfo=clock.VN)
PERIODS = (("2022-01-01", "2022-05-10"), ("2022-03-01", "2022-04-30"), ("2022-05-01", "2022-05-10"))

#: Services online on the last day, each with what it received in the period and the whole months that it wants and has.
SERVICES = """
with service as (
  select p.code, l.valid_from since from catalogue_procedure p
  join catalogue_procedureversion v on v.procedure_id = p.id and v.published_at is not null and v.can_file_online
    and v.effective_from <= %(last)s and (v.effective_to is null or v.effective_to >= %(last)s)
  join catalogue_servicelevel l on l.procedure_id = p.id and l.system = 2011 and l.level >= 3
    and l.valid_from <= %(last)s and (l.valid_to is null or l.valid_to >= %(last)s)
  where p.is_listed),
received as (
  select procedure_code code, (accepted_at at time zone 'Asia/Ho_Chi_Minh')::date "day" from dossiers_dossier
  where accepted_at >= %(start)s and accepted_at < %(end)s and channel = any(%(channels)s)),
month as (
  select m::date "month" from generate_series(date_trunc('month', %(first)s::date), %(last)s::date, '1 month') m
  where m::date >= %(first)s and (m + interval '1 month' - interval '1 day')::date <= %(last)s)
select s.code, (select count(*) from received r where r.code = s.code),
  (select count(*) from month where "month" >= s.since),
  (select count(*) from month where "month" >= s.since and not exists (
     select from received r where r.code = s.code and date_trunc('month', r.day)::date = "month"))
from service s order by 1
"""


@pytest.fixture
def past(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Load a part of the past: a service only since the middle of March, another at the counter only in February."""
    load_demo(key="k")
    import_sheets(by=SYSTEM, at=NOW)
    load_history(key="k", until=NOW, lives=600)
    with connection.cursor() as cursor:
        cursor.execute("update catalogue_procedure set is_listed = true")
        cursor.execute(
            "update catalogue_servicelevel set valid_from = '2022-03-15' where procedure_id = ("
            " select id from catalogue_procedure where code = '1.004873')"
        )
        cursor.execute(
            "update dossiers_dossier set channel = 'counter' where procedure_code = '1.001193'"
            " and accepted_at >= '2022-02-01 00:00+07' and accepted_at < '2022-03-01 00:00+07'"
        )
    count_stale_days(at=NOW)
    monkeypatch.setattr(clock, "now", lambda: NOW)

    @contextmanager
    def here() -> Iterator[None]:
        yield

    monkeypatch.setattr(stats_with_dossiers, "database", here)


def figure(first: str, last: str, rule: str, *more: str) -> dict[str, Any]:
    """Run the command and read its document."""
    words = ["with-dossiers", "--from", first, "--to", last, "--rule", rule, *more, "--json"]
    ran = CliRunner().invoke(stats.command, words, catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    found: dict[str, Any] = json.loads(ran.output)
    return found


def direct(first: str, last: str, *channels: str) -> list[tuple[str, int, int, int]]:
    """Ask the database for services, their dossiers, months wanted and months without."""
    start = dt.datetime.fromisoformat(first).replace(tzinfo=clock.VN)
    end = min(dt.datetime.fromisoformat(last).replace(tzinfo=clock.VN) + dt.timedelta(days=1), NOW)
    values: dict[str, Any] = {
        "first": first,
        "last": last,
        "start": start,
        "end": end,
        "channels": list(channels),
    }
    with connection.cursor() as cursor:
        cursor.execute(SERVICES, values)
        return [(code, n, wanted, without) for code, n, wanted, without in cursor.fetchall()]


def test_both_rules_equal_sql(past: None) -> None:
    seen = set()
    for first, last in PERIODS:
        for channel, channels in (("online", ("online",)), ("all", ("online", "counter", "post"))):
            services = direct(first, last, *channels)
            assert len(services) >= 5
            some = figure(first, last, "any", "--channel", channel)
            assert (some["numerator"], some["denominator"]) == (
                sum(n > 0 for _c, n, _w, _m in services),
                len(services),
            )
            every = figure(first, last, "every-month", "--channel", channel)
            assert every["excluded"] == {"chưa đủ một tháng": sum(w == 0 for _c, _n, w, _m in services)}
            assert every["denominator"] == sum(w > 0 for _c, _n, w, _m in services)
            assert every["numerator"] == sum(w > 0 and m == 0 for _c, _n, w, m in services)
            told = [
                (s["code"], s["received"], s["months_wanted"], len(s["months_without"]))
                for s in every["services"]
            ]
            assert told == services
            seen.add((some["numerator"], every["numerator"], every["denominator"]))
            for parts in (every["by_department"], every["by_field"]):
                for key in ("numerator", "denominator"):
                    assert sum(part[key] for part in parts) == every[key]
    assert len(seen) >= 3, "the periods tell different stories"


def test_a_service_since_the_middle_of_march_wants_april_only_and_in_march_nothing(past: None) -> None:
    new = next(
        s for s in figure("2022-01-01", "2022-05-10", "every-month")["services"] if s["code"] == "1.004873"
    )
    assert new["months_wanted"] == 1
    march = figure("2022-03-01", "2022-03-31", "every-month")
    assert next(s for s in march["services"] if s["code"] == "1.004873")["outcome"] == "less_than_a_month"
    assert march["excluded"] == {"chưa đủ một tháng": 1}


def test_a_period_without_a_whole_month_is_not_applicable_and_backwards_is_refused(past: None) -> None:
    found = figure("2022-05-02", "2022-05-09", "every-month")
    assert (found["months"], found["denominator"], found["share"]) == ([], 0, None)
    ran = CliRunner().invoke(
        stats.command, ["with-dossiers", "--from", "2022-05-02", "--to", "2022-05-01", "--rule", "any"]
    )
    assert ran.exit_code == 1
    assert "Ngày cuối đứng trước ngày đầu" in ran.output
