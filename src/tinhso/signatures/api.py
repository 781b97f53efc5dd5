"""The signatures' door: prepare a paper, sign it, seal it, keep it, check it; the registry of certificates."""

from tinhso.signatures.adapters.demo_pki import AuthorityMissing
from tinhso.signatures.adapters.trust import RevocationListUnavailable, TimeStampUnavailable
from tinhso.signatures.models import Certificate, Signature
from tinhso.signatures.queries import (
    InForce,
    certificate_of_person,
    certificate_of_seal,
    in_force_by_office,
    signatures_of,
)
from tinhso.signatures.rules import Field, Kind, Level, RevocationReason
from tinhso.signatures.services.authority_time import authority_time
from tinhso.signatures.services.enrol import enrol_person, enrol_seal
from tinhso.signatures.services.keep import keep
from tinhso.signatures.services.prepare import PlaceMissing, prepare
from tinhso.signatures.services.revoke import AlreadyRevoked, revoke
from tinhso.signatures.services.seal import issue
from tinhso.signatures.services.sign import CertificateMissing, Signed, SigningRefused, approve
from tinhso.signatures.services.verify import Report, verify

#: What ``approve`` and ``issue`` raise: each carries one sentence to show, and nothing was changed.
CANNOT_SIGN = (CertificateMissing, RevocationListUnavailable, SigningRefused, TimeStampUnavailable)

__all__ = (
    "CANNOT_SIGN",
    "AlreadyRevoked",
    "AuthorityMissing",
    "Certificate",
    "CertificateMissing",
    "Field",
    "InForce",
    "Kind",
    "Level",
    "PlaceMissing",
    "Report",
    "RevocationListUnavailable",
    "RevocationReason",
    "Signature",
    "Signed",
    "SigningRefused",
    "TimeStampUnavailable",
    "approve",
    "authority_time",
    "certificate_of_person",
    "certificate_of_seal",
    "enrol_person",
    "enrol_seal",
    "in_force_by_office",
    "issue",
    "keep",
    "prepare",
    "revoke",
    "signatures_of",
    "verify",
)
