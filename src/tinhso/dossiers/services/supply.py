"""Take what the applicant sends after a request for supplements; the law's clock goes on."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from tinhso.directory.api import Actor, calendar
from tinhso.documents.api import StoredFile
from tinhso.dossiers.events import PapersSupplied
from tinhso.dossiers.lifecycle import State, Verb
from tinhso.dossiers.models import Dossier, DueMoved, Paper
from tinhso.dossiers.permissions import POLICY, May
from tinhso.dossiers.queries.changes import deadline_of
from tinhso.dossiers.services.keep_step import author_of, keep_step
from tinhso.dossiers.services.move_desk import put_on_desk, step_at


class NothingSupplied(Exception):
    """The applicant sent neither a file nor a word."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """A stored file under the paper it answers, with the name it came by.

    ``taken_from_id``: the owner's earlier dossier that it was taken from; None where it is sent now.
    """

    paper_key: str
    file: StoredFile
    name: str
    taken_from_id: int | None = None


@transaction.atomic
def supply(
    *, by: Actor, at: dt.datetime, tracking_code: str, files: Sequence[SentFile], note: str = ""
) -> Dossier:
    """Add the applicant's papers and give the dossier back to the desk that asked.

    A paused clock goes on: the due moment moves and the move is kept, the original one stays. Raises ``NotThere``,
    ``StepNotAllowed``, ``NothingSupplied``.
    """
    if not files and not note.strip():
        raise NothingSupplied
    dossier = POLICY.one(by, May.SUPPLY, tracking_code=tracking_code)
    days_off = calendar()
    nth = dossier.slips.filter(form="02").count()
    Paper.objects.bulk_create(
        Paper(
            token=secrets.token_urlsafe(16)[:22],
            dossier=dossier,
            paper_key=f.paper_key,
            file=f.file,
            name=f.name,
            added_at=at,
            round=nth,
            taken_from_id=f.taken_from_id,
        )
        for f in files
    )
    was_paused = dossier.state == State.PAUSED
    if was_paused and dossier.accepted_at is not None:
        dossier.pauses.filter(ended_at=None).update(ended_at=at)
        pauses = list(dossier.pauses.order_by("began_at").values_list("began_at", "ended_at"))
        before = dossier.due_at
        dossier.due_at = deadline_of(dossier, pauses)[0].at
        _keep_move(dossier, before, at)
    desk = "unit" if was_paused else "counter"
    dossier.desk_step = 0
    put_on_desk(dossier, step_at(dossier, desk), at=at, calendar=days_off)
    keep_step(
        dossier,
        Verb.RESUME if was_paused else Verb.SUPPLY,
        author=author_of(by),
        by=by,
        at=at,
        event=PapersSupplied(dossier.pk, dossier.procedure_code, dossier.receiving_office_id),
        note=note.strip(),
    )
    return dossier


def _keep_move(dossier: Dossier, before: dt.datetime | None, at: dt.datetime) -> None:
    """Keep that the end of the pause moved the due moment. No account: the law moves it, not a person."""
    if before is not None and dossier.due_at is not None and dossier.due_at > before:
        DueMoved.objects.create(
            dossier=dossier, cause="pause", before=before, after=dossier.due_at, by_name="", at=at
        )
