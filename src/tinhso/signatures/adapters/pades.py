"""Sign PDFs as PAdES with pyHanko, in business time."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from PIL import Image
from pyhanko.pdf_utils import generic as pdf_objects
from pyhanko.pdf_utils import layout
from pyhanko.pdf_utils.font.opentype import GlyphAccumulator
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import (
    DSSContentSettings,
    SigDSSPlacementPreference,
    TimestampDSSContentSettings,
)
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tinhso.signatures.adapters.demo_pki import Keyed
from tinhso.signatures.adapters.pictures import serif
from tinhso.signatures.adapters.trust import TimeStampUnavailable, Trust

generic: Any = pdf_objects  # it has no types
_FIT = layout.SimpleBoxLayoutRule(
    x_align=layout.AxisAlignment.ALIGN_MID,
    y_align=layout.AxisAlignment.ALIGN_MID,
    inner_content_scaling=layout.InnerScaling.STRETCH_TO_FIT,
)
#: Revocation data go in before the mark that they speak for, so that the last mark covers every byte before it.
_REVOCATION_DATA = DSSContentSettings(
    include_vri=False,
    placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE,
    next_ts_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True),
)
_TEXT_SIZE = 13  # points, as running text of administrative papers (NĐ 30/2020)


class CannotSign(Exception):
    """The paper or the certificate does not allow this signature (a fault to be told in the caller's words)."""


@dataclass(frozen=True)
class Mark:
    """What is written where: the field, the picture in it, and why."""

    field: str
    picture: Image.Image
    reason: str
    #: The first signature certifies the paper: afterwards only fields may be filled and further fields signed.
    certify: bool
    #: Close with an archive time stamp over everything.
    archive: bool


def sign(
    content: bytes,
    mark: Mark,
    *,
    keyed: Keyed,
    trust: Trust,
    at: dt.datetime,
    fill: Mapping[str, str],
) -> tuple[bytes, dt.datetime]:
    """Return the signed paper and the moment the time-stamp authority gave.

    ``fill`` are text fields that are filled in the same revision, before the signature that covers them. ``at`` is
    business time. Nothing but ``content`` is read and nothing is kept. Raises ``TimeStampUnavailable``,
    ``RevocationListUnavailable`` and ``CannotSign``.
    """
    stamper = trust.stamper()
    _ask_first(stamper)
    signer = _signer(keyed, trust)
    metadata = PdfSignatureMetadata(
        field_name=mark.field,
        md_algorithm="sha256",
        reason=mark.reason,
        name=signer.subject_name,
        certify=mark.certify,
        subfilter=SigSeedSubFilter.PADES,
        embed_validation_info=True,
        use_pades_lta=mark.archive,
        timestamp_field_name="archive",
        validation_context=_context(trust, at),
        docmdp_permissions=MDPPerm.FILL_FORMS if mark.certify else MDPPerm.NO_CHANGES,
        dss_settings=_REVOCATION_DATA,
    )
    style = StaticStampStyle(
        border_width=0, background=PdfImage(mark.picture), background_layout=_FIT, background_opacity=1.0
    )
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(content))
        for name, text in fill.items():
            _fill_field(writer, name, text)
        pdf_signer = PdfSigner(metadata, signer, timestamper=stamper, stamp_style=style)
        signed = asyncio.run(_sign(pdf_signer, writer, at))
        return signed, _moment_of(signed, mark.field)
    except TimestampRequestError as error:
        raise TimeStampUnavailable from error
    except (SigningError, PdfError) as error:
        raise CannotSign(str(error)) from error


def _ask_first(stamper: TimeStamper) -> None:
    """Have the stamp that sizes are estimated from, before anything else is asked: without stamps nothing is signed."""
    try:
        asyncio.run(stamper.async_dummy_response("sha256"))
    except TimestampRequestError as error:
        raise TimeStampUnavailable from error


def is_signed(content: bytes, field: str) -> bool:
    """Say whether the signature field holds a signature."""
    try:
        reader = PdfFileReader(io.BytesIO(content))
        return any(found.field_name == field for found in reader.embedded_regular_signatures)
    except PdfError as error:
        raise CannotSign(str(error)) from error


