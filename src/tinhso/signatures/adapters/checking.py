"""Find what a PDF's signatures prove, with pyHanko's AdES checks. Facts only: the words are the service's."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from asn1crypto import cms, crl
from asn1crypto import x509 as asn1_x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESPassed
from pyhanko.sign.diff_analysis import DiffResult
from pyhanko.sign.validation.ades import (
    ades_lta_validation,
    ades_timestamp_validation,
    ades_with_time_validation,
)
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.status import DocumentTimestampStatus, PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer

from tinhso.signatures.rules import Gap, Kind, Level, Trouble, is_seal, level

_PADES = "/ETSI.CAdES.detached"
_UNKNOWN = {AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND, AdESIndeterminate.NO_SIGNING_CERTIFICATE_FOUND}
_EXPIRED = {
    AdESIndeterminate.EXPIRED,
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE,
    AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED,
    AdESIndeterminate.NOT_YET_VALID,
    AdESFailure.NOT_YET_VALID,
}
_REVOKED = {AdESFailure.REVOKED, AdESIndeterminate.REVOKED_NO_POE, AdESIndeterminate.REVOKED_CA_NO_POE}
_NO_LIST = {
    AdESIndeterminate.TRY_LATER,
    AdESIndeterminate.REVOCATION_OUT_OF_BOUNDS_NO_POE,
    AdESIndeterminate.NO_POE,
}


@dataclass(frozen=True)
class Found:
    """One signature as it was found. ``signed_at`` is the time-stamp authority's; NULL where none can be relied on."""

    field: str
    signer: str
    office: str
    post: str
    kind: Kind
    level: Level | None
    intact: bool
    trusted: bool
    signed_at: dt.datetime | None
    serial: str
    #: Pages (from 1) that were changed without leave after this signature; 0 stands for the file's structure.
    changed: tuple[int, ...]
    #: Fields that were filled or signed afterwards, as this signature allows.
    filled: tuple[str, ...]
    trouble: Trouble | None


@dataclass(frozen=True)
class Stamp:
    """One time stamp over the whole file so far."""

    field: str
    at: dt.datetime
    intact: bool
    trusted: bool


@dataclass(frozen=True)
class Checked:
    """Everything that was found in a file."""

    signatures: tuple[Found, ...] = ()
    stamps: tuple[Stamp, ...] = ()
    #: Bytes that stand after the file's end and belong to nothing.
    stray_bytes: int = 0
    trouble: Trouble | None = None


@dataclass(frozen=True)
class Ground:
    """What is trusted, and the moment at which the check is made."""

    at: dt.datetime
    anchors: Sequence[asn1_x509.Certificate]
    intermediates: Sequence[asn1_x509.Certificate] = ()
    fresh_lists: Sequence[crl.CertificateList] = field(default=())


def check(content: bytes, ground: Ground) -> Checked:
    """Check every signature and time stamp of ``content``, which may be anything at all. Never raises."""
    if not content.lstrip()[:5].startswith(b"%PDF-"):
        return Checked(trouble=Trouble.NOT_A_PDF)
    try:
        reader = PdfFileReader(io.BytesIO(content), strict=True)
        if reader.encrypted:
            return Checked(trouble=Trouble.LOCKED)
        found = list(reader.embedded_signatures)
        if not found:
            return Checked(trouble=Trouble.BROKEN if _speaks_of_signatures(content) else Trouble.UNSIGNED)
        return asyncio.run(_check_all(content, reader, found, ground))
    except PdfError:
        return Checked(trouble=Trouble.BROKEN)
    except Exception:  # noqa: BLE001 - the file is whatever a stranger sends; there is one answer to all of it
        return Checked(trouble=Trouble.BROKEN)


def _speaks_of_signatures(content: bytes) -> bool:
    return b"/ByteRange" in content


