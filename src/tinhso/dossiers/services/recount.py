"""Change the working calendar, and count the due moments of running dossiers anew where that is wanted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from django.db import transaction

from tinhso.directory.api import Actor, NewDay, calendar_with, change_calendar
from tinhso.dossiers.events import DueRecounted
from tinhso.dossiers.models import Dossier, DueMoved
from tinhso.dossiers.queries.recounting import Outlook, outlook
from tinhso.journal.api import announce


@transaction.atomic
def recount(
    *,
    by: Actor,
    at: dt.datetime,
    enter: Sequence[NewDay],
    withdraw: Collection[dt.date],
    decision: str,
    reason: str,
    moves: bool,
) -> Outlook:
    """Change the calendar; with ``moves``, move the due moments that become later, each with a line in its ledger.

    A promise is kept: a due moment that the new calendar would put earlier stays. Each applicant is told by whoever
    listens to ``DueRecounted``. Returns what was found for the running dossiers. Raises what ``change_calendar`` raises.
    """
    found = outlook(calendar_with(enter, withdraw, decision), [*(one.date for one in enter), *withdraw])
    change_calendar(by=by, at=at, enter=enter, withdraw=withdraw, decision=decision, reason=reason)
    if not moves:
        return found
    wanted = {line.dossier.pk: line for line in found.later}
    for dossier in Dossier.objects.select_for_update().filter(pk__in=wanted).order_by("pk"):
        line = wanted[dossier.pk]
        if dossier.due_at != line.before or dossier.ended_at is not None:
            continue
        move = DueMoved.objects.create(
            dossier=dossier,
            cause="calendar",
            before=line.before,
            after=line.after,
            reason=f"{reason.strip()} ({decision.strip()})"[:400],
            account_id=by.account_id,
            by_name=by.name,
            at=at,
        )
        dossier.due_at = line.after
        dossier.save(update_fields=["due_at"])
        announce(
            DueRecounted(dossier.pk, dossier.procedure_code, dossier.receiving_office_id, move.pk),
            about=dossier.about,
            by=by,
            at=at,
        )
    return found
