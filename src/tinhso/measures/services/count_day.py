"""Count a day anew, and the sums that hang on it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.db import connection, transaction

from tinhso.catalogue.api import level_and_field_on
from tinhso.measures.models import CountedDay, CountedMonth, StaleDay
from tinhso.measures.queries.facts import fact_query, period
from tinhso.measures.rules import month_after
from tinhso.measures.services.count_times import count_times, sum_times

#: The lock of a day is its number under this; of a month, its first day under the next.
_DAY_LOCK: Final = 0x7D
_MONTH_LOCK: Final = 0x7E

_ROWS: Final = """
with fact as materialized ({facts}),
told as (select * from unnest(%(codes)s::text[], %(levels)s::int[], %(fields)s::bigint[]) one(code, level, field)),
fresh as materialized (
  select kind, office_id, procedure_code, channel, cls, coalesce(min(level), 0) level,
         coalesce(min(field), 0) field, count(*) n
  from (select 1 kind, office_id, procedure_code, channel, 0 cls from fact where accepted >= %(start)s
        union all
        select case when how = '' then 3 else 2 end, office_id, procedure_code, channel, cls from fact) one
  left join told on told.code = procedure_code group by 1, 2, 3, 4, 5),
gone as (
  delete from measures_dayrow kept where day = %(day)s and not exists (
    select from fresh where (fresh.kind, fresh.office_id, fresh.procedure_code, fresh.channel, fresh.cls)
      = (kept.kind, kept.office_id, kept.procedure_code, kept.channel, kept.cls)))
insert into measures_dayrow as kept (day, kind, office_id, procedure_code, channel, cls, level, field_id, n)
select %(day)s, * from fresh
on conflict (kind, day, office_id, procedure_code, channel, cls)
do update set n = excluded.n, level = excluded.level, field_id = excluded.field_id
where (kept.n, kept.level, kept.field_id) is distinct from (excluded.n, excluded.level, excluded.field_id)
"""

#: A part keeps the channel of what it received only.
_RECEIVED_BY: Final = "case when kind = 1 then channel else '' end received_by"
#: The parts of the whole: number, key of a day row, kinds that are summed.
_PARTS: Final = (
    "select 0 part, ''::text \"key\", kind, channel, cls, n from rows",
    "select 1, office_id::text, kind, received_by, cls, n from rows",
    "select 2, procedure_code, kind, received_by, cls, n from rows where kind < 3",
    "select 3, field_id::text, kind, received_by, cls, n from rows where kind < 3 and field_id > 0",
    "select 4, level::text, kind, received_by, cls, n from rows where kind < 3 and level > 0",
)
_SUMS: Final = """
with rows as materialized ({rows}),
fresh as materialized (
  select part, kind, "key", channel, cls, sum(n) n from ({parts}) one group by 1, 2, 3, 4, 5),
gone as (
  delete from measures_partsum kept where span = %(span)s and first = %(first)s and not exists (
    select from fresh where (fresh.part, fresh.kind, fresh."key", fresh.channel, fresh.cls)
      = (kept.part, kept.kind, kept."key", kept.channel, kept.cls)))
insert into measures_partsum as kept (span, first, part, kind, "key", channel, cls, n)
select %(span)s, %(first)s, * from fresh
on conflict (part, span, kind, first, "key", channel, cls) do update set n = excluded.n where kept.n <> excluded.n
"""
_DAY_SUMS: Final = _SUMS.format(
    rows=f"select *, {_RECEIVED_BY} from measures_dayrow where kind in (1, 2, 3) and day = %(first)s",  # noqa: S608
    parts=" union all ".join(_PARTS),
)
_MONTH_SUMS: Final = _SUMS.format(
    rows=f"select *, {_RECEIVED_BY} from measures_dayrow"  # noqa: S608
    " where kind in (1, 2) and day >= %(first)s and day < %(after)s",
    parts=" union all ".join(_PARTS),
)
_MONTH_ROWS: Final = """
with fresh as materialized (
  select kind, office_id, procedure_code, channel, cls, level, field_id, sum(n) n from measures_dayrow
  where kind in (1, 2) and day >= %(first)s and day < %(after)s group by 1, 2, 3, 4, 5, 6, 7),
gone as (
  delete from measures_monthrow kept where month = %(first)s and not exists (
    select from fresh
    where (fresh.kind, fresh.office_id, fresh.procedure_code, fresh.channel, fresh.cls, fresh.level, fresh.field_id)
      = (kept.kind, kept.office_id, kept.procedure_code, kept.channel, kept.cls, kept.level, kept.field_id)))
