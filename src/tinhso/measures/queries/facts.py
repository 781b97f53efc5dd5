"""The cases of a period with their class, straight from those who own them: the root of every figure.

A figure counted here and one summed from day rows are the same: day rows are these classes, counted.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from tinhso.measures.rules import bounds
from tinhso.measures.rules.classes import FACETS, WORTH
from tinhso.toolkit.clock import VN
from tinhso.toolkit.counting import case_relation

_ZONE: Final = "Asia/Ho_Chi_Minh"


def _against(due: str) -> str:
    """Return the place of how a case stood to a due moment, in the order of ``FACETS``."""
    day, of = f"(moment at time zone '{_ZONE}')::date", f"({due} at time zone '{_ZONE}')::date"
    return (
        f"case when {due} is null then 0 when moment > {due} then 3"
        f" when how = '' or {day} < {of} then 1 else 2 end"
    )


def _class() -> str:
    ends = " ".join(f"when '{how}' then {place}" for place, how in enumerate(FACETS["how"]) if place)
    return (
        f"case how {ends} else 0 end"
        f" + {WORTH['original']} * ({_against('original_due')})"
        f" + {WORTH['due']} * ({_against('due')})"
        f" + {WORTH['asked']} * least(asked, {len(FACETS['asked']) - 1})"
        f" + {WORTH['waits']} * (case when how <> '' or waits_since is null then 0"
        " when due is null or waits_since <= due then 1 else 2 end)"
        f" + {WORTH['extended']} * is_extended::int"
    )


def fact_query() -> str:
    """Return the query of the cases of a period with ``cls``; parameters ``start``, ``end``, ``known``."""
    return (
        f"select source.*, ({_class()})::int cls from (select one.*, coalesce(ended, %(end)s) moment"  # noqa: S608 - our own words
        f" from ({case_relation()}) one) source"
    )


@dataclass(frozen=True, slots=True)
class Period:
    """From the first moment of a day to the end of another, or to now; as the record stood at ``known``."""

    first: dt.date
    last: dt.date
    end: dt.datetime
    known: dt.datetime

    @property
    def start(self) -> dt.datetime:
        """Return the first moment."""
        return dt.datetime.combine(self.first, dt.time(), VN)

    @property
    def parameters(self) -> dict[str, Any]:
        """Return what ``fact_query`` asks for."""
        return {"start": self.start, "end": self.end, "known": self.known}


def period(first: dt.date, last: dt.date, at: dt.datetime, *, known: dt.datetime | None = None) -> Period:
    """Return a period as it is to be judged at a moment: at its end, or now where it is not over.

    ``known``: as it could be told at that earlier moment; what was recorded later is not there.
    """
    seen = min(known, at) if known else at
    return Period(first, last, bounds(last, seen)[1], seen if known else at + dt.timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Case:
    """One case with its class. No personal data; the number is for those who may read the dossier."""

    number: str
    office_id: int
    procedure_code: str
    channel: str
    accepted: dt.datetime
    original_due: dt.datetime | None
    due: dt.datetime | None
    asked: int
    ended: dt.datetime | None
    how: str
    cls: int


def classes_of(when: Period, *, office_id: int | None = None, procedure_code: str = "") -> Counter[int]:
    """Count the cases of a period by class, from the cases themselves."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select cls, count(*) from ({fact_query()}) fact"  # noqa: S608 - our own words, values are parameters
            " where (%(office)s::bigint is null or office_id = %(office)s)"
            " and (%(code)s = '' or procedure_code = %(code)s) group by 1",
            {**when.parameters, "office": office_id, "code": procedure_code},
        )
        return Counter(dict(cursor.fetchall()))


def cases_of(
    when: Period,
    *,
    office_id: int | None = None,
    procedure_code: str = "",
    classes: Collection[int] | None = None,
) -> Iterator[Case]:
    """Yield the cases of a period, in the order of acceptance; only those of the classes, where some are named."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select number, office_id, procedure_code, channel, accepted, original_due, due, asked, ended, how, cls"  # noqa: S608 - our own words, values are parameters
            f" from ({fact_query()}) fact"
            " where (%(office)s::bigint is null or office_id = %(office)s)"
            " and (%(code)s = '' or procedure_code = %(code)s)"
            " and (%(classes)s::int[] is null or cls = any(%(classes)s)) order by accepted, number",
            {
                **when.parameters,
                "office": office_id,
                "code": procedure_code,
                "classes": None if classes is None else list(classes),
            },
        )
        for number, office, code, channel, accepted, original, due, asked, ended, how, cls in cursor:
            yield Case(
                number,
                office,
                code,
                channel,
                accepted.astimezone(VN),
                _local(original),
                _local(due),
                asked,
                _local(ended),
                how,
                cls,
            )


def _local(moment: dt.datetime | None) -> dt.datetime | None:
    return moment.astimezone(VN) if moment else None
