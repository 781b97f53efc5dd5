"""Set right a wrongly recorded end of a dossier, in the open.

Products in use have a button that sets overdue dossiers back to their due date, one by one or all at once, in the
figures too, and hides the trace. Here there is none: one dossier at a time, by its leader, with a reason and the number
of a document, written into a ledger that nobody can change. What was published stays and shows the difference. The
moment is the one that the document proves; nothing offers the due date.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from tinhso.directory.api import Actor, Role
from tinhso.dossiers.events import DossierCorrected
from tinhso.dossiers.lifecycle import ENDED, State
from tinhso.dossiers.models import Correction, Dossier
from tinhso.dossiers.permissions import POLICY, May
from tinhso.dossiers.rules.changes import end_fault
from tinhso.dossiers.services.ask_for_papers import ReasonMissing
from tinhso.dossiers.services.extend import LEAST_REASON, MomentMoved, MomentRefused
from tinhso.dossiers.services.keep_step import author_of
from tinhso.journal.api import announce

#: The moment that can be set right.
FIELD = "ended_at"


class NotCorrectable(Exception):
    """The dossier was never accepted, or has not ended: there is no end of the law's clock."""


class DocumentMissing(Exception):
    """No number of the document that proves the moment."""


@transaction.atomic
def correct(
    *,
    by: Actor,
    at: dt.datetime,
    tracking_code: str,
    seen: dt.datetime,
    to: dt.datetime,
    reason: str,
    document_number: str,
) -> Dossier:
    """Write ``to`` where ``seen`` stands as the end of the law's clock, and keep both.

    The steps stay as they were taken. A correction is itself corrected by another. Raises ``NotThere``,
    ``NotCorrectable``, ``MomentMoved``, ``MomentRefused``, ``ReasonMissing`` (under 20 letters), ``DocumentMissing``.
    """
    why, document = reason.strip(), document_number.strip()
    if len(why) < LEAST_REASON:
        raise ReasonMissing
    if not document:
        raise DocumentMissing
    dossier = POLICY.one(by, May.CORRECT, tracking_code=tracking_code)
    if State(dossier.state) not in ENDED or dossier.accepted_at is None or dossier.ended_at is None:
        raise NotCorrectable
    if dossier.ended_at != seen:
        raise MomentMoved
    fault = end_fault(
        recorded=dossier.ended_at,
        accepted=dossier.accepted_at,
        pauses=list(dossier.pauses.values_list("began_at", "ended_at")),
        at=at,
        to=to,
    )
    if fault is not None:
        raise MomentRefused(fault)
    author = author_of(by, dossier.handling_office_id, Role.LEADER)
    correction = Correction.objects.create(
        dossier=dossier,
        field=FIELD,
        before=dossier.ended_at,
        after=to,
        reason=why,
        document_number=document,
        account_id=by.account_id or 0,
        by_name=author.name,
        by_title=author.title,
        at=at,
    )
    dossier.ended_at = to
    dossier.save(update_fields=["ended_at"])
    announce(
        DossierCorrected(dossier.pk, dossier.procedure_code, dossier.receiving_office_id, correction.pk),
        about=dossier.about,
        by=by,
        at=at,
    )
    return dossier
