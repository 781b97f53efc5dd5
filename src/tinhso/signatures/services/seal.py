"""Issue a result: number and date, then the seal of the office."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from tinhso.signatures.adapters import pades
from tinhso.signatures.adapters.pictures import round_seal
from tinhso.signatures.queries import certificate_of_seal
from tinhso.signatures.rules import Field, Level
from tinhso.signatures.services.sign import CertificateMissing, Signed, SigningRefused, signed_with


def issue(content: bytes, *, office_id: int, number: str = "", date: str = "", at: dt.datetime) -> Signed:
    """Write number and date on a paper that a person signed, and set the red seal over both; level B-LTA.

    ``number`` and ``date`` are the words on the page ("28/UBND-XNTTHN", "Xuân Trường, ngày 10 tháng 5 năm 2022");
    empty where the paper has no such place. They are part of what the seal signs (NĐ 30/2020, Phụ lục I). An archive
    time stamp closes over both signatures. Asks the time-stamp authority: call it outside a transaction. Keeps
    nothing. Raises as ``approve`` does.
    """
    certificate = certificate_of_seal(office_id=office_id, at=at)
    if certificate is None:
        raise CertificateMissing(
            _("Cơ quan chưa có chứng thư con dấu còn hiệu lực. Báo quản trị viên để được cấp.")
        )
    if not pades.is_signed(content, Field.SIGNATURE):
        raise SigningRefused(_("Chưa đóng dấu được: lãnh đạo chưa ký văn bản này."))
    mark = pades.Mark(
        field=Field.SEAL,
        picture=round_seal(certificate.office.name),
        reason=_("Phát hành"),
        certify=False,
        archive=True,
    )
    words = {Field.NUMBER.value: number, Field.DATE.value: date}
    fill = {name: text for name, text in words.items() if text}
    return signed_with(certificate, content, mark, at=at, fill=fill, level=Level.LTA)
