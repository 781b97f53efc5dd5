"""Ten things are told by mail: once they last, not too often, again when worse, and when they are over."""

from __future__ import annotations

import datetime as dt
import json
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import override_settings

from tinhso.config.commands.watcher import addresses
from tinhso.config.operations import alerts
from tinhso.config.operations.alerts import Kind, Told, decide, rules, run
from tinhso.config.operations.health import health
from tinhso.config.operations.looking import look
from tinhso.config.operations.parts import Part, State
from tinhso.config.places import CLONE
from tinhso.messages.adapters.mail import SmtpMail
from tinhso.toolkit.clock import VN

AT = dt.datetime(2026, 12, 1, 9, 0, tzinfo=VN)
KEYS = [rule.key for rule in rules(AT.date())]
#: Written by others.
ELSEWHERE = {"disk-full"}


def later(**by: float) -> dt.datetime:
    return AT + dt.timedelta(**by)


def part(key: str, state: State) -> Part:
    return Part(key, "Niêm phong sổ", state, "chậm 70 giây", todo="Mở lại.")


@pytest.fixture
def rule() -> alerts.Rule:
    return next(one for one in rules(AT.date()) if one.key == "sealing-stands-still")


def test_there_are_ten_and_each_has_its_runbook() -> None:
    assert len(KEYS) == len(set(KEYS)) == 10
    for key in KEYS:
        file = CLONE / f"docs/runbooks/{key}.md"
        if key in ELSEWHERE and not file.exists():
            continue
        text = file.read_text(encoding="utf-8")
        for head in ("Dấu hiệu", "Người dùng thấy gì", "Xem", "Sau đó"):
            assert f"## {head}" in text, f"{file.name} lacks {head}"


def test_every_part_that_is_looked_at_is_told_of_by_some_rule(db: None) -> None:
    from tinhso.config.operations.counters import Totals  # noqa: PLC0415 - beside its use

    parts = {one.key for one in health(look(), Totals())}
    told = {key for rule in rules(AT.date()) for key in rule.parts}
    assert parts <= told


def test_what_lasts_is_told_once_then_again_after_its_hours_then_that_it_is_over(rule: alerts.Rule) -> None:
    bad, good = [part("sealing", State.BAD)], [part("sealing", State.OK)]
    told, letter = decide(rule, Told(), bad, AT)
    assert letter is None, "it may pass by itself"
    told, letter = decide(rule, told, bad, later(seconds=30))
    assert letter is not None
    assert letter.kind is Kind.RAISED
    assert letter.since == AT
    for minutes in (1, 60, 239):
        told, letter = decide(rule, told, bad, later(minutes=minutes))
        assert letter is None, "not repeated before its hours"
    told, letter = decide(rule, told, bad, later(hours=4, minutes=1))
    assert letter is not None
    assert letter.kind is Kind.STILL
    told, letter = decide(rule, told, good, later(hours=5))
    assert letter is None
    told, letter = decide(rule, told, bad, later(hours=5, seconds=60))
    assert letter is None, "it came back within the quiet time: nothing is told twice"
    told, letter = decide(rule, told, good, later(hours=6))
    told, letter = decide(rule, told, good, later(hours=6, seconds=120))
    assert letter is not None
    assert letter.kind is Kind.OVER
    assert told == Told()


def test_what_becomes_worse_is_told_at_once() -> None:
    disk = next(one for one in rules(AT.date()) if one.key == "disk-full")
    told, letter = decide(disk, Told(), [part("disk_logs", State.WARN)], AT)
    assert letter is not None
    told, letter = decide(disk, told, [part("disk_logs", State.BAD)], later(minutes=1))
    assert letter is not None
    assert letter.kind is Kind.WORSE
    told, letter = decide(disk, told, [part("disk_logs", State.WARN)], later(minutes=2))
    assert letter is None


def test_what_was_not_measured_raises_nothing(rule: alerts.Rule) -> None:
    assert decide(rule, Told(), [part("sealing", State.UNKNOWN)], AT) == (Told(), None)


