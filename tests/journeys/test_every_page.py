"""Every page of every role, in a real browser: axe finds nothing, nothing is foreign, nothing is wider than the screen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser import CHROMIUM

pytestmark = pytest.mark.journey

#: Fewer pages than this means that the crawl has lost its way, not that the pages are in order.
LEAST = 60


def test_every_page_is_vietnamese_fits_the_screen_and_has_no_barrier(tmp_path: Path) -> None:
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("TINHSO_", "DJANGO_"))}
    looked = subprocess.run(
        [sys.executable, "-m", "tests.screens", "--judge", "--out", str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=2400,
        check=False,
    )
    found = json.loads((tmp_path / "screens.json").read_text("utf-8")) if looked.returncode < 2 else {}
    assert found.get("faults") == [], looked.stdout + looked.stderr
    assert found["never_reached"] == []
    assert len(found["pages"]) >= LEAST
    assert {page["role"] for page in found["pages"]} >= {"khach", "lan", "minh", "son"}
