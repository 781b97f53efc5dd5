# ruff: noqa: S608 - our own words, and nobody else asks
"""The same figures by plain SQL over the raw rows, written apart from the program: for PostgreSQL and for DuckDB.

Moments are local and without zone in both, so that one text serves two engines.
"""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from pathlib import Path
from typing import Any, Final

import duckdb
from django.db import connection, transaction

_LOCAL: Final = "at time zone 'Asia/Ho_Chi_Minh'"
#: The raw rows as PostgreSQL keeps them.
RAW: Final = {
    "d": "select id, number, receiving_office_id office, procedure_code code, channel, state,"
    f" accepted_at {_LOCAL} accepted, original_due_at {_LOCAL} original_due, ended_at {_LOCAL} ended"
    " from dossiers_dossier where accepted_at is not null",
    "p": f"select dossier_id id, began_at {_LOCAL} began, ended_at {_LOCAL} ended from dossiers_pause",
    "m": f"select id move, dossier_id id, at {_LOCAL} happened, after {_LOCAL} after from dossiers_duemoved",
    "c": "select p.code, p.field_id field, l.level from catalogue_procedure p join catalogue_servicelevel l"
    " on l.procedure_id = p.id and l.system = 2011 and l.valid_to is null",
}
_FIGURES: Final = """
touched as (
  select d.*, d.ended is not null and d.ended < {end} as over from d
  where d.accepted < {end} and (d.ended is null or d.ended >= {start})),
asked as (
  select id, count(*) n, min(case when ended is null or ended >= {end} then began end) since
  from p where began < {end} group by id),
due as (
  select id, after from (select id, after, row_number() over (partition by id order by happened desc, move desc) place
                         from m where happened < {end}) one where place = 1),
case_ as (
  select t.*, {key} as k, coalesce(due.after, t.original_due) due_now, coalesce(asked.n, 0) asked, asked.since
  from touched t left join asked on asked.id = t.id left join due on due.id = t.id left join c on c.code = t.code
  where {where}),
judged as (
  select k, accepted,
    case when original_due is null or (over and state = 'withdrawn') then 0
         when over then case when ended <= original_due then 1 else 2 end
         when original_due < {end} then 2 else 0 end strict,
    case when asked > 1 then 2 when due_now is null then 1
         when case when over then ended when since is not null then since else {end} end <= due_now then 1 else 2 end nat
  from case_)
select k, sum(case when accepted >= {start} then 1 else 0 end) received,
  sum(case when strict = 1 then 1 else 0 end), sum(case when strict > 0 then 1 else 0 end),
  sum(case when nat = 1 then 1 else 0 end), count(*)
from judged group by k
"""
#: A code is no number, however it looks.
_TEXT: Final = {"d": ", types={'code': 'varchar'}", "c": ", types={'code': 'varchar'}", "p": "", "m": ""}
Row = tuple[int, int, int, int, int]


def question(
    first: dt.date, last: dt.date, *, key: str = "0", where: str = "true", end: dt.datetime | None = None
) -> str:
    """Return the text of a question; what each key got: received, strict and national numerators and denominators."""
    over = end or dt.datetime.combine(last + dt.timedelta(days=1), dt.time())
    return _FIGURES.format(
        start=f"timestamp '{first:%Y-%m-%d} 00:00:00'",
        end=f"timestamp '{over:%Y-%m-%d %H:%M:%S}'",
        key=key,
        where=where,
    )


def ask_postgres(text: str) -> dict[Any, Row]:
    """Ask the raw rows where they lie."""
    raw = ", ".join(f"{name} as not materialized ({rows})" for name, rows in RAW.items())
    with transaction.atomic(), connection.cursor() as cursor:
        # Moments made local have no statistics: left to guess, the planner joins a million rows one by one.
        cursor.execute("set local enable_nestloop = off")
        cursor.execute(f"with {raw}, {text}")
        return _rows(cursor.fetchall())


class Duck:
    """The same raw rows in memory, in columns."""

    def __init__(self) -> None:
        self._link = duckdb.connect(":memory:")
        for name, rows in RAW.items():
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / f"{name}.csv"
                _write(rows, file)
                self._link.execute(
                    f"create table {name} as select * from read_csv('{file}', header=true, sample_size=-1{_TEXT[name]})"
                )

    def ask(self, text: str) -> dict[Any, Row]:
        """Ask the copy."""
        return _rows(self._link.execute(f"with {text}").fetchall())


def _write(query: str, file: Path) -> None:
    with connection.cursor() as cursor, file.open("w", encoding="utf-8", newline="") as out:
        cursor.execute(query)
        sheet = csv.writer(out)
        sheet.writerow([column.name for column in cursor.description])
        while rows := cursor.fetchmany(20_000):
            sheet.writerows(rows)


def _rows(found: list[Any]) -> dict[Any, Row]:
    return {str(key): tuple(map(int, rest)) for key, *rest in found}  # type: ignore[misc]
