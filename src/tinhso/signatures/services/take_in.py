"""Take a certificate into the registry that an authority outside has issued."""

from __future__ import annotations

import datetime as dt

from asn1crypto import pem as armour
from asn1crypto import x509
from django.db import transaction

from tinhso.directory.api import Office, Person
from tinhso.journal.api import HasRef, announce
from tinhso.signatures.events import CertificateIssued
from tinhso.signatures.models import Certificate
from tinhso.signatures.rules import Kind, RevocationReason


@transaction.atomic
def take_in(
    text: str,
    *,
    kind: Kind,
    office: Office,
    holder: Person | None,
    post: str,
    revoked_at: dt.datetime | None,
    reason: RevocationReason | None,
    by: HasRef,
    at: dt.datetime,
) -> Certificate:
    """Keep a certificate (PEM), or the revocation of one that is kept already. Raises ``ValueError`` for no certificate."""
    certificate = x509.Certificate.load(armour.unarmor(text.encode("ascii"))[2])
    serial = f"{certificate.serial_number:x}"
    row = Certificate.objects.filter(serial=serial).first()
    if row is None:
        others = Certificate.objects.filter(kind=kind, office=office, holder=holder, post=post)
        row = Certificate(
            serial=serial,
            kind=kind,
            office=office,
            holder=holder,
            post=post,
            edition=others.count(),
            pem=text,
            subject=certificate.subject.human_friendly[:500],
            fingerprint=certificate.sha256.hex(),
            valid_from=certificate.not_valid_before,
            valid_to=certificate.not_valid_after,
        )
    row.revoked_at, row.revocation_reason = revoked_at, reason or ""
    row.save()
    announce(CertificateIssued(serial, kind, office.pk), about=f"certificate:{serial}", by=by, at=at)
    return row