@dataclass
class MailServer:
    """The real server of one test."""

    post: SmtpMail
    letters: Path

    def taken(self) -> list[dict[str, object]]:
        if not self.letters.exists():
            return []
        return [json.loads(line) for line in self.letters.read_text(encoding="utf-8").splitlines()]

    def refuse(self, *, does: bool) -> None:
        file = self.letters.with_suffix(".refuse")
        file.touch() if does else file.unlink(missing_ok=True)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """Start a mail server over TLS whose certificate this process trusts, with a data folder of its own."""
    certificate, key = tmp_path / "tls.crt", tmp_path / "tls.key"
    _make_certificate(certificate, key)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert ssl.get_default_verify_paths().cafile == str(certificate)
    letters = tmp_path / "letters.jsonl"
    script = Path(__file__).with_name("smtp_server.py")
    process = subprocess.Popen(
        [sys.executable, script, certificate, key, letters], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        post = SmtpMail.at(f"smtps://localhost:{port}", "Tỉnh Số <so@tinh.example>")
        with override_settings(TINHSO_DATA=tmp_path / "data"):
            yield MailServer(post, letters)
    finally:
        process.kill()
        process.communicate()


def _make_certificate(certificate: Path, key: Path) -> None:
    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(secret, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    key.write_bytes(
        secret.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )


TO = ["truc@tinh.example", "truc2@tinh.example"]
PAGE = "https://tinh.example/van-hanh/"


def test_letters_reach_a_real_server_and_what_was_told_outlives_the_watcher(server: MailServer) -> None:
    bad = [part("sealing", State.BAD)]
    assert run(bad, AT, post=server.post, to=TO, page=PAGE) == []
    (sent,) = run(bad, later(minutes=1), post=server.post, to=TO, page=PAGE)
    assert sent.kind is Kind.RAISED
    first, second = server.taken()
    assert (first["to"], second["to"]) == (TO[:1], TO[1:])
    assert first["subject"] == "[Tỉnh Số] Khẩn: Niêm phong sổ nhật ký đứng lại"
    text = str(first["text"])
    assert "- Niêm phong sổ: chậm 70 giây. Mở lại." in text
    assert "docs/runbooks/sealing-stands-still.md" in text
    assert PAGE in text
    assert "Từ 9 giờ ngày 01/12/2026" in text
    assert run(bad, later(minutes=2), post=server.post, to=TO, page=PAGE) == []
    good = [part("sealing", State.OK)]
    run(good, later(minutes=3), post=server.post, to=TO, page=PAGE)
    (over,) = run(good, later(minutes=6), post=server.post, to=TO, page=PAGE)
    assert over.kind is Kind.OVER
    assert "Đã yên trở lại" in str(server.taken()[-1]["text"])


def test_a_letter_that_nobody_took_is_tried_at_the_next_look(server: MailServer) -> None:
    bad = [part("sealing", State.BAD)]
    server.refuse(does=True)
    run(bad, AT, post=server.post, to=TO, page=PAGE)
    assert run(bad, later(minutes=1), post=server.post, to=TO, page=PAGE) == []
    server.refuse(does=False)
    (sent,) = run(bad, later(minutes=2), post=server.post, to=TO, page=PAGE)
    assert (sent.kind, sent.since) == (Kind.RAISED, AT)


def test_a_server_whose_certificate_is_not_trusted_gets_no_letter(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/dev/null")
    monkeypatch.setenv("SSL_CERT_DIR", "/dev/null")
    bad = [part("web", State.BAD)]
    run(bad, AT, post=server.post, to=TO, page=PAGE)
    assert run(bad, later(minutes=1), post=server.post, to=TO, page=PAGE) == []
    assert server.taken() == []


def test_without_addresses_nothing_is_told_and_nothing_fails(server: MailServer) -> None:
    bad = [part("web", State.BAD)]
    for minute in range(3):
        assert run(bad, later(minutes=minute), post=None, to=[], page=PAGE) == []
    assert run(bad, later(minutes=9), post=server.post, to=TO, page=PAGE) != [], "told once there is somebody"


def test_addresses_are_separated_by_commas() -> None:
    assert addresses(" a@b.vn, c@d.vn ,,") == ["a@b.vn", "c@d.vn"]
