"""Dossiers for tests, made by the same services that people use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.db import connection

from tinhso.catalogue.api import current
from tinhso.catalogue.tests.factories import make_version
from tinhso.directory.tests.factories import Cast, make_person
from tinhso.dossiers.models import Correction, Dossier, Draft, DueMoved, Pause, Slip
from tinhso.dossiers.services.accept import accept
from tinhso.dossiers.services.submit import Filing, Party, submit
from tinhso.toolkit.clock import VN

NINE = dt.datetime(2022, 5, 10, 9, 0, tzinfo=VN)


def make_filing(cast: Cast, *, version: object = None, name: str = "Trần Thị Lan Thử") -> Filing:
    """Return what Lan sends on line to her commune."""
    party = Party(name, cast.lan.person_id)
    return Filing(
        version=version or make_version(),  # type: ignore[arg-type]
        case_key="normal",
        channel="online",
        office=cast.commune,
        owner=party,
        submitter=party,
        helper_person_id=None,
        answers={"name": name},
        files=(),
        fee_vnd=0,
        summary="Xin giấy thử",
    )


def make_dossier(
    cast: Cast, *, accepted: bool = False, version: object = None, at: dt.datetime = NINE
) -> Dossier:
    """Return a dossier that Lan submitted, accepted by Minh where asked."""
    filing = make_filing(cast, version=version)
    dossier = submit(by=cast.lan, at=at, key=uuid4().hex, filing=filing)
    return accept(by=cast.minh, at=at, tracking_code=dossier.tracking_code) if accepted else dossier


def make_draft(code: str, furthest: str, saved: dt.datetime, *, name: str = "Người Thử") -> Draft:
    """Return an unsent draft that came to a page, begun half an hour before it was last saved."""
    return Draft.objects.create(
        token=uuid4().hex[:22],
        person=make_person(name),
        version=current(code, saved.date()),
        page=furthest,
        furthest=furthest,
        created_at=saved - dt.timedelta(minutes=30),
        saved_at=saved,
    )


def write_life(
    template_pk: int,
    number: str,
    *,
    accepted: dt.datetime,
    due: dt.datetime | None,
    ended: dt.datetime | None = None,
    how: str = "issued",
    pauses: Sequence[tuple[dt.datetime, dt.datetime | None]] = (),
    moves: Sequence[tuple[dt.datetime, dt.datetime, str]] = (),
    corrected: tuple[dt.datetime, dt.datetime] | None = None,
) -> Dossier:
    """Return a dossier like the template with moments of its own.

    ``moves``: recorded at, new due moment, cause. ``corrected``: recorded at, the end as it stood before.
    """
    running = "paused" if any(to is None for _since, to in pauses) else "in_progress"
    own: dict[str, Any] = {
        "tracking_code": f"LIFE-{number}",
        "number": number,
        "accepted_at": accepted,
        "submitted_at": accepted,
        "original_due_at": due,
        "due_at": max((new for _at, new, _cause in moves), default=due),
        "ended_at": ended,
        "state": how if ended else running,
    }
    columns = [str(field.column) for field in Dossier._meta.concrete_fields if field.column != "id"]
    chosen = ", ".join(f"%({name})s" if name in own else name for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into dossiers_dossier ({', '.join(columns)}) select {chosen} from dossiers_dossier"
            " where id = %(template)s returning id",
            {**own, "template": template_pk},
        )
        dossier = Dossier.objects.get(pk=cursor.fetchone()[0])
    for n, (since, to) in enumerate(pauses):
        slip = Slip.objects.create(
            token=f"life{dossier.pk}x{n}",
            dossier=dossier,
            form="02",
            issued_at=since,
            by_name="Minh",
            reason="Thiếu",
        )
        Pause.objects.create(dossier=dossier, slip=slip, began_at=since, ended_at=to)
    before = due
    for at, new, cause in moves:
        assert before is not None
        DueMoved.objects.create(
            dossier=dossier, cause=cause, before=before, after=new, reason="Lý do", by_name="Hoa", at=at
        )
        before = new
    if corrected and ended:
        at, stood = corrected
        Correction.objects.create(
            dossier=dossier,
            field="ended_at",
            before=stood,
            after=ended,
            reason="Mất mạng, ghi sau",
            document_number="12/BB-UBND",
            account_id=1,
            by_name="Hoa",
            at=at,
        )
    return dossier
