"""Keep that an officer opened a dossier, or saw it in a list: told to its owner, never held against the applicant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final

from tinhso.directory.api import Actor, LookKind, record_looks
from tinhso.dossiers.models import Dossier
from tinhso.toolkit.prepared import first_row

_FIND: Final = """
select d.id, d.owner_person_id, d.submitter_person_id, d.helper_person_id,
       d.receiving_office_id, d.handling_office_id, d.signing_office_id
from dossiers_dossier d where """
#: How a dossier is named in an address: by its code, a paper's or a slip's token.
BY: Final = {
    "code": f"{_FIND} d.tracking_code = %s::text",
    "paper": f"{_FIND} d.id = (select dossier_id from dossiers_paper where token = %s::text)",  # noqa: S608 - our own words
    "slip": f"{_FIND} d.id = (select dossier_id from dossiers_slip where token = %s::text)",  # noqa: S608 - our own words
}


def note_look(*, by: Actor, at: dt.datetime, named_by: str, name: str, kind: LookKind) -> None:
    """Keep that an officer saw something of the dossier behind ``name``; nothing for one's own, or where there is none.

    ``named_by``: a key of ``BY``. Two short statements.
    """
    row = first_row(BY[named_by], [name])
    if row is None:
        return
    number, owner, *others = row
    parties, offices = (owner, *others[:2]), others[2:]
    if by.person_id in parties:
        return
    record_looks(by=by, at=at, seen=[(owner, f"dossier:{number}")], offices=offices, kind=kind)


def note_listed(*, by: Actor, at: dt.datetime, found: Sequence[Dossier]) -> None:
    """Keep that the names of people stood in a list that an officer searched for."""
    others = [one for one in found if by.person_id not in _parties(one)]
    offices = {office for one in others for office in (one.receiving_office_id, one.handling_office_id)}
    record_looks(
        by=by,
        at=at,
        seen=[(one.owner_person_id, one.about) for one in others],
        offices=offices,
        kind=LookKind.LISTED,
    )


def _parties(dossier: Dossier) -> Iterable[int | None]:
    return dossier.owner_person_id, dossier.submitter_person_id, dossier.helper_person_id
