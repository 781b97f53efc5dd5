"""What other modules may call of the measures."""

from tinhso.measures.queries import (
    Day,
    bridge_of,
    by_month,
    by_office,
    cases_of,
    days,
    on_time_of,
    outcomes,
    totals,
)
from tinhso.measures.rules import NATIONAL_FROM, VERSIONS, Formula, OnTime, Outcome
from tinhso.measures.services.count_day import count_day, count_stale_days

__all__ = [
    "NATIONAL_FROM",
    "VERSIONS",
    "Day",
    "Formula",
    "OnTime",
    "Outcome",
    "bridge_of",
    "by_month",
    "by_office",
    "cases_of",
    "count_day",
    "count_stale_days",
    "days",
    "on_time_of",
    "outcomes",
    "totals",
]
