"""Note how far a task has come, without a claim that somebody must judge."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from tinhso.directory.api import Actor
from tinhso.plans.models import TaskReport
from tinhso.plans.services.report_task import Progress, write_report


@transaction.atomic
def note_progress(*, by: Actor, at: dt.datetime, code: str, progress: Progress) -> TaskReport:
    """Note progress of a task that an own office leads: nobody has to answer. Raises ``NotThere``, ``CannotReport``."""
    return write_report(by=by, at=at, code=code, said=progress, claims=(), is_final=False)
