"""Look whether this machine has what the wheels lack: Pango, libmagic, fonts; for tests, a browser."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tinhso.config import places

#: What must load → the Debian package that brings it.
LIBRARIES: Final[Mapping[str, str]] = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
    "libmagic.so.1": "libmagic1",
}
FONTS: Final[Mapping[str, str]] = {
    f"LiberationSerif-{style}.ttf": "fonts-liberation"
    for style in ("Regular", "Bold", "Italic", "BoldItalic")
}
TEST_PROGRAMS: Final[Mapping[str, str]] = {
    "chromium": "chromium",
    "pdftoppm": "poppler-utils",
    "soffice": "libreoffice-writer-nogui",
}
OWN_FONTS: Final = ("be-vietnam-pro-latin-400.woff2", "be-vietnam-pro-vietnamese-400.woff2")
_FONT_FOLDERS: Final = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local/share/fonts",
)


class MachineNotReady(Exception):
    """Say in one Vietnamese sentence what the machine lacks and which command brings it."""


def missing_packages(*, for_tests: bool = False) -> list[str]:
    """Return the Debian packages that bring what is missing, sorted."""
    lacks = {package for name, package in LIBRARIES.items() if not _loads(name)}
    lacks |= {package for name, package in FONTS.items() if not _has_font(name)}
    if for_tests:
        lacks |= {package for name, package in TEST_PROGRAMS.items() if not shutil.which(name)}
    return sorted(lacks)


def missing_own_fonts() -> list[str]:
    """Return the files of the text face that the clone lacks."""
    folder = places.PACKAGE / "design/static/design/fonts"
    return [name for name in OWN_FONTS if not (folder / name).exists()]


def install(packages: Sequence[str]) -> None:
    """Install `packages` by apt where this account may. Raises MachineNotReady with the command to type."""
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    sentence = f"Máy còn thiếu: {', '.join(packages)}. Hãy gõ: sudo {' '.join(command)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise MachineNotReady(sentence)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update", "-q"], command):
        done = subprocess.run(step, env=quiet, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words
        if done.returncode:
            last = (done.stderr.strip().splitlines() or [""])[-1]
            raise MachineNotReady(f"{sentence} (lệnh vừa thử báo: {last})")


def make_ready(*, for_tests: bool = False) -> None:
    """Install what is missing. Raises MachineNotReady where that cannot be done here."""
    if packages := missing_packages(for_tests=for_tests):
        sys.stdout.write(f"Đang cài thư viện hệ thống: {', '.join(packages)} …\n")
        install(packages)
        if left := missing_packages(for_tests=for_tests):
            raise MachineNotReady(
                f"Đã cài nhưng vẫn chưa dùng được: {', '.join(left)}. Hãy kiểm tra lại máy."
            )


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _has_font(name: str) -> bool:
    return any(next(folder.rglob(name), None) for folder in _FONT_FOLDERS if folder.exists())
