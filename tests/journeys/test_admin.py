"""Administration in a real browser, on a fresh demo in its own processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser import CHROMIUM

pytestmark = pytest.mark.journey


def test_people_come_go_and_stand_in_and_an_office_closes_each_with_its_trail(tmp_path: Path) -> None:
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("TINHSO_", "DJANGO_"))}
    walked = subprocess.run(
        [sys.executable, "-m", "tests.admin_journey", "--out", str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert walked.returncode == 0, walked.stdout + walked.stderr
    found = json.loads((tmp_path / "admin.json").read_text("utf-8"))
    first = found["first_day"]
    assert first["began"] == "Hồ sơ cần xử lý", "the new officer sees the own desk"
    assert first["trail"][-2:] == ["directory.OfficerInvited", "directory.PostGiven"]
    moved = found["transfer"]
    assert moved["handed_over"] == moved["seen"] == 12
    assert moved["trail"] == ["directory.PostGiven", "directory.DeskHandedOver", "directory.PostEnded"]
    lent = found["delegation"]
    assert (lent["banner"], lent["after"]) == (True, False)
    assert "được Vũ Thị Hoa Giả Định ủy quyền" in lent["signed"]
    assert lent["trail"] == ["directory.DelegationWithdrawn", "directory.PostLent"]
    closed = found["closed"]
    assert closed["works"] > 0
    assert closed["left"] == 0
    assert closed["past_is_the_same"]
    assert closed["trail"] == ["directory.OfficeReformApplied", "directory.OfficeReformDecided"]
