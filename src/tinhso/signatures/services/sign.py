"""Sign as the person who decides: the first signature on a result."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tinhso.signatures.adapters import pades, trust
from tinhso.signatures.adapters.demo_pki import Keyed
from tinhso.signatures.adapters.pictures import handwriting
from tinhso.signatures.models import Certificate
from tinhso.signatures.queries import certificate_of_person
from tinhso.signatures.rules import Field, Kind, Level


class CertificateMissing(Exception):
    """Nobody has a certificate for this signature that counts now."""


class SigningRefused(Exception):
    """The paper is not in the state that this signature needs, or the certificate was refused."""


@dataclass(frozen=True)
class Signed:
    """A signed file, not kept yet: hand it to ``keep``. ``signed_at`` is the time-stamp authority's moment."""

    content: bytes
    certificate: Certificate
    kind: Kind
    level: Level
    signed_at: dt.datetime


def approve(content: bytes, *, person_id: int, office_id: int, post: str, at: dt.datetime) -> Signed:
    """Sign a prepared paper as ``post`` of the office, in blue between title and name; level B-LT.

    Asks the time-stamp authority (0.1 s in the demo, up to two minutes in earnest): call it outside a transaction.
    Keeps nothing. The signature certifies: afterwards number and date may be filled and the seal set, nothing else.
    Raises ``CertificateMissing``, ``TimeStampUnavailable``, ``RevocationListUnavailable`` and ``SigningRefused``,
    each a sentence to show; ``content`` is untouched then.
    """
    certificate = certificate_of_person(person_id=person_id, office_id=office_id, post=post, at=at)
    if certificate is None or certificate.holder is None:
        raise CertificateMissing(
            _(
                "Anh/chị chưa có chứng thư chữ ký số còn hiệu lực cho chức danh này. Báo quản trị viên để được cấp."
            )
        )
    mark = pades.Mark(
        field=Field.SIGNATURE,
        picture=handwriting(certificate.holder.name),
        reason=_("Phê duyệt"),
        certify=True,
        archive=False,
    )
    return signed_with(certificate, content, mark, at=at, fill={}, level=Level.LT)


def signed_with(
    certificate: Certificate,
    content: bytes,
    mark: pades.Mark,
    *,
    at: dt.datetime,
    fill: dict[str, str],
    level: Level,
) -> Signed:
    """Put one mark on a paper with the key of ``certificate``; raises as ``approve`` does."""
    keyed = _key_of(certificate)
    try:
        signed, moment = pades.sign(content, mark, keyed=keyed, trust=trust.current(), at=at, fill=fill)
    except pades.CannotSign as error:
        raise SigningRefused(
            _("Chưa ký được: văn bản đã ký rồi, hoặc chứng thư vừa bị thu hồi. Mở lại hồ sơ để xem.")
        ) from error
    return Signed(signed, certificate, Kind(certificate.kind), level, moment)


def _key_of(certificate: Certificate) -> Keyed:
    try:
        return trust.current().keyed(int(certificate.serial, 16))
    except KeyError as error:
        raise CertificateMissing(
            _("Không tìm thấy khóa ký của chứng thư này. Báo quản trị viên để được cấp lại.")
        ) from error
