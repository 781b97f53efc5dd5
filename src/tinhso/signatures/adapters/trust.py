"""Reach the trust services: certificate of a signer, its key, revocation lists and time stamps."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from asn1crypto import crl, pem, tsp, x509
from django.utils.translation import gettext as _
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from tinhso.signatures.adapters.demo_pki import AuthorityMissing, DemoAuthority, Keyed, Subject
from tinhso.signatures.adapters.encoding import mend

mend()

#: Where the trust services listen on 127.0.0.1 unless told otherwise.
DEFAULT_PORT = 8318


class TimeStampUnavailable(Exception):
    """No time stamp could be had, so nothing was signed."""

    def __init__(self) -> None:
        """Say so to the person who signs."""
        super().__init__(
            _(
                "Chưa ký được: máy chủ cấp dấu thời gian không trả lời. "
                "Bản dự thảo vẫn nguyên vẹn. Anh/chị thử lại sau ít phút."
            )
        )


class RevocationListUnavailable(Exception):
    """The list of revoked certificates could not be had, so nothing was signed."""

    def __init__(self) -> None:
        """Say so to the person who signs."""
        super().__init__(
            _(
                "Chưa ký được: chưa tải được danh sách chứng thư bị thu hồi. "
                "Bản dự thảo vẫn nguyên vẹn. Anh/chị thử lại sau ít phút."
            )
        )


class Trust(Protocol):
    """What signing and checking need from outside."""

    def anchors(self) -> list[x509.Certificate]:
        """Return the roots that are trusted."""

    def intermediates(self) -> list[x509.Certificate]:
        """Return certificates of authorities that signed files may leave out."""

    def fresh_lists(self) -> list[crl.CertificateList]:
        """Return the current revocation lists; raises ``RevocationListUnavailable``."""

    def stamper(self, patience: Patience | None = None) -> TimeStamper:
        """Return a client of the time-stamp authority; ``patience`` where other than usual."""

    def issue(
        self, subject: Subject, *, edition: int, valid_from: dt.datetime, valid_to: dt.datetime
    ) -> bytes:
        """Have a certificate issued (or find it issued already); return it as PEM."""

    def revoke(self, serial: int, *, at: dt.datetime, reason: str) -> None:
        """Have a certificate revoked."""

    def keyed(self, serial: int) -> Keyed:
        """Return the key that belongs to a certificate; raises ``KeyError``."""


class NullTrust:
    """Trust nobody and stamp nothing: what a process has before it is told where the services are."""

    def anchors(self) -> list[x509.Certificate]:
        """Trust nobody."""
        return []

    def intermediates(self) -> list[x509.Certificate]:
        """Know nobody."""
        return []

    def fresh_lists(self) -> list[crl.CertificateList]:
        """Refuse."""
        raise RevocationListUnavailable

    def stamper(self, patience: Patience | None = None) -> TimeStamper:
        """Refuse."""
        raise TimeStampUnavailable

    def issue(
        self, subject: Subject, *, edition: int, valid_from: dt.datetime, valid_to: dt.datetime
    ) -> bytes:
        """Refuse."""
        raise AuthorityMissing

    def revoke(self, serial: int, *, at: dt.datetime, reason: str) -> None:
        """Refuse."""
        raise AuthorityMissing

    def keyed(self, serial: int) -> Keyed:
        """Hold no key."""
        raise KeyError(serial)


@dataclass(frozen=True)
class Patience:
    """How long to wait for the time-stamp authority: seconds a try, and seconds before each further try.

    The national authority answers within 2 to 131 seconds: in earnest 180 seconds and pauses of 2 and 4.
    """

    timeout: float = 10.0
    pauses: tuple[float, ...] = (0.2, 0.6)


class HttpStamper(TimeStamper):
    """Ask an RFC 3161 authority over HTTP, patiently, and close when it does not answer."""

    def __init__(self, url: str, patience: Patience) -> None:
        """Ask at ``url``."""
        super().__init__()  # type: ignore[no-untyped-call]  # it has no types
        self.url = url
        self.patience = patience

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Return the authority's answer; raises ``TimestampRequestError`` after the last try."""
        for pause in (*self.patience.pauses, None):
            try:
                return tsp.TimeStampResp.load(self._post(req.dump()))
            except (OSError, ValueError) as error:
                if pause is None:
                    raise TimestampRequestError(str(error)) from error
                await asyncio.sleep(pause)
        raise AssertionError  # the last try returns or raises

    def _post(self, body: bytes) -> bytes:
        request = urllib.request.Request(  # noqa: S310 - the address is the operator's, not a user's
            self.url, data=body, headers={"Content-Type": "application/timestamp-query"}
        )
        return _fetch(request, self.patience.timeout)


