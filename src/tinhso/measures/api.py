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
from tinhso.measures.queries.uptake import Uptake, Use, giving_up, thresholds, uptake
from tinhso.measures.rules import NATIONAL_FROM, VERSIONS, Formula, OnTime, Outcome, Received
from tinhso.measures.services.count_day import count_day, count_stale_days
from tinhso.measures.services.load_targets import load_targets

__all__ = [
    "NATIONAL_FROM",
    "VERSIONS",
    "Day",
    "Formula",
    "OnTime",
    "Outcome",
    "Received",
    "Uptake",
    "Use",
    "bridge_of",
    "by_month",
    "by_office",
    "cases_of",
    "count_day",
    "count_stale_days",
    "days",
    "giving_up",
    "load_targets",
    "on_time_of",
    "outcomes",
    "thresholds",
    "totals",
    "uptake",
]