async def _check_all(
    content: bytes, reader: PdfFileReader, found: list[EmbeddedPdfSignature], ground: Ground
) -> Checked:
    spec = _spec(reader, ground)
    timing = ValidationTimingInfo(
        validation_time=ground.at, best_signature_time=ground.at, point_in_time_validation=True
    )
    signatures: list[Found] = []
    stamps: list[Stamp] = []
    for embedded in found:
        embedded.compute_integrity_info()  # type: ignore[no-untyped-call]  # it has no types
        if embedded.sig_object_type == "/DocTimeStamp":
            stamps.append(await _check_stamp(content, embedded, spec, timing))
        else:
            is_archived = any(
                later.sig_object_type == "/DocTimeStamp" and later.signed_revision > embedded.signed_revision
                for later in found
            )
            facts = await _validated(embedded, spec, timing, is_archived=is_archived)
            signatures.append(_found(content, embedded, facts, ground))
    return Checked(tuple(signatures), tuple(stamps), _stray_bytes(content), None)


def _spec(reader: PdfFileReader, ground: Ground) -> PdfSignatureValidationSpec:
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(list(ground.anchors)),
        revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
    )
    knowledge = LocalKnowledge(known_certs=[*ground.intermediates, *ground.anchors])
    if not _has_own_lists(reader):
        knowledge.known_crls.extend(CRLContainer(found) for found in ground.fresh_lists)
    return PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=policy,
            # Addresses in a stranger's file are not followed.
            revinfo_gathering_policy=RevocationInfoGatheringSpec(RevinfoOnlineFetchingRule.LOCAL_ONLY),
            local_knowledge=knowledge,
        )
    )


def _has_own_lists(reader: PdfFileReader) -> bool:
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return False
    return bool(store.crls or store.ocsps)


@dataclass(frozen=True)
class _Validated:
    """What pyHanko says of one signature."""

    indication: object
    status: PdfSignatureStatus | None
    stamped: bool
    archived: bool
    moment: dt.datetime


async def _validated(
    embedded: EmbeddedPdfSignature,
    spec: PdfSignatureValidationSpec,
    timing: ValidationTimingInfo,
    *,
    is_archived: bool,
) -> _Validated:
    if is_archived:
        lasting = await ades_lta_validation(embedded, spec, timing)
        stamp = lasting.signature_timestamp_status
        stamped = stamp is not None and stamp.ades_subindic == AdESPassed.OK
        archived = lasting.oldest_evidence_record_timestamp is not None
        return _Validated(
            lasting.ades_subindic, lasting.api_status, stamped, archived, lasting.best_signature_time
        )
    # Without an archive time stamp nothing proves the past: the signature holds as long as its lists count.
    result = await ades_with_time_validation(
        embedded.signed_data,
        _with_own_data(embedded.reader, spec.signature_validation_spec),
        timing_info=timing,
        raw_digest=embedded.compute_digest(),
        extra_status_kwargs=embedded.summarise_integrity_info(),
        status_cls=PdfSignatureStatus,
    )
    status = result.api_status
    stamp_status = status.timestamp_validity if status is not None else None
    stamped = stamp_status is not None and stamp_status.valid and stamp_status.trusted
    return _Validated(result.ades_subindic, status, stamped, False, result.best_signature_time)


def _found(content: bytes, embedded: EmbeddedPdfSignature, facts: _Validated, ground: Ground) -> Found:
    certificate = embedded.signer_cert
    status = facts.status
    sound = status is not None and status.intact and status.valid
    intact = bool(sound and _is_sealed_in(content, embedded))
    signed_at = facts.moment if facts.stamped or facts.archived else None
    passed = facts.indication == AdESPassed.OK
    trusted = intact and passed
    trouble = None if trusted else _why(intact=intact, indication=facts.indication)
    if trusted and _is_revoked(certificate, signed_at or ground.at, ground):
        trusted, trouble = False, Trouble.REVOKED
    changed, filled = _changes(embedded)
    if changed and trouble is None:
        trouble = Trouble.CHANGED_AFTER
    subject = certificate.subject.native
    return Found(
        field=embedded.field_name,
        signer=_text(subject.get("common_name")) or certificate.subject.human_friendly,
        office=_text(subject.get("organization_name")),
        post=_text(subject.get("title")),
        kind=Kind.SEAL if is_seal(subject) else Kind.APPROVE,
        level=_level(embedded, facts, passed=passed),
        intact=intact,
        trusted=trusted,
        signed_at=signed_at,
        serial=f"{certificate.serial_number:x}",
        changed=changed,
        filled=filled,
        trouble=trouble,
    )


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(v) for v in value)
    return "" if value is None else str(value)


