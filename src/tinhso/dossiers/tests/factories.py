"""Dossiers for tests, made by the same services that people use."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

from tinhso.catalogue.api import current
from tinhso.catalogue.tests.factories import make_version
from tinhso.directory.tests.factories import Cast, make_person
from tinhso.dossiers.models import Dossier, Draft
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
