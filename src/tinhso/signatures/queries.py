"""Reads of the registry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from tinhso.signatures.models import Certificate, Signature
from tinhso.signatures.rules import Kind


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


@dataclass(slots=True)
class InForce:
    """The certificates of one office that are in force: of whom and in which post, and how many seals."""

    holders: list[tuple[int, str]] = field(default_factory=list)
    seals: int = 0


def in_force_by_office(at: dt.datetime) -> Mapping[int, InForce]:
    """Return the certificates in force at ``at`` by office, as the registry knows them now."""
    found: dict[int, InForce] = {}
    rows = Certificate.objects.in_force(at).values_list("office_id", "kind", "holder_id", "post")
    for office, kind, holder, post in rows.order_by("pk"):
        one = found.setdefault(office, InForce())
        if kind == Kind.SEAL:
            one.seals += 1
        elif holder is not None:
            one.holders.append((holder, post))
    return found
