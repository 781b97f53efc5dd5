"""The demo authority and its server."""

from __future__ import annotations

import datetime as dt
import hashlib
import http.client
import threading
from pathlib import Path

import pytest
from asn1crypto import crl, tsp
from asn1crypto import x509 as asn1_x509

from tinhso.signatures.adapters import demo_pki, trust
from tinhso.signatures.tests.conftest import LEADER, SEAL, TrustProcess

AT = dt.datetime(2022, 5, 10, 9, 40, tzinfo=dt.timezone(dt.timedelta(hours=7)))


def ask(
    services: TrustProcess, method: str, path: str, body: bytes = b"", kind: str = ""
) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", services.port, timeout=5)
    try:
        connection.request(method, path, body or None, {"Content-Type": kind} if kind else {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_a_stamp_tells_business_time_and_what_was_stamped(services: TrustProcess) -> None:
    digest = hashlib.sha256(b"paper").digest()
    imprint = tsp.MessageImprint({"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest})
    request = tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "nonce": 42, "cert_req": True})
    status, body = ask(services, "POST", "/tsa", request.dump(), "application/timestamp-query")
    said = tsp.TimeStampResp.load(body)
    info = said["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed
    assert (status, said["status"]["status"].native) == (200, "granted")
    assert abs(info["gen_time"].native - services.now()) < dt.timedelta(seconds=5)
    assert info["message_imprint"]["hashed_message"].native == digest
    assert info["nonce"].native == 42


def test_a_request_that_cannot_be_read_gets_no_stamp(services: TrustProcess) -> None:
    for path, content, kind in (
        ("/tsa", b"nonsense", "application/timestamp-query"),
        ("/tsa", b"x", "text/plain"),
        ("/tsa", b"x" * 5000, "application/timestamp-query"),
        ("/else", b"x", "application/timestamp-query"),
        ("/tsa", b"", "application/timestamp-query"),
    ):
        assert ask(services, "POST", path, content, kind)[0] == 400
    assert ask(services, "GET", "/tsa")[0] == 404
    assert ask(services, "GET", "/crl/../root.key")[0] == 404
    assert ask(services, "GET", "/certs/root.key")[0] == 404


def test_certificates_and_lists_are_served(services: TrustProcess) -> None:
    for name in ("root", "issuing", "tsa"):
        status, body = ask(services, "GET", f"/certs/{name}.crt")
        assert status == 200
        assert "TRÌNH DIỄN" in asn1_x509.Certificate.load(body).subject.native["common_name"]
    status, body = ask(services, "GET", "/crl/issuing.crl")
    told = crl.CertificateList.load(body)["tbs_cert_list"]
    assert status == 200
    assert dt.timedelta() <= services.now() - told["this_update"].native < dt.timedelta(hours=1)


def test_a_list_follows_business_time_and_revocations(tmp_path: Path) -> None:
    authority = demo_pki.create(tmp_path / "pki", base_url="http://127.0.0.1:1")
    leader = authority.issue(LEADER)
    empty = crl.CertificateList.load(authority.revocation_list("issuing", at=AT))["tbs_cert_list"]
    assert empty["this_update"].native == AT.replace(minute=0)
    assert not empty["revoked_certificates"]
    authority.revoke(leader.certificate.serial_number, at=AT, reason="key_lost")
    authority.revoke(leader.certificate.serial_number, at=AT + dt.timedelta(hours=3), reason="key_lost")
    before = authority.revocation_list("issuing", at=AT - dt.timedelta(minutes=1))
    assert not crl.CertificateList.load(before)["tbs_cert_list"]["revoked_certificates"]
    after = crl.CertificateList.load(authority.revocation_list("issuing", at=AT + dt.timedelta(minutes=5)))
    assert after["tbs_cert_list"]["this_update"].native == AT
    assert [r["revocation_date"].native for r in after["tbs_cert_list"]["revoked_certificates"]] == [AT]


def test_the_authority_is_made_once_and_says_that_it_is_a_demo(tmp_path: Path) -> None:
    one = demo_pki.create(tmp_path / "pki", base_url="http://127.0.0.1:1")
    two = demo_pki.create(tmp_path / "pki", base_url="http://127.0.0.1:2")
    assert one.root.certificate == two.root.certificate
    name = asn1_x509.Certificate.load(one.issuing.certificate_der()).subject.native["common_name"]
    assert name == "Tỉnh Số - CA TRÌNH DIỄN (không có giá trị pháp lý)"
    assert one.issuing.certificate.not_valid_before_utc.year == 2020
    assert one.issuing.certificate.not_valid_after_utc.year == 2040
    with pytest.raises(demo_pki.AuthorityMissing):
        demo_pki.DemoAuthority(tmp_path / "nowhere")


def test_keys_are_for_their_owner_alone(tmp_path: Path) -> None:
    authority = demo_pki.create(tmp_path / "pki", base_url="http://127.0.0.1:1")
    authority.issue(SEAL)
    keys = [*tmp_path.rglob("*.key"), *(tmp_path / "pki" / "keys").iterdir()]
    assert len(keys) == 4
    assert {path.stat().st_mode & 0o777 for path in keys} == {0o600}
    assert (tmp_path / "pki").stat().st_mode & 0o777 == 0o700


def test_issued_at_once_by_many_it_is_one_certificate(tmp_path: Path) -> None:
    authority = demo_pki.create(tmp_path / "pki", base_url="http://127.0.0.1:1")
    issued: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: issued.append(authority.issue(LEADER).certificate_der()))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(issued) == 8
    assert len(set(issued)) == 1
    assert authority.issue(LEADER, edition=1).certificate_der() not in issued


def test_lists_come_from_the_server_or_not_at_all(services: TrustProcess) -> None:
    from_there = services.client()
    assert len(from_there.fresh_lists()) == 2
    with pytest.raises(trust.RevocationListUnavailable):
        trust.DemoTrust(services.home / "pki", url="http://127.0.0.1:1").fresh_lists()
    with pytest.raises(trust.RevocationListUnavailable):
        trust.DemoTrust(services.home / "nowhere", url=services.url).fresh_lists()


def test_nobody_is_trusted_without_a_choice() -> None:
    nobody = trust.NullTrust()
    assert nobody.anchors() == nobody.intermediates() == []
    with pytest.raises(trust.RevocationListUnavailable):
        nobody.fresh_lists()
    with pytest.raises(trust.TimeStampUnavailable):
        nobody.stamper()
    with pytest.raises(KeyError):
        nobody.keyed(1)
