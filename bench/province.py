"""A throw-away province with a simulated year of dossiers, every day of it counted."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
import psycopg
from psycopg.conninfo import make_conninfo
from tests.browser import free_port

PATIENCE = 60.0
ROWS = 10_000_000
#: The days of the year, as far as its months and days are copied to earlier years.
_FIRST, _AFTER = dt.date(2021, 5, 11), dt.date(2022, 5, 10)
_KEPT = (
    ("measures_dayrow", "day", "kind, office_id, procedure_code, channel, cls, level, field_id, n"),
    ("measures_monthrow", "month", "kind, office_id, procedure_code, channel, cls, level, field_id, n"),
    ("measures_partsum", '"first"', 'span, part, kind, "key", channel, cls, n'),
    ("measures_countedday", "day", "counted_at"),
    ("measures_countedmonth", "month", "counted_at"),
)
_ROWS = (
    "select relname, pg_total_relation_size(oid) from pg_class"
    " where relname in ('measures_dayrow', 'measures_monthrow', 'measures_partsum')"
)


@dataclass(frozen=True)
class AYear:
    """The year: its days, and what loading and counting it took."""

    first: dt.date
    last: dt.date
    now: dt.datetime
    told: dict[str, Any]


@contextmanager
def a_year(dossiers: int, keep: Path | None = None) -> Iterator[AYear]:
    """Make the province and talk to its database; everything is gone afterwards, unless it is to be kept.

    A province that was kept is used as it is: what it took is told from its first time.
    """
    with tempfile.TemporaryDirectory(prefix="tinhso-year-") as gone:
        home = keep or Path(gone)
        home.mkdir(exist_ok=True)
        home.chmod(0o711)
        os.environ |= {
            "TINHSO_DATA": str(home / "data"),
            "TINHSO_DEMO": "1",
            "TINHSO_ROLE": "app",
            "TINHSO_TRUST_PORT": str(free_port()),
            "DJANGO_SETTINGS_MODULE": "tinhso.config.settings",
        }
        report = home / "year.json"
        if not report.exists():
            _run("migrate")
        django.setup()
        from tinhso.config.runtime import database  # noqa: PLC0415 - Django is set up now
        from tinhso.toolkit import clock  # noqa: PLC0415 - the same

        with database():
            if not report.exists():
                loaded = json.loads(
                    _run("demo", "year", "--dossiers", str(dossiers), "--json").splitlines()[-1]
                )
                report.write_text(json.dumps(_count(loaded)))
            told = json.loads(report.read_text())
            told["counting_rows_with_earlier_years"] = _add_earlier_years()
            now = clock.now().replace(microsecond=0)
            _bring_up_to(now)
            yield AYear(dt.date.fromisoformat(told["from"]), now.date(), now, told)


def _run(*words: str) -> str:
    done = subprocess.run([_tinhso(), *words], check=True, capture_output=True, text=True)
    return done.stdout


def _tinhso() -> str:
    return str(Path(sys.executable).parent / "tinhso")


def _count(loaded: dict[str, Any]) -> dict[str, Any]:
    from django.db import connection  # noqa: PLC0415 - Django is set up now

    from tinhso.measures.api import count_day, count_stale_days  # noqa: PLC0415 - the same
    from tinhso.toolkit import clock  # noqa: PLC0415 - the same

    now = clock.now().replace(microsecond=0)
    begun = time.monotonic()
    days = count_stale_days(at=now)
    counted = time.monotonic() - begun
    with connection.cursor() as cursor:
        cursor.execute(_ROWS)
        sizes = dict(cursor.fetchall())
        rows = {}
        for table in sizes:
            cursor.execute(f"select count(*) from {table}")  # noqa: S608 - our own names
            (rows[table],) = cursor.fetchone()
        cursor.execute(
            "select day from measures_dayrow where kind = 3 group by day order by sum(n) desc limit 1"
        )
        (fullest,) = cursor.fetchone()
    again = []
    for day in (now.date(), fullest):
        begun = time.monotonic()
        count_day(day, at=now)
        again.append(round(time.monotonic() - begun, 2))
    count_stale_days(at=now)
    tidy()
    return {
        **loaded,
        "days": days,
        "count_s": round(counted, 1),
        "count_ms_a_day": round(1000 * counted / days, 1),
        "counting_rows": sum(rows.values()),
        "rows": rows,
        "counting_bytes": sizes,
        "recount_s": {"today": again[0], "fullest_day": again[1]},
    }


def _bring_up_to(now: dt.datetime) -> None:
    """Count today as it stands at this moment."""
    from tinhso.measures.api import count_day, count_stale_days  # noqa: PLC0415 - Django is set up now

    count_stale_days(at=now)
    count_day(now.date(), at=now)


def _add_earlier_years() -> int:
    """Let the counts of the year stand for earlier years too, until there are ten million rows; return how many."""
    from django.db import connection  # noqa: PLC0415 - Django is set up now

    with connection.cursor() as cursor:
        # The raw rows are asked as well, which takes longer than any page may.
        cursor.execute("set statement_timeout = 0; set transaction_timeout = 0")
        rows = _rows(cursor)
        years = 0
        while rows < ROWS:
            years += 1
            for table, day, columns in _KEPT:
                cursor.execute(
                    f"insert into {table} ({day}, {columns}) select ({day} - make_interval(years => %s))::date, {columns}"  # noqa: S608 - our own names
                    f" from {table} where {day} >= %s and {day} < %s on conflict do nothing",
                    [years, _FIRST, _AFTER],
                )
            rows = _rows(cursor)
        if years:
            tidy()
    return rows


def _rows(cursor: Any) -> int:
    total = 0
    for table in ("measures_dayrow", "measures_monthrow", "measures_partsum"):
        cursor.execute(f"select count(*) from {table}")  # noqa: S608 - our own names
        total += cursor.fetchone()[0]
    return total


def tidy() -> None:
    """Do at once what the database does by itself in the background: the throw-away one does not."""
    from tinhso.config.cluster import Cluster  # noqa: PLC0415 - Django is set up now

    address = Cluster(Path(os.environ["TINHSO_DATA"])).address("owner")
    with psycopg.connect(make_conninfo(**address), autocommit=True) as owner:
        owner.execute("vacuum analyze")


def let_something_happen(year: AYear) -> dict[str, Any]:
    """Accept a waiting dossier with the real worker beside; return how long until the figures show it, in seconds."""
    from tinhso.directory.api import Role, actor_of  # noqa: PLC0415 - Django is set up now
    from tinhso.directory.models import Post  # noqa: PLC0415 - the same
    from tinhso.dossiers.api import accept  # noqa: PLC0415 - the same
    from tinhso.dossiers.models import Dossier  # noqa: PLC0415 - the same
    from tinhso.measures.api import tally  # noqa: PLC0415 - the same
    from tinhso.toolkit import clock  # noqa: PLC0415 - the same

    worker = subprocess.Popen([_tinhso(), "worker"])
    spent = []
    try:
        waiting = Dossier.objects.filter(state="submitted").order_by("id")[:5]
        for dossier in waiting:
            post = Post.objects.filter(office=dossier.receiving_office, role=Role.COUNTER_CLERK).first()
            if post is None:
                continue
            today = clock.today()
            before = tally(today, today).received.total()
            accept(
                by=actor_of(post.person.account.pk, today),
                at=clock.now(),
                tracking_code=dossier.tracking_code,
            )
            begun = time.monotonic()
            while tally(today, today).received.total() == before and time.monotonic() - begun < PATIENCE:
                time.sleep(0.05)
            spent.append(round(time.monotonic() - begun, 2))
    finally:
        worker.terminate()
        worker.wait(30)
    return {"seen_after_s": spent, "met": bool(spent) and max(spent) <= 5}
