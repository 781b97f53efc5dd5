"""Judge what was written for Word: LibreOffice opens it, its pages become pictures, and they are compared with kept ones.

``same_picture(content, "plan")`` fails where a page of the DOCX does not look like ``tests/golden/plan-1.png``, ``plan-2.png``
… The pictures are small and grey (40 dots an inch), the measure forgives what another drawing of the same letters does,
and a page that is one too many or too few is a difference. The new pictures are left in a folder that the message names.

To keep new pictures after a wanted change: ``TINHSO_NEW_PICTURES=1 pytest …`` writes them into ``tests/golden`` and
skips; look at each before committing it.
"""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from PIL import Image, ImageChops, ImageStat

SOFFICE: Final = "/usr/bin/soffice"
GOLDEN: Final = Path(__file__).parent / "golden"
RENEW: Final = "TINHSO_NEW_PICTURES"
PATIENCE: Final = 90
DPI: Final = 40
#: A page is drawn so many times larger and then made small: edges of letters become a grey that hardly moves.
_OVER: Final = 3
_BLOCK: Final = 8
#: Of 255: how far a page may be from its kept picture on average, and the worst block of 5 mm.
MOST_MEAN: Final = 2.0
MOST_BLOCK: Final = 28.0


class NotOpened(Exception):
    """LibreOffice did not make a PDF of the file; the message has what it said."""


@dataclass(frozen=True)
class Distance:
    """How far two pages are apart, of 255: on average, and in the worst block."""

    mean: float
    block: float

    @property
    def is_near(self) -> bool:
        """Say whether the two look the same."""
        return self.mean <= MOST_MEAN and self.block <= MOST_BLOCK


@functools.cache
def _profile() -> Path:
    """Return a profile of LibreOffice of this process's own: two at once would wait for each other."""
    made = Path(tempfile.mkdtemp(prefix="tinhso-office-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def pdf_of(content: bytes, suffix: str = ".docx") -> bytes:
    """Return the PDF that LibreOffice makes of an Office file. Raises ``NotOpened``."""
    with tempfile.TemporaryDirectory(prefix="tinhso-pdf-") as home:
        given = Path(home) / f"given{suffix}"
        given.write_bytes(content)
        done = subprocess.run(
            [
                SOFFICE,
                f"-env:UserInstallation={_profile().as_uri()}",
                *("--headless", "--norestore", "--convert-to", "pdf", "--outdir", home, str(given)),
            ],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
            env={**os.environ, "HOME": home, "SAL_USE_VCLPLUGIN": "svp"},
        )
        made = given.with_suffix(".pdf")
        if not made.exists():
            raise NotOpened(f"{done.returncode} {done.stdout} {done.stderr}")
        return made.read_bytes()


def pages_of(content: bytes, suffix: str = ".docx", dpi: int = DPI) -> list[Image.Image]:
    """Return the pages of an Office file as small grey pictures. Raises ``NotOpened``."""
    with tempfile.TemporaryDirectory(prefix="tinhso-pages-") as home:
        given = Path(home) / "given.pdf"
        given.write_bytes(pdf_of(content, suffix))
        subprocess.run(
            ["pdftoppm", "-r", str(dpi * _OVER), "-gray", "-png", str(given), str(Path(home) / "page")],
            check=True,
            capture_output=True,
            timeout=PATIENCE,
        )
        pages = []
        for path in sorted(Path(home).glob("page-*.png")):
            with Image.open(path) as page:
                pages.append(page.convert("L").reduce(_OVER))
        return pages


def distance(one: Image.Image, other: Image.Image) -> Distance:
    """Return how far two pages are apart; pages of different sizes are as far as can be."""
    if abs(one.width - other.width) > 1 or abs(one.height - other.height) > 1:
        return Distance(255, 255)
    size = (min(one.width, other.width), min(one.height, other.height))
    apart = ImageChops.difference(one.crop((0, 0, *size)), other.crop((0, 0, *size)))
    blocks = apart.resize((max(1, size[0] // _BLOCK), max(1, size[1] // _BLOCK)), Image.Resampling.BOX)
    _low, worst = blocks.getextrema()
    assert isinstance(worst, int | float)
    return Distance(ImageStat.Stat(apart).mean[0], float(worst))


def same_picture(content: bytes, name: str) -> None:
    """Fail where the pages of a DOCX do not look like the kept pictures ``tests/golden/<name>-<page>.png``."""
    pages = pages_of(content)
    if os.environ.get(RENEW):
        _keep(pages, name)
        pytest.skip(f"{len(pages)} pictures of {name} were kept anew: look at them")
    kept = sorted(GOLDEN.glob(f"{name}-[0-9]*.png"), key=lambda path: int(path.stem.rpartition("-")[2]))
    faults = []
    if len(kept) != len(pages):
        faults.append(f"{len(pages)} pages, kept are {len(kept)}")
    for n, (page, path) in enumerate(zip(pages, kept, strict=False), 1):
        with Image.open(path) as golden:
            found = distance(page, golden.convert("L"))
        if not found.is_near:
            faults.append(
                f"page {n}: {found.mean:.1f} of 255 on average (at most {MOST_MEAN}),"
                f" {found.block:.0f} in the worst block (at most {MOST_BLOCK:.0f})"
            )
    if faults:
        folder = Path(tempfile.mkdtemp(prefix=f"tinhso-{name}-"))
        _write(pages, folder, name)
        (folder / f"{name}.docx").write_bytes(content)
        pytest.fail(
            f"{name} does not look like its kept pictures: {'; '.join(faults)}. The new ones are in {folder}. "
            f"If this is how it should look, run again with {RENEW}=1 and look at tests/golden."
        )


def _keep(pages: Sequence[Image.Image], name: str) -> None:
    GOLDEN.mkdir(exist_ok=True)
    for old in GOLDEN.glob(f"{name}-[0-9]*.png"):
        old.unlink()
    _write(pages, GOLDEN, name)


def _write(pages: Sequence[Image.Image], folder: Path, name: str) -> None:
    for n, page in enumerate(pages, 1):
        page.save(folder / f"{name}-{n}.png", optimize=True)
