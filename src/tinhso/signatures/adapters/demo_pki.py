"""Be the demo's certificate authority and time-stamp authority, on files of one folder.

Nothing made here has legal force, and every name in it says so. Layout of the folder (0700)::

    root.crt issuing.crt tsa.crt     certificates, PEM
    root.key issuing.key tsa.key     private keys, PEM, 0600
    keys/<serial>.pem                private key and certificate of one signer, 0600
    revoked/<serial>                 one line of JSON per revoked certificate

The keys are software keys without a passphrase: in earnest they lie in tokens or a signing server of the
specialised authority (decree 130/2018/NĐ-CP). ECDSA P-256 with SHA-256 throughout.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import (
    AuthorityInformationAccessOID,
    ExtendedKeyUsageOID,
    NameOID,
    ObjectIdentifier,
)

VALID_FROM = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
VALID_TO = dt.datetime(2040, 1, 1, tzinfo=dt.UTC)
ISSUING_NAME = "Tỉnh Số - CA TRÌNH DIỄN (không có giá trị pháp lý)"
ROOT_NAME = "CA GỐC TRÌNH DIỄN (không có giá trị pháp lý)"
TSA_NAME = "Tỉnh Số - DẤU THỜI GIAN TRÌNH DIỄN"
ORGANISATION = "Tỉnh Số – bản trình diễn"
#: How long a list counts, from the business moment it was made: so long can an archived result be checked off line
#: before it needs a new archive time stamp. Whoever signs or checks beside the authority asks for today's list.
LIST_COUNTS_FOR = dt.timedelta(days=5 * 365)

_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
_TSA_POLICY = "2.25.20220510"
_COMMON_NAME_LIMIT = 64  # RFC 5280 counts characters, many readers count bytes: the stricter


class AuthorityMissing(Exception):
    """The folder holds no demo authority yet."""


class NotATimeStampRequest(Exception):
    """What was sent is no time-stamp request."""


@dataclass(frozen=True)
class Subject:
    """Who a certificate speaks for: a person in a post at an office, or (without a person) the office's seal."""

    office: str
    office_code: str
    person: str = ""
    post: str = ""

    @property
    def is_seal(self) -> bool:
        """Say whether this is an office's seal."""
        return not self.person

    def name(self) -> x509.Name:
        """Return the X.509 name: ETSI EN 319 412-2 for a person, 412-3 for an office."""
        parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN")]
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, self.office))
        if self.is_seal:
            parts.append(x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, f"NTRVN-{self.office_code}"))
        else:
            parts.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, self.office_code))
            parts.append(x509.NameAttribute(NameOID.TITLE, self.post))
        parts.append(_common_name(self.person or self.office))
        return x509.Name(parts)


@dataclass(frozen=True)
class Keyed:
    """A certificate with its private key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def from_pem(cls, certificate: bytes, key: bytes) -> Keyed:
        """Read both from PEM."""
        loaded = serialization.load_pem_private_key(key, password=None)
        if not isinstance(loaded, ec.EllipticCurvePrivateKey):
            msg = f"expected an elliptic-curve key, found {type(loaded).__name__}"
            raise TypeError(msg)
        return cls(x509.load_pem_x509_certificate(certificate), loaded)

    def key_pem(self) -> bytes:
        """Return the private key as PKCS #8 PEM, not encrypted."""
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def certificate_pem(self) -> bytes:
        """Return the certificate as PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def key_der(self) -> bytes:
        """Return the private key as PKCS #8 DER, not encrypted."""
        return self.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def certificate_der(self) -> bytes:
        """Return the certificate as DER."""
        return self.certificate.public_bytes(serialization.Encoding.DER)


def create(folder: Path, *, base_url: str) -> DemoAuthority:
    """Create root, issuing authority and time-stamp authority once; return what is there.

    ``base_url`` is where the lists and certificates will be served; it is written into the certificates.
    The folder appears whole or not at all, also when two processes create it.
    """
    if not (folder / "root.crt").exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
        _fill(draft, base_url)
        try:
            draft.rename(folder)
        except OSError:
            shutil.rmtree(draft)
    return DemoAuthority(folder)


def _fill(folder: Path, base_url: str) -> None:
    root = _ca(ROOT_NAME, issuer=None, base_url=base_url)
    issuing = _ca(ISSUING_NAME, issuer=root, base_url=base_url)
    stamps = _time_stamper(root, base_url)
    for name, keyed in (("root", root), ("issuing", issuing), ("tsa", stamps)):
        (folder / f"{name}.crt").write_bytes(keyed.certificate_pem())
        _write_secret(folder / f"{name}.key", keyed.key_pem())
    (folder / "base_url").write_text(base_url, encoding="ascii")
    (folder / "keys").mkdir(mode=0o700)
    (folder / "revoked").mkdir()


def _write_secret(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)


