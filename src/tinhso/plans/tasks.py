"""What the clock drives: targets that follow the figures, reminders, tasks that recur."""

from __future__ import annotations

import datetime as dt
from typing import Final

from tinhso.journal.api import every
from tinhso.plans.services.do_daily_duties import do_daily_duties
from tinhso.plans.services.reckon_targets import reckon_targets
from tinhso.toolkit import clock
from tinhso.toolkit.counting import when_counted

#: Nobody is reminded before this hour.
_BEGINS: Final = 8


@when_counted
def follow_figures(at: dt.datetime) -> None:
    """Reckon the targets again after days were counted anew: a light turns within seconds of the event."""
    reckon_targets(at=at)


@every(300, name="plans.daily_duties")
def daily_duties() -> None:
    """Remind whom a rule says, and give out what recurs; once a day is enough, asked more often it does nothing."""
    now = clock.now()
    if now.hour >= _BEGINS:
        do_daily_duties(at=now)


@every(900, name="plans.reckon_targets")
def reckon() -> None:
    """Reckon the targets of the day even if no day was counted: what is needed by now moves with the calendar."""
    reckon_targets(at=clock.now())
