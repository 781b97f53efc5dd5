"""Give an applicant a new due moment, with an apology (form 04): the first one stays."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction

from tinhso.directory.api import Actor, Role, calendar
from tinhso.dossiers.events import DueExtended
from tinhso.dossiers.lifecycle import Author, State
from tinhso.dossiers.models import Dossier, DueMoved, Slip
from tinhso.dossiers.permissions import POLICY, May
from tinhso.dossiers.queries.changes import EXTENDABLE
from tinhso.dossiers.rules.changes import Fault, extension_fault
from tinhso.dossiers.services.ask_for_papers import ReasonMissing
from tinhso.dossiers.services.keep_step import author_of
from tinhso.journal.api import announce

LEAST_REASON = 20


class NotExtendable(Exception):
    """The dossier does not run, waits for papers, or has no due moment."""


class MomentMoved(Exception):
    """The moment that was shown is no longer the one that stands: somebody else was first."""


class MomentRefused(Exception):
    """The new moment cannot stand there; ``fault`` says why."""

    def __init__(self, fault: Fault) -> None:
        """Keep why."""
        super().__init__(fault)
        self.fault = fault


@transaction.atomic
def extend(
    *, by: Actor, at: dt.datetime, tracking_code: str, seen: dt.datetime, to: dt.datetime, reason: str
) -> Dossier:
    """Move the due moment from ``seen`` to ``to``, keep the move, issue the slip of apology.

    A late dossier may be extended too: by the strict count it stays late, for that count asks the first due moment.
    The state and the desk do not change. Raises ``NotThere``, ``NotExtendable``, ``MomentMoved``, ``MomentRefused``,
    ``ReasonMissing`` (under 20 letters).
    """
    why = reason.strip()
    if len(why) < LEAST_REASON:
        raise ReasonMissing
    dossier = POLICY.one(by, May.EXTEND, tracking_code=tracking_code)
    if State(dossier.state) not in EXTENDABLE or dossier.due_at is None:
        raise NotExtendable
    if dossier.due_at != seen:
        raise MomentMoved
    fault = extension_fault(dossier.due_at, at, to, calendar())
    if fault is not None:
        raise MomentRefused(fault)
    author, office = _signer(by, dossier)
    move = DueMoved.objects.create(
        dossier=dossier,
        cause="extension",
        before=dossier.due_at,
        after=to,
        reason=why,
        account_id=author.account_id,
        by_name=author.name,
        at=at,
    )
    slip = Slip.objects.create(
        token=secrets.token_urlsafe(16)[:22],
        dossier=dossier,
        form="04",
        issued_at=at,
        by_name=author.name,
        by_title=author.title,
        reason=why,
        content={"move": move.pk, "office": office},
    )
    dossier.due_at = to
    dossier.save(update_fields=["due_at"])
    announce(
        DueExtended(dossier.pk, dossier.procedure_code, dossier.receiving_office_id, move.pk, slip.pk),
        about=dossier.about,
        by=by,
        at=at,
    )
    return dossier


def _signer(by: Actor, dossier: Dossier) -> tuple[Author, str]:
    """Return how the leader signs the slip, and for which office: the one that signs results, before the unit."""
    for office in (dossier.signing_office, dossier.handling_office):
        if by.post(office.pk, Role.LEADER) is not None:
            return author_of(by, office.pk, Role.LEADER), office.name
    return author_of(by), dossier.handling_office.name