def _level(embedded: EmbeddedPdfSignature, facts: _Validated, *, passed: bool) -> Level | None:
    if embedded.sig_object.get("/SubFilter") != _PADES:
        return None
    return level(stamped=facts.stamped, has_revocation_data=passed, archived=facts.archived)


def _why(*, intact: bool, indication: object) -> Trouble:
    if not intact:
        return Trouble.TAMPERED
    for reasons, trouble in (
        (_UNKNOWN, Trouble.UNKNOWN_AUTHORITY),
        (_REVOKED, Trouble.REVOKED),
        (_EXPIRED, Trouble.EXPIRED),
        (_NO_LIST, Trouble.REVOCATION_UNKNOWN),
    ):
        if indication in reasons:
            return trouble
    return Trouble.NOT_TRUSTED


def _covers_its_revision(embedded: EmbeddedPdfSignature) -> bool:
    coverage: Any = embedded.coverage
    return coverage is not None and bool(coverage >= SignatureCoverageLevel.ENTIRE_REVISION)


def _is_sealed_in(content: bytes, embedded: EmbeddedPdfSignature) -> bool:
    """Say whether the signature covers all it claims, and nothing could hide in the hole it stands in."""
    if not _covers_its_revision(embedded):
        return False
    _start, before, after, _length = (int(n) for n in embedded.byte_range)
    message = cms.ContentInfo.load(embedded.pkcs7_content)
    used = len(message.dump())
    return Gap(content[before:after], used).is_canonical() and _is_plain(message, embedded.signer_cert)


def _is_plain(message: cms.ContentInfo, certificate: asn1_x509.Certificate) -> bool:
    """Say whether the parts of a CMS message that no signature covers say what the covered parts say, to the bit."""
    signed = message["content"]
    signer = signed["signer_infos"][0]
    is_stamp = signed["encap_content_info"]["content_type"].native != "data"
    sid = signer["sid"].chosen
    return (
        len(signed["signer_infos"]) == 1
        and [one.dump() for one in signed["digest_algorithms"]] == [signer["digest_algorithm"].dump()]
        and _has_plain_parameters(signer["digest_algorithm"])
        and _has_plain_parameters(signer["signature_algorithm"])
        and signed["version"].native == ("v3" if is_stamp else "v1")
        and signer["version"].native == "v1"
        and isinstance(sid, cms.IssuerAndSerialNumber)
        and sid["issuer"].dump() == certificate.issuer.dump()
        and not (is_stamp and len(signer["unsigned_attrs"]))
        and not len(signed["crls"])
    )


def _has_plain_parameters(algorithm: Any) -> bool:
    # RSASSA-PSS is the one algorithm in use whose parameters say something.
    return algorithm["algorithm"].native == "rsassa_pss" or algorithm["parameters"].dump() in {
        b"",
        b"\x05\x00",
    }