insert into measures_monthrow as kept (month, kind, office_id, procedure_code, channel, cls, level, field_id, n)
select %(first)s, * from fresh
on conflict (kind, month, office_id, procedure_code, channel, cls, level, field_id)
do update set n = excluded.n where kept.n <> excluded.n
"""


@transaction.atomic
def count_day(day: dt.date, *, at: dt.datetime) -> None:
    """Count the day's rows and sums from the cases, write what differs, remember that it was counted.

    A month that is over loses its mark, for its sums no longer hold: ``count_months`` makes them anew. Whoever sums
    the month just now is waited for, so that no mark is set after this one was taken away.
    """
    _lock(_DAY_LOCK, day)
    StaleDay.objects.filter(day=day).delete()
    told = level_and_field_on(day)
    when = period(day, day, at)
    with connection.cursor() as cursor:
        cursor.execute(
            _ROWS.format(facts=fact_query()),
            {
                **when.parameters,
                "day": day,
                "codes": list(told),
                "levels": [level for level, _field in told.values()],
                "fields": [field for _level, field in told.values()],
            },
        )
    sum_day(day)
    count_times(when)
    CountedDay.objects.update_or_create(day=day, defaults={"counted_at": at})
    _lock(_MONTH_LOCK, day.replace(day=1), shared=True)
    CountedMonth.objects.filter(month=day.replace(day=1)).delete()


@transaction.atomic
def sum_day(day: dt.date) -> None:
    """Sum a day's rows for the province, its offices, procedures, fields and service levels."""
    with connection.cursor() as cursor:
        cursor.execute(_DAY_SUMS, {"span": "d", "first": day})


@transaction.atomic
def count_month(month: dt.date, *, at: dt.datetime) -> None:
    """Sum the days of a month that is over."""
    _lock(_MONTH_LOCK, month)
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"first": month, "after": month_after(month), "span": "m"}
        cursor.execute(_MONTH_ROWS, values)
        cursor.execute(_MONTH_SUMS, values)
    sum_times(month, month_after(month))
    CountedMonth.objects.update_or_create(month=month, defaults={"counted_at": at})


@transaction.atomic
def mark_stale(day: dt.date) -> None:
    """Remember that a day's numbers no longer hold."""
    StaleDay.objects.bulk_create([StaleDay(day=day)], ignore_conflicts=True)


@transaction.atomic
def settle(*, at: dt.datetime, settling_days: int) -> int:
    """Mark the days stale that nobody counted since they ended: the settling window. Returns how many.

    Counted while it ran, a day lacks what became late in its last hours; a day without any event was never counted.
    """
    today = at.date()
    first = today - dt.timedelta(days=settling_days)
    counted = dict(CountedDay.objects.filter(day__gte=first).values_list("day", "counted_at"))
    begun = CountedDay.objects.exists()
    unsettled = [
        day
        for day in (first + dt.timedelta(days=n) for n in range(settling_days + 1))
        if begun and (day not in counted or counted[day].astimezone(at.tzinfo).date() <= day < today)
    ]
    StaleDay.objects.bulk_create([StaleDay(day=day) for day in unsettled], ignore_conflicts=True)
    return len(unsettled)


def count_stale_days(*, at: dt.datetime) -> int:
    """Count anew every day on which something happened since it was counted; today too. Returns how many.

    The latest day first: it is the one that people look at.
    """
    days = list(StaleDay.objects.order_by("-day").values_list("day", flat=True))
    for day in days:
        count_day(day, at=at)
    count_months(at=at)
    return len(days)


def count_months(*, at: dt.datetime) -> int:
    """Sum every month that is over, all of whose days are counted, and whose sums do not hold. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select month from (select date_trunc('month', day)::date as month, count(*) n
                               from measures_countedday where day < date_trunc('month', %(today)s::date) group by 1) one
            where n = extract(day from month + interval '1 month' - interval '1 day')
              and month not in (select month from measures_countedmonth)
              and not exists (select from measures_staleday where date_trunc('month', day)::date = month)
            order by month desc""",
            {"today": at.date()},
        )
        months = [month for (month,) in cursor.fetchall()]
    for month in months:
        count_month(month, at=at)
    return len(months)


def _lock(space: int, day: dt.date, *, shared: bool = False) -> None:
    """Wait for the lock of a day or month and keep it to the end of the transaction; shared: beside others of its kind."""
    lock = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"select {lock}(%s, %s)", [space, day.toordinal()])