async def _sign(pdf_signer: PdfSigner, writer: IncrementalPdfFileWriter, at: dt.datetime) -> bytes:
    # The steps of PdfSigner.async_sign_pdf, which has no argument for the moment.
    session = pdf_signer.init_signing_session(writer, existing_fields_only=True)
    session.system_time = at
    found = await session.perform_presign_validation(writer)
    reserved = await session.estimate_signature_container_size(found)
    paper = session.prepare_tbs_document(validation_info=found, bytes_reserved=reserved)
    digest, output = paper.digest_tbs_document()
    attributes = PdfCMSSignedAttributes(signing_time=at)
    done = await paper.perform_signature(
        document_digest=digest.document_digest, pdf_cms_signed_attrs=attributes
    )
    await done.post_signature_processing(output)
    output.seek(0)
    return bytes(output.read())


def _signer(keyed: Keyed, trust: Trust) -> SimpleSigner:
    chain: Any = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # it has no types
    chain.register_multiple([*trust.intermediates(), *trust.anchors()])
    return SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(keyed.certificate_der()),
        signing_key=keys.PrivateKeyInfo.load(keyed.key_der()),
        cert_registry=chain,
        # Checkers look the issuer of the root's list up among the embedded certificates.
        embed_roots=True,
    )


def _context(trust: Trust, at: dt.datetime) -> ValidationContext:
    lists = trust.fresh_lists()
    # The lists came after ``at`` was read; a list dated at the full hour between the two would be "of the future".
    latest = max([at, *(found["tbs_cert_list"]["this_update"].native for found in lists)])
    return ValidationContext(
        trust_roots=trust.anchors(),
        other_certs=trust.intermediates(),
        crls=lists,
        allow_fetching=False,
        revocation_mode="require",
        moment=latest,
    )


def _moment_of(content: bytes, field: str) -> dt.datetime:
    reader = PdfFileReader(io.BytesIO(content))
    signature = next(s for s in reader.embedded_regular_signatures if s.field_name == field)
    token = next(iter(extract_tst_data_iter(signature.signer_info, signed=False)))
    moment: dt.datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
    return moment


def _fill_field(writer: IncrementalPdfFileWriter, name: str, text: str) -> None:
    form = writer.root["/AcroForm"]
    fields = (ref.get_object() for ref in form["/Fields"])
    field = next((f for f in fields if f.get("/T") == name and f.get("/FT") == "/Tx"), None)
    if field is None:
        msg = f"the paper has no text field {name}"
        raise CannotSign(msg)
    if field.get("/V") is not None:
        msg = f"the field {name} is filled already"
        raise CannotSign(msg)
    left, bottom, right, top = (float(n) for n in field["/Rect"])
    centred = field.get("/Q") == 1
    field["/V"] = generic.TextStringObject(text)
    field["/AP"] = generic.DictionaryObject(
        {generic.pdf_name("/N"): _text_appearance(writer, text, right - left, top - bottom, centred=centred)}
    )
    writer.update_container(field)


def _text_appearance(
    writer: IncrementalPdfFileWriter, text: str, width: float, height: float, *, centred: bool
) -> Any:
    with serif().open("rb") as font_file:
        font: Any = GlyphAccumulator(writer, io.BytesIO(font_file.read()), font_size=_TEXT_SIZE)
    shaped = font.shape(text)
    natural = shaped.x_advance * _TEXT_SIZE
    size = _TEXT_SIZE * min(1.0, width / natural) if natural else _TEXT_SIZE
    baseline = max((height - size) / 2 + size * 0.22, 1)
    operators = b"/Tx BMC q BT /F1 %.2f Tf 0 g 1 0 0 1 %.2f %.2f Tm %s ET Q EMC" % (
        size,
        max((width - shaped.x_advance * size) / 2, 0) if centred else 0,
        baseline,
        shaped.graphics_ops,
    )
    resources = generic.DictionaryObject(
        {generic.pdf_name("/Font"): generic.DictionaryObject({generic.pdf_name("/F1"): font.as_resource()})}
    )
    appearance = generic.StreamObject(
        dict_data={
            generic.pdf_name("/Type"): generic.pdf_name("/XObject"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/Form"),
            generic.pdf_name("/BBox"): generic.ArrayObject(
                [generic.FloatObject(n) for n in (0, 0, round(width, 2), round(height, 2))]
            ),
            generic.pdf_name("/Resources"): resources,
        },
        stream_data=operators,
    )
    font.prepare_write()
    return writer.add_object(appearance)
