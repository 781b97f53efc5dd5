"""Revoke a certificate: what was signed before stays good, what is signed after is refused."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from tinhso.journal.api import HasRef, announce
from tinhso.signatures.adapters import trust
from tinhso.signatures.events import CertificateRevoked
from tinhso.signatures.models import Certificate
from tinhso.signatures.rules import RevocationReason


class AlreadyRevoked(Exception):
    """The certificate was revoked before."""


@transaction.atomic
def revoke(certificate_id: int, *, reason: RevocationReason, by: HasRef, at: dt.datetime) -> Certificate:
    """Mark the certificate as revoked from ``at`` and have the authority list it. Raises ``AlreadyRevoked``."""
    certificate = Certificate.objects.select_for_update().get(pk=certificate_id)
    if certificate.revoked_at is not None:
        raise AlreadyRevoked(certificate.serial)
    certificate.revoked_at = at
    certificate.revocation_reason = reason
    certificate.save(update_fields=["revoked_at", "revocation_reason"])
    announce(
        CertificateRevoked(certificate.serial, reason),
        about=f"certificate:{certificate.serial}",
        by=by,
        at=at,
    )
    # The authority last: listed but not marked would be found by the next signing, marked but not listed would not.
    trust.current().revoke(int(certificate.serial, 16), at=at, reason=reason.value)
    return certificate
