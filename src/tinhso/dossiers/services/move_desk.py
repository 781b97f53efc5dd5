"""Know the internal process of a dossier and lay it on the next desk."""

from __future__ import annotations

import datetime as dt

from tinhso.catalogue.api import ProcessStep
from tinhso.directory.api import Role
from tinhso.dossiers.models import Dossier
from tinhso.dossiers.queries import steps_of
from tinhso.toolkit.working_time import WorkingCalendar

#: The columns that say on whose desk a dossier lies.
DESK = ("desk_office", "desk_role", "desk_step", "desk_since", "desk_due_at")
ROLE_OF_DESK = {
    "counter": Role.COUNTER_CLERK,
    "unit": Role.SPECIALIST,
    "leader": Role.LEADER,
    "seal": Role.SEAL_CLERK,
}


def step_at(dossier: Dossier, desk: str) -> ProcessStep:
    """Return the next step on a desk of this kind; the last such step where the dossier is beyond it."""
    steps = [s for s in steps_of(dossier) if s.desk == desk]
    return next((s for s in steps if s.order > dossier.desk_step), steps[-1])


def put_on_desk(dossier: Dossier, step: ProcessStep, *, at: dt.datetime, calendar: WorkingCalendar) -> None:
    """Move the dossier to the desk of a step; the desk's own due moment is the step's hours from now."""
    dossier.desk_office_id = {
        "counter": dossier.receiving_office_id,
        "unit": dossier.handling_office_id,
    }.get(step.desk, dossier.signing_office_id)
    dossier.desk_role = ROLE_OF_DESK[step.desk]
    dossier.desk_step = step.order
    dossier.desk_since = at
    dossier.desk_due_at = calendar.add_working_minutes(at, int(step.hours * 60))


def take_off_desk(dossier: Dossier, *, at: dt.datetime) -> None:
    """Lay the dossier on nobody's desk: it waits for the applicant, or is done."""
    dossier.desk_office_id = None
    dossier.desk_role = ""
    dossier.desk_since = at
    dossier.desk_due_at = None
