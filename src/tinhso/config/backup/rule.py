"""Say how often is backed up, how long it is kept and how often restoring is tried: data with dates, `rule.json`."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of the rule; ``drill_hour`` is an hour of the machine's day in Vietnam."""

    base_every: dt.timedelta
    keep: dt.timedelta
    keep_weekly: dt.timedelta
    drill_every: dt.timedelta
    drill_hour: int


def rule_on(day: dt.date) -> Rule:
    """Return the version that is in force on a day (the machine's)."""
    versions = json.loads(Path(__file__).with_name("rule.json").read_text("utf-8"))["versions"]
    found = [one for one in versions if one["effective_from"] <= day.isoformat()][-1]
    return Rule(
        dt.timedelta(hours=found["base_every_hours"]),
        dt.timedelta(days=found["keep_days"]),
        dt.timedelta(weeks=found["keep_weeks"]),
        dt.timedelta(days=found["drill_every_days"]),
        found["drill_hour"],
    )
