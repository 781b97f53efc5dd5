"""What the worker does for data protection every day."""

from __future__ import annotations

import datetime as dt
from typing import Final

from tinhso.config.protection.retention import run_retention
from tinhso.journal.api import every
from tinhso.toolkit import clock

#: Seconds between two looks. What is put aside in one leaves the disk in the next.
EVERY: Final = 24 * 60 * 60


@every(EVERY, "protection.retention")
def retain() -> None:
    """Take out what is due."""
    run_retention(at=clock.now(), now=dt.datetime.now(dt.UTC))
