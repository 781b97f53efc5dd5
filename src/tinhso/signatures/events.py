"""What this module announces."""

from __future__ import annotations

from dataclasses import dataclass

from tinhso.signatures.rules import Kind, RevocationReason


@dataclass(frozen=True)
class CertificateIssued:
    """A certificate was entered in the registry. ``serial`` is hexadecimal."""

    serial: str
    kind: Kind
    office_id: int


@dataclass(frozen=True)
class CertificateRevoked:
    """A certificate does not count from now on."""

    serial: str
    reason: RevocationReason
