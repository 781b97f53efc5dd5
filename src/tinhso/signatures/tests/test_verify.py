"""Checking: what holds, what does not, and any file at all. None of it touches the database."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from tinhso.signatures.adapters import demo_pki, trust
from tinhso.signatures.rules import Kind, Level, Trouble
from tinhso.signatures.services.verify import verify
from tinhso.signatures.tests.conftest import LEADER, OFFICE, SEAL, TrustProcess, sign_both
from tinhso.signatures.tests.papers import draw


def test_a_result_carries_two_archived_signatures_and_nothing_changed_after(
    services: TrustProcess, result: bytes
) -> None:
    report = verify(result, at=services.now())
    assert [(s.kind, s.signer, s.office, s.level) for s in report.signatures] == [
        (Kind.APPROVE, "Trần Văn Thử", OFFICE, Level.LTA),
        (Kind.SEAL, OFFICE, OFFICE, Level.LTA),
    ]
    assert all(s.intact and s.trusted for s in report.signatures)
    assert report.is_good
    assert (report.changed_after, report.problems) == ((), ())
    assert report.verdict == f"Tệp nguyên vẹn. Trần Văn Thử đã ký, {OFFICE} đã đóng dấu."
    assert report.has_fresh_lists


def test_the_leader_permits_number_date_and_seal_and_the_seal_permits_nothing(
    services: TrustProcess, result: bytes
) -> None:
    leader, seal = verify(result, at=services.now()).signatures
    assert leader.filled == ("date", "number", "seal")
    assert seal.filled == ()


def test_what_the_leader_signed_is_good_before_the_seal_but_not_yet_archived(
    services: TrustProcess, both: tuple[bytes, bytes]
) -> None:
    report = verify(both[0], at=services.now())
    assert report.is_good
    assert [s.level for s in report.signatures] == [Level.LT]


def test_signed_at_is_business_time(services: TrustProcess, result: bytes) -> None:
    for found in verify(result, at=services.now()).signatures:
        assert found.signed_at is not None
        assert found.signed_at.date() == dt.date(2022, 5, 10)
    assert b"2026" not in result.split(b"/Sig")[0]


@pytest.mark.parametrize("years", [1, 4])
def test_a_result_still_holds_years_later_without_the_services(
    services: TrustProcess, result: bytes, years: int
) -> None:
    trust.use(trust.DemoTrust(services.home / "pki", url="http://127.0.0.1:1"))
    report = verify(result, at=services.now() + dt.timedelta(days=365 * years))
    assert report.is_good
    assert not report.has_fresh_lists


@pytest.mark.parametrize("command", ["adesverify", "validate"])
def test_pyhankos_own_command_line_agrees(
    services: TrustProcess, result: bytes, tmp_path: Path, command: str
) -> None:
    file = tmp_path / "result.pdf"
    for content, expected in ((result, 0), (_flipped(result, 3000), 1)):
        file.write_bytes(content)
        said = subprocess.run(
            [
                Path(sys.executable).parent / "pyhanko",
                *("sign", command, "--trust-replace", "--trust", services.home / "pki" / "root.crt"),
                *("--validation-time", services.now().isoformat(), file),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        assert said.returncode == expected, said.stdout + said.stderr
        assert verify(content, at=services.now()).is_good == (expected == 0)


def _flipped(content: bytes, place: int, bits: int = 1) -> bytes:
    changed = bytearray(content)
    changed[place] ^= bits
    return bytes(changed)


def test_one_flipped_byte_is_found_wherever_it_is(services: TrustProcess, result: bytes) -> None:
    at = services.now()
    places = [i * (len(result) - 1) // 59 for i in range(60)]
    missed = [place for place in places if verify(_flipped(result, place), at=at).is_good]
    assert missed == []


def test_one_flipped_byte_is_found_where_no_signature_covers_it(
    services: TrustProcess, result: bytes
) -> None:
    """The hole of the last time stamp: its digits, the case of its letters, and the zeros that fill it."""
    at = services.now()
    last = list(PdfFileReader(io.BytesIO(result)).embedded_signatures)[-1]
    _start, hole, after, _length = (int(n) for n in last.byte_range)
    places = [hole, hole + 1, *range(hole + 2, after - 2, (after - hole) // 12), after - 2, after - 1]
    missed = [
        (place, bits)
        for place in places
        for bits in (1, 0x20)
        if verify(_flipped(result, place, bits), at=at).is_good
    ]
    assert missed == []


def test_a_drawing_added_after_signing_names_the_page(services: TrustProcess, result: bytes) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(result))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    old = page.raw_get("/Contents")
    added = writer.add_object(generic.StreamObject(stream_data=b"0 0 0 rg 100 700 200 50 re f"))
    page["/Contents"] = generic.ArrayObject([old, added])
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]  # it has no types
    report = verify(out.getvalue(), at=services.now())
    assert not report.is_good
    assert "Trang 1 bị sửa sau khi Trần Văn Thử ký." in report.changed_after
    assert all(s.intact and s.trouble is Trouble.CHANGED_AFTER for s in report.signatures)


def test_a_number_filled_in_anew_after_the_seal_is_a_change(services: TrustProcess, result: bytes) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(result))
    fields = [ref.get_object() for ref in writer.root["/AcroForm"]["/Fields"]]
    number = next(f for f in fields if f.get("/T") == "number")
    number["/V"] = generic.TextStringObject("99/UBND-XNTTHN")
    writer.update_container(number)
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]  # it has no types
    report = verify(out.getvalue(), at=services.now())
    assert not report.is_good
    assert report.changed_after == (f"Cấu trúc tệp bị sửa sau khi {OFFICE} ký.",)


def test_bytes_hung_on_the_end_are_found(services: TrustProcess, result: bytes) -> None:
    report = verify(result + b"\nPK\x03\x04 something else", at=services.now())
    assert not report.is_good
    assert report.changed_after == ("Có 19 byte thêm vào cuối tệp.",)


def test_an_authority_of_the_same_name_is_not_the_authority(
    services: TrustProcess, tmp_path: Path, draft: bytes
) -> None:
    forged = TrustProcess(tmp_path).start()
    try:
        _, issued = sign_both(forged, draft, forged.authority.issue(LEADER), forged.authority.issue(SEAL))
    finally:
        forged.stop()
    report = verify(issued, at=services.now())
    assert [(s.intact, s.trusted, s.trouble) for s in report.signatures] == [
        (True, False, Trouble.UNKNOWN_AUTHORITY),
        (True, False, Trouble.UNKNOWN_AUTHORITY),
    ]
    assert report.problems[0] == "Chứng thư của Trần Văn Thử không do nơi được tin cậy cấp."
    (services.home / "trust").mkdir()
    (services.home / "trust" / "other.pem").write_bytes((tmp_path / "pki" / "root.crt").read_bytes())
    assert verify(issued, at=services.now()).is_good  # once somebody chose to trust it
    (services.home / "trust" / "other.pem").unlink()
    (services.home / "trust").rmdir()


def _revocable(name: str) -> demo_pki.Subject:
    return demo_pki.Subject(office=OFFICE, office_code="000.99.15.H40", person=name, post="Chủ tịch")


def test_a_signature_made_after_revocation_is_not_trusted(services: TrustProcess, draft: bytes) -> None:
    authority = services.authority
    leader = authority.issue(_revocable("Lê Thị Giả Định"))
    _, issued = sign_both(services, draft, leader, authority.issue(SEAL))
    earlier = services.now() - dt.timedelta(days=1)
    authority.revoke(leader.certificate.serial_number, at=earlier, reason="key_lost")
    trust.use(services.client())
    report = verify(issued, at=services.now())
    assert [s.trouble for s in report.signatures] == [Trouble.REVOKED, None]
    assert report.problems == ("Chứng thư của Lê Thị Giả Định đã bị thu hồi trước khi ký.",)


def test_a_signature_made_before_revocation_stays_good(services: TrustProcess, draft: bytes) -> None:
    authority = services.authority
    leader = authority.issue(_revocable("Vũ Thị Ví Dụ"))
    _, issued = sign_both(services, draft, leader, authority.issue(SEAL))
    later = services.now() + dt.timedelta(seconds=1)
    authority.revoke(leader.certificate.serial_number, at=later, reason="post_left")
    trust.use(services.client())
    assert verify(issued, at=services.now() + dt.timedelta(minutes=1)).is_good


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Đây không phải tệp PDF."),
        (b"GIF89a", "Đây không phải tệp PDF."),
        (b"\x00" * 5000, "Đây không phải tệp PDF."),
        (b"%PDF-1.7", "Tệp bị hỏng hoặc bị sửa, không đọc được chữ ký."),
        (b"%PDF-1.7\n" + bytes(range(256)) * 20, "Tệp bị hỏng hoặc bị sửa, không đọc được chữ ký."),
    ],
)
def test_anything_at_all_gets_a_sentence(services: TrustProcess, content: bytes, sentence: str) -> None:
    report = verify(content, at=services.now())
    assert not report.is_good
    assert report.problems == (sentence,)


def test_an_unsigned_pdf_says_so(services: TrustProcess, draft: bytes) -> None:
    for content in (draw(), draft):
        assert verify(content, at=services.now()).verdict == "Tệp này chưa được ký số."


def test_a_pdf_with_a_password_says_so(services: TrustProcess) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(draw())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert verify(out.getvalue(), at=services.now()).problems == (
        "Tệp có mật khẩu nên không đọc được chữ ký.",
    )


def test_a_result_cut_short_or_saved_anew_is_not_good(services: TrustProcess, result: bytes) -> None:
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(result)) as pdf:
        pdf.save(saved)
    for content in (result[:-1], result[: len(result) // 2], result[:-2000], saved.getvalue()):
        assert not verify(content, at=services.now()).is_good


def test_a_tampered_cross_reference_is_found(services: TrustProcess, result: bytes) -> None:
    place = result.rfind(b"startxref") + len(b"startxref\n")
    assert not verify(_flipped(result, place), at=services.now()).is_good


def test_the_command_prints_one_json_document_and_needs_no_database(
    services: TrustProcess, result: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "result.pdf"
    environment = {
        **os.environ,
        "TINHSO_DATA": str(services.home),
        "TINHSO_DEMO": "1",
        "TINHSO_TRUST_PORT": str(services.port),
    }
    command = [sys.executable, "-m", "tinhso.config.cli", "verify-pdf", str(file), "--json"]
    for content, code in ((result, 0), (_flipped(result, 2000), 1)):
        file.write_bytes(content)
        said = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert said.returncode == code, said.stderr
        report = json.loads(said.stdout)
        assert report["file"] == str(file)
        assert [s["level"] for s in report["signatures"]][:1] == (["B-LTA"] if code == 0 else ["B-B"])
        assert report["changed_after"] == []
        assert bool(report["problems"]) == (code == 1)
