"""How long filing took: minutes from the beginning of a draft to its submission. Nobody's name, no single draft."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db import connection

from tinhso.dossiers.permissions import AT_COUNTER


@dataclass(frozen=True, slots=True)
class FilingTime:
    """The drafts of one procedure that were begun in a period and sent: how many, and their median minutes."""

    sent: int
    median_minutes: float


_MINUTES: Final = """
select p.code, count(*), percentile_cont(0.5) within group (order by extract(epoch from s.submitted_at - d.created_at) / 60)
from dossiers_draft d join dossiers_dossier s on s.id = d.dossier_id
join catalogue_procedureversion v on v.id = d.version_id join catalogue_procedure p on p.id = v.procedure_id
where d.created_at >= %(start)s and d.created_at < %(end)s and d.page <> %(counter)s
group by 1
"""


def filing_times(start: dt.datetime, end: dt.datetime) -> dict[str, FilingTime]:
    """Return the times of the drafts begun from ``start`` to before ``end`` and sent, by procedure.

    A draft opens when somebody who has signed in presses "Nộp qua mạng"; the moment of signing in is not kept with it.
    Drafts of a counter clerk are not counted.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MINUTES, {"start": start, "end": end, "counter": AT_COUNTER})
        return {code: FilingTime(n, float(median)) for code, n, median in cursor.fetchall()}
