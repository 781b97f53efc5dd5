"""A simulated year of the whole province: how long every question of the figures takes, and whether it is right.

`python -m bench.measures --json` makes a throw-away province with a year of dossiers, counts every day, asks each
question of the pages from the counting rows, from the raw rows by plain SQL, and from a copy in DuckDB, and compares
all answers. Then it lets an event happen and waits until the figures show it, with the real worker beside.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bench.province import a_year, let_something_happen

RUNS = 7
Answers = dict[str, Any]
TARGETS = {"question_ms": 50, "event_s": 5, "recount_s": 2}


_IDENTITY = """
with cell as (
  select day, office_id, procedure_code, coalesce(sum(n) filter (where kind = 1), 0) received,
    coalesce(sum(n) filter (where kind = 2), 0) ended, coalesce(sum(n) filter (where kind = 3), 0) running
  from measures_dayrow where day between %(first)s and %(last)s group by 1, 2, 3),
both_days as (
  select coalesce(now.day, before.day + 1) as day, coalesce(before.running, 0) carried,
    coalesce(now.received, 0) received, coalesce(now.ended, 0) ended, coalesce(now.running, 0) running
  from cell now full join cell before on before.day = now.day - 1 and before.office_id = now.office_id
    and before.procedure_code = now.procedure_code)
select count(*), count(*) filter (where received + carried <> ended + running) from both_days
where day > %(first)s and day <= %(last)s
"""


@dataclass(frozen=True)
class Question:
    """A question of a page: its period, what it divides by, and what it is narrowed to."""

    name: str
    first: dt.date
    last: dt.date
    by: str = "nothing"
    office: int | None = None
    code: str = ""
    field: int | None = None


def questions(first: dt.date, last: dt.date, largest: dict[str, Any]) -> list[Question]:
    """Return what the pages ask, over the year and over an odd period that begins and ends within months."""
    odd = first.replace(day=1) + dt.timedelta(days=75), last - dt.timedelta(days=40)
    found = []
    for name, (begins, ends) in (("year", (first, last)), ("odd period", odd)):
        found += [
            Question(f"province, {name}", begins, ends),
            Question(f"by month, {name}", begins, ends, "month"),
            Question(f"by office, {name}", begins, ends, "office_id"),
            Question(f"by procedure, {name}", begins, ends, "procedure_code"),
            Question(f"by field, {name}", begins, ends, "field_id"),
            Question(f"by service level, {name}", begins, ends, "level"),
            Question(f"one office, {name}", begins, ends, office=largest["office"]),
            Question(
                f"procedures of one office, {name}", begins, ends, "procedure_code", office=largest["office"]
            ),
            Question(f"one procedure, {name}", begins, ends, code=largest["code"]),
            Question(f"offices of one procedure, {name}", begins, ends, "office_id", code=largest["code"]),
            Question(f"offices of one field, {name}", begins, ends, "office_id", field=largest["field"]),
        ]
    found.append(Question("by day, 60 days", last - dt.timedelta(days=60), last, "day"))
    return found


def main() -> int:
    """Measure and print; return 1 where an answer is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dossiers", type=int, default=770_000)
    parser.add_argument("--keep", type=Path, help="a folder where the province stays, to be asked again")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--json", action="store_true")
    told = parser.parse_args()
    with a_year(told.dossiers, told.keep) as year:
        document = {
            "year": year.told,
            "targets": TARGETS,
            **measure(year.first, year.last, year.now, told.runs),
        }
        document["event"] = let_something_happen(year)
    if told.json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, default=str) + "\n")
    else:
        for row in document["questions"]:
            sys.stdout.write(
                f"{row['name']:45} {row['counting_ms']:8.1f} {row['sql_ms']:9.1f} {row['duckdb_ms']:9.1f} ms"
                f"  {'equal' if row['equal'] else 'DIFFERENT'}\n"
            )
    is_right = all(row["equal"] for row in document["questions"]) and not document["identity"]["broken"]
    return 0 if is_right else 1


