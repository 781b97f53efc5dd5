"""What can be counted of dossiers."""

from __future__ import annotations

import datetime as dt

from django.db import connection

from tinhso.toolkit.counting import register_cases, register_uses, register_waits

_CASES = """
with changed as materialized (
  select distinct on (dossier_id) dossier_id, before from dossiers_correction
  where field = 'ended_at' and at >= %(known)s order by dossier_id, at, id),
touched as materialized (
  select d.id, d.ended_at from dossiers_dossier d
  where tstzrange(d.accepted_at, d.ended_at, '[]') && tstzrange(%(start)s, %(end)s, '[)') and d.accepted_at is not null
    and d.accepted_at < %(end)s and d.id not in (select dossier_id from changed)
  union all
  select d.id, c.before from changed c join dossiers_dossier d on d.id = c.dossier_id
  where d.accepted_at < %(end)s and c.before >= %(start)s),
asked as (
  select p.dossier_id, count(*) n, min(p.began_at) filter (where p.ended_at is null or p.ended_at >= %(end)s) since
  from touched t join dossiers_pause p on p.dossier_id = t.id where p.began_at < %(end)s group by 1),
moved as (
  select distinct on (m.dossier_id) m.dossier_id, m.after,
    bool_or(m.cause = 'extension') over (partition by m.dossier_id) is_extended
  from touched t join dossiers_duemoved m on m.dossier_id = t.id
  where m.at < %(end)s and m.at < %(known)s order by m.dossier_id, m.at desc, m.id desc)
select d.number, d.receiving_office_id office_id, d.procedure_code, d.channel, d.accepted_at accepted,
  d.original_due_at original_due, coalesce(m.after, d.original_due_at) due, coalesce(a.n, 0) asked,
  case when t.ended_at < %(end)s then null else a.since end waits_since, coalesce(m.is_extended, false) is_extended,
  case when t.ended_at < %(end)s then t.ended_at end ended,
  case when t.ended_at < %(end)s
       then case when d.state in ('issued', 'handed_over') then 'issued' else d.state end else '' end how
from touched t join dossiers_dossier d on d.id = t.id
left join asked a on a.dossier_id = t.id left join moved m on m.dossier_id = t.id
"""
_WAITS = """
select d.number, p.began_at began, least(coalesce(p.ended_at, d.ended_at), d.ended_at) ended
from dossiers_dossier d join dossiers_pause p on p.dossier_id = d.id
where d.accepted_at is not null and d.ended_at >= %(start)s and d.ended_at < %(end)s and p.began_at < d.ended_at
"""


def uses(start: dt.datetime, end: dt.datetime) -> dict[str, int]:
    """Return how many dossiers of each procedure were filed in the period, by its code."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select procedure_code, count(*) from dossiers_dossier"
            " where submitted_at >= %s and submitted_at < %s group by 1",
            [start, end],
        )
        return dict(cursor.fetchall())


register_cases("dossiers", _CASES)
register_waits("dossiers", _WAITS)
register_uses("dossiers", uses)
