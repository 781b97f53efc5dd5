"""What the measures announce."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UseTargetSet:
    """A target of use was set by a decision; ``replaces`` is the one that no longer holds, None for the first.

    ``office_id`` None: the whole province; ``procedure_code`` blank: all procedures.
    """

    target: int
    month: dt.date
    office_id: int | None
    procedure_code: str
    replaces: int | None
    decision_number: str
    decision_date: dt.date
