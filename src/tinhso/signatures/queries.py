"""Reads of the registry."""

from __future__ import annotations

import datetime as dt

from tinhso.signatures.models import Certificate, Signature


def certificate_of_person(
    *, person_id: int, office_id: int, post: str, at: dt.datetime
) -> Certificate | None:
    """Return the certificate with which a person may sign in a post at an office at ``at``."""
    rows = Certificate.objects.in_force(at).of_person(person_id, office_id, post)
    return rows.select_related("office", "holder").order_by("-edition", "-id").first()


def certificate_of_seal(*, office_id: int, at: dt.datetime) -> Certificate | None:
    """Return the certificate of an office's seal at ``at``."""
    rows = Certificate.objects.in_force(at).of_seal(office_id)
    return rows.select_related("office").order_by("-edition", "-id").first()


def signatures_of(file_id: int) -> list[Signature]:
    """Return the signings that a file carries, the first first: two reads for a result with two signatures."""
    chain: list[Signature] = []
    wanted: int | None = file_id
    while wanted is not None:
        rows = Signature.objects.filter(file_id=wanted).select_related(
            "certificate__office", "certificate__holder"
        )
        found = rows.first()
        if found is not None:
            chain.insert(0, found)
        wanted = found.before_id if found else None
    return chain
