"""What can be counted of dossiers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import connection

from tinhso.toolkit.clock import VN
from tinhso.toolkit.counting import CaseFacts, register_cases, register_uses

_CASES = """
select d.number, d.receiving_office_id, d.procedure_code, d.channel, d.accepted_at, d.original_due_at, d.due_at,
  case when p.n is null then '{}' else p.began end, case when p.n is null then '{}' else p.ended end,
  d.ended_at, case when d.ended_at is null then '' when d.state in ('issued', 'handed_over') then 'issued'
                   else d.state end
from dossiers_dossier d
left join lateral (select count(*) n, array_agg(began_at order by began_at) began,
                          array_agg(ended_at order by began_at) ended
                   from dossiers_pause p where p.dossier_id = d.id having count(*) > 0) p on true
where d.accepted_at < %(end)s and (d.ended_at is null or d.ended_at >= %(start)s)
order by d.accepted_at, d.id
"""


def cases(start: dt.datetime, end: dt.datetime) -> Iterator[CaseFacts]:
    """Yield the dossiers accepted before ``end`` that had not ended before ``start``."""
    with connection.cursor() as cursor:
        cursor.execute(_CASES, {"start": start, "end": end})
        for number, office, code, channel, accepted, original, due, began, stopped, ended, how in cursor:
            yield CaseFacts(
                number,
                office,
                code,
                channel,
                accepted.astimezone(VN),
                _local(original),
                _local(due),
                tuple((b.astimezone(VN), _local(e)) for b, e in zip(began, stopped, strict=True)),
                _local(ended),
                how,
            )


def _local(moment: dt.datetime | None) -> dt.datetime | None:
    return moment.astimezone(VN) if moment else None


def uses(start: dt.datetime, end: dt.datetime) -> dict[str, int]:
    """Return how many dossiers of each procedure were filed in the period, by its code."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select procedure_code, count(*) from dossiers_dossier"
            " where submitted_at >= %s and submitted_at < %s group by 1",
            [start, end],
        )
        return dict(cursor.fetchall())


register_cases("dossiers", cases)
register_uses("dossiers", uses)
