"""Give each test its own folders of files and drawn pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tinhso.documents.adapters import disk


@pytest.fixture(autouse=True)
def folders(tmp_path: Path) -> Iterator[Path]:
    """Keep files below a fresh folder."""
    root, drawn = disk.use(tmp_path / "files", drawn=tmp_path / "pages")
    yield tmp_path
    disk._Places.root, disk._Places.drawn = root, drawn
