"""Hand a dossier to the next desk of its unit."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from tinhso.directory.api import Actor, Role, calendar
from tinhso.dossiers.events import DossierForwarded
from tinhso.dossiers.lifecycle import LIFECYCLE, State, Verb
from tinhso.dossiers.models import Dossier
from tinhso.dossiers.permissions import POLICY, May
from tinhso.dossiers.queries import steps_of
from tinhso.dossiers.services.keep_step import author_of, keep_step
from tinhso.dossiers.services.move_desk import put_on_desk


class NoFurtherStep(Exception):
    """The next step is the leader's: a draft of the result leads there, not a hand-over."""


@transaction.atomic
def forward(*, by: Actor, at: dt.datetime, tracking_code: str, note: str = "") -> Dossier:
    """Move the dossier to the unit's next step. Raises ``NotThere``, ``StepNotAllowed``, ``NoFurtherStep``."""
    dossier = POLICY.one(by, May.HANDLE, tracking_code=tracking_code)
    LIFECYCLE.after(State(dossier.state), Verb.FORWARD)
    later = [s for s in steps_of(dossier) if s.order > dossier.desk_step]
    if not later or later[0].desk != "unit":
        raise NoFurtherStep
    put_on_desk(dossier, later[0], at=at, calendar=calendar())
    keep_step(
        dossier,
        Verb.FORWARD,
        author=author_of(by, dossier.handling_office_id, Role.SPECIALIST),
        by=by,
        at=at,
        event=DossierForwarded(
            dossier.pk, dossier.procedure_code, dossier.receiving_office_id, dossier.desk_step
        ),
        note=note,
        step=dossier.desk_step,
    )
    return dossier
