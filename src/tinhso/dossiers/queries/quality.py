"""What Decree 61/2018/NĐ-CP, article 31, asks of dossiers that ended: time of each office and officer, and contacts.

Time is working time by the State's calendar. A step's time runs from the step before it; what the applicant took is
nobody's. The share of an office or desk is the sum of its hours in the internal process; parallel steps have none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from tinhso.directory.api import calendar
from tinhso.toolkit.clock import VN

#: Working time is known from this day on.
_KNOWN_FROM: Final = dt.date(2020, 1, 1)
_ZONE: Final = "Asia/Ho_Chi_Minh"
_MINUTE: Final = 60_000_000


@dataclass(frozen=True, slots=True)
class Marks:
    """How many dossiers did better than the rule, just kept it, or broke it: shorter, equal, longer; 0, 1, more."""

    better: int = 0
    just: int = 0
    worse: int = 0

    @property
    def n(self) -> int:
        """Return how many were judged."""
        return self.better + self.just + self.worse

    def plus(self, other: Marks) -> Marks:
        """Return both together."""
        return Marks(self.better + other.better, self.just + other.just, self.worse + other.worse)


@dataclass(frozen=True, slots=True)
class OfficerMarks:
    """One officer at one office: total time of dossiers touched, own time against its share, contacts."""

    account_id: int
    office_id: int
    total: Marks
    own: Marks
    contacts: Marks


_DONE: Final = """
done as materialized (
  select d.id, d.version_id, d.case_key, d.receiving_office_id, d.handling_office_id, d.signing_office_id,
    d.accepted_at, d.ended_at,
    case when exists (select from dossiers_duemoved m where m.dossier_id = d.id and m.cause = 'extension')
      then d.original_due_at else d.due_at end due
  from dossiers_dossier d
  where d.ended_at >= %(start)s and d.ended_at < %(end)s and d.accepted_at is not null
    and d.state in ('issued', 'handed_over', 'rejected')
    and (%(offices)s::bigint[] is null or d.receiving_office_id = any(%(offices)s)
         or d.handling_office_id = any(%(offices)s) or d.signing_office_id = any(%(offices)s))),
contact as (
  select d.id, count(s.id) n from done d left join dossiers_slip s on s.dossier_id = d.id and s.form = '02' group by 1)
"""


def _worked() -> str:
    """Return the working microseconds before a step, since the first day of the calendar."""
    halves = " + ".join(
        f"greatest(0, least(clock.micros, {_micros(to)}) - {_micros(since)})"
        for since, to in calendar().halves
    )
    return f"day.before + case when day.works then {halves} else 0 end"


def _micros(at: dt.time) -> int:
    return (at.hour * 60 + at.minute) * _MINUTE


def _spent() -> str:
    return f"""
day as materialized (
  select * from unnest(%(days)s::date[], %(before)s::bigint[], %(works)s::bool[]) one("day", before, works)),
step as (
  select s.dossier_id id, s.by_office_id office, s.account_id account, s.verb, {_worked()} worked,
    case s.verb when 'sign' then 'leader' when 'return' then 'leader' when 'issue' then 'seal' else 'unit' end desk,
    s.at, s.id place
  from done d join dossiers_steptaken s on s.dossier_id = d.id and s.at >= d.accepted_at and s.at <= d.ended_at
  cross join lateral (select s.at at time zone '{_ZONE}' moment) local
  cross join lateral (select (extract(epoch from local.moment::time) * 1000000)::bigint micros) clock
  join day on day."day" = local.moment::date),
spent as (
  select id, office, account, desk, verb, worked - lag(worked) over (partition by id order by at, place) micros from step),
mine as (
  select * from spent where micros is not null and office is not null
    and verb not in ('submit', 'supply', 'accept', 'resume', 'withdraw')),
hours as materialized (
  select c.version_id, c.key case_key, s.desk, (sum(s.hours) * {60 * _MINUTE})::bigint micros
  from catalogue_processstep s join catalogue_case c on c.id = s.case_id
  where s.desk in ('unit', 'leader', 'seal') and not s.is_parallel group by 1, 2, 3)
"""  # noqa: S608 - our own words, values are parameters


_HOURS: Final = "(({name} + {hour} - 1) / {hour})"
_SPENT_HOURS, _SHARE_HOURS = (_HOURS.format(name=name, hour=60 * _MINUTE) for name in ("spent", "share"))
_JUDGED: Final = f"""
count(*) filter (where spent <= share and {_SPENT_HOURS} < {_SHARE_HOURS}),
count(*) filter (where spent <= share and {_SPENT_HOURS} = {_SHARE_HOURS}),
count(*) filter (where spent > share)
"""


def office_times(start: dt.datetime, end: dt.datetime) -> dict[int, Marks]:
    """Return for each office how its time stood to its share, in the dossiers that ended from ``start`` to before ``end``.

    Compared in whole working hours, rounded up: equal is within the last hour of the share.
    """
    sql = f"""
