"""What will be late at an office: running dossiers by their due moment, and on whose desk each lies."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tinhso.directory.api import Actor
from tinhso.dossiers.lifecycle import RUNNING, State
from tinhso.dossiers.permissions import POLICY, May


@dataclass(frozen=True, slots=True)
class Due:
    """A running dossier. ``desk`` blank: it waits for the applicant. ``is_late``: its due moment has passed."""

    tracking_code: str
    number: str
    summary: str
    due_at: dt.datetime
    desk: str
    since: dt.datetime
    is_late: bool


def due_soon(
    by: Actor, office_ids: list[int], until: dt.datetime, *, at: dt.datetime, most: int
) -> list[Due]:
    """Return the dossiers that offices handle and an officer may read, due before a moment; the first due first.

    What waits for the applicant is left out: its clock stands still.
    """
    running = [state.value for state in RUNNING if state is not State.PAUSED]
    rows = (
        POLICY.rows(by, May.READ_AS_OFFICER)
        .filter(handling_office_id__in=office_ids, state__in=running, due_at__lt=until)
        .select_related("desk_office")
        .order_by("due_at", "pk")[:most]
    )
    return [
        Due(
            one.tracking_code,
            one.number or "",
            one.summary,
            one.due_at,
            one.desk_office.short_name if one.desk_office else "",
            one.desk_since,
            one.due_at < at,
        )
        for one in rows
        if one.due_at is not None
    ]
