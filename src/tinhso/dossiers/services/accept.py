"""Accept a dossier at the counter: the number, the start of the law's clock, form 01."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import connection, transaction

from tinhso.directory.api import Actor, Role, calendar
from tinhso.dossiers.events import DossierAccepted
from tinhso.dossiers.lifecycle import State, Verb
from tinhso.dossiers.models import Dossier, Slip
from tinhso.dossiers.permissions import POLICY, May
from tinhso.dossiers.queries import steps_of
from tinhso.dossiers.rules import due
from tinhso.dossiers.services.keep_step import author_of, keep_step
from tinhso.dossiers.services.move_desk import DESK, put_on_desk

#: One statement, the last before the commit: nobody waits on the office's counter longer than the commit takes.
_NUMBER = """
with taken as (
  insert into dossiers_daynumber (office_id, day, n) values (%(office)s, %(day)s, 1)
  on conflict (office_id, day) do update set n = dossiers_daynumber.n + 1 returning n)
update dossiers_dossier set accepted_at = %(at)s, state = %(state)s, original_due_at = %(due)s, due_at = %(due)s,
  number = %(prefix)s || case when n < 10000 then lpad(n::text, 4, '0') else n::text end
from taken where id = %(id)s returning number
"""


@transaction.atomic
def accept(*, by: Actor, at: dt.datetime, tracking_code: str) -> Dossier:
    """Accept a submitted dossier (Decree 61/2018/NĐ-CP, article 17).

    Gives the number of the office and day, starts the clock and issues the receipt. Raises ``NotThere``,
    ``AlreadyDone`` (with who was first), ``StepNotAllowed``.
    """
    dossier = POLICY.one(by, May.ACCEPT, tracking_code=tracking_code)
    days_off = calendar()
    deadline = due(at, dossier.limit, days_off)
    author = author_of(by, dossier.receiving_office_id, Role.COUNTER_CLERK)
    put_on_desk(dossier, steps_of(dossier)[1], at=at, calendar=days_off)
    keep_step(
        dossier,
        Verb.ACCEPT,
        author=author,
        by=by,
        at=at,
        event=DossierAccepted(dossier.pk, dossier.procedure_code, dossier.receiving_office_id),
        step=1,
        only=DESK,
    )
    Slip.objects.create(
        token=secrets.token_urlsafe(16)[:22],
        dossier=dossier,
        form="01",
        issued_at=at,
        by_name=author.name,
        by_title=author.title,
    )
    prefix = f"{dossier.receiving_office.code}-{at:%y%m%d}-"
    with connection.cursor() as cursor:
        cursor.execute(
            _NUMBER,
            {
                "office": dossier.receiving_office_id,
                "day": at.date(),
                "at": at,
                "due": deadline.at,
                "state": State.IN_PROGRESS,
                "prefix": prefix,
                "id": dossier.pk,
            },
        )
        (dossier.number,) = cursor.fetchone()
    dossier.accepted_at, dossier.original_due_at, dossier.due_at = at, deadline.at, deadline.at
    return dossier
