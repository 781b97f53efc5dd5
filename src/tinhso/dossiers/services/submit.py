"""Submit a dossier: on line from a draft, or at the counter on behalf of a person."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from tinhso.catalogue.api import ProcedureVersion, case_named, term
from tinhso.directory.api import Actor, Office, calendar
from tinhso.dossiers.events import DossierSubmitted
from tinhso.dossiers.lifecycle import State, Verb
from tinhso.dossiers.models import Dossier, Draft, Paper, SentOnce, StepTaken
from tinhso.dossiers.permissions import DRAFTS, MayDraft
from tinhso.dossiers.queries import Route, route, steps_of
from tinhso.dossiers.services.insert_submission import Written, insert_submission, new_id
from tinhso.dossiers.services.move_desk import put_on_desk
from tinhso.dossiers.services.supply import SentFile
from tinhso.journal.api import rows_for
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.text import fold

#: Decree 61/2018/NĐ-CP: a dossier sent on line is answered within 8 working hours.
ANSWER_MINUTES = 8 * 60
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class KeyReused(Exception):
    """The same idempotency key came with another content."""


class DraftChanged(Exception):
    """The draft is not as it was read: another device has changed it, or has sent it."""


@dataclass(frozen=True, slots=True)
class Party:
    """A person named in a dossier; ``person_id`` NULL where the province does not know the person yet."""

    name: str
    person_id: int | None = None
    identity: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Filing:
    """Everything that a submission holds. Fee in VND; None where the counter says it."""

    version: ProcedureVersion
    case_key: str
    channel: str
    office: Office
    owner: Party
    submitter: Party
    helper_person_id: int | None
    answers: Mapping[str, Any]
    files: Sequence[SentFile]
    fee_vnd: int | None
    summary: str

    def body_hash(self) -> str:
        """Return the fingerprint of the content, by which a reused key is noticed."""
        body = [
            self.version.pk,
            self.case_key,
            self.channel,
            self.office.pk,
            [self.owner.name, self.owner.identity, self.owner.phone, self.owner.address],
            self.answers,
            [[f.paper_key, f.file.sha256] for f in self.files],
        ]
        text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def new_tracking_code() -> str:
    """Return an unguessable tracking code: 80 random bits, four groups without look-alike letters."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(16))
    return "-".join(letters[i : i + 4] for i in range(0, 16, 4))


def submit(*, by: Actor, at: dt.datetime, key: str, filing: Filing) -> Dossier:
    """Make one dossier for one key, however often it is sent; no number and no due date yet.

    Written by one statement, which is its own transaction where the caller has none. Raises ``KeyReused`` where the
    key came before with another content.
    """
    return _submit(by=by, at=at, key=key, filing=filing, held=None)


def submit_draft(*, by: Actor, at: dt.datetime, key: str, draft: Draft, filing: Filing) -> Dossier:
    """Submit a draft as it was read for ``filing``. A draft that was sent before gives its dossier again.

    Raises ``NotThere``, ``KeyReused``, and ``DraftChanged`` where it was changed on another device meanwhile.
    """
    mine = DRAFTS.rows(by, MayDraft.WRITE).filter(pk=draft.pk)
    try:
        return _submit(by=by, at=at, key=key, filing=filing, held=mine.filter(revision=draft.revision))
    except DraftChanged:
        if mine.exists():
            raise
        sent = Draft.objects.filter(pk=draft.pk, person_id=by.person_id or 0, dossier__isnull=False)
        found = sent.select_related("dossier").first()
        if found is None or found.dossier is None:
            raise NotThere from None
        return found.dossier


def _submit(*, by: Actor, at: dt.datetime, key: str, filing: Filing, held: QuerySet[Draft] | None) -> Dossier:
    dossier = _dossier(filing, at=at, where=route(filing.version, filing.office, at.date()))
    dossier.pk = new_id(Dossier)
    once = SentOnce(account_id=by.account_id or 0, key=key, body_hash=filing.body_hash(), at=at)
    step = StepTaken(
        verb=Verb.SUBMIT,
        before="",
        after=State.SUBMITTED,
        account_id=by.account_id,
        by_name=filing.submitter.name,
        at=at,
    )
    papers = [
        Paper(
            token=secrets.token_urlsafe(16)[:22],
            paper_key=one.paper_key,
            file_id=one.file.pk,
            name=one.name,
            added_at=at,
            taken_from_id=one.taken_from_id,
        )
        for one in filing.files
    ]
    news = rows_for(
        DossierSubmitted(dossier.pk, dossier.procedure_code, dossier.receiving_office_id, filing.channel),
        about=dossier.about,
        by=by,
        at=at,
    )
    written = insert_submission(
        once, dossier, step, papers, news=news, held=held, person_id=by.person_id or 0
    )
    if written is Written.YES:
        return dossier
    if written is Written.NOT_HELD:
        raise DraftChanged
    first = SentOnce.objects.select_related("dossier").get(account_id=once.account_id, key=key)
    if first.body_hash != once.body_hash or first.dossier is None:
        raise KeyReused
    return first.dossier


def _dossier(filing: Filing, *, at: dt.datetime, where: Route) -> Dossier:
    days_off = calendar()
    limit = term(case_named(filing.version, filing.case_key), filing.channel)
    dossier = Dossier(
        tracking_code=new_tracking_code(),
        version=filing.version,
        procedure_code=filing.version.procedure.code,
        case_key=filing.case_key,
        channel=filing.channel,
        state=State.SUBMITTED,
        receiving_office=where.receiving,
        handling_office=where.handling,
        signing_office=where.signing,
        owner_name=filing.owner.name,
        owner_folded=fold(filing.owner.name),
        owner_identity=filing.owner.identity,
        owner_phone=filing.owner.phone,
        owner_address=filing.owner.address,
        owner_person_id=filing.owner.person_id,
        submitter_name=filing.submitter.name,
        submitter_person_id=filing.submitter.person_id,
        helper_person_id=filing.helper_person_id,
        summary=filing.summary[:250],
        answers=dict(filing.answers),
        fee_vnd=filing.fee_vnd,
        limit_value=limit.limit_value,
        limit_unit=limit.limit_unit,
        submitted_at=at,
        answer_due_at=days_off.add_working_minutes(at, ANSWER_MINUTES),
        desk_since=at,
    )
    put_on_desk(dossier, steps_of(dossier)[0], at=at, calendar=days_off)
    dossier.desk_due_at = dossier.answer_due_at
    return dossier
