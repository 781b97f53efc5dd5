"""Let the leader sign the draft, and the clerk of seals number, date and seal it."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction

from tinhso.directory.api import Actor, Person, Role, calendar
from tinhso.documents.api import read
from tinhso.dossiers.events import ResultIssued, ResultSigned
from tinhso.dossiers.lifecycle import LIFECYCLE, Author, State, Verb
from tinhso.dossiers.models import Dossier
from tinhso.dossiers.permissions import POLICY, May
from tinhso.dossiers.services.keep_step import author_of, keep_step
from tinhso.dossiers.services.move_desk import put_on_desk, step_at
from tinhso.signatures import api as signatures
from tinhso.toolkit.lifecycle import StepNotAllowed

_BOOK = """
insert into dossiers_booknumber (office_id, book, year, n) values (%s, %s, %s, 1)
on conflict (office_id, book, year) do update set n = dossiers_booknumber.n + 1 returning n
"""


class NotReadYet(Exception):
    """The leader has not opened this draft: what was not read is not signed."""


def sign(*, by: Actor, at: dt.datetime, tracking_code: str) -> Dossier:
    """Sign the draft as the leader of the signing office (Decree 30/2020/NĐ-CP).

    The time stamp is asked for before the dossier is locked, so a slow authority keeps nobody else waiting; a draft
    that changed meanwhile is not signed. Raises ``NotThere``, ``StepNotAllowed``, ``AlreadyDone``, ``NotReadYet``, and
    ``TimeStampUnavailable`` with nothing changed.
    """
    seen = POLICY.look(by, May.SIGN, tracking_code=tracking_code)
    author = author_of(by, seen.signing_office_id, Role.LEADER)
    signed, draft_id = None, None
    if Verb.SIGN in LIFECYCLE.verbs_from(State(seen.state)):
        if seen.result.read_at is None:
            raise NotReadYet
        person = Person.objects.get(pk=by.person_id or 0)
        signatures.enrol_person(person, office=seen.signing_office, post=author.title, by=by, at=at)
        signed = signatures.approve(
            read(seen.result.draft),
            person_id=person.pk,
            office_id=seen.signing_office_id,
            post=author.title,
            at=at,
        )
        draft_id = seen.result.draft_id
    return _keep_signed(signed, draft_id, by=by, at=at, author=author, tracking_code=tracking_code)


@transaction.atomic
def _keep_signed(
    signed: signatures.Signed | None,
    draft_id: int | None,
    *,
    by: Actor,
    at: dt.datetime,
    author: Author,
    tracking_code: str,
) -> Dossier:
    dossier = POLICY.one(by, May.SIGN, tracking_code=tracking_code)
    put_on_desk(dossier, step_at(dossier, "seal"), at=at, calendar=calendar())
    keep_step(
        dossier,
        Verb.SIGN,
        author=author,
        by=by,
        at=at,
        event=ResultSigned(dossier.pk, dossier.procedure_code, dossier.receiving_office_id),
        step=dossier.desk_step,
    )
    result = dossier.result
    if signed is None or result.draft_id != draft_id:
        raise NotReadYet
    result.signed = signatures.keep(signed, before=result.draft, at=at).file
    result.signer_name, result.signed_at = by.name, at
    result.save()
    return dossier


@transaction.atomic
def issue(*, by: Actor, at: dt.datetime, tracking_code: str) -> Dossier:
    """Give the number and date, set the seal, end the law's clock.

    The book's counter stays locked while the seal is set, since the number stands under it: a failed time stamp
    gives the number back. Raises ``NotThere``, ``StepNotAllowed``, ``AlreadyDone``, ``TimeStampUnavailable``.
    """
    dossier = POLICY.one(by, May.ISSUE, tracking_code=tracking_code)
    dossier.ended_at = at
    put_on_desk(dossier, step_at(dossier, "counter"), at=at, calendar=calendar())
    keep_step(
        dossier,
        Verb.ISSUE,
        author=author_of(by, dossier.signing_office_id, Role.SEAL_CLERK),
        by=by,
        at=at,
        event=ResultIssued(dossier.pk, dossier.procedure_code, dossier.receiving_office_id),
        step=dossier.desk_step,
    )
    result, kind = dossier.result, dossier.version.result
    if result.signed is None:
        raise StepNotAllowed(State(dossier.state), Verb.ISSUE)
    with connection.cursor() as cursor:
        cursor.execute(_BOOK, [dossier.signing_office_id, kind.template_key, at.year])
        (n,) = cursor.fetchone()
    result.number = kind.number_pattern.format(n=n, year=at.year)
    # Days under 10 and the months 1 and 2 take a nought (Decree 30/2020/NĐ-CP, annex I).
    month = f"{at.month:02}" if at.month < 3 else str(at.month)
    date = f"ngày {at:%d} tháng {month} năm {at.year}"
    signatures.enrol_seal(dossier.signing_office, by=by, at=at)
    sealed = signatures.issue(
        read(result.signed), office_id=dossier.signing_office_id, number=result.number, date=date, at=at
    )
    result.file = signatures.keep(sealed, before=result.signed, at=at).file
    result.issuer_name, result.issued_at = by.name, at
    result.save()
    return dossier