def measure(first: dt.date, last: dt.date, now: dt.datetime, runs: int) -> dict[str, Any]:
    """Ask every question three ways."""
    from bench.direct import Duck, ask_postgres, question  # noqa: PLC0415 - the database comes first
    from tinhso.measures.api import By, Wanted, tallies, usual  # noqa: PLC0415 - the database comes first

    duck = Duck()
    strict, national = usual("strict", last), usual("national", last)
    rows: list[dict[str, Any]] = []
    for one in questions(first, last, _largest()):
        by = By(one.by)
        wanted = Wanted(office_id=one.office, procedure_code=one.code, field_id=one.field)

        def counting(one: Question = one, by: By = by, wanted: Wanted = wanted) -> dict[str, Any]:
            found = tallies(one.first, one.last, by, wanted)
            return {
                _key(key): (n.received.total(), *_pair(n.under(strict)), *_pair(n.under(national)))
                for key, n in found.items()
            }

        where = " and ".join(
            ["true"]
            + ([f"t.office = {one.office}"] if one.office else [])
            + ([f"t.code = '{one.code}'"] if one.code else [])
            + ([f"c.field = {one.field}"] if one.field else [])
        )
        key = {"office_id": "t.office", "procedure_code": "t.code", "field_id": "c.field", "level": "c.level"}
        if by in (By.DAY, By.MONTH):
            ours, ms = _timed(counting, runs)
            theirs, copied, sql, ducks = _by_spans(one, by, ours, ask_postgres, duck, question, now)
        else:
            text = question(
                one.first, one.last, key=key.get(one.by, "0"), where=where, end=_end(one.last, now)
            )
            ours, ms = _timed(counting, runs)
            theirs, sql = _timed(partial(ask_postgres, text), 1)
            copied, ducks = _timed(partial(duck.ask, text), 2)
        ours, theirs, copied = (_without_none(answers) for answers in (ours, theirs, copied))
        differs = [
            key
            for key in {*ours, *theirs, *copied}
            if not ours.get(key) == theirs.get(key) == copied.get(key)
        ]
        rows.append(
            {
                "name": one.name,
                "answers": len(ours),
                "counting_ms": round(ms, 2),
                "sql_ms": round(sql, 1),
                "duckdb_ms": round(ducks, 1),
                "equal": not differs,
                "differences": [
                    (key, ours.get(key), theirs.get(key), copied.get(key)) for key in differs[:3]
                ],
                "met": ms <= TARGETS["question_ms"],
            }
        )
    return {
        "questions": rows,
        "slowest_ms": max(row["counting_ms"] for row in rows),
        "identity": _identity(first, last - dt.timedelta(days=1)),
    }


def _identity(first: dt.date, last: dt.date) -> dict[str, int]:
    """Count the cells of day, office and procedure in which received and carried are not ended and running.

    A formula puts each case that ended or runs into one of its six groups, so it holds for every formula or for none.
    """
    from django.db import connection  # noqa: PLC0415 - the database comes first

    with connection.cursor() as cursor:
        cursor.execute(_IDENTITY, {"first": first, "last": last})
        cells, broken = cursor.fetchone()
    return {"cells": cells, "broken": broken}


def _by_spans(
    one: Question, by: Any, ours: Answers, ask: Any, duck: Any, question: Any, now: dt.datetime
) -> tuple[Answers, Answers, float, float]:
    """Ask for each day or month of a question apart."""
    from tinhso.measures.api import By  # noqa: PLC0415 - the database comes first
    from tinhso.measures.rules import last_day_of  # noqa: PLC0415 - the database comes first

    found: Answers = {}
    copies: Answers = {}
    sql = ducks = 0.0
    for key in ours:
        begins = dt.date.fromisoformat(key)
        ends = begins if by is By.DAY else min(last_day_of(begins), one.last)
        text = question(max(begins, one.first), ends, end=_end(ends, now))
        theirs, spent = _timed(partial(ask, text), 1)
        copied, spent_by_duck = _timed(partial(duck.ask, text), 1)
        sql, ducks = sql + spent, ducks + spent_by_duck
        found[key], copies[key] = theirs.get("0"), copied.get("0")
    return found, copies, sql, ducks


def _end(last: dt.date, now: dt.datetime) -> dt.datetime | None:
    """Return the moment at which a period that is not over is judged."""
    return now.replace(tzinfo=None) if last == now.date() else None


def _largest() -> dict[str, Any]:
    from django.db import connection  # noqa: PLC0415 - the database comes first

    found = {}
    with connection.cursor() as cursor:
        for name, column in (("office", "office_id"), ("code", "procedure_code"), ("field", "field_id")):
            cursor.execute(
                f"select {column} from measures_monthrow where kind = 1 group by 1 order by sum(n) desc limit 1"  # noqa: S608
            )
            (found[name],) = cursor.fetchone()
    return found


def _pair(figure: Any) -> tuple[int, int]:
    return figure.numerator, figure.denominator


def _key(key: Any) -> str:
    return "0" if key is None else key.isoformat() if isinstance(key, dt.date) else str(key)


def _without_none(answers: dict[str, Any]) -> dict[str, Any]:
    """Leave out what belongs to no part: no level or field was decided."""
    return {key: value for key, value in answers.items() if key not in ("None", "0") or len(answers) == 1}


def _timed(do: Callable[[], Any], runs: int) -> tuple[Any, float]:
    """Return the answer and the median of the milliseconds it took."""
    answer, spent = None, []
    for _run in range(runs):
        begun = time.perf_counter()
        answer = do()
        spent.append(1000 * (time.perf_counter() - begun))
    return answer, statistics.median(spent)


if __name__ == "__main__":
    sys.exit(main())