def _ca(name: str, *, issuer: Keyed | None, base_url: str) -> Keyed:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _authority_name(name)
    builder = _builder(subject, key, issuer.certificate if issuer else None, _random_serial())
    builder = builder.add_extension(
        x509.BasicConstraints(ca=True, path_length=0 if issuer else 1), critical=True
    )
    builder = builder.add_extension(_usage(ca=True), critical=True)
    if issuer:
        builder = _pointers(builder, "root", base_url)
    return Keyed(builder.sign((issuer.key if issuer else key), hashes.SHA256()), key)


def _time_stamper(root: Keyed, base_url: str) -> Keyed:
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(_authority_name(TSA_NAME), key, root.certificate, _random_serial())
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(ca=False), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return Keyed(_pointers(builder, "root", base_url).sign(root.key, hashes.SHA256()), key)


def _common_name(name: str) -> x509.NameAttribute[str]:
    short = name.encode()[:_COMMON_NAME_LIMIT].decode(errors="ignore")
    return x509.NameAttribute(NameOID.COMMON_NAME, short)


def _authority_name(name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            _common_name(name),
        ]
    )


def _builder(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
    serial: int,
    valid_from: dt.datetime = VALID_FROM,
    valid_to: dt.datetime = VALID_TO,
) -> x509.CertificateBuilder:
    issuer_key = issuer.public_key() if issuer else key.public_key()
    if not isinstance(issuer_key, ec.EllipticCurvePublicKey):
        msg = "the demo authority has elliptic-curve keys only"
        raise TypeError(msg)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(valid_from)
        .not_valid_after(valid_to)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
    )


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=not ca,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


def _pointers(builder: x509.CertificateBuilder, issuer: str, base_url: str) -> x509.CertificateBuilder:
    point = x509.DistributionPoint(
        [x509.UniformResourceIdentifier(f"{base_url}/crl/{issuer}.crl")], None, None, None
    )
    access = x509.AccessDescription(
        AuthorityInformationAccessOID.CA_ISSUERS,
        x509.UniformResourceIdentifier(f"{base_url}/certs/{issuer}.crt"),
    )
    return builder.add_extension(x509.CRLDistributionPoints([point]), critical=False).add_extension(
        x509.AuthorityInformationAccess([access]), critical=False
    )


def _random_serial() -> int:
    return secrets.randbits(126) | 1 << 126


