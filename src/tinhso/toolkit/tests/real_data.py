"""Real published data to test with: beside the project, never in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[5] / "shared" / "data"


def real_data(path: str) -> Path:
    """Return a file or folder of the real data; without it the test is skipped, or fails where data are required."""
    found = FOLDER / path
    if not found.exists():
        said = f"real data are not on this machine: {path}"
        if os.environ.get("TINHSO_REQUIRE_DATA"):
            pytest.fail(said)
        pytest.skip(said)
    return found
