"""Where releases lie: each in a folder of its own with its own Python, and a link to the one that runs.

A wheel is never installed over the code that runs: processes read modules and templates when they first need them, and
would mix two releases. `/opt/tinhso` (or TINHSO_RELEASE) is a link to a folder beside it, such as `/opt/tinhso-0.2.0`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tinhso.config.supervision.child import RELEASE

_SAFE: Final = re.compile(r"\d+(?:\.\d+)*(?:[a-z0-9.+-]*)")
_WHEEL: Final = re.compile(r"tinhso-(?P<version>[^-]+)-.*\.whl")
#: Lies in a folder once everything is in it: what a killed run left is made anew.
_MADE: Final = ".tinhso-made"
_ASK: Final = "import tinhso, pathlib; print(pathlib.Path(tinhso.__file__).parent)"


class NoRelease(Exception):
    """Say in Vietnamese why a release cannot be used, and what to do."""


@dataclass(frozen=True, slots=True)
class Release:
    """A release that lies ready in a folder."""

    folder: Path

    @property
    def python(self) -> Path:
        """Return its Python."""
        return self.folder / "bin/python"

    @property
    def name(self) -> str:
        """Return what it is called: the name of its folder."""
        return self.folder.name

    def works(self) -> bool:
        """Say whether its Python finds the programme."""
        try:
            asked = subprocess.run(  # noqa: S603 - a folder that the administrator named
                [self.python, "-P", "-c", _ASK], capture_output=True, check=False, timeout=120
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
        return asked.returncode == 0


def link() -> Path:
    """Return the link to the release that runs: TINHSO_RELEASE, or the place of this Python."""
    return Path(os.environ.get(RELEASE) or sys.prefix)


def current() -> Release:
    """Return the release that the link leads to."""
    return Release(link().resolve())


def prepare(to: str) -> Release:
    """Return the release named: a folder that lies ready, a wheel, or a version of the registry. Raises ``NoRelease``."""
    found = Release(Path(to).resolve()) if Path(to).is_dir() else _installed(to)
    if not found.works():
        raise NoRelease(f"Thư mục {found.folder} không chứa bản Tỉnh Số nào chạy được. Hãy cài lại bản ấy.")
    if found.folder.parent != current().folder.parent:
        raise NoRelease(
            f"Bản mới phải nằm cạnh bản đang chạy, trong {current().folder.parent}. Hãy dời thư mục rồi chạy lại."
        )
    return found


def _installed(to: str) -> Release:
    wheel = _WHEEL.fullmatch(Path(to).name)
    version = wheel["version"] if wheel else to
    if not _SAFE.fullmatch(version) or (wheel and not Path(to).is_file()):
        raise NoRelease(f"“{to}” không phải tệp cài đặt, số phiên bản hay thư mục nào có thật.")
    folder = current().folder.with_name(f"tinhso-{version}")
    ready, mark = Release(folder), folder / _MADE
    if mark.exists() and ready.works():
        return ready
    what = str(Path(to).resolve()) if wheel else f"tinhso=={version}"
    lock = Path(to).resolve().with_name("requirements.lock") if wheel else folder / "no"
    try:
        shutil.rmtree(folder, ignore_errors=True)
        _do([sys.executable, "-m", "venv", str(folder)])
        pip = [str(ready.python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        if lock.exists():
            _do([*pip, "--require-hashes", "-r", str(lock)])
            _do([*pip, "--no-deps", what])
        else:
            _do([*pip, what])
        mark.touch()
    except OSError as error:
        raise NoRelease(
            f"Không tạo được thư mục {folder}: {error.strerror}. Hãy chạy bằng quyền quản trị máy."
        ) from error
    return ready


def _do(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words and a checked name
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise NoRelease(f"Cài bản mới không xong: {' '.join(last)}. Bản cũ vẫn phục vụ.")


def can_switch() -> bool:
    """Say whether the programme lies behind a link, so that another release can take its place."""
    return link().is_symlink()


def switch(to: Release) -> None:
    """Let the link lead to another release, at once and whole. Raises ``NoRelease``."""
    place = link()
    if not place.is_symlink():
        raise NoRelease(
            f"{place} là thư mục, không phải liên kết, nên chưa thể chạy hai bản cạnh nhau. "
            "Làm một lần theo mục “Chuẩn bị” của docs/how-to/upgrade.md rồi chạy lại."
        )
    fresh = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        fresh.symlink_to(os.path.relpath(to.folder, place.parent))
        fresh.replace(place)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise NoRelease(
            f"Không đổi được liên kết {place}: {error.strerror}. Hãy chạy bằng quyền quản trị máy."
        ) from error
