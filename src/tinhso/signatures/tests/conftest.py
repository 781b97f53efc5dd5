"""A real trust server in its own process, and one good result to tamper with."""

from __future__ import annotations

import datetime as dt
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from tinhso.signatures.adapters import pades, pictures, trust
from tinhso.signatures.adapters.demo_pki import DemoAuthority, Keyed, Subject
from tinhso.signatures.rules import Field
from tinhso.signatures.services.prepare import prepare
from tinhso.signatures.tests.papers import draw

OFFICE = "Ủy ban nhân dân xã Giả Định"
LEADER = Subject(office=OFFICE, office_code="000.99.15.H40", person="Trần Văn Thử", post="Chủ tịch")
SEAL = Subject(office=OFFICE, office_code="000.99.15.H40")


@dataclass
class TrustProcess:
    """`tinhso trust-services` as it runs in service, on a free port and with data of its own."""

    home: Path

    def start(self) -> TrustProcess:
        """Start it and wait until it answers."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        environment = {
            **os.environ,
            "TINHSO_DATA": str(self.home),
            "TINHSO_DEMO": "1",
            "TINHSO_CLOCK": "2022-05-10T07:30+07:00",
        }
        command = [sys.executable, "-m", "tinhso.config.cli", "trust-services", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        for _ in range(400):
            try:
                self.now()
            except OSError:
                time.sleep(0.05)
            else:
                return self
        raise TimeoutError(self.port)

    def stop(self) -> None:
        """Stop it as the supervisor does."""
        self.process.terminate()
        assert self.process.wait(timeout=10) == 0

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def now(self) -> dt.datetime:
        """Return its business time."""
        with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:  # noqa: S310 - our own process
            return dt.datetime.fromisoformat(json.loads(answer.read())["now"])

    @cached_property
    def authority(self) -> DemoAuthority:
        """The authority's folder."""
        return DemoAuthority(self.home / "pki")

    def client(self) -> trust.DemoTrust:
        """Return a client without patience."""
        patience = trust.Patience(timeout=5, pauses=(0.01,))
        return trust.DemoTrust(
            self.home / "pki", url=self.url, further_anchors=self.home / "trust", patience=patience
        )


@pytest.fixture(scope="session")
def trust_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrustProcess]:
    """Run the trust services for the whole session."""
    running = TrustProcess(tmp_path_factory.mktemp("trust")).start()
    yield running
    running.stop()


@pytest.fixture
def services(trust_process: TrustProcess) -> Iterator[TrustProcess]:
    """Let this test sign and check with the running services."""
    before = trust.current()
    trust.use(trust_process.client())
    yield trust_process
    trust.use(before)


def sign_both(
    process: TrustProcess, draft: bytes, leader: Keyed, seal: Keyed, *, at: dt.datetime | None = None
) -> tuple[bytes, bytes]:
    """Return the draft as the leader signed it, and as the office issued it."""
    moment = at or process.now()
    client = process.client()
    first = pades.Mark(
        Field.SIGNATURE, pictures.handwriting("Trần Văn Thử"), "Phê duyệt", certify=True, archive=False
    )
    signed, _ = pades.sign(draft, first, keyed=leader, trust=client, at=moment, fill={})
    second = pades.Mark(Field.SEAL, pictures.round_seal(OFFICE), "Phát hành", certify=False, archive=True)
    words = {"number": "28/UBND-XNTTHN", "date": "Giả Định, ngày 10 tháng 5 năm 2022"}
    issued, _ = pades.sign(signed, second, keyed=seal, trust=client, at=moment, fill=words)
    return signed, issued


@pytest.fixture(scope="session")
def draft() -> bytes:
    """Prepare a paper that nobody has signed."""
    return prepare(draw())


@pytest.fixture(scope="session")
def both(trust_process: TrustProcess, draft: bytes) -> tuple[bytes, bytes]:
    """Return the same paper after the leader, and after the seal."""
    authority = trust_process.authority
    return sign_both(trust_process, draft, authority.issue(LEADER), authority.issue(SEAL))


@pytest.fixture(scope="session")
def result(both: tuple[bytes, bytes]) -> bytes:
    """Return a result as a citizen holds it."""
    return both[1]