with {_DONE}, {_spent()},
held as (select id, office, sum(micros)::bigint spent from mine group by 1, 2),
owed as (
  select d.id, case h.desk when 'unit' then d.handling_office_id else d.signing_office_id end office,
    sum(h.micros)::bigint share
  from done d join hours h on h.version_id = d.version_id and h.case_key = d.case_key group by 1, 2)
select office, {_JUDGED} from held join owed using (id, office) group by 1
"""  # noqa: S608 - our own words, values are parameters
    return {office: Marks(*counts) for office, *counts in _rows(sql, start, end)}


def office_opinions(start: dt.datetime, end: dt.datetime) -> dict[int, Marks]:
    """Return for each office that was asked for an opinion due in a period: answered on an earlier day, in time, not so."""
    sql = f"""
select office_id,
  count(*) filter (where (answered_at at time zone '{_ZONE}')::date < (due_at at time zone '{_ZONE}')::date),
  count(*) filter (where answered_at <= due_at
    and (answered_at at time zone '{_ZONE}')::date = (due_at at time zone '{_ZONE}')::date),
  count(*) filter (where answered_at is null or answered_at > due_at)
from dossiers_opinion where due_at >= %(start)s and due_at < %(end)s group by 1
"""  # noqa: S608 - our own words, values are parameters
    return {office: Marks(*counts) for office, *counts in _rows(sql, start, end)}


def office_contacts(start: dt.datetime, end: dt.datetime) -> dict[int, Marks]:
    """Return for each receiving office how often people had to complete dossiers that ended: never, once, more often."""
    sql = f"""
with {_DONE}
select d.receiving_office_id, count(*) filter (where n = 0), count(*) filter (where n = 1), count(*) filter (where n > 1)
from done d join contact using (id) group by 1
"""  # noqa: S608 - our own words, values are parameters
    return {office: Marks(*counts) for office, *counts in _rows(sql, start, end)}


def officer_marks(
    start: dt.datetime, end: dt.datetime, offices: Sequence[int], account_id: int | None = None
) -> list[OfficerMarks]:
    """Return the marks of the officers of some offices, or of one account there, by office and account.

    Several officers at one desk are each judged by the whole share of the desk.
    """
    sql = f"""
with {_DONE}, {_spent()},
told as (
  select account, office, id from step
  where account is not null and office = any(%(offices)s) and (%(account)s::bigint is null or account = %(account)s)
    and verb not in ('submit', 'supply', 'resume', 'withdraw') group by 1, 2, 3),
judged as (
  select t.account, t.office, c.n,
    case when d.due is null then null when d.ended_at > d.due then 3
      when (d.ended_at at time zone '{_ZONE}')::date < (d.due at time zone '{_ZONE}')::date then 1 else 2 end stood
  from told t join done d using (id) join contact c using (id)),
held as (
  select id, office, account, desk, sum(micros)::bigint spent from mine
  where account is not null and office = any(%(offices)s) and (%(account)s::bigint is null or account = %(account)s)
  group by 1, 2, 3, 4),
own as (
  select account, office, {_JUDGED} from (
    select held.account, held.office, held.spent, h.micros share from held join done d using (id)
    join hours h on h.version_id = d.version_id and h.case_key = d.case_key and h.desk = held.desk) one group by 1, 2),
whole as (
  select account, office, count(*) filter (where stood = 1) a, count(*) filter (where stood = 2) b,
    count(*) filter (where stood = 3) c, count(*) filter (where n = 0) d, count(*) filter (where n = 1) e,
    count(*) filter (where n > 1) f from judged group by 1, 2)
select whole.account, whole.office, a, b, c, d, e, f, own.*
from whole left join own on own.account = whole.account and own.office = whole.office order by 2, 1
"""  # noqa: S608 - our own words, values are parameters
    return [
        OfficerMarks(account, office, Marks(a, b, c), Marks(*(n or 0 for n in own)), Marks(d, e, f))
        for account, office, a, b, c, d, e, f, _account, _office, *own in _rows(
            sql, start, end, offices=list(offices), account=account_id
        )
    ]


def _rows(sql: str, start: dt.datetime, end: dt.datetime, **more: Any) -> list[tuple[Any, ...]]:
    days_off, last = calendar(), end.astimezone(VN).date()
    days = [_KNOWN_FROM + dt.timedelta(days=n) for n in range((last - _KNOWN_FROM).days + 1)]
    works = [days_off.is_working(day) for day in days]
    a_day, before, so_far = days_off.minutes_per_day() * _MINUTE, [], 0
    for is_working in works:
        before.append(so_far)
        so_far += a_day if is_working else 0
    values = {"start": start, "end": end, "offices": None, "account": None}
    with connection.cursor() as cursor:
        cursor.execute(sql, {**values, "days": days, "before": before, "works": works, **more})
        return list(cursor.fetchall())
