"""Counts that need more than a case: electronic results, papers sent as files, papers taken again. By receiving office."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from django.db import connection

_ZONE: Final = "Asia/Ho_Chi_Minh"
#: A dossier that ended with a result on one of the days that were counted.
_ENDED: Final = (
    "d.ended_at >= %(start)s and d.ended_at < %(end)s and d.state in ('issued', 'handed_over')"
    f" and (d.ended_at at time zone '{_ZONE}')::date <> all(%(without)s)"
)
_ELECTRONIC: Final = f"""
select d.receiving_office_id, count(*) from dossiers_result r join dossiers_dossier d on d.id = r.dossier_id
where r.file_id is not null and {_ENDED} group by 1
"""  # noqa: S608 - our own words, values are parameters
_DIGITISED: Final = f"""
select d.receiving_office_id, count(*) from dossiers_result r join dossiers_dossier d on d.id = r.dossier_id
where r.file_id is not null and {_ENDED} and exists (select from dossiers_paper p where p.dossier_id = d.id)
group by 1
"""  # noqa: S608 - our own words, values are parameters
_REUSED: Final = f"""
select d.receiving_office_id, count(distinct d.id) from dossiers_paper p join dossiers_dossier d on d.id = p.dossier_id
where p.taken_from_id is not null and d.accepted_at >= %(start)s and d.accepted_at < %(end)s
  and (d.accepted_at at time zone '{_ZONE}')::date <> all(%(without)s) group by 1
"""  # noqa: S608 - our own words, values are parameters


def electronic_results(
    start: dt.datetime, end: dt.datetime, without: Sequence[dt.date] = ()
) -> dict[int, int]:
    """Count the dossiers that ended with a signed and sealed file from ``start`` to before ``end``, by office.

    ``without``: days that are left out, because nothing else was counted on them.
    """
    return _by_office(_ELECTRONIC, start, end, without)


def digitised(start: dt.datetime, end: dt.datetime, without: Sequence[dt.date] = ()) -> dict[int, int]:
    """Count those of ``electronic_results`` in which a paper lies as a file too, by office."""
    return _by_office(_DIGITISED, start, end, without)


def reused(start: dt.datetime, end: dt.datetime, without: Sequence[dt.date] = ()) -> dict[int, int]:
    """Count the dossiers accepted in a period in which a paper was taken from an earlier dossier, by office."""
    return _by_office(_REUSED, start, end, without)


def _by_office(sql: str, start: dt.datetime, end: dt.datetime, without: Sequence[dt.date]) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"start": start, "end": end, "without": list(without)})
        return dict(cursor.fetchall())
