"""The main path, in a real browser, on a fresh demo in its own processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser import CHROMIUM

pytestmark = pytest.mark.journey


def test_a_citizen_holds_a_signed_result_and_dossiers_keep_the_version_they_were_filed_under(
    tmp_path: Path,
) -> None:
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("TINHSO_", "DJANGO_"))}
    walked = subprocess.run(
        [sys.executable, "-m", "tests.journey", "--out", str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert walked.returncode == 0, walked.stdout + walked.stderr
    found = json.loads((tmp_path / "journey.json").read_text("utf-8"))
    assert found["figure"]["after"] == found["figure"]["before"] + 1
    assert found["office"]["due"] == {"first": "17/05/2022", "second": "13/05/2022"}
    assert found["target"]["after"] == found["target"]["before"] + 1, "a target follows what happens"
    assert found["committee"]["registered"] == "21 trên 32 cơ quan"
    assert found["committee"]["task"].strip() == "Hoàn thành đúng hạn"
    assert found["committee"]["review"] == "15/BC-BCĐ"
    assert (tmp_path / "result.pdf").read_bytes().startswith(b"%PDF")
