"""Facts that the directory announces. Codes only, never personal data; fields are only ever added."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CalendarChanged:
    """Days off or worked instead were entered or withdrawn by a decision; ``change_id`` is the line of history."""

    entered: str
    withdrawn: str
    decision: str
    change_id: int