class DemoAuthority:
    """The demo's authority as it lies in its folder: issues, revokes, lists, stamps."""

    def __init__(self, folder: Path) -> None:
        """Open ``folder``; raises ``AuthorityMissing`` when nothing was created there."""
        if not (folder / "root.crt").exists():
            msg = f"{folder}: no demo authority here"
            raise AuthorityMissing(msg)
        self.folder = folder

    @cached_property
    def root(self) -> Keyed:
        """The root, which everybody trusts by its fingerprint."""
        return self._read("root")

    @cached_property
    def issuing(self) -> Keyed:
        """The authority that issues signers' certificates."""
        return self._read("issuing")

    @cached_property
    def tsa(self) -> Keyed:
        """The time-stamp authority."""
        return self._read("tsa")

    def _read(self, name: str) -> Keyed:
        return Keyed.from_pem(
            (self.folder / f"{name}.crt").read_bytes(), (self.folder / f"{name}.key").read_bytes()
        )

    def issue(
        self,
        subject: Subject,
        *,
        edition: int = 0,
        valid_from: dt.datetime = VALID_FROM,
        valid_to: dt.datetime = VALID_TO,
    ) -> Keyed:
        """Issue the ``edition``-th certificate of ``subject``, or return it when it was issued before.

        The serial number follows from who and which edition, so that two processes that issue at once get one.
        """
        serial = self.serial_of(subject, edition)
        path = self.folder / "keys" / f"{serial:x}.pem"
        if not path.exists():
            self._issue_new(subject, serial, path, valid_from, valid_to)
        return self.keyed(serial)

    def _issue_new(
        self, subject: Subject, serial: int, path: Path, valid_from: dt.datetime, valid_to: dt.datetime
    ) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(
            subject.name(), key, self.issuing.certificate, serial, valid_from=valid_from, valid_to=valid_to
        )
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_usage(ca=False), critical=True)
        builder = builder.add_extension(x509.ExtendedKeyUsage([_DOCUMENT_SIGNING]), critical=False)
        base_url = (self.folder / "base_url").read_text(encoding="ascii")
        keyed = Keyed(_pointers(builder, "issuing", base_url).sign(self.issuing.key, hashes.SHA256()), key)
        draft = path.with_suffix(f".{secrets.token_hex(8)}")
        _write_secret(draft, keyed.key_pem() + keyed.certificate_pem())
        try:
            os.link(draft, path)  # appears whole, and the first to arrive wins
        except FileExistsError:
            pass
        finally:
            draft.unlink()

    def serial_of(self, subject: Subject, edition: int = 0) -> int:
        """Return the serial number that ``edition`` of ``subject`` has or will have."""
        root = self.root.certificate.fingerprint(hashes.SHA256()).hex()
        words = "\x1f".join((root, subject.office_code, subject.person, subject.post, str(edition)))
        return int.from_bytes(hashlib.sha256(words.encode()).digest()[:15], "big") | 1 << 120

    def keyed(self, serial: int) -> Keyed:
        """Return the key and certificate with this serial number; raises ``KeyError``."""
        path = self.folder / "keys" / f"{serial:x}.pem"
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            raise KeyError(serial) from None
        return Keyed.from_pem(content, content)

    def revoke(self, serial: int, *, at: dt.datetime, reason: str) -> None:
        """Put ``serial`` on the list from the moment ``at``; a second revocation changes nothing."""
        path = self.folder / "revoked" / f"{serial:x}"
        if path.exists():
            return
        draft = path.with_suffix(f".{secrets.token_hex(8)}")
        draft.write_text(json.dumps({"at": at.isoformat(), "reason": reason}), encoding="utf-8")
        draft.replace(path)

    def revoked(self) -> dict[int, dt.datetime]:
        """Return the revoked serial numbers and since when."""
        return {
            int(path.name, 16): dt.datetime.fromisoformat(json.loads(path.read_text(encoding="utf-8"))["at"])
            for path in sorted((self.folder / "revoked").iterdir())
            if "." not in path.name
        }

    def revocation_list(self, issuer: str, *, at: dt.datetime) -> bytes:
        """Return the list of ``issuer`` (``root`` or ``issuing``) as it stands at ``at``, DER.

        It is dated at the last full hour, or at a later revocation, so that it changes only when it must.
        """
        keyed = self.root if issuer == "root" else self.issuing
        gone = {s: since for s, since in self.revoked().items() if since <= at} if issuer == "issuing" else {}
        made = max([at.replace(minute=0, second=0, microsecond=0), *gone.values()])
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(keyed.certificate.subject)
            .last_update(made)
            .next_update(made + LIST_COUNTS_FOR)
            .add_extension(x509.CRLNumber(int(made.timestamp())), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(keyed.key.public_key()), critical=False
            )
        )
        for serial, since in gone.items():
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since).build()
            builder = builder.add_revoked_certificate(entry)
        return builder.sign(keyed.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def time_stamp(self, request: bytes, *, at: dt.datetime) -> bytes:
        """Answer one RFC 3161 request with the business moment ``at``; raises ``NotATimeStampRequest``."""
        try:
            token = self._token(tsp.TimeStampReq.load(request, strict=True), at)
        except (ValueError, TypeError, KeyError) as error:
            raise NotATimeStampRequest from error
        granted = tsp.PKIStatusInfo({"status": "granted"})
        answer: bytes = tsp.TimeStampResp({"status": granted, "time_stamp_token": token}).dump()
        return answer

    def _token(self, asked: tsp.TimeStampReq, at: dt.datetime) -> cms.ContentInfo:
        certificate = asn1_x509.Certificate.load(self.tsa.certificate_der())
        said = {
            "version": "v1",
            "policy": _TSA_POLICY,
            "message_imprint": asked["message_imprint"],
            "serial_number": secrets.randbits(126) | 1 << 126,
            "gen_time": at.astimezone(dt.UTC).replace(microsecond=0),
            "accuracy": tsp.Accuracy({"seconds": 1}),
        }
        if asked["nonce"].native is not None:
            said["nonce"] = asked["nonce"].native
        info = tsp.TSTInfo(said).dump()
        attributes = cms.CMSAttributes(
            [
                _attribute("content_type", "tst_info"),
                _attribute("message_digest", hashlib.sha256(info).digest()),
                _attribute("signing_certificate_v2", _signing_certificate(certificate)),
            ]
        )
        signature = self.tsa.key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256()))
        signer = cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier(
                    {
                        "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                            {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
                        )
                    }
                ),
                "digest_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
                "signed_attrs": attributes,
                "signature": signature,
            }
        )
        signed = {
            "version": "v3",
            "digest_algorithms": [algos.DigestAlgorithm({"algorithm": "sha256"})],
            "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(info)},
            "signer_infos": [signer],
        }
        if asked["cert_req"].native:
            signed["certificates"] = [certificate]
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})


def _attribute(name: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": name, "values": (value,)})


def _signing_certificate(certificate: asn1_x509.Certificate) -> tsp.SigningCertificateV2:
    identifier = tsp.ESSCertIDv2(
        {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "cert_hash": certificate.sha256,
            "issuer_serial": {
                "issuer": [asn1_x509.GeneralName({"directory_name": certificate.issuer})],
                "serial_number": certificate.serial_number,
            },
        }
    )
    return tsp.SigningCertificateV2({"certs": [identifier]})
