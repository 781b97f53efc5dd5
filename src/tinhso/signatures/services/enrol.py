"""Enter a certificate in the registry, for a person in a post or for an office's seal."""

from __future__ import annotations

import datetime as dt

from asn1crypto import pem, x509
from django.db import transaction

from tinhso.directory.api import Office, Person
from tinhso.journal.api import HasRef, announce
from tinhso.signatures.adapters import trust
from tinhso.signatures.adapters.demo_pki import VALID_FROM, VALID_TO, Subject
from tinhso.signatures.events import CertificateIssued
from tinhso.signatures.models import Certificate
from tinhso.signatures.rules import Kind


@transaction.atomic
def enrol_person(
    person: Person,
    *,
    office: Office,
    post: str,
    by: HasRef,
    at: dt.datetime,
    valid_from: dt.datetime = VALID_FROM,
    valid_to: dt.datetime = VALID_TO,
) -> Certificate:
    """Return the certificate of ``person`` as ``post`` of ``office`` that is not revoked; have it issued at need.

    Asked twice, also at once, it is one certificate. Raises ``AuthorityMissing`` where nobody issues certificates.
    """
    _one_at_a_time(office)
    rows = Certificate.objects.of_person(person.pk, office.pk, post)
    subject = Subject(office=office.name, office_code=office.code, person=person.name, post=post)
    row = Certificate(kind=Kind.APPROVE, holder=person, office=office, post=post)
    return _enrol(row, subject, list(rows), by=by, at=at, valid_from=valid_from, valid_to=valid_to)


@transaction.atomic
def enrol_seal(
    office: Office,
    *,
    by: HasRef,
    at: dt.datetime,
    valid_from: dt.datetime = VALID_FROM,
    valid_to: dt.datetime = VALID_TO,
) -> Certificate:
    """Return the certificate of the seal of ``office`` that is not revoked; have it issued at need.

    Asked twice, also at once, it is one certificate. Raises ``AuthorityMissing`` where nobody issues certificates.
    """
    _one_at_a_time(office)
    rows = Certificate.objects.of_seal(office.pk)
    subject = Subject(office=office.name, office_code=office.code)
    row = Certificate(kind=Kind.SEAL, office=office)
    return _enrol(row, subject, list(rows), by=by, at=at, valid_from=valid_from, valid_to=valid_to)


def _one_at_a_time(office: Office) -> None:
    Office.objects.select_for_update(no_key=True).get(pk=office.pk)


def _enrol(
    row: Certificate,
    subject: Subject,
    known: list[Certificate],
    *,
    by: HasRef,
    at: dt.datetime,
    valid_from: dt.datetime,
    valid_to: dt.datetime,
) -> Certificate:
    for one in known:
        if one.revoked_at is None:
            return one
    row.edition = len(known)
    row.pem = (
        trust.current()
        .issue(subject, edition=row.edition, valid_from=valid_from, valid_to=valid_to)
        .decode("ascii")
    )
    certificate = x509.Certificate.load(pem.unarmor(row.pem.encode("ascii"))[2])
    row.serial = f"{certificate.serial_number:x}"
    row.subject = certificate.subject.human_friendly[:500]
    row.fingerprint = certificate.sha256.hex()
    row.valid_from = certificate.not_valid_before
    row.valid_to = certificate.not_valid_after
    row.save(force_insert=True)
    announce(
        CertificateIssued(row.serial, Kind(row.kind), row.office_id),
        about=f"certificate:{row.serial}",
        by=by,
        at=at,
    )
    return row
