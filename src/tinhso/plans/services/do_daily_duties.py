"""What the clock does for the committee each day: reminders, and the next of tasks that recur."""

from __future__ import annotations

import datetime as dt

from tinhso.plans.services import recur_tasks, remind_findings, remind_registration, remind_tasks


def do_daily_duties(*, at: dt.datetime) -> int:
    """Do every duty that has fallen due and was not done; return how many things were done. Asked again, it does nothing."""
    return (
        recur_tasks.recur_tasks(at=at)
        + remind_registration.remind_due(at=at)
        + remind_tasks.remind_due(at=at)
        + remind_findings.remind_due(at=at)
    )