def _changes(embedded: EmbeddedPdfSignature) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Return the pages changed without leave, and the fields filled with leave, after this signature."""
    result: Any = embedded.diff_result
    allowed = embedded.summarise_integrity_info()["docmdp_ok"]
    if isinstance(result, DiffResult) and allowed:
        return (), tuple(sorted(result.changed_form_fields))
    if not _covers_its_revision(embedded):
        return (0,), ()
    before = HistoricalResolver(embedded.reader, embedded.signed_revision)
    return tuple(_changed_pages(before, embedded.reader)) or (0,), ()


def _changed_pages(before: Any, after: Any) -> Iterator[int]:
    old, new = list(_pages(before)), list(_pages(after))
    for number in range(max(len(old), len(new))):
        if number >= len(old) or number >= len(new) or old[number] != new[number]:
            yield number + 1


def _pages(resolver: Any) -> Iterator[tuple[Any, ...]]:
    todo = [resolver.root["/Pages"]]
    while todo:
        node = todo.pop(0)
        if "/Kids" in node:
            todo = [*node["/Kids"], *todo]
            todo = [kid.get_object() for kid in todo]
        else:
            parts = node.get("/Contents", ())
            streams = parts if isinstance(parts, list) else [parts] if parts else []
            drawn = tuple(part.get_object().data for part in streams)
            notes = (note.get_object() for note in node.get("/Annots", ()))
            looks = tuple(_look(note) for note in notes if _can_be_seen(note))
            yield (drawn, looks, repr(node.get("/MediaBox")))


def _can_be_seen(annotation: Any) -> bool:
    left, bottom, right, top = (float(n) for n in annotation.get("/Rect", (0, 0, 0, 0)))
    return left != right and bottom != top


def _look(annotation: Any) -> tuple[str, bytes]:
    appearance = annotation.get("/AP", {})
    shown = appearance.get("/N", None) if appearance else None
    return repr(annotation.get("/Rect")), getattr(shown, "data", b"") if shown is not None else b""


async def _check_stamp(
    content: bytes,
    embedded: EmbeddedPdfSignature,
    spec: PdfSignatureValidationSpec,
    timing: ValidationTimingInfo,
) -> Stamp:
    def imprint(_algorithm: str) -> bytes:
        return embedded.compute_digest()

    full = _with_own_data(embedded.reader, spec.signature_validation_spec)
    result = await ades_timestamp_validation(
        embedded.signed_data,
        full,
        imprint,
        timing_info=timing,
        extra_status_kwargs=embedded.summarise_integrity_info(),
        status_cls=DocumentTimestampStatus,
    )
    status = result.api_status
    sound = status is not None and status.intact and status.valid
    intact = bool(
        sound
        and _is_sealed_in(content, embedded)
        and _certificates_hold(embedded, full.local_knowledge.known_certs)
    )
    moment = embedded.signed_data["encap_content_info"]["content"].parsed["gen_time"].native
    return Stamp(embedded.field_name, moment, intact, intact and result.ades_subindic == AdESPassed.OK)


def _with_own_data(reader: PdfFileReader, spec: SignatureValidationSpec) -> SignatureValidationSpec:
    """Add the certificates and lists that the file carries to what is known."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return spec
    known = spec.local_knowledge
    return replace(
        spec,
        local_knowledge=replace(
            known,
            known_certs=[*known.known_certs, *store.load_certs()],
            known_crls=[*known.known_crls, *_lists_of(store)],
        ),
    )


def _lists_of(store: DocumentSecurityStore) -> list[CRLContainer]:
    return [CRLContainer(crl.CertificateList.load(ref.get_object().data)) for ref in store.crls]


def _certificates_hold(embedded: EmbeddedPdfSignature, known: Sequence[asn1_x509.Certificate]) -> bool:
    """Say whether every certificate enclosed with a time stamp is what its issuer signed.

    A signature covers none but its own signer's, so a changed byte in another would go unseen.
    """
    enclosed = [c.chosen for c in embedded.signed_data["certificates"]]
    issuers = [*known, *enclosed]
    return all(
        any(_is_issued_by(one, issuer) for issuer in issuers if issuer.subject == one.issuer)
        for one in enclosed
    )


def _is_revoked(certificate: asn1_x509.Certificate, moment: dt.datetime, ground: Ground) -> bool:
    """Say whether a list of today, signed by the certificate's issuer, names it as revoked by ``moment``."""
    for found in ground.fresh_lists:
        if found.issuer != certificate.issuer:
            continue
        issuers = [c for c in (*ground.intermediates, *ground.anchors) if c.subject == found.issuer]
        if not any(_is_signed(found["tbs_cert_list"].dump(), found["signature"].native, c) for c in issuers):
            continue
        for entry in found["tbs_cert_list"]["revoked_certificates"] or ():
            if (
                entry["user_certificate"].native == certificate.serial_number
                and entry["revocation_date"].native <= moment
            ):
                return True
    return False


def _is_issued_by(one: asn1_x509.Certificate, issuer: asn1_x509.Certificate) -> bool:
    named = one["signature_algorithm"].dump() == one["tbs_certificate"]["signature"].dump()
    return named and _is_signed(one["tbs_certificate"].dump(), one["signature_value"].native, issuer)


def _is_signed(said: bytes, signature: bytes, issuer: asn1_x509.Certificate) -> bool:
    key = serialization.load_der_public_key(issuer.public_key.dump())
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, said, ec.ECDSA(hashes.SHA256()))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, said, padding.PKCS1v15(), hashes.SHA256())
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _stray_bytes(content: bytes) -> int:
    end = content.rfind(b"%%EOF")
    return len(content[end + 5 :].strip(b"\r\n")) if end >= 0 else len(content)
