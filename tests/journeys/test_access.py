"""A lost phone, a passkey and an idle session in a real browser, on a fresh demo in its own processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser import CHROMIUM

pytestmark = pytest.mark.journey


def test_a_lost_phone_is_replaced_by_two_administrators_and_a_passkey_signs_in(tmp_path: Path) -> None:
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("TINHSO_", "DJANGO_"))}
    walked = subprocess.run(
        [sys.executable, "-m", "tests.access_journey", "--out", str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert walked.returncode == 0, walked.stdout + walked.stderr
    found = json.loads((tmp_path / "access.json").read_text("utf-8"))
    lost = found["lost"]
    assert lost["one_alone_may_confirm"] == 0
    assert lost["recovery_codes"] == 10
    assert lost["heading"]
    assert lost["both_named"]
    assert [event.removeprefix("directory.") for event in lost["trail"][:4]] == [
        "SecondFactorReplaced",
        "SecondFactorConfirmed",
        "SecondFactorStarted",
        "SecondFactorAsked",
    ]
    assert found["passkey"]["landed"] == "/mot-cua/"
    assert found["passkey"]["listed"] >= 1
    assert "Sắp hết phiên làm việc" in found["idle"]["warned"]
    assert found["idle"]["left"] > 800