class DemoTrust:
    """The demo authority: its folder for keys and anchors, its server for lists and time stamps."""

    def __init__(
        self,
        folder: Path,
        *,
        url: str,
        further_anchors: Path | None = None,
        patience: Patience = Patience(),
    ) -> None:
        """Use the authority in ``folder``, served at ``url``; trust the PEM files of ``further_anchors`` too."""
        self._folder = folder
        self._url = url
        self._further = further_anchors
        self._patience = patience
        self._lists: tuple[float, list[crl.CertificateList]] | None = None

    def anchors(self) -> list[x509.Certificate]:
        """Return the demo's root, if it was created, and the further anchors."""
        paths = [self._folder / "root.crt"]
        if self._further is not None and self._further.is_dir():
            paths += sorted(p for p in self._further.iterdir() if p.suffix in {".crt", ".pem", ".cer"})
        return [c for path in paths if path.exists() for c in read_certificates(path.read_bytes())]

    def intermediates(self) -> list[x509.Certificate]:
        """Return the demo's issuing authority."""
        path = self._folder / "issuing.crt"
        return read_certificates(path.read_bytes()) if path.exists() else []

    def fresh_lists(self) -> list[crl.CertificateList]:
        """Return both lists from the server, kept for a second of machine time."""
        if not (self._folder / "root.crt").exists():
            raise RevocationListUnavailable
        if self._lists is not None and time.monotonic() - self._lists[0] < 1:
            return self._lists[1]
        try:
            lists = [
                crl.CertificateList.load(_fetch(f"{self._url}/crl/{name}.crl", self._patience.timeout))
                for name in ("root", "issuing")
            ]
        except (OSError, ValueError) as error:
            raise RevocationListUnavailable from error
        self._lists = (time.monotonic(), lists)
        return lists

    def stamper(self, patience: Patience | None = None) -> TimeStamper:
        """Return a new client: what one signing learns about the authority is not carried to the next."""
        return HttpStamper(f"{self._url}/tsa", patience or self._patience)

    def issue(
        self, subject: Subject, *, edition: int, valid_from: dt.datetime, valid_to: dt.datetime
    ) -> bytes:
        """Issue from the folder; raises ``AuthorityMissing``."""
        keyed = DemoAuthority(self._folder).issue(
            subject, edition=edition, valid_from=valid_from, valid_to=valid_to
        )
        return keyed.certificate_pem()

    def revoke(self, serial: int, *, at: dt.datetime, reason: str) -> None:
        """Revoke in the folder; the server's list follows at once."""
        DemoAuthority(self._folder).revoke(serial, at=at, reason=reason)
        self._lists = None

    def keyed(self, serial: int) -> Keyed:
        """Return a software key from the folder."""
        return DemoAuthority(self._folder).keyed(serial)


def read_certificates(content: bytes) -> list[x509.Certificate]:
    """Read all certificates of a PEM or DER file; raises ``ValueError``."""
    if not pem.detect(content):
        return [x509.Certificate.load(content)]
    return [
        x509.Certificate.load(der)
        for kind, _headers, der in pem.unarmor(content, multiple=True)
        if kind == "CERTIFICATE"
    ]


def _fetch(request: str | urllib.request.Request, timeout: float) -> bytes:
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310 - the operator's address
            body: bytes = answer.read()
    except urllib.error.HTTPError as error:
        error.close()
        raise
    return body


_current: Trust = NullTrust()


def use(trust: Trust) -> None:
    """Make ``trust`` what this process signs and checks with."""
    global _current
    _current = trust


def current() -> Trust:
    """Return what this process signs and checks with."""
    return _current
