"""Each insecure start is refused with one sentence, and let go once it is put right."""

from __future__ import annotations

import datetime as dt
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from allauth.mfa.models import Authenticator
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.contrib.auth.hashers import make_password
from django.db import connection
from pytest_django import Settings

from tests.language import foreign_words
from tinhso.config import production
from tinhso.config.commands.check import command
from tinhso.config.finding import Finding
from tinhso.config.install import upkeep
from tinhso.config.install.certificate import make_self_signed
from tinhso.directory.models import Account, Person, Post
from tinhso.directory.rules import OfficeKind, Role
from tinhso.directory.services.load_demo import PASSWORD
from tinhso.directory.tests.factories import make_actor, make_office
from tinhso.signatures.api import TimeStampUnavailable
from tinhso.toolkit import clock

pytestmark = pytest.mark.django_db
DOMAIN = "dichvucong.example.gov.vn"
Break = Callable[[Settings, pytest.MonkeyPatch, Path], object]


@pytest.fixture
def house(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Stand for an installation in which nothing is wrong."""
    data, store, kept = tmp_path / "data", Path("/dev/shm") / f"store-{os.getpid()}", tmp_path / "heads"  # noqa: S108
    for folder in (data, store, kept):
        folder.mkdir(mode=0o700, exist_ok=True)
    settings.TINHSO_DATA, settings.TINHSO_BACKUP, settings.TINHSO_KEPT_HEADS = data, store, kept
    settings.TINHSO_BACKUP_KEY = _written(tmp_path / "etc/backup.key", "0" * 64)
    settings.SECRET_KEY = "k3Yq9-vB7wTzR2mXcL5pHd8sGnF4jQ6aUeWi1oZt0y"
    settings.TINHSO_PUBLIC_ADDRESS = f"https://{DOMAIN}"
    settings.TINHSO_DEMO = settings.DEBUG = False
    settings.SECURE_HSTS_SECONDS = production.A_YEAR
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.ALLOWED_HOSTS = [DOMAIN]
    settings.TINHSO_SMTP, settings.TINHSO_MAIL_FROM = "smtp://127.0.0.1", "a@example.gov.vn"
    monkeypatch.setenv("TINHSO_ALERTS_TO", "b@example.gov.vn")
    monkeypatch.setenv("TINHSO_TLS_CERTIFICATE", str(_issued(tmp_path / "tls.pem", days=90)))
    _written(kept / "heads.jsonl", "{}\n")
    # What only another machine or another account could show is told; each is told otherwise below.
    monkeypatch.setattr("os.geteuid", lambda: 990)
    monkeypatch.setattr("os.access", lambda path, mode: not str(path).startswith(str(kept)))
    monkeypatch.setattr(upkeep, "kept_by_network", lambda: True)
    monkeypatch.setattr(upkeep, "authority_time", clock.now)
    monkeypatch.setattr(production.places, "is_clone", lambda: False)
    _administrator()
    return tmp_path


def _written(path: Path, text: str, mode: int = 0o600) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "ascii")
    path.chmod(mode)
    return path


def _issued(path: Path, *, days: int, name: str = DOMAIN) -> Path:
    """Write a certificate that an authority issued for a name."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "An authority")]))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=days, hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return path


def _account(name: str, password: str) -> Account:
    person = Person.objects.create(name=name, folded=name, sort_key=name)
    return Account.objects.create(username=name, person=person, password=password)


def _administrator() -> None:
    """Make an administrator of the province who has a second factor."""
    office = make_office("UBND tỉnh Nam Định", OfficeKind.PROVINCE, "000.00.00.H40")
    make_actor("quan.tri", "Đinh Quân Nháp", (office, Role.ADMINISTRATOR, "Quản trị viên"))


def _faults() -> dict[str, Finding]:
    return {one.name: one for one in production.everything() if not one.is_fine}


def test_a_closed_installation_has_no_fault(house: Path) -> None:
    assert _faults() == {}


def _set(name: str, value: object) -> Break:
    return lambda settings, monkeypatch, house: setattr(settings, name, value)


def _stamps_away(settings: Settings, monkeypatch: pytest.MonkeyPatch, house: Path) -> None:
    def away() -> dt.datetime:
        raise TimeStampUnavailable

    monkeypatch.setattr(upkeep, "authority_time", away)


INSECURE: list[tuple[str, Break]] = [
    ("demo", _set("TINHSO_DEMO", True)),
    ("demo_accounts", lambda s, m, h: _account("lan", make_password(PASSWORD))),
    ("demo_accounts", lambda s, m, h: [_account(f"x{n}", "argon2$the-same") for n in range(2)]),
    ("debug_off", _set("DEBUG", True)),
    ("debug_off", lambda s, m, h: setattr(s, "MIDDLEWARE", [*s.MIDDLEWARE, "debug_toolbar.middleware.X"])),
    ("hosts", _set("ALLOWED_HOSTS", ["*"])),
    ("secret", _set("SECRET_KEY", "django-insecure-k3Yq9-vB7wTzR2mXcL5pHd8sGnF4jQ6aUeWi1oZt0y")),
    ("secret", _set("SECRET_KEY", "short")),
    ("https", _set("TINHSO_PUBLIC_ADDRESS", f"http://{DOMAIN}")),
    ("hsts", _set("SECURE_HSTS_SECONDS", 0)),
    ("cookies", _set("SESSION_COOKIE_SECURE", False)),
    ("cookies", _set("CSRF_COOKIE_SECURE", False)),
    ("listening", _set("TINHSO_HOST", "0.0.0.0")),  # noqa: S104 - this is what must be refused
    ("root", lambda s, m, h: m.setattr("os.geteuid", lambda: 0)),
    ("files", lambda s, m, h: _written(h / "data/secret", "x", 0o644)),
    ("files", lambda s, m, h: (h / "data").chmod(0o755)),
    ("files", lambda s, m, h: (h / "etc/backup.key").chmod(0o604)),
    ("database_access", lambda s, m, h: _written(h / "data/pg18/pg_hba.conf", "local all all trust\n")),
    ("clock_real", lambda s, m, h: _written(h / "data/clock", "-100")),
    ("clock_real", lambda s, m, h: m.setenv("TINHSO_CLOCK", "2022-05-10T07:30+07:00")),
    ("mail", _set("TINHSO_SMTP", "")),
    ("mail", lambda s, m, h: m.delenv("TINHSO_ALERTS_TO")),
    ("backup_store", lambda s, m, h: setattr(s, "TINHSO_BACKUP", h / "data/backup")),
    ("backup_store", lambda s, m, h: ((h / "store").mkdir(0o700), setattr(s, "TINHSO_BACKUP", h / "store"))),
    ("backup_key", lambda s, m, h: setattr(s, "TINHSO_BACKUP_KEY", _written(h / "data/backup.key", "0"))),
    ("backup_key", lambda s, m, h: (h / "etc/backup.key").unlink()),
    ("certificate", lambda s, m, h: m.delenv("TINHSO_TLS_CERTIFICATE")),
    ("certificate", lambda s, m, h: _issued(h / "tls.pem", days=3)),
    ("certificate", lambda s, m, h: _issued(h / "tls.pem", days=90, name="khac.example.gov.vn")),
    ("ntp", lambda s, m, h: m.setattr(upkeep, "kept_by_network", lambda: None)),
    ("administrators", lambda s, m, h: Authenticator.objects.all().delete()),
    ("administrators", lambda s, m, h: Post.objects.update(valid_to=clock.today() - dt.timedelta(days=1))),
    ("heads", lambda s, m, h: (h / "heads/heads.jsonl").unlink()),
    ("heads", lambda s, m, h: os.utime(h / "heads/heads.jsonl", (time.time() - 3600,) * 2)),
    ("heads", lambda s, m, h: m.setattr("os.access", lambda path, mode: True)),
    ("authority", _stamps_away),
    ("authority", lambda s, m, h: (h / "data/pki").mkdir()),
    ("release", lambda s, m, h: m.setattr(production.places, "is_clone", lambda: True)),
]


@pytest.mark.parametrize(("name", "break_it"), INSECURE, ids=[f"{n}-{row[0]}" for n, row in enumerate(INSECURE)])
def test_an_insecure_installation_is_refused_with_one_sentence(
    house: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str, break_it: Break
) -> None:
    break_it(settings, monkeypatch, house)
    if name == "release":
        (house / ".git").mkdir()
        monkeypatch.setattr(production.places, "CLONE", house)
    faults = _faults()
    assert set(faults) == {name}
    assert "Hãy " in faults[name].says
    assert faults[name].says.endswith((".", "true")) or "chmod" in faults[name].says


def test_a_self_signed_certificate_is_refused(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_self_signed(house / "own.pem", house / "own.key", [DOMAIN], dt.datetime.now(dt.UTC))
    monkeypatch.setenv("TINHSO_TLS_CERTIFICATE", str(house / "own.pem"))
    assert set(_faults()) == {"certificate"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("right", ["superuser", "createdb", "createrole", "replication", "bypassrls"])
def test_a_web_role_that_may_too_much_is_refused(
    house: Path, superuser: psycopg.Connection[Any], right: str
) -> None:
    superuser.execute(f"alter role tinhso_app {right}")
    try:
        assert "database_role" in _faults()
    finally:
        superuser.execute(f"alter role tinhso_app no{right}")
    connection.close()


@pytest.mark.parametrize(("url", "is_fine"), [("short", False), ("x" * 40, False), ("k3Yq9-vB7wTzR2mXcL5p", True)])
def test_a_weak_password_of_the_database_is_refused(
    house: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, url: str, is_fine: bool
) -> None:
    monkeypatch.setattr(production, "_lets_in", lambda address: False)
    settings.TINHSO_DATABASE_URL = f"postgresql://owner:{url}@127.0.0.1/tinhso"
    assert ("database_access" not in _faults()) is is_fine


def test_a_database_that_takes_a_wrong_password_is_refused(
    house: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(production, "_lets_in", lambda address: address["password"] == "not the password")
    settings.TINHSO_DATABASE_URL = "postgresql://owner:k3Yq9-vB7wTzR2mXcL5p@127.0.0.1/tinhso"
    assert set(_faults()) == {"database_access"}


def test_at_least_fifteen_kinds_are_refused() -> None:
    kinds = {name for name, _ in INSECURE} | {"database_role"}
    assert len(kinds) >= 15
    assert len(production.START) + len(production.DAILY) + len({"secret"}) == len(kinds)


def test_every_sentence_is_vietnamese(house: Path, settings: Settings) -> None:
    said = " ".join(one.says for one in production.everything())
    assert set(foreign_words(said)) <= {"Cookie", "TLS", "https", "nginx", "root"}


def test_a_start_in_service_refuses_what_exposes_somebody(
    house: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tinhso.config.commands.check.database", _no_other_database)
    settings.SESSION_COOKIE_SECURE = False
    told = CliRunner().invoke(command, ["--starting", "--json"])
    assert told.exit_code == 1
    assert [one["name"] for one in json.loads(told.output)["findings"] if not one["is_fine"]] == ["cookies"]


def test_a_start_is_not_refused_for_want_of_mail(
    house: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tinhso.config.commands.check.database", _no_other_database)
    settings.TINHSO_SMTP = ""
    assert CliRunner().invoke(command, ["--starting"]).exit_code == 0
    assert CliRunner().invoke(command, ["--production"]).exit_code == 1


def test_a_trial_on_this_machine_alone_may_start(house: Path, settings: Settings) -> None:
    settings.TINHSO_PUBLIC_ADDRESS = "http://127.0.0.1:8000"
    assert production.before_start() == []
    settings.TINHSO_HOST = "0.0.0.0"  # noqa: S104 - this is what must be refused
    assert "listening" in {one.name for one in production.before_start() if not one.is_fine}


class _no_other_database:  # noqa: N801 - stands for a function
    """The test's own database serves."""

    def __init__(self, **_: object) -> None: ...

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...
