"""Count how long the cases took that ended on a day, and the medians of a month."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from typing import Any, Final

from django.db import connection

from tinhso.directory.api import calendar
from tinhso.measures.queries.facts import Period, fact_query
from tinhso.toolkit.clock import VN
from tinhso.toolkit.copy_rows import copy_rows
from tinhso.toolkit.counting import wait_relation

_COLUMNS: Final = ("day", "office_id", "procedure_code", "minutes", "given", "waited", "n")
_KEYS: Final = ((1, "office_id::text"), (2, "procedure_code"))
_SUMS: Final = """
insert into measures_parttime (part, "key", first, minutes, given, n, waits, waited)
select %(part)s, {key}, %(first)s, minutes, given, sum(n), coalesce(sum(n) filter (where waited > 0), 0), sum(n * waited)
from measures_timerow where day >= %(first)s and day < %(after)s group by 2, 4, 5
"""
_STATS: Final = """
insert into measures_timestat (part, first, "key", n, median, p90, given, limited, within, waits, waited)
select %(part)s, %(first)s, "key", sum(n), min(minutes) filter (where 2 * upto >= whole),
  min(minutes) filter (where 10 * upto >= 9 * whole),
  min(given) filter (where given > 0 and 2 * limits >= limited), coalesce(sum(n) filter (where given > 0), 0),
  coalesce(sum(n) filter (where given > 0 and minutes <= given), 0), sum(waits), sum(waited)
from (select *, sum(n) over (partition by "key" order by minutes, given) upto, sum(n) over (partition by "key") whole,
             sum(n) filter (where given > 0) over (partition by "key" order by given, minutes) limits,
             sum(n) filter (where given > 0) over (partition by "key") limited
      from measures_parttime where part = %(part)s and first = %(first)s) one
group by "key"
"""


def count_times(when: Period) -> None:
    """Count the times of the day anew; the caller holds its lock and transaction."""
    with connection.cursor() as cursor:
        cursor.execute("delete from measures_timerow where day = %s", [when.first])
    days_off = calendar()
    times: Counter[tuple[int, str, int, int, int]] = Counter()
    waits = _waits(when)
    for number, office, code, accepted, due, ended in _ended(when):
        waited = sum(days_off.working_minutes_between(began, to) for began, to in waits.get(number, ()))
        minutes = days_off.working_minutes_between(accepted, ended) - waited
        given = days_off.working_minutes_between(accepted, due) if due else 0
        times[office, code, max(minutes, 0), given, waited] += 1
    copy_rows("measures_timerow", _COLUMNS, ((when.first, *key, n) for key, n in sorted(times.items())))


def sum_times(first: dt.date, after: dt.date) -> None:
    """Sum the times of a month and find its medians; the caller holds its lock and transaction."""
    with connection.cursor() as cursor:
        cursor.execute("delete from measures_parttime where first = %s", [first])
        cursor.execute("delete from measures_timestat where first = %s", [first])
        for part, key in _KEYS:
            values: dict[str, Any] = {"part": part, "first": first, "after": after}
            cursor.execute(_SUMS.format(key=key), values)
            cursor.execute(_STATS, values)


def _ended(when: Period) -> list[tuple[Any, ...]]:
    """Return the cases that ended in the period otherwise than by withdrawal."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select number, office_id, procedure_code, accepted, original_due, ended"  # noqa: S608 - our own words
            f" from ({fact_query()}) fact where how in ('issued', 'rejected')",
            when.parameters,
        )
        return [
            (number, office, code, accepted.astimezone(VN), due and due.astimezone(VN), ended.astimezone(VN))
            for number, office, code, accepted, due, ended in cursor.fetchall()
        ]


def _waits(when: Period) -> dict[str, list[tuple[dt.datetime, dt.datetime]]]:
    found: dict[str, list[tuple[dt.datetime, dt.datetime]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(wait_relation(), when.parameters)
        for number, began, ended in cursor.fetchall():
            found[number].append((began.astimezone(VN), ended.astimezone(VN)))
    return found
