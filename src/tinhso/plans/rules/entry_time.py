"""How long the secretary may take to enter a document, and whether it was entered late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tinhso.toolkit.working_time import WorkingCalendar, in_vietnam

URGENT, NORMAL, MANY = "urgent", "normal", "many"


@dataclass(frozen=True, slots=True)
class EntryRule:
    """One version of the times of entry: working days by key, and from how many tasks a document has many.

    ``working_days`` 0: the same day, until the offices close.
    """

    version: str
    many_tasks_from: int
    working_days: Mapping[str, int]
    labels: Mapping[str, str]

    def key(self, urgency: str, tasks: int) -> str:
        """Return which of the times holds: an urgent document is urgent however much it assigns."""
        if urgency == URGENT:
            return URGENT
        return MANY if tasks >= self.many_tasks_from else NORMAL


@dataclass(frozen=True, slots=True)
class EntryTime:
    """When a document came, by when it was to be entered, when it was; ``late`` is working time, 0 when in time."""

    received_at: dt.datetime
    due_at: dt.datetime
    entered_at: dt.datetime
    label: str
    late: dt.timedelta

    @property
    def is_late(self) -> bool:
        """Say whether it was entered after its time."""
        return self.entered_at > self.due_at

    @property
    def late_words(self) -> str:
        """Say how late it was entered, in working hours or minutes; blank when in time."""
        if not self.is_late:
            return ""
        minutes = int(self.late / dt.timedelta(minutes=1))
        if minutes < 1:
            return "Nhập trễ, ngoài giờ làm việc"
        hours, rest = divmod(minutes, 60)
        parts = [f"{hours} giờ" if hours else "", f"{rest} phút" if rest else ""]
        return "Nhập trễ " + " ".join(part for part in parts if part) + " làm việc"


def entry_rule(document: Mapping[str, Any], on: dt.date) -> EntryRule:
    """Return the version of ``data/entry_times.json`` that holds on a day. Raises ``LookupError`` before the first."""
    held = [one for one in document["versions"] if dt.date.fromisoformat(one["valid_from"]) <= on]
    if not held:
        msg = f"no times of entry on {on}"
        raise LookupError(msg)
    latest = max(held, key=lambda one: one["valid_from"])
    return EntryRule(
        latest["version"],
        latest["many_tasks_from"],
        {one["key"]: one["working_days"] for one in latest["rules"]},
        {one["key"]: one["label"] for one in latest["rules"]},
    )


def entry_due(received_at: dt.datetime, key: str, rule: EntryRule, calendar: WorkingCalendar) -> dt.datetime:
    """Return by when a document is to be entered.

    What comes outside office hours counts from their next beginning. The same day ends when the offices close.
    """
    begins = calendar.next_working_moment(received_at)
    days = rule.working_days[key]
    if days == 0:
        return dt.datetime.combine(begins.date(), calendar.halves[-1][1], begins.tzinfo)
    return calendar.add_working_minutes(begins, days * calendar.minutes_per_day())


def entry_time(
    received_at: dt.datetime,
    entered_at: dt.datetime,
    urgency: str,
    tasks: int,
    rule: EntryRule,
    calendar: WorkingCalendar,
) -> EntryTime:
    """Return the clock of one entry, from the document's arrival to its entry."""
    key = rule.key(urgency, tasks)
    due = entry_due(received_at, key, rule, calendar)
    entered = in_vietnam(entered_at)
    late = calendar.working_time_between(due, entered) if entered > due else dt.timedelta()
    return EntryTime(in_vietnam(received_at), due, entered, rule.labels[key], late)
